"""Where the system has no walls: what the assembler would be told, read before it is told.

The assembler's `.incbin` and `.include` open files past the preprocessor's view, and their names
can be made of pieces, by macros of the compiler and by macros of the assembler. So the compiler
writes its assembly as text, in which all of the first kind are resolved, and the second kind is
refused as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tinyml_course.board.linked.elf import ElfImage
from tinyml_course.errors import BoardError

_ASSEMBLER = re.compile(r"\b(?:asm|__asm|__asm__)\b")
_READS_OR_BUILDS = re.compile(
    r"\.(incbin|include|macro|irpc?|rept?|altmacro|purgem|load)\b", re.IGNORECASE
)
_ENTERED = re.compile(r'^# \d+ "((?:\\.|[^"\\\n])*)"[ \d]*$', re.MULTILINE)
_DEPENDENT_LIBRARIES = 0x6FFF4C04  # SHT_LLVM_DEPENDENT_LIBRARIES: `#pragma comment(lib, ...)`


def refuse_hidden_reads(
    command: Sequence[str],
    source: Path,
    text_file: Path,
    run: Callable[[list[str]], object],
    folders: Sequence[Path],
) -> None:
    """Preprocess `source`, and compile it to text if it speaks to the assembler at all.

    command: the compiler and its flags, without `-c` and files. text_file: where the text may go.
    folders: where included files may lie; empty where a view of files sees to that.

    Raises:
        BoardError: the assembler would read a file, or could hide that it does.
    """
    run([*command, "-E", str(source), "-o", str(text_file)])
    text = text_file.read_text(encoding="utf-8", errors="replace")
    for name in _ENTERED.findall(text) if folders else ():
        entered = Path(name.replace("\\\\", "/"))
        if entered.is_absolute() and not any(folder in entered.parents for folder in folders):
            raise BoardError(f"{source.name}: {entered} is outside the sketch's folder")
    if source.suffix != ".S":
        if not _ASSEMBLER.search(text):
            return
        # Its own assembler would read the files already here, and write what it read.
        run([*command, "-fno-integrated-as", "-S", str(source), "-o", str(text_file)])
        text = text_file.read_text(encoding="utf-8", errors="replace")
    if found := _READS_OR_BUILDS.search(text):
        raise BoardError(
            f"{source.name}: the assembler's {found[0]} is refused: on this system nothing else "
            "keeps it from reading any file; put the data into an array or use #embed"
        )


def refuse_library_requests(objects: Iterable[Path]) -> None:
    """An object may ask the linker for a library by its path: any file of the computer.

    Raises:
        BoardError: it does.
    """
    for path in objects:
        if any(section.kind == _DEPENDENT_LIBRARIES for section in ElfImage(path).sections):
            raise BoardError(
                f"{path.stem[3:]} asks the linker for a library by name (#pragma comment(lib)): a "
                "sketch sees its own folder, the core and its libraries"
            )
