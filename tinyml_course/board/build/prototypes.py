"""What the Arduino IDE adds to a sketch: one file of its `.ino`s, and prototypes of all functions.

Taught in lesson 09_on_the_board.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tinyml_course.errors import BoardError

_COMMENT_OR_TEXT = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|^[ \t]*#(?:\\\n|[^\n])*",
    re.DOTALL | re.MULTILINE,
)
_FUNCTION = re.compile(
    r"(?P<head>(?:[A-Za-z_]\w*(?:\s*::\s*\w+)*(?:\s*<[^<>;{}()]*>)?[\s*&]+)+"
    r"(?P<name>[A-Za-z_]\w*)\s*\((?P<arguments>[^(){};]*(?:\([^(){};]*\)[^(){};]*)*)\))"
    r"\s*(?:noexcept\s*)?$"
)
_NO_TYPES = {"else", "return", "new", "delete", "namespace", "struct", "class", "union", "enum"}


def join_inos(inos: list[Path]) -> str:
    """The C++ that the compiler gets: every line still knows its `.ino` and number.

    Prototypes stand before the first function. If that one is between `#if` and `#endif`, they
    stand there and once more before the next that may be there when it is not.

    Raises:
        BoardError: a file cannot be read.
    """
    parts = [(path.as_posix(), _read_ino(path)) for path in inos]
    name, text = parts[0]
    found: dict[str, _Prototype] = {}
    for number, (file, code) in enumerate(parts):
        # What switches a function of another file may be defined there: they are declared anyway.
        branches = _Branches("" if number else code)
        for declared, start in find_functions(code):
            line = code.count("\n", 0, start) + 1
            place = f'#line {line} "{file}"'  # an error in a prototype is one in its function
            found.setdefault(declared, _Prototype(declared, place, branches.at(start)))

    branches = _Branches(text)
    joined = [f'#include <Arduino.h>\n#line 1 "{name}"\n']
    done = 0
    for at in _places(text, list(found), branches):
        line = text.count("\n", 0, at) + 1
        here = branches.at(at)
        joined += [text[done:at], *(each.within(here) for each in found.values())]
        joined.append(f'#line {line} "{name}"\n')
        done = at
    joined.append(text[done:] + "\n")
    joined += [f'#line 1 "{file}"\n{code}\n' for file, code in parts[1:]]
    return "".join(joined)


def _places(text: str, prototypes: list[str], branches: _Branches) -> list[int]:
    """Where the prototypes go: whatever is left out, one of the places comes before all calls."""
    places: list[int] = []
    for start in sorted(start for _, start in find_functions(text)):
        if not any(
            branches.at(place) == branches.at(start)[: len(branches.at(place))] for place in places
        ):
            before = start if places else _first_address(text[:start], prototypes)
            places.append(text.rfind("\n", 0, before) + 1)
    if not any(not branches.at(place) for place in places):
        places.append(len(text))
    return places


class _Branches:
    """Which `#if`, `#elif` and `#else` a place of a text is behind."""

    def __init__(self, text: str) -> None:
        self._changes: list[tuple[int, tuple[tuple[str, ...], ...]]] = [(0, ())]
        open_ones: list[tuple[str, ...]] = []
        for match in _COMMENT_OR_TEXT.finditer(text):
            directive = re.match(r"[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b", match[0])
            if directive is None:
                continue
            # The position tells equal conditions apart.
            words = f"{match[0]} // {match.start()}" if "\\\n" not in match[0] else match[0]
            if directive[1].startswith("if"):
                open_ones.append((words,))
            elif open_ones:
                before = open_ones.pop()
                if directive[1] != "endif":
                    open_ones.append((*before, words))
            self._changes.append((match.end(), tuple(open_ones)))

    def at(self, position: int) -> tuple[tuple[str, ...], ...]:
        """The open ones, the outermost first: each with its branches up to this one."""
        return max(change for change in self._changes if change[0] <= position)[1]


@dataclass(frozen=True)
class _Prototype:
    text: str
    place: str
    branches: tuple[tuple[str, ...], ...]

    def within(self, here: tuple[tuple[str, ...], ...]) -> str:
        """The declaration, on the conditions of its function that do not hold here anyway."""
        common = 0
        while common < min(len(here), len(self.branches)) and here[common] == self.branches[common]:
            common += 1
        conditions = [line for branch in self.branches[common:] for line in branch]
        ends = ["#endif"] * (len(self.branches) - common)
        return "\n".join([*conditions, self.place, self.text, *ends]) + "\n"


def _read_ino(path: Path) -> str:
    """As editors write it: UTF-8, with or without the mark that Windows puts before it."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BoardError(f"cannot read the sketch {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BoardError(
            f"{path}:{line}: this letter is not UTF-8 ({error.object[error.start]:#04x}): save the "
            "file as UTF-8, as the Arduino IDE does"
        ) from error


def _blank(text: str) -> str:
    """Comments, texts and directives become blanks, so that positions stay."""
    return _COMMENT_OR_TEXT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def _first_address(text: str, prototypes: Iterable[str]) -> int:
    """Where a variable is first given the address of a function: `Task blink(&tick);`.

    The Arduino IDE puts its prototypes before that line, too (arduino-cli, the parser of its tags).

    text: what stands before the first function; its length is the answer if there is none.
    """
    names = [name[1] for each in prototypes if (name := re.search(r"(\w+)\s*\(", each))]
    address = re.compile(rf"&(?:{'|'.join(names)})\b|\((?:{'|'.join(names)})\)")
    code, depth, begin = _blank(text), 0, 0
    for match in re.finditer(r"[{};]|\Z", code):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0 and match[0] != "}":
            statement = code[begin : match.start()]
            is_type = re.match(r"\s*(?:class|struct|union|namespace|template)\b", statement)
            if names and not is_type and address.search(statement):
                return begin + len(statement) - len(statement.lstrip())
            begin = match.end()
    return len(text)


def find_functions(text: str) -> list[tuple[str, int]]:
    r"""Prototype and position of every function that a sketch defines outside classes.

    >>> find_functions("int twice(int x = 1) { return 2 * x; }\nvoid loop() {}")
    [('int twice(int x );', 0), ('void loop();', 39)]
    """
    code = _blank(text)
    found, depth, begin = [], 0, 0
    for match in re.finditer(r"[{};]", code):
        mark, at = match[0], match.start()
        if mark == "{":
            if depth == 0 and (prototype := _as_prototype(code[begin:at])):
                blank = len(code[begin:at]) - len(code[begin:at].lstrip())
                found.append((prototype, begin + blank))
            # The inside of `extern "C" { ... }` is still outside.
            is_extern = depth == 0 and re.fullmatch(r"\s*extern\s*", code[begin:at])
            depth += 0 if is_extern else 1
        elif mark == "}":
            depth = max(0, depth - 1)
        if depth == 0:
            begin = at + 1
    return found


def _as_prototype(text: str) -> str | None:
    match = _FUNCTION.match(text.strip())
    if not match or "template" in text:
        return None
    first = match["head"].split()[0]
    if first in _NO_TYPES or "::" in match["head"].split("(")[0].split()[-1]:
        return None
    # A default argument may stand only once: it stays with the definition.
    arguments = re.sub(r"=[^,]*", "", match["arguments"])
    start = match["head"][: match.start("arguments") - match.start("head")]
    return " ".join(f"{start}{arguments});".split())
