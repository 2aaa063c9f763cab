"""Errors in the sketch's own words: which file, which line, and what is usually behind it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from tinyml_course.board.build.sketch_folder import shelves_beside
from tinyml_course.board.models import ARDUINO_FOLDER, VirtualModel
from tinyml_course.errors import BoardError, DoesNotFitError

_MISSING_FUNCTIONS = re.compile(r"no definition of (setup, loop|setup|loop), used by main\.cpp")
_MISSING_HEADER = re.compile(r"'([^']+)' file not found")
_TWO_TYPES = re.compile(r"no matching function for call to '(min|max)'")
_UNKNOWN_TYPE = re.compile(r"unknown type name '(\w+)'")
_ARRAY = re.compile(
    r"^[ \t]*(?:static\s+)?(?:unsigned\s+)?(\w+)\s+(\w+)\s*\[([^\]]+)\]", re.MULTILINE
)


def explain(error: BoardError, model: VirtualModel, folder: Path, main: Path) -> str:
    """What the compiler said, in the user's paths, with what is usually behind it."""
    # The compiler gets whole paths; the user sees the path that he wrote.
    text = str(error).replace(f"{folder.absolute()}{os.sep}", f"{folder}{os.sep}")
    text = text.replace(f"{ARDUINO_FOLDER}{os.sep}", "")
    if needed := _MISSING_FUNCTIONS.search(text):
        names = " and ".join(f"{name}()" for name in needed[1].split(", "))
        return f"{main} has no {names}: a sketch needs  void setup() {{ }}  and  void loop() {{ }}"
    if missing := _MISSING_HEADER.search(text):
        if re.fullmatch(r"[a-z_]+", missing[1]):  # of C++, where headers' names end in nothing
            there = sorted(p.name for p in (ARDUINO_FOLDER / "core").iterdir() if not p.suffix)
            return (
                f"{text}. The C++ library of the virtual boards is small, the real one may have "
                f"<{missing[1]}>; here are: {', '.join(name for name in there if name != 'avr')}"
            )
        known = ", ".join(model.libraries) or "none"
        shelves = [str(place) for place in shelves_beside(folder)]
        looked = f"; nor has {' or '.join(shelves)} (links are not followed)" if shelves else ""
        return (
            f"{text}. The virtual {model.board.title} has no library with {missing[1]}{looked}; "
            f"its libraries: {known}. Another one may lie in a folder libraries/ beside the "
            "sketch's folder, as in a sketchbook, or its sources in the sketch's own folder src/"
        )
    if (of_two := _TWO_TYPES.search(text)) and model.target == "riscv32":
        return (
            f"{text}. The core of the {model.board.title} has C++'s {of_two[1]}(), which takes two "
            f"of one type: {of_two[1]}(a, (float)b), or {of_two[1]}<float>(a, b)"
        )
    if (unknown := _UNKNOWN_TYPE.search(text)) and _defines(main.parent, unknown[1]):
        return (
            f"{text}. As the Arduino IDE does, a prototype of each function is put before the "
            f"first one, where {unknown[1]} is not known yet: define it above the first function, "
            "or in a header of its own"
        )
    return text


def _defines(folder: Path, name: str) -> bool:
    """Whether a tab of the sketch defines a type of that name."""
    kinds = r"(?:struct|class|union|enum(?:\s+class)?)"
    defined = re.compile(
        rf"\b{kinds}\s+{name}\b|\btypedef\b[^;]*\b{name}\b[^;]*;|\busing\s+{name}\b"
    )
    return any(
        defined.search(tab.read_text(encoding="utf-8", errors="replace"))
        for tab in folder.glob("*.ino")
    )


def explain_size(error: DoesNotFitError, model: VirtualModel, sources: list[Path]) -> str:
    """What is too large, and where to look first."""
    return f"{model.board.title}: {error}. {largest_array(model, sources)}"


def largest_array(model: VirtualModel, sources: list[Path]) -> str:
    """Where to look first: the sketch's largest array, with file and line."""
    sizes = {
        "char": 1,
        "int8_t": 1,
        "uint8_t": 1,
        "byte": 1,
        "bool": 1,
        "int16_t": 2,
        "uint16_t": 2,
        "short": 2,
        "double": 8,
        "int64_t": 8,
        "uint64_t": 8,
    }
    best: tuple[int, str] | None = None
    for source in sources:
        text = source.read_text(encoding="utf-8", errors="replace")
        for match in _ARRAY.finditer(text):
            expression = match[3].replace(" ", "")
            if not re.fullmatch(r"\d+(?:\*\d+)*", expression):
                continue
            count = 1
            for factor in expression.split("*"):
                count *= int(factor)
            size = count * sizes.get(match[1], 4)
            line = text.count("\n", 0, match.start(2)) + 1
            if best is None or size > best[0]:
                best = (size, f"{source.name}:{line}: {match[2]} takes {size} bytes")
    memory = f"the board has {model.memory.flash_bytes} bytes of flash and "
    memory += f"{model.memory.ram_bytes} of RAM, {model.memory.stack_bytes} of it stack"
    return f"The largest array is at {best[1]}; {memory}" if best else memory.capitalize()
