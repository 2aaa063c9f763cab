"""What lies in a sketch's folder, and whether all of it belongs there.

A folder may come from a stranger: links that lead out of it, pipes and devices with a source's
name, files of a gigabyte. The compiler meets none of them.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tinyml_course.board.models import ARDUINO_FOLDER
from tinyml_course.errors import BoardError

SOURCE_SUFFIXES = (".c", ".cpp", ".cc", ".cxx", ".S")
HEADER_SUFFIXES = (".h", ".hpp", ".hh", ".hxx", ".inc", ".ipp")
# A megabyte of flash is 6 MB of hexadecimal text.
MOST_SOURCE_BYTES = 16_000_000
MOST_ENTRIES = 20_000
_INCLUDE = re.compile(r"^[ \t]*#[ \t]*include[ \t]*[<\"]([^>\"\n]{1,200})[>\"]", re.MULTILINE)


@dataclass(frozen=True)
class SketchFolder:
    """A sketch's files, checked.

    Attributes:
        folder: as the user wrote it.
        inos: the main one first.
        sources: beside them and under `src`, as the Arduino IDE compiles them.
        headers: anywhere in it.
        libraries: what `#include` sees of libraries that are seen and compiled too: the one whose
            example it is, and those that it asks for out of a `libraries` folder beside it.
    """

    folder: Path
    inos: tuple[Path, ...]
    sources: tuple[Path, ...]
    headers: tuple[Path, ...]
    libraries: tuple[Path, ...] = ()

    @property
    def folders(self) -> tuple[Path, ...]:
        """All that the sketch is: its own folder, and the sources of its libraries."""
        return (self.folder, *self.libraries)

    @property
    def texts(self) -> tuple[Path, ...]:
        """All that the compiler may read as text."""
        return (*self.inos, *self.sources, *self.headers)


def read_sketch_folder(sketch: Path) -> SketchFolder:
    """The files of a sketch, given by its folder or its `.ino`.

    Raises:
        BoardError: no sketch, or something in the folder that is none: a link that leads out, a
            pipe, a file too large, a name that no compiler takes.
    """
    folder, main = _find_main(sketch)
    _check_name(folder.absolute())
    files = _list_files(folder)
    inos = sorted(p for p in files if p.suffix == ".ino" and p.parent == folder and p != main)
    sources = sorted(
        p
        for p in files
        if p.suffix in SOURCE_SUFFIXES and (p.parent == folder or folder / "src" in p.parents)
    )
    headers = sorted(p for p in files if p.suffix in HEADER_SUFFIXES)
    libraries = {}
    if own := _find_library_src(folder):
        libraries[own] = _list_library(own)
    libraries |= _find_libraries_beside(folder, [main, *inos, *sources, *headers], libraries)
    for of_library in libraries.values():
        sources += sorted(p for p in of_library if p.suffix in SOURCE_SUFFIXES)
        headers += sorted(p for p in of_library if p.suffix in HEADER_SUFFIXES)
    found = SketchFolder(folder, (main, *inos), tuple(sources), tuple(headers), tuple(libraries))
    for path in found.texts:
        _check_name(path)
        _check_size(path)
    return found


def _find_main(sketch: Path) -> tuple[Path, Path]:
    if sketch.is_file() and sketch.suffix == ".ino":
        return sketch.parent, sketch
    if not sketch.exists():
        raise BoardError(f"there is no folder {sketch}: give a sketch's folder, or its .ino file")
    if sketch.is_file():
        raise BoardError(
            f"{sketch} is no sketch: give an .ino file, or a folder with one named like its folder"
        )
    main = sketch / f"{sketch.resolve().name}.ino"
    if not main.is_file():
        raise BoardError(
            f"{sketch} is no sketch: it needs a file {main.name}, named like its folder"
            f"{_what_is_there(sketch, main.name)}"
        )
    return sketch, main


def _what_is_there(folder: Path, wanted: str) -> str:
    """What makes somebody take the folder for a sketch, and what to do with it."""
    for pattern, advice in (
        ("*.ino", "Give {} itself, or call it {}"),
        ("*.INO", "{} has an ending in capitals: call it {}"),
        ("*.pde", "{} has the ending of old: call it {}"),
        ("src/main.cpp", "{} is PlatformIO's: copy it as {}"),
        ("*/*.ino", "Sketches are in it: give {}, for instance"),
    ):
        if found := next(filter(Path.is_file, sorted(folder.glob(pattern))), None):
            return ". " + advice.format(found, wanted)
    return ""


def _find_library_src(folder: Path) -> Path | None:
    """`LIBRARY/src` where the sketch is `LIBRARY/examples/NAME`, as an unpacked zip has it."""
    examples = folder.absolute().parent
    library, src = examples.parent, examples.parent / "src"
    if examples.name != "examples" or not (library / "library.properties").is_file():
        return None
    return src if src.is_dir() and not src.is_symlink() else None


def shelves_beside(folder: Path) -> list[Path]:
    """The `libraries` folders of a sketchbook: beside the sketch's folder, and one level up."""
    above = folder.absolute().parent
    places = dict.fromkeys((above / "libraries", above.parent / "libraries"))
    return [place for place in places if place.is_dir() and not place.is_symlink()]


def _find_libraries_beside(
    folder: Path, texts: list[Path], known: dict[Path, list[Path]]
) -> dict[Path, list[Path]]:
    """The libraries that `#include` lines ask for, and those that these ask for, with their files.

    What the virtual boards have themselves stays theirs: a real sensor's library would look for
    the real sensor.
    """
    found: dict[Path, list[Path]] = {}
    shelves = shelves_beside(folder)
    waiting = [*texts, *(path for files in known.values() for path in files)] if shelves else []
    while waiting:
        path = waiting.pop()
        _check_size(path)
        for name in _INCLUDE.findall(_read(path)):
            is_here = (folder / name).is_file() or (path.parent / name).is_file()
            if is_here or Path(name).name in _board_headers() or ".." in Path(name).parts:
                continue
            root = _find_root(shelves, name)
            if root is not None and root not in found and root not in known:
                found[root] = _list_library(root)
                waiting += found[root]
    return found


def _find_root(shelves: list[Path], header: str) -> Path | None:
    """Of several that have it, the library that is named like the header, as in the Arduino IDE."""
    stem = Path(header).stem
    for shelf in shelves:
        try:
            shelved = sorted(shelf.iterdir(), key=lambda path: (path.name != stem, path.name))
        except OSError as error:
            raise BoardError(f"cannot look into {shelf}: {error}") from error
        for library in shelved:
            root = library / "src" if (library / "src").is_dir() else library
            links = library.is_symlink() or root.is_symlink()
            if not links and root.is_dir() and (root / header).is_file():
                return root
    return None


def _list_library(root: Path) -> list[Path]:
    """Sources and headers below `src`; of a library without, those in its folder and `utility`."""
    files = [p for p in _list_files(root) if p.suffix in (*SOURCE_SUFFIXES, *HEADER_SUFFIXES)]
    if root.name == "src":
        return files
    return [p for p in files if p.parent == root or root / "utility" in p.parents]


@cache
def _board_headers() -> frozenset[str]:
    return frozenset(path.name for path in ARDUINO_FOLDER.rglob("*.h"))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise BoardError(f"cannot read {path}: {error.strerror or error}") from error


def _check_size(path: Path) -> None:
    size = path.stat().st_size
    if size > MOST_SOURCE_BYTES:
        raise BoardError(
            f"{path} has {size:,} bytes, and a source may have {MOST_SOURCE_BYTES:,}: is it "
            "one? More does not fit any board"
        )


def _check_name(path: Path) -> None:
    try:
        text = os.fsencode(path).decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    # A quotation mark or a backslash in a name: Zig cannot read clang's list of files then.
    refused = {'"', "\x7f", *({"\\"} if os.sep == "/" else ())}
    if any(ord(letter) < 32 or letter in refused for letter in text):
        raise BoardError(
            f"the path {str(path)!r} has a line break, a quotation mark or another letter that the "
            "compiler does not take: rename it"
        )


def _list_files(folder: Path) -> list[Path]:
    """Every file in the folder, links followed only where they stay inside."""
    top = folder.resolve()
    files, waiting, count = [], [folder], 0
    while waiting:
        try:
            entries = sorted(os.scandir(waiting.pop()), key=lambda entry: entry.name)
        except OSError as error:
            raise BoardError(f"cannot read the sketch's folder: {error}") from error
        count += len(entries)
        if count > MOST_ENTRIES:
            raise BoardError(
                f"{folder} is no sketch: it holds more than {MOST_ENTRIES:,} files and folders"
            )
        for entry in entries:
            path = Path(entry.path)
            if entry.is_symlink():
                _check_link(path, top, folder)
                if path.is_file():
                    files.append(path)
            elif entry.is_dir():
                waiting.append(path)
            elif entry.is_file():
                files.append(path)
            else:
                kind = stat.S_IFMT(entry.stat().st_mode)
                what = "a pipe" if kind == stat.S_IFIFO else "a device or socket"
                raise BoardError(f"{path} is {what}, no file: remove it from the sketch")
    return files


def _check_link(path: Path, top: Path, folder: Path) -> None:
    try:
        target = path.resolve()
    except (
        OSError,
        RuntimeError,
    ) as error:  # RuntimeError: links in a circle, Python 3.11 and 3.12
        raise BoardError(f"{path} is a link that leads nowhere: remove it") from error
    if target != top and top not in target.parents:
        raise BoardError(
            f"{path} is a link that leads out of {folder}: a sketch sees its own folder, the core "
            "and its libraries; put a copy there instead"
        )
