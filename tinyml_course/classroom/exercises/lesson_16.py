"""Lesson 16, A pond: yesterday's change, what a forecast learns, a probe that stands still."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyml_course.exercises import Exercise, Mistake

Array = np.ndarray


def _like_yesterday(x: Array, ahead: int) -> Array:
    change: Array = x[:, -1] + x[:, ahead] - x[:, 0]
    return change


def _windows() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(16)
    return [
        (np.cumsum(rng.normal(0, 1, (n, length, 2)), axis=1), ahead)
        for n, length, ahead in ((3, 12, 2), (2, 24, 5), (4, 16, 3))
    ]


def _encode(now: Array, later: Array, mean: Array, scale: Array) -> Array:
    encoded: Array = (later - now - mean) / scale
    return encoded


def _changes() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(17)
    return [
        (
            rng.normal(8, 1, (n, 3)),
            rng.normal(9, 2, (n, 3)),
            rng.normal(0.2, 0.1, 3),
            rng.uniform(0.3, 2.0, 3),
        )
        for n in (4, 2)
    ]


def _unchanged(readings: Sequence[float]) -> int:
    count = 0
    for one in reversed(list(readings)[:-1]):
        if one != readings[-1]:
            break
        count += 1
    return count


def _series() -> Sequence[tuple[Any, ...]]:
    return [
        ([7.1, 7.2, 7.2, 7.2],),
        ([7.2, 7.1, 7.2],),
        ([7.2, 7.1, 7.2, 7.2, 7.1, 7.1, 7.1, 7.1],),
        ([8.0, 8.0, 8.0],),
        ([8.0],),
        ([7.204, 7.2, 7.2],),
    ]


EXERCISES = (
    Exercise(
        "16.1",
        _like_yesterday,
        _windows,
        (
            Mistake(
                lambda x, ahead: x[:, ahead],
                "This is yesterday's value. Its change is asked, and from today's last reading on.",
            ),
            Mistake(
                lambda x, ahead: x[:, ahead] - x[:, 0],
                "The change is right. Add it to the last reading.",
            ),
            Mistake(
                lambda x, ahead: x[:, -1] - x[:, ahead] + x[:, 0],
                "The change is turned round: what came later, minus what was before.",
            ),
            Mistake(
                lambda x, ahead: x[:, -1] + x[:, -1] - x[:, -1 - ahead],
                "This carries the last hours on. Yesterday's change begins at the window's first "
                "reading.",
            ),
            Mistake(
                lambda x, ahead: x[:, -1] + x[:, ahead - 1] - x[:, 0],
                "One reading too early: `ahead` readings after `x[:, 0]` comes `x[:, ahead]`.",
            ),
            Mistake(
                lambda x, ahead: x[ahead] + x[-1] - x[0],
                "The first axis counts windows; time is the second: `x[:, ahead]`.",
            ),
            Mistake(
                lambda x, ahead: x[:, -1],
                "This is persistence: nothing changes. Add what changed yesterday.",
            ),
        ),
        ("`x[:, 0]` is a day ago, `x[:, -1]` is now", "`x[:, ahead] - x[:, 0]` was the change"),
    ),
    Exercise(
        "16.2",
        _encode,
        _changes,
        (
            Mistake(
                lambda now, later, mean, scale: (later - mean) / scale,
                "This standardizes the value. The network is to learn the change: take `now` away.",
            ),
            Mistake(
                lambda now, later, mean, scale: later - now,
                "This is the change in its own unit. Take the mean away and divide by the scale.",
            ),
            Mistake(
                lambda now, later, mean, scale: (later - now) / scale,
                "The mean change is still in it.",
            ),
            Mistake(
                lambda now, later, mean, scale: (later - now - mean) * scale,
                "Divide by the scale: a large scale makes a small number.",
            ),
            Mistake(
                lambda now, later, mean, scale: (now - later - mean) / scale,
                "The change is turned round: later minus now.",
            ),
            Mistake(
                lambda now, later, mean, scale: (later - now) * scale + mean,
                "This is the way back, from what the network says to a change (`decode`). Here the "
                "change becomes what it is to say.",
            ),
            Mistake(
                lambda now, later, mean, scale: (later - now) / scale - mean,
                "The mean has the change's unit: take it away before you divide.",
            ),
            Mistake(
                lambda now, later, mean, scale: later - now - mean / scale,
                "Brackets: the mean is taken away first, then all of it is divided.",
            ),
        ),
        ("first the change, then what `Standardize` does", "minus the mean, divided by the scale"),
    ),
    Exercise(
        "16.3",
        _unchanged,
        _series,
        (
            Mistake(
                lambda readings: list(readings).count(readings[-1]),
                "This counts every equal reading, also those before it moved.",
            ),
            Mistake(
                lambda readings: list(readings).count(readings[-1]) - 1,
                "This counts equal readings anywhere. From the end, stop where one differs.",
            ),
            Mistake(
                lambda readings: _unchanged(readings) + 1,
                "One too many: the newest reading itself is no repetition.",
            ),
            Mistake(
                lambda readings: _unchanged(list(readings)[::-1]),
                "This looks at the beginning. The newest reading is the last one.",
            ),
            Mistake(
                lambda readings: len(readings) > 1 and readings[-1] == readings[-2],
                "That says whether it was repeated. How often is asked.",
            ),
            Mistake(
                lambda readings: _unchanged([round(one, 2) for one in readings]),
                "Two readings that are close are not the same: a probe at work moves a little. "
                "Ask whether they are equal.",
            ),
        ),
        ("go backwards from the last reading but one", "stop at the first that differs"),
    ),
)
