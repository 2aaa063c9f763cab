"""From one sampling rate to another without inventing or folding frequencies."""

from __future__ import annotations

import numpy as np

from tinyml_course.errors import DataError

HALF_WIDTH = 8  # samples of the slower rate on either side that make up one new sample
BLOCK = 4096  # new samples computed at a time


def resample(x: np.ndarray, from_hz: float, to_hz: float) -> np.ndarray:
    """`(n, channels)` at `from_hz` to `(round(n * to_hz / from_hz), channels)` float32 at `to_hz`.

    Each new sample is a weighted sum of its neighbours: a sinc, the interpolation that is exact
    for a band-limited signal, faded out by a Hann window (Oppenheim and Schafer, "Discrete-Time
    Signal Processing", chapter 4). Going down, the sinc is made wider, which takes out what the
    slower rate cannot hold. The weights sum to 1, so gravity keeps its length. What lies beyond
    the ends is taken to stay as it was at the end. Lesson 01 uses it for recordings at 20 Hz.

    >>> t = np.arange(40)[:, None] / 20
    >>> wave = np.sin(2 * np.pi * 2 * t)
    >>> resample(wave, 20, 50).shape
    (100, 1)
    """
    x = np.asarray(x, dtype=np.float64)
    if not (from_hz > 0 and to_hz > 0) or x.ndim != 2:
        raise DataError(f"cannot resample shape {x.shape} from {from_hz} Hz to {to_hz} Hz")
    n_new = round(len(x) * to_hz / from_hz)
    if len(x) == 0 or from_hz == to_hz:
        return x.astype(np.float32)
    stretch = max(1.0, from_hz / to_hz)
    reach = int(np.ceil(HALF_WIDTH * stretch))
    new = np.empty((n_new, x.shape[1]), dtype=np.float32)
    for start in range(0, n_new, BLOCK):  # an hour at once would fill the memory
        at = np.arange(start, min(start + BLOCK, n_new)) * (from_hz / to_hz)
        neighbours = np.floor(at).astype(int)[:, None] + np.arange(-reach + 1, reach + 1)
        distance = (at[:, None] - neighbours) / stretch
        fade = np.cos(np.pi / 2 * np.clip(distance / HALF_WIDTH, -1, 1)) ** 2
        weights = np.sinc(distance) * fade
        weights /= weights.sum(axis=1, keepdims=True)
        values = x[np.clip(neighbours, 0, len(x) - 1)]
        new[start : start + BLOCK] = np.einsum("nk,nkc->nc", weights, values)
    return new
