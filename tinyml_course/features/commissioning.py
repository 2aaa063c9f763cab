"""Learning one installation: what its healthy windows look like, and how far they stray by nature.

    features of healthy windows -> mean and scale of each -> score of each -> level and spread

A detector that knows all machines finds nothing on any. So each learns its own, from a minute
right after it was mounted. Everything is float32 in a fixed order; the C twin is
`export/kernels/detector.c`. Lesson 14.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.features.vibration_features import log2_float

COMMISSIONING = 60  # windows: a minute
LEAST_WINDOWS = 8  # fewer say nothing of a spread
LIMIT = 2.5  # standard deviations of the log score: an alarm from there on
MEDIAN_OF = 5
LEAST_SCALE = np.float32(0.05)  # of a feature: a sixtieth of a decade is no news
LEAST_SPREAD = np.float32(0.05)
SCORE_FLOOR = np.float32(1e-6)


@dataclass(frozen=True)
class Centre:
    """One installation at one speed, healthy.

    Attributes:
        mean, scale: `(features,)` float32, of each feature.
        level, spread: mean and standard deviation of the log2 of the score.
    """

    mean: np.ndarray
    scale: np.ndarray
    level: float
    spread: float

    def deviations(self, scores: np.ndarray) -> np.ndarray:
        """`(n,)` log2 scores as spreads above the level; an alarm from `LIMIT` on."""
        distance = np.asarray(scores, np.float32) - np.float32(self.level)
        return np.asarray(distance / np.float32(self.spread))


def mean_and_spread(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation (divisor n) of rows, float32, each added from the first row on.

    >>> mean_and_spread(np.float32([[1.0], [3.0]]))
    (array([2.], dtype=float32), array([1.], dtype=float32))
    """
    values = np.asarray(values, np.float32)
    count = np.float32(len(values))
    total = np.zeros(values.shape[1:], np.float32)
    for row in values:
        total += row
    mean = total / count
    total = np.zeros_like(mean)
    for row in values:
        total += (row - mean) * (row - mean)
    return mean, np.sqrt(total / count)


def learn_normal(features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and scale of each feature, from healthy windows `(n, features)`.

    Raises:
        DataError: fewer than `LEAST_WINDOWS`.
    """
    if len(features) < LEAST_WINDOWS:
        raise DataError(
            f"{len(features)} healthy windows: an installation is learnt from {LEAST_WINDOWS} at "
            f"least, better from {COMMISSIONING}"
        )
    mean, scale = mean_and_spread(features)
    return mean, np.maximum(scale, LEAST_SCALE)


def learn_level(scores: np.ndarray) -> tuple[float, float]:
    """Level and spread of the log2 scores of healthy windows."""
    mean, spread = mean_and_spread(np.asarray(scores, np.float32)[:, None])
    return float(mean[0]), float(np.maximum(spread[0], LEAST_SPREAD))


def score_residuals(z: np.ndarray, rebuilt: np.ndarray | None = None) -> np.ndarray:
    """`(n,)` float32: log2 of the mean square of what is left of `z` `(n, features)`.

    Args:
        rebuilt: what a network makes of `z`; None for the plain z-score.
    """
    z = np.asarray(z, np.float32)
    left = z if rebuilt is None else z - np.asarray(rebuilt, np.float32)
    total = np.zeros(len(z), np.float32)
    for f in range(z.shape[1]):
        total += left[:, f] * left[:, f]
    return log2_float(total / np.float32(z.shape[1]) + SCORE_FLOOR)


def count_commissioning(healthy: int) -> int:
    """How many of so many healthy windows are learnt from: sixty, or half if there are few."""
    return min(COMMISSIONING, healthy // 2)


def running_median(values: np.ndarray, of: int = MEDIAN_OF) -> np.ndarray:
    """`(n - of + 1,)`: the middle one of each `of` values in a row.

    >>> running_median(np.array([0, 9, 0, 0, 9, 9]), of=3).tolist()
    [0.0, 0.0, 0.0, 9.0]
    """
    values = np.asarray(values, float)
    if len(values) < of:
        return np.empty(0)
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(values, of), axis=1))
