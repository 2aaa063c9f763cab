"""Lesson 12, Keyword spotting: how many windows, a triangle in whole numbers, smoothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyml_course.exercises import Exercise, Mistake

Array = np.ndarray


def _sides() -> Sequence[tuple[Any, ...]]:
    return [
        (np.arange(4, 7), 3.7, 6.9),
        (np.arange(60, 81), 59.31, 81.02),
        (np.arange(10, 12), 10.0, 12.0),
        (np.arange(100, 901, 100), 0.0, 900.2),  # the last point is nearly at the top: 256
    ]


def _share(points: Array, left: float, right: float) -> Array:
    share: Array = (points - left) / (right - left)
    return share


def _scores() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(12)
    return [(rng.integers(0, 256, 12).astype(float), count) for count in (3, 1, 2, 5)]


def _smooth(values: Array, count: int) -> Array:
    padded = np.concatenate([np.zeros(count - 1), values])
    return np.array([padded[i : i + count].mean() for i in range(len(values))])


EXERCISES = (
    Exercise(
        "12.1",
        lambda samples, window, hop: 1 + (samples - window) // hop,
        lambda: [
            (480, 480, 320),
            (799, 480, 320),
            (800, 480, 320),
            (16_000, 480, 320),
            (100, 10, 3),
            (600, 480, 320),
        ],
        (
            Mistake(
                lambda samples, window, hop: (samples - window) // hop,
                "The first window is missing: before any hop there is one already.",
            ),
            Mistake(
                lambda samples, window, hop: samples // hop,
                "This counts windows that begin within the sound. The last must also end in it.",
            ),
            Mistake(
                lambda samples, window, hop: samples // window,
                "Windows side by side. They overlap: a new one begins every hop.",
            ),
            Mistake(
                lambda samples, window, hop: 1 + (samples - window) / hop,
                "Half a window is none: `//` drops the rest.",
            ),
            Mistake(
                lambda samples, window, hop: 1 - (window - samples) // hop,
                "This rounds up: the last one would stick out of the sound.",
            ),
            Mistake(
                lambda samples, window, hop: 1 + round((samples - window) / hop),
                "This rounds to the nearest. A window of which a part is missing is none: `//`.",
            ),
            Mistake(
                lambda samples, window, hop: 1 + samples - window // hop,
                "`//` comes before `-`. Put the difference in brackets.",
            ),
        ),
        (
            "the first window takes `window` samples; how many hops fit into what is left?",
            "one, and the hops",
        ),
    ),
    Exercise(
        "12.2",
        lambda points, left, right: np.minimum(np.round(256 * _share(points, left, right)), 255),
        _sides,
        (
            Mistake(
                lambda points, left, right: np.round(256 * _share(points, left, right)),
                "The last weight is 256, and a byte ends at 255.",
            ),
            Mistake(
                lambda points, left, right: np.round(255 * _share(points, left, right)),
                "Of 256ths, not of 255ths. Only what exceeds 255 becomes 255.",
            ),
            Mistake(
                lambda points, left, right: np.minimum(256 * _share(points, left, right), 255),
                "Fractions came back. Round to whole numbers.",
            ),
            Mistake(
                lambda points, left, right: np.minimum(
                    np.floor(256 * _share(points, left, right)), 255
                ),
                "This goes down always. `np.round` goes to the nearest.",
            ),
            Mistake(
                lambda points, left, right: np.minimum(
                    np.round(256 * (1 - _share(points, left, right))), 255
                ),
                "This side falls. The way from the left is `points - left`.",
            ),
            Mistake(
                lambda points, left, right: _share(points, left, right),
                "The share is right. Now as 256ths, rounded, no more than 255.",
            ),
            Mistake(
                lambda points, left, right: np.minimum(
                    np.round(256 * points / (right - left)), 255
                ),
                "The way begins at `left`: take it off the points first.",
            ),
        ),
        (
            "share of the way: how far from the left, divided by the whole way",
            "times 256, rounded, and `np.minimum(..., 255)`",
        ),
        blanks=2,
    ),
    Exercise(
        "12.3",
        _smooth,
        _scores,
        (
            Mistake(
                lambda values, count: _smooth(values, count) * count,
                "These are sums. Divide by `count`: the mean.",
            ),
            Mistake(
                lambda values, count: np.array(
                    [values[max(0, i - count + 1) : i + 1].mean() for i in range(len(values))]
                ),
                "At the beginning this averages fewer values. Before the first there was "
                "silence: zeros count too.",
            ),
            Mistake(
                lambda values, count: np.convolve(values, np.ones(count) / count, mode="valid"),
                "Some answers are missing at the beginning: one is wanted for each value. "
                "Put zeros in front.",
            ),
            Mistake(
                lambda values, count: np.array(
                    [
                        np.concatenate([values, np.zeros(count - 1)])[i : i + count].mean()
                        for i in range(len(values))
                    ]
                ),
                "This looks into the future. A board cannot: each value and those before it.",
            ),
            Mistake(
                lambda values, count: np.convolve(values, np.ones(count) / count, mode="same"),
                "The middle of the average lies on the value, so it looks ahead. A board cannot.",
            ),
            Mistake(
                lambda values, count: np.full(len(values), values.mean()),
                "One mean of everything. A moving one is wanted, of `count` values.",
            ),
        ),
        (
            "put `count - 1` zeros in front, then take the mean of each `count` neighbours",
            "`padded[i : i + count].mean()` for each i",
        ),
        blanks=2,
    ),
)
