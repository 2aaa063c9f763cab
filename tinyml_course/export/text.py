"""Small pieces of C as text: names, numbers, tables, comments."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable

import numpy as np

LINE = 96
NAME_LENGTH = 60


def float_literal(value: float) -> str:
    """The shortest decimal that reads back as the same float32.

    >>> float_literal(0.1)
    '0.1f'
    >>> float_literal(float("inf"))
    '3.40282347e+38f'
    """
    if math.isinf(value):
        return "-3.40282347e+38f" if value < 0 else "3.40282347e+38f"
    text = str(np.float32(value))
    return f"{text}f" if "." in text or "e" in text else f"{text}.0f"


def int_literal(value: int) -> str:
    """A decimal that C takes as it stands; the least int32 has no literal of its own."""
    if value == -(1 << 31):
        return "INT32_MIN"
    if value == -(1 << 63):
        return "INT64_MIN"
    if not -(1 << 31) <= value < 1 << 31:
        return f"INT64_C({value})"
    return str(value)


def values_text(values: np.ndarray, indent: str = "    ") -> str:
    """The elements of a table, comma-separated, in lines of at most `LINE` characters."""
    flat = np.asarray(values).reshape(-1)
    if flat.dtype.kind == "f":
        words: Iterable[str] = (float_literal(v) for v in flat)
    else:
        words = (int_literal(int(v)) for v in flat)
    lines, line = [], indent
    for word in words:
        if len(line) + len(word) + 2 > LINE:
            lines.append(line.rstrip())
            line = indent
        line += word + ", "
    lines.append(line.rstrip().rstrip(","))
    return "\n".join(lines)


def table_text(c_type: str, name: str, values: np.ndarray) -> str:
    """A constant array, on one line if it fits."""
    size = int(np.size(values))
    start = f"static const {c_type} {name}[{size}] = {{"
    inner = values_text(values, "    ")
    if "\n" not in inner and len(start) + len(inner) - 4 + 2 <= LINE:
        return f"{start}{inner.strip()}}};"
    return f"{start}\n{inner}\n}};"


def comment_safe(text: str) -> str:
    """Text of a model, made harmless inside a comment."""
    printable = "".join(c if 32 <= ord(c) < 127 else "?" for c in text)
    return printable.replace("*/", "* /").replace("/*", "/ *").replace("??", "? ?")


def short_name(name: str) -> str:
    """A model's name for something, safe in a comment and of a length that a line can hold.

    >>> short_name("dense/Relu"), len(short_name("x" * 5000))
    ('dense/Relu', 60)
    """
    safe = comment_safe(name)
    return safe if len(safe) <= NAME_LENGTH else f"{safe[: NAME_LENGTH - 3]}..."


def text_literal(text: str) -> str:
    """A C string literal."""
    return '"' + comment_safe(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def comment_block(lines: Iterable[str], rule: str = "-") -> str:
    """A block comment with a line above it."""
    body = "\n".join(f" * {line}".rstrip() for line in lines)
    return f"/* {rule * (LINE - 3)}\n{body}\n */"


def note_text(text: str) -> str:
    """A short comment, wrapped.

    >>> note_text("how it reads")
    '/* how it reads */'
    """
    body = textwrap.wrap(text, LINE - 6)
    return "/* " + "\n * ".join(body) + " */"


def call_text(function: str, *arguments: object, indent: str = "    ") -> str:
    """One call statement, wrapped like the rest of the file."""
    start = f"{indent}{function}("
    lines, line = [], start
    for i, argument in enumerate(arguments):
        word = f"{argument}" + (");" if i == len(arguments) - 1 else ", ")
        if len(line) + len(word.rstrip()) > LINE and line.strip() and line != start:
            lines.append(line.rstrip())
            line = " " * len(start)
        line += word
    return "\n".join([*lines, line])
