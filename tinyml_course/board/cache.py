"""The folder where compiled things stay between runs: one user's alone.

What lies in it is run and loaded, so nobody else may be able to write there.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

from tinyml_course.errors import OutputError

FORGET_AFTER_S = 14 * 24 * 3600


def cache_dir() -> Path:
    """Where compiled things are kept between runs.

    `TINYML_CACHE_DIR` if set, else the system's place for caches, else, where the home is
    read-only, this user's own folder in the temporary one. New folders are open to their owner
    alone.

    Raises:
        OutputError: it cannot be made, or another user owns it or could write into it.
    """
    if chosen := os.environ.get("TINYML_CACHE_DIR"):
        return _make_private(
            Path(chosen).absolute(), "set TINYML_CACHE_DIR to a folder of your own"
        )
    if sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA", Path.home())) / "tinyml_course" / "Cache"
    elif sys.platform == "darwin":
        folder = Path.home() / "Library" / "Caches" / "tinyml_course"
    else:
        # Empty or relative counts as not set, as the XDG Base Directory Specification wants it.
        base = Path(os.environ.get("XDG_CACHE_HOME", ""))
        folder = (base if base.is_absolute() else Path.home() / ".cache") / "tinyml_course"
    remedy = f"remove {folder}, or set TINYML_CACHE_DIR to a folder of your own"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:  # a read-only home, as in some containers
        user = os.geteuid() if os.name == "posix" else "user"
        folder = Path(tempfile.gettempdir()) / f"tinyml_course-{user}"
        remedy = "set TINYML_CACHE_DIR to a folder of your own"
        return _make_private(folder, remedy, is_ours=True, may_be_link=False)
    return _make_private(folder, remedy, is_ours=True)


@cache
def forget_old(folder: Path) -> None:
    """Remove what nobody has built for two weeks; once a process, and nothing if it cannot be."""
    oldest = time.time() - FORGET_AFTER_S
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False) and entry.stat().st_mtime < oldest:
            shutil.rmtree(entry.path, ignore_errors=True)


def is_private(path: Path) -> bool:
    """Whether a file or folder is this user's and nobody else can write to it."""
    if os.name != "posix":
        return True
    found = path.lstat()
    return found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _make_private(
    folder: Path, remedy: str, *, is_ours: bool = False, may_be_link: bool = True
) -> Path:
    """Make the folder, and see that nobody else can write into it.

    is_ours: the name is the course's own, so its mode may be tightened too.
    may_be_link: not in a place where all can write: the link may be another's.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name != "posix":
            return folder
        found = folder.stat() if may_be_link else folder.lstat()
        if not stat.S_ISDIR(found.st_mode):
            raise OutputError(f"the cache folder {folder} is no folder; {remedy}")
        if found.st_uid != os.geteuid():
            raise OutputError(f"the cache folder {folder} belongs to another user; {remedy}")
        if is_ours and found.st_mode & 0o077:
            folder.chmod(0o700)
        elif found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise OutputError(
                f"others can write into the cache folder {folder}, and what lies there is run: "
                f"chmod 700 it, or {remedy}"
            )
    except OSError as error:
        raise OutputError(
            f"cannot use the cache folder {folder}: {error.strerror or error}; {remedy}"
        ) from error
    return folder
