"""What a sketch's text may not ask of the compiler: files outside its folder.

This is the first of three fences, and the one that speaks plainly: it finds what is written openly
and names the line. What hides behind macros and joined strings meets the view of files
(`file_view.py`), the walls (`confine/sandbox.py`), or, where the system has no walls, the look at
the assembly (`assembly.py`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath, PureWindowsPath

from tinyml_course.board.build.sketch_folder import SketchFolder
from tinyml_course.errors import BoardError

_RULE = "a sketch sees its own folder, the core and its libraries"
_COMMENT_OR_TEXT = re.compile(
    r"//[^\n]*|/\*.*?(?:\*/|\Z)|(?P<text>\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')", re.DOTALL
)
_ASKS = re.compile(
    r"^[ \t]*(?:\#|%:|\?\?=)[ \t]*(?P<word>include_next|include|import|embed|pragma[ \t]+GCC[ \t]+"
    r"dependency|pragma[ \t]+include_alias[^\n]*,)[ \t]*(?P<path>\"[^\"\n]*\"|<[^>\n]*>)"
    r"|(?P<has>__has_(?:include_next|include|embed))[ \t]*\([ \t]*"
    r"(?P<asked>\"[^\"\n]*\"|<[^>\n]*>)",
    re.MULTILINE,
)
_ASSEMBLER = re.compile(r"\b_*asm_*\b|\bnaked\b")
_STRINGS = re.compile(r'(?:[LuU]8?)?"(?:\\.|[^"\\\n])*"(?:\s*(?:[LuU]8?)?"(?:\\.|[^"\\\n])*")*')
_READS = re.compile(r"\.(incbin|include)\b", re.IGNORECASE)


def refuse_outside_files(sketch: SketchFolder) -> None:
    """Look at every text of the sketch for a path that leads out of its folder.

    Raises:
        BoardError: with file and line, what is asked for.
    """
    for path in sketch.texts:
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise BoardError(f"cannot read {path}: {error.strerror or error}") from error
        inside = next(folder for folder in sketch.folders if folder in path.parents)
        for line, what in find_outside_files(text, path, inside):
            raise BoardError(f"{path}:{line}: {what}")


def find_outside_files(text: str, path: Path, folder: Path) -> Iterable[tuple[int, str]]:
    """Line and words for everything in `text`, the content of `path`, that leads out of `folder`.

    >>> list(find_outside_files('#include "/etc/hosts"', Path("a/a.ino"), Path("a")))[0][1][:41]
    '#include "/etc/hosts" leads out of the sk'
    """
    spliced = re.sub(r"(?:\\|\?\?/)[ \t]*\r?\n", "\1\n", text)  # \1: the line goes on
    code = _COMMENT_OR_TEXT.sub(_without_comment, spliced)
    code = _join_lines(code)
    for found in _ASKS.finditer(code):
        asked = found["path"] or found["asked"]
        word = f"#{found['word']}" if found["word"] else found["has"]
        if _leads_out(asked[1:-1], path, folder):
            yield (
                _line(code, found.start()),
                f"{' '.join(word.split())} {asked} leads out of the sketch's folder: {_RULE}",
            )
    is_assembly = path.suffix == ".S"
    if is_assembly or _ASSEMBLER.search(code):
        texts = [(code, 0)] if is_assembly else _joined_strings(code)
        for said, at in texts:
            if read := _READS.search(said):
                start = read.start() if is_assembly else at
                yield (
                    _line(code, start),
                    f"the assembler's {read[0]} reads files past the compiler: put the data into "
                    f"an array or use #embed; {_RULE}",
                )


def _without_comment(found: re.Match) -> str:
    return found[0] if found["text"] else re.sub(r"[^\n\1]", " ", found[0])


def _join_lines(code: str) -> str:
    """Continued lines become one, and as many line ends follow: numbers stay."""
    joined, owed = [], 0
    for line in code.split("\n"):
        if line.endswith("\1"):
            joined.append(line[:-1])
            owed += 1
        else:
            joined.append(line + "\n" + "\n" * owed)
            owed = 0
    return "".join(joined)


def _joined_strings(code: str) -> list[tuple[str, int]]:
    found = []
    for match in _STRINGS.finditer(code):
        pieces = re.findall(r'"((?:\\.|[^"\\\n])*)"', match[0])
        found.append(("".join(_unescape(piece) for piece in pieces), match.start()))
    return found


def _unescape(piece: str) -> str:
    if "\\" not in piece:
        return piece
    try:
        return str(ast.literal_eval(f'"{piece}"'))
    except (ValueError, SyntaxError):
        return piece


def _leads_out(asked: str, path: Path, folder: Path) -> bool:
    plain = asked.replace("\\", "/")
    if PurePosixPath(plain).is_absolute() or PureWindowsPath(asked).drive or plain[:1] == "~":
        return True
    if ".." not in PurePosixPath(plain).parts:
        return False
    here = path.parent.absolute().relative_to(folder.absolute()).parts
    depth = len(here)
    for part in PurePosixPath(plain).parts:
        depth += -1 if part == ".." else 1
        if depth < 0:
            return True
    return False


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
