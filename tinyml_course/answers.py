"""What a learner's value is, in words, and where it differs from the expected one.

A value may be anything at all: a guess, a text, an object whose every method raises. Nothing in
this file stops a notebook.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import math
import textwrap
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from numbers import Number
from typing import Any

import numpy as np

LONGEST = 60
LONGEST_NESTED = 200  # a list of pairs says nothing when it is cut after two of them
MOST_SHOWN = 8
ROUNDING = 1e-14  # 161.99999999999997 is 162 to a reader
LAST_BITS = 1e-12  # how far two ways to one float may be apart where whole numbers are asked
_PLAIN = (str, bytes, Number)


def describe(value: Any) -> str:
    """A value in a few words: small ones as they are, arrays by shape and type.

    >>> describe(3), describe("abc"), describe(np.zeros((2, 3)))
    ('3', "'abc'", 'an array (2, 3) of float64')
    >>> describe([("page", True), ("panel", False)])
    "[('page', True), ('panel', False)]"
    """
    try:
        if isinstance(value, np.ndarray):
            if value.ndim == 1 and value.size <= MOST_SHOWN:
                return f"array({_short(', '.join(describe(part) for part in value))})"
            kind = "text" if value.dtype.kind in "US" else value.dtype
            return f"an array {value.shape} of {kind}"
        if isinstance(value, np.generic):
            return describe(value.item())
        if callable(value):
            return "a function"
        if isinstance(value, float):
            return _shown(value)
        if isinstance(value, tuple | list | set):
            kind = type(value)
            value = kind(v.item() if isinstance(v, np.generic) else v for v in value)
        if isinstance(value, set) and value:
            return "{" + _short(repr(sorted(value, key=repr))[1:-1]) + "}"
        if isinstance(value, tuple | list) and not all(isinstance(v, _PLAIN) for v in value):
            return _describe_nested(value)
        if isinstance(value, (*_PLAIN, tuple, list, dict, set)):
            return _short(repr(value))
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return _short(str(value), LONGEST_NESTED)
        return f"a value of type {type(value).__name__}"
    except Exception:  # noqa: BLE001 - a value may be of the learner's own making
        return "something that cannot be shown"


def _describe_nested(values: tuple[Any, ...] | list[Any]) -> str:
    """Pairs and records one by one; of anything larger the length."""
    if not all(_is_record(value) for value in values):
        return f"a {type(values).__name__} of length {len(values)}"
    begin, end = "()" if isinstance(values, tuple) else "[]"
    return begin + _short(", ".join(describe(value) for value in values), LONGEST_NESTED) + end


def _is_record(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(isinstance(part, _PLAIN) for part in value)
    return dataclasses.is_dataclass(value) or isinstance(value, _PLAIN)


def lines_left(function: Any) -> list[str]:
    """The lines of a function that still hold `...`, one entry for each `...`.

    Returns:
        nothing where its source cannot be read, as that of a function written in C.
    """
    try:
        source = textwrap.dedent(inspect.getsource(function))
        lines = source.splitlines()
        places = [
            node.lineno
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Constant) and node.value is ...
        ]
    except Exception:  # noqa: BLE001 - it may be any object at all
        return []
    return [lines[place - 1].strip() for place in sorted(places)]


def round_numbers(value: Any, digits: int) -> Any:
    """A number, an array, or the numbers of a tuple, list or dict, rounded; all else as it is."""
    if isinstance(value, tuple | list):
        return type(value)(round_numbers(part, digits) for part in value)
    if isinstance(value, dict):
        return {name: round_numbers(part, digits) for name, part in value.items()}
    if isinstance(value, float | np.floating) or _is_array_of(value, "f"):
        return np.round(value, digits)
    return value


def is_the_same_slip(
    came: Any, slip: Any, expected: Any, tolerance: float, dtype_matters: bool = False
) -> bool:
    """Whether an answer is what a usual mistake gives.

    Where a whole number is expected both must be the same to the last bits: the fraction
    2147483647.998 is near 2147483647, but who returned the integer did not forget to round.

    >>> is_the_same_slip(0.1 + 0.2, 0.3, 0.5, 1e-6), is_the_same_slip(10**9, 10**9 + 0.3, 7, 1e-6)
    (True, False)
    """
    parts = (came, slip, expected)
    are_rows = all(isinstance(part, tuple | list) for part in parts)
    if are_rows and len({len(part) for part in parts}) == 1:
        trios = zip(*parts, strict=True)
        return all(is_the_same_slip(*trio, tolerance, dtype_matters) for trio in trios)
    if isinstance(expected, int | np.integer) or _is_array_of(expected, "iu"):
        tolerance = LAST_BITS
    return not first_difference(came, slip, tolerance, dtype_matters)


def _is_array_of(value: Any, kinds: str) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in kinds


def first_difference(
    came: Any, expected: Any, tolerance: float, dtype_matters: bool = False
) -> str:
    """Where `came` is not `expected`: "" if nowhere.

    Args:
        came: anything.
        expected: number, text, array, or tuples, lists, sets and dicts of such.
        tolerance: for floats, relative to the larger of 1 and the expected size.
        dtype_matters: whether arrays must have the same type.

    >>> first_difference(2.0, 2, 1e-6)
    ''
    >>> first_difference(np.array([1.0, 2.5]), np.array([1.0, 2.0]), 1e-6)
    'at place 1 came 2.5, expected 2'
    """
    try:
        return _difference(came, expected, tolerance, dtype_matters)
    except Exception:  # noqa: BLE001 - comparing may call the learner's own methods
        return f"came {describe(came)}, which cannot be compared with {describe(expected)}"


def _difference(came: Any, expected: Any, tolerance: float, dtype_matters: bool) -> str:
    either = f"came {describe(came)}, expected {describe(expected)}"
    if isinstance(expected, np.ndarray):
        return _array_difference(came, expected, tolerance, dtype_matters)
    if isinstance(expected, bool | np.bool_):
        if isinstance(came, np.ndarray) and came.ndim == 0:
            came = came.item()
        is_same = isinstance(came, int | float | np.number | np.bool_) and came == expected
        return "" if is_same else either  # 1 is True and 0 is False, as Python has it
    if isinstance(expected, int | float | np.number):
        return _number_difference(came, expected, tolerance)
    if isinstance(expected, str):
        if not isinstance(came, str):
            return either
        pairs = zip(came, expected, strict=False)
        place = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(came), len(expected)))
        texts = f"came {_around(came, place)}, expected {_around(expected, place)}"
        return "" if came == expected else texts
    if isinstance(expected, AbstractSet):
        is_same = isinstance(came, AbstractSet) and set(map(str, came)) == set(map(str, expected))
        return "" if is_same else either
    if isinstance(expected, Mapping):
        if not isinstance(came, Mapping) or set(came) != set(expected):
            return either
        parts = [(f"at {key!r} ", came[key], expected[key]) for key in expected]
        return _first_of(parts, tolerance, dtype_matters)
    if isinstance(expected, tuple | list):
        if isinstance(came, np.ndarray):
            came = came.tolist()
        if not isinstance(came, tuple | list):
            return either
        if len(came) != len(expected):
            return f"{either}: of length {len(came)} instead of {len(expected)}"
        parts = [
            (f"value {i + 1}: ", a, b) for i, (a, b) in enumerate(zip(came, expected, strict=True))
        ]
        return _first_of(parts, tolerance, dtype_matters)
    return "" if came == expected else either


def _first_of(parts: list[tuple[str, Any, Any]], tolerance: float, dtype_matters: bool) -> str:
    for where, came, expected in parts:
        found = _difference(came, expected, tolerance, dtype_matters)
        if found:
            return where + found
    return ""


def _number_difference(came: Any, expected: Any, tolerance: float) -> str:
    either = f"came {describe(came)}, expected {_shown(expected)}"
    if isinstance(came, np.ndarray) and came.ndim == 0:
        came = came.item()
    if isinstance(came, bool | np.bool_) or not isinstance(came, int | float | np.number):
        return f"came {describe(came)}, expected a number, {_shown(expected)}"
    if not math.isfinite(came):
        return "" if isinstance(expected, float) and came == expected else either
    if isinstance(expected, int | np.integer):
        return "" if came == int(expected) else either
    bound = tolerance * max(1.0, abs(float(expected)))
    if abs(float(came) - float(expected)) <= bound:
        return ""
    if _shown(came) == _shown(expected):  # they differ further behind
        return f"came {float(came)!r}, expected {float(expected)!r}"
    return either


def _array_difference(
    came: Any, expected: np.ndarray, tolerance: float, dtype_matters: bool
) -> str:
    if isinstance(came, list | tuple):
        came = np.array(came)
    if not isinstance(came, np.ndarray):
        return f"came {describe(came)}, expected {describe(expected)}"
    if came.shape != expected.shape:
        return f"came an array {came.shape}, expected one of shape {expected.shape}"
    if dtype_matters and came.dtype != expected.dtype:
        return f"came an array of {came.dtype}, expected one of {expected.dtype}"
    if came.dtype.kind not in "iufb":
        return f"came an array of {came.dtype}, expected numbers"
    if expected.dtype.kind in "iu":
        wrong = came != expected
    else:
        bound = tolerance * np.maximum(1.0, np.abs(expected))
        wrong = ~(np.abs(came.astype(float) - expected) <= bound)
    places = np.argwhere(wrong)
    if not len(places):
        return ""
    place = tuple(int(i) for i in places[0])
    at = str(place[0]) if len(place) == 1 else str(place)
    return f"at place {at} came {_shown(came[place])}, expected {_shown(expected[place])}"


def _shown(number: Any) -> str:
    if not isinstance(number, float | np.floating):
        return str(number)
    short = f"{number:.6g}"
    if not math.isfinite(number) or not float(short).is_integer():
        return short
    exact = float(number)
    if abs(float(short) - exact) <= ROUNDING * abs(exact):
        return short
    longer = f"{exact:.9g}"
    return repr(exact) if "e" in longer or float(longer).is_integer() else longer


def _around(text: str, place: int) -> str:
    """A text in quotes; of a long one, the part around a place."""
    if len(text) <= LONGEST:
        return repr(text)
    start = max(0, min(place - LONGEST // 3, len(text) - LONGEST // 2))
    piece = repr(text[start : start + LONGEST // 2])
    return "... " * (start > 0) + piece + " ..." * (start + LONGEST // 2 < len(text))


def _short(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else text[: longest - 4] + " ..."
