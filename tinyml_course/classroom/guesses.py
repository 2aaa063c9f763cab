"""A prediction from the beginning of a lesson beside what was measured. Any guess is welcome."""

from __future__ import annotations

import math
import re
from typing import Any

from tinyml_course.answers import describe

HUNDREDTHS = ("%", "of 100")  # units of a share that is given in hundredths
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
    >>> compare_guess(90, 0.967)
    you said 90, it is 0.967. 90 % is 0.9 as a share: 0.067 apart
    >>> compare_guess(..., 0.5, "g")
    no guess yet; it is 0.5 g
    """
    it_is = f"it is {_with_unit(measured, unit)}"
    if guess is ... or guess is None:
        print(f"no guess yet; {it_is}")
        return
    number = _number_of(guess)
    if isinstance(measured, str):
        said = guess if isinstance(guess, str) else describe(guess)
        print(f"you said {said}, {it_is}{_comma(guess)}")
        return
    said = describe(guess) if number is None else _with_unit(number, unit)
    meant, in_words = _as_measured(guess, number, measured, unit)
    apart = _comma(guess) if meant is None else _how_far(meant, measured, unit)
    print(f"you said {said}, {it_is}{in_words}{apart}")


def _as_measured(
    guess: Any, number: float | None, measured: float, unit: str
) -> tuple[float | None, str]:
    """The guess in the unit of what was measured, and in words how it came from what was said."""
    percent = _percent_of(guess)
    is_share = 0 <= measured <= 1 or (unit.startswith("of the ") and 0 <= measured < FAR)
    if is_share and (unit == "" or unit.startswith("of the ")):
        if percent is None and number is not None and 2 <= number <= 100:
            percent = number
        if percent is not None:
            share = percent / 100
            return share, f". {percent:.4g} % is {share:.4g} as a share"
    if unit in HUNDREDTHS:
        if percent is not None:
            return percent, ""
        if number is not None and 0 < number < 1 <= measured:
            return 100 * number, f". {number:.4g} is {100 * number:.4g} in a hundred"
    return number, ""


def _percent_of(guess: Any) -> float | None:
    """The number of a text such as "90 %"; None for any other guess."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*", guess) if type(guess) is str else None
    return float(found[1]) if found and len(found[1]) < 9 else None


def _how_far(number: float, measured: float, unit: str) -> str:
    if number > 0 and measured > 0 and max(number, measured) >= FAR * min(number, measured):
        return f": {max(number, measured) / min(number, measured):.1f} times apart"
    if _with_unit(number, unit) != _with_unit(measured, unit):
        return f": {_with_unit(abs(number - measured), '')} apart"
    return ""


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
