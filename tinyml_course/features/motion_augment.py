"""Variations of windows of movement for training: moved in time, larger, and without a gyroscope.

No step of a preprocessing: it never runs on a board. Lesson 17.
"""

from __future__ import annotations

import numpy as np

FROM_GYROSCOPE = slice(3, 6)


def shift_in_time(x: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """`(n, window, channels)`, each moved later by so many samples; its edge value fills the gap.

    >>> shift_in_time(np.array([[[1.0], [2.0], [3.0]]]), np.array([1]))[0, :, 0].tolist()
    [1.0, 1.0, 2.0]
    """
    window = x.shape[1]
    places = np.clip(np.arange(window)[None, :] - np.asarray(shifts)[:, None], 0, window - 1)
    return x[np.arange(len(x))[:, None], places]


def drop_gyroscope(x: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """A copy of `(n, window, 6)` in which the `chosen` windows have no gyroscope: zeros.

    On standardized channels zero is the mean of a turn, and that is nought but for some hundredths
    of a deviation: what a board without a gyroscope says.
    """
    x = np.array(x)
    x[np.flatnonzero(chosen), :, FROM_GYROSCOPE] = 0.0
    return x


def vary_gestures(
    x: np.ndarray,
    rng: np.random.Generator,
    *,
    most_shift: float = 0.05,
    most_size: float = 0.15,
    noise: float = 0.02,
    without_gyroscope: float = 0.0,
) -> np.ndarray:
    """Standardized windows, varied: as a hand that begins earlier or later, moves more or less.

    Args:
        x: `(n, window, channels)` float32.
        most_shift: in time, as a share of the window, either way.
        most_size: of the movement, either way.
        noise: its deviation, in deviations of a channel.
        without_gyroscope: the share of windows that lose the channels behind the third.
    """
    n, window, channels = x.shape
    reach = round(most_shift * window)
    varied = shift_in_time(x, rng.integers(-reach, reach + 1, n))
    size = rng.uniform(1 - most_size, 1 + most_size, (n, 1, 1))
    rest = np.median(varied, axis=1, keepdims=True)  # gravity stays as large as it is
    varied = rest + (varied - rest) * size + noise * rng.standard_normal(x.shape)
    if without_gyroscope > 0 and channels > FROM_GYROSCOPE.start:
        varied = drop_gyroscope(varied, rng.uniform(size=n) < without_gyroscope)
    return varied.astype(np.float32)
