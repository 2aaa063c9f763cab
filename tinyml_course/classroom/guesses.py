"""A prediction from the beginning of a lesson beside what was measured. Any guess is welcome."""

from __future__ import annotations

import math
from typing import Any

from tinyml_course.answers import describe

FAR = 1.5  # from here on a factor says more than a difference; "1.0 times apart" says nothing


def compare_guess(guess: Any, measured: float | str, unit: str = "") -> None:
    """Print a guess beside what was measured. A guess of any type or text is fine.

    Args:
        guess: what the learner wrote; `...` if nothing.
        measured: a number, or a word.
        unit: of both, such as "bytes"; "" for a bare number.

    >>> compare_guess(2000, 4000, "bytes")
    you said 2,000 bytes, it is 4,000 bytes: 2.0 times apart
    >>> compare_guess("3 kB", 4000, "bytes")
    you said '3 kB', it is 4,000 bytes
    >>> compare_guess(0.9, 0.967)
    you said 0.9, it is 0.967: 0.067 apart
    >>> compare_guess((20, 0), 4000, "bytes")  # written as 20,000
    you said (20, 0), it is 4,000 bytes. A comma makes 2 numbers of it: write 20000 without one
    >>> compare_guess(..., 0.5, "g")
    no guess yet; it is 0.5 g
    """
    it_is = f"it is {_with_unit(measured, unit)}"
    if guess is ... or guess is None:
        print(f"no guess yet; {it_is}")
        return
    number = _number_of(guess)
    if number is None or isinstance(measured, str):
        said = guess if isinstance(guess, str) and isinstance(measured, str) else describe(guess)
        print(f"you said {said}, {it_is}{_comma(guess)}")
        return
    said = _with_unit(number, unit)
    apart = ""
    if number > 0 and measured > 0 and max(number, measured) >= FAR * min(number, measured):
        apart = f": {max(number, measured) / min(number, measured):.1f} times apart"
    elif said != _with_unit(measured, unit):
        apart = f": {_with_unit(abs(number - measured), '')} apart"
    print(f"you said {said}, {it_is}{apart}")


def _number_of(guess: Any) -> float | None:
    """The guess as a finite number, None if it is none."""
    if isinstance(guess, bool) or not isinstance(guess, int | float):
        return None
    try:
        number = float(guess)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _comma(guess: Any) -> str:
    """What helps whoever wrote 20,000, or 2,5 for 2.5; "" for any other guess."""
    if type(guess) is not tuple or len(guess) < 2 or any(type(part) is not int for part in guess):
        return ""
    first, *rest = guess
    hint = f". A comma makes {len(guess)} numbers of it: write "
    if all(part == 0 or 100 <= part < 1000 for part in rest):
        return hint + f"{first}{''.join(f'{part:03d}' for part in rest)} without one"
    return hint + f"{first}.{rest[0]} with a point" if len(rest) == 1 else ""


def _with_unit(value: float | str, unit: str) -> str:
    if isinstance(value, str):
        return value
    large = f"{value:,.0f}"
    text = large if abs(value) >= 1000 or value == int(value) else f"{value:.3g}"
    return f"{text} {unit}".rstrip()
