"""Lesson 14, Anomaly detection: an alias, bands without their mean, defect frequencies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyml_course.exercises import Exercise, Mistake

Array = np.ndarray


def _alias(f: float, rate: float) -> float:
    return abs(f - rate * round(f / rate))


def _lines() -> Sequence[tuple[Any, ...]]:
    return [(120, 200), (30, 200), (100, 119), (350, 200), (120, 119), (475, 200), (120.4321, 119)]


def _relative(energies: Array) -> Array:
    logs = np.log2(energies)
    found: Array = logs - logs.mean(axis=1, keepdims=True)
    return found


def _relative_to_sum(energies: Array) -> Array:
    found: Array = np.log2(energies / energies.sum(axis=1, keepdims=True))
    return found


def _relative_to_all(energies: Array) -> Array:
    logs = np.log2(energies)
    found: Array = logs - logs.mean()
    return found


def _relative_by_band(energies: Array) -> Array:
    logs = np.log2(energies)
    found: Array = logs - logs.mean(axis=0, keepdims=True)
    return found


def _log_of_mean(energies: Array) -> Array:
    found: Array = np.log2(energies / energies.mean(axis=1, keepdims=True))
    return found


def _energies() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(14)
    return [(np.exp(rng.normal(0, 2, shape)),) for shape in ((3, 4), (5, 16), (2, 3))]


def _rates(balls: int, ratio: float, rpm: float) -> tuple[float, float]:
    turns = rpm / 60
    return balls / 2 * (1 - ratio) * turns, balls / 2 * (1 + ratio) * turns


EXERCISES = (
    Exercise(
        "14.1",
        _alias,
        _lines,
        (
            Mistake(
                lambda f, rate: f % rate,
                "This is between 0 and the rate. What lies above half the rate is seen from the "
                "other side: take away the *nearest* multiple, and forget the sign.",
            ),
            Mistake(
                lambda f, rate: f - rate * round(f / rate),
                "The place is right but for the sign: a negative frequency looks like a positive "
                "one.",
            ),
            Mistake(
                lambda f, rate: abs(f - rate),
                "One multiple of the rate is not always the nearest: 30 Hz at 200 stays 30, and "
                "from 350 Hz two of them go.",
            ),
            Mistake(
                lambda f, rate: min(f, rate / 2),
                "A line that is too fast does not stop at half the rate; it is folded back.",
            ),
        ),
        ("which whole number of rates is nearest to f?", "`abs(f - rate * round(f / rate))`"),
    ),
    Exercise(
        "14.2",
        _relative,
        _energies,
        (
            Mistake(
                np.log2,
                "These are the logarithms. A gain still adds the same to each: take the window's "
                "mean away.",
            ),
            Mistake(
                lambda energies: _relative(energies) * np.log(2),
                "These are natural logarithms. Take those of base 2: `np.log2`.",
            ),
            Mistake(
                lambda energies: _relative(energies) * np.log10(2),
                "These are logarithms of base 10. Take those of base 2: `np.log2`.",
            ),
            Mistake(
                _relative_by_band,
                "This takes each band's mean over the windows away. The mean of a window's own "
                "bands is meant: axis 1.",
            ),
            Mistake(
                _relative_to_all,
                "This is one mean for all windows. Each window has its own: axis 1, keepdims.",
            ),
            Mistake(
                _relative_to_sum,
                "A share of the sum cancels a gain as well, but one strong band then moves all the "
                "others. Take the mean of the logarithms away instead.",
            ),
            Mistake(
                _log_of_mean,
                "This is the logarithm relative to the mean energy. The mean of the *logarithms* "
                "is meant.",
            ),
        ),
        ("logarithms first, then `logs.mean(axis=1, keepdims=True)`",),
    ),
    Exercise(
        "14.3",
        _rates,
        lambda: [(9, 0.2, 1800), (8, 0.25, 600), (7, 0.3, 90), (9, 0.2345, 1797)],
        (
            Mistake(
                lambda balls, ratio, rpm: (
                    balls / 2 * (1 - ratio) * rpm,
                    balls / 2 * (1 + ratio) * rpm,
                ),
                "These are passes a minute. A second has a sixtieth of that.",
            ),
            Mistake(
                lambda balls, ratio, rpm: _rates(balls, ratio, rpm)[::-1],
                "Exchanged: the outer ring stands still and is passed less often. Outer first.",
            ),
            Mistake(
                lambda balls, ratio, rpm: (
                    balls * (1 - ratio) * rpm / 60,
                    balls * (1 + ratio) * rpm / 60,
                ),
                "Twice too often: a ball's centre moves with half the shaft's speed.",
            ),
            Mistake(
                lambda balls, ratio, rpm: (balls / 2 * (1 - ratio), balls / 2 * (1 + ratio)),
                "These are passes a turn of the shaft. Multiply by the turns a second.",
            ),
        ),
        ("turns a second are rpm / 60", "outer: 1 - ratio, inner: 1 + ratio"),
    ),
)
