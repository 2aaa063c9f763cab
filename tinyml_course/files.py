"""Writing files so that nothing is ever half-written: beside first, then renamed."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType

from tinyml_course.errors import OutputError
from tinyml_course.interrupts import HeldInterrupt

LEAST_ALIKE = 0.7  # of 1, as difflib counts: a name that may be meant

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None


def write_bytes(path: Path, content: bytes) -> Path:
    """Write `content` to `path`, whole or not at all; folders are made as needed.

    Raises:
        OutputError: a full disk, a read-only folder, a file where a folder should be.
    """
    path = Path(path)
    _write_all({path: content})
    return path


def write_text(path: Path, text: str) -> Path:
    """As `write_bytes`, in UTF-8 with line feeds on every system."""
    return write_bytes(path, text.encode("utf-8"))


def write_texts(texts: dict[Path, str]) -> None:
    """Write several files that belong together: all are written beside before any is renamed.

    Raises:
        OutputError: as `write_bytes`; then none of the files has changed.
    """
    _write_all({Path(path): text.encode("utf-8") for path, text in texts.items()})


def _write_all(contents: dict[Path, bytes]) -> None:
    beside: dict[Path, Path] = {}
    path = Path()
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            beside[path] = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            # mkstemp makes files only the owner can read; a course's output is for sharing.
            beside[path].chmod(0o644)
        for path in contents:  # what renaming would stumble over, when the first is done already
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
            if path.exists() and not path.is_file():  # a file would stand in its place
                raise OSError(errno.EINVAL, "it is a device or a pipe, no file", str(path))
        # Not a new file beside an old one, or another program's, that belongs to it.
        with HeldInterrupt(), _alone_in(path.parent):
            for path in contents:
                beside[path].replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        for written in beside.values():
            written.unlink(missing_ok=True)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other program of the course renames files there, where the system can tell."""
    if fcntl is None:
        yield
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a disk in the network without locks
            fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def meant_file(path: Path) -> str:
    """The end of a message about a file that is not there: which one beside it is near, if any."""
    try:
        there = [] if path.exists() else sorted(path.parent.iterdir())
    except OSError:
        return ""
    # By the names without endings: many files share one, and are not alike for that.
    stems = {entry.stem.lower(): entry.name for entry in there if not entry.name.startswith(".")}
    near = get_close_matches(path.stem.lower(), stems, 1, LEAST_ALIKE)
    return f"; did you mean {stems[near[0]]}?" if near else ""


def cannot_write(path: Path, error: OSError) -> OutputError:
    """The error for a path that cannot be written: what is in the way, and what to do."""
    for parent in reversed(path.parents):
        if parent.exists() and not parent.is_dir():
            return OutputError(f"cannot write {path}: {parent} is no folder. Choose another one")
    return OutputError(
        f"cannot write {path}: {error.strerror or error}. Choose another folder, or make room there"
    )
