"""A window of vibration as 24 numbers: the shape of its spectrum, and the rhythm of its ringing.

    level      x - mean of each axis              gravity and the mounting's angle go
    window     a Hann window
    spectrum   X[k] of each axis                  a plain discrete Fourier transform
    bands      16 energies, summed over the axes  no turn of the sensor changes that sum
    beats      8 energies of the squared envelope what knocks, and how often
    log2       of each; of the bands, less their mean: a gain cancels

The beats need no second transform. The squared envelope of what lies in the upper two thirds of the
spectrum has the spectrum `E[m] = sum of X[k + m] conj(X[k])`: two lines that lie m apart beat with
each other m times a window (Randall and Antoni, 2011, cited in `datasets/vibration_physics.py`).
They are divided by `E[0]^2`, so a gain cancels there as well.

Every step is float32 in a fixed order, and the logarithm is `+ - * /` alone, so that the C twin
`export/kernels/vibration_features.c` gives the same bits. Lesson 14.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.features.preprocessing import register_step

BANDS = 16
BAND_WIDTH = 3  # lines in the lowest band; the others grow
BEAT_EDGES = (1, 3, 5, 8, 11, 15, 19, 24, 30)
LEAST_WINDOW = 110  # fewer samples do not hold the bands
FLOOR = np.float32(1e-12)  # added to each energy: a dead sensor has a logarithm too
WINDOWS_AT_ONCE = 32  # bounds the memory, not the result
N_FEATURES = BANDS + len(BEAT_EDGES) - 1
FEATURE_NAMES = (
    *(f"band_{k:02d}" for k in range(BANDS)),
    *(f"beat_{a:02d}_{b - 1:02d}" for a, b in pairwise(BEAT_EDGES)),
)


def count_lines(window: int) -> int:
    """One past the last line of the spectrum that is used: half the window."""
    return window // 2


def band_edges(window: int) -> np.ndarray:
    """`(17,)` int: the first line of each band, and one past the last.

    >>> band_edges(120).tolist()
    [1, 4, 7, 10, 14, 17, 21, 24, 28, 31, 35, 39, 43, 47, 51, 56, 60]
    """
    j = np.arange(BANDS + 1)
    growth = (count_lines(window) - 1 - BAND_WIDTH * BANDS) / BANDS**2
    edges: np.ndarray = np.floor(1 + BAND_WIDTH * j + growth * j * j + 0.5).astype(int)
    return edges


def carrier_begin(window: int) -> int:
    """The first line of what is listened to for knocks: a third of the spectrum."""
    return count_lines(window) // 3


def log2_float(x: np.ndarray) -> np.ndarray:
    """log2 of positive float32, within 1e-6, from the bits and four terms of a series.

    >>> log2_float(np.float32([1, 8, 0.25])).tolist()
    [0.0, 3.0, -2.0]
    """
    mantissa, exponent = np.frexp(np.asarray(x, np.float32))  # 0.5 to 1
    low = mantissa < np.float32(0.70710677)
    mantissa = np.where(low, mantissa + mantissa, mantissa)
    whole = (exponent - low).astype(np.float32)
    one = np.float32(1)
    t = (mantissa - one) / (mantissa + one)
    s = t * t
    series = np.float32(0.41219858) * s + np.float32(0.57707801)
    series = series * s + np.float32(0.96179669)
    series = series * s + np.float32(2.8853901)
    return whole + series * t


def hann(window: int) -> np.ndarray:
    """`(window,)` float32: a periodic Hann window."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)).astype(np.float32)


def waves(window: int) -> np.ndarray:
    """`(window, 2)` float32: cosine and sine of each multiple of a turn's `window`th part."""
    angle = 2 * np.pi * np.arange(window) / window
    return np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)


def compute_spectrum(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Windows `(n, window, channels)` to real and imaginary part, each `(n, channels, lines)`.

    Line 0, the mean, is 0. Sums run over time from 0 upwards, in float32.
    """
    x = np.asarray(x, np.float32)
    n, window, channels = x.shape
    lines = count_lines(window)
    table, taper = waves(window), hann(window)
    total = np.zeros((n, channels), np.float32)
    for t in range(window):
        total += x[:, t]
    mean = total / np.float32(window)
    values = (x - mean[:, None]) * taper[:, None]
    turned = table[np.outer(np.arange(window), np.arange(lines)) % window]
    # a strided factor would keep NumPy from multiplying several numbers at once
    cosines, sines = np.ascontiguousarray(turned[:, :, 0]), np.ascontiguousarray(turned[:, :, 1])
    re = np.zeros((n, channels, lines), np.float32)
    im = np.zeros_like(re)
    for begin in range(0, n, WINDOWS_AT_ONCE):
        some = slice(begin, begin + WINDOWS_AT_ONCE)
        product = np.empty_like(re[some])
        for t in range(window):
            value = values[some, t, :, None]
            re[some] += np.multiply(value, cosines[t], out=product)
            im[some] -= np.multiply(value, sines[t], out=product)
    re[:, :, 0] = im[:, :, 0] = 0
    return re, im


def compute_power(re: np.ndarray, im: np.ndarray) -> np.ndarray:
    """`(n, lines)` float32: what the axes have together in each line."""
    power = np.zeros((len(re), re.shape[2]), np.float32)
    for c in range(re.shape[1]):
        power += re[:, c] * re[:, c] + im[:, c] * im[:, c]
    return power


def sum_between(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """`(n, lines)` to `(n, bands)`, each added from its first line upwards."""
    sums = np.zeros((len(values), len(edges) - 1), np.float32)
    for b, (begin, end) in enumerate(pairwise(edges)):
        for k in range(begin, end):
            sums[:, b] += values[:, k]
    return sums


def compute_beats(re: np.ndarray, im: np.ndarray, first: int) -> np.ndarray:
    """`(n, 30)` float32: `|E[m]|^2` of the squared envelope of all axes, m from 0.

    Args:
        first: the carrier's first line; it goes up to the last.
    """
    n, channels, lines = re.shape
    beats = BEAT_EDGES[-1]
    sum_re = np.zeros((n, beats), np.float32)
    sum_im = np.zeros_like(sum_re)
    for k in range(first, lines):
        end = min(beats, lines - k)
        for c in range(channels):
            a, b = re[:, c, k : k + end], im[:, c, k : k + end]
            p, q = re[:, c, k, None], im[:, c, k, None]
            sum_re[:, :end] += a * p + b * q
            sum_im[:, :end] += b * p - a * q
    return sum_re * sum_re + sum_im * sum_im


@register_step
@dataclass(frozen=True)
class VibrationFeatures:
    """`(n, window, channels)` in any unit to `(n, 24)` float32: see `FEATURE_NAMES`.

    Nothing is fitted. Neither the mean, nor a turn of the sensor, nor a gain changes them.
    """

    kind: ClassVar[str] = "vibration_features"

    def fit(self, x: np.ndarray) -> VibrationFeatures:
        """There is nothing to learn: the step itself."""
        return self

    def apply(self, x: np.ndarray) -> np.ndarray:
        """The 24 numbers of each window.

        Raises:
            DataError: windows that are too short, or not of the form (n, window, channels).
        """
        x = np.asarray(x, dtype=np.float32)
        if x.ndim != 3 or x.shape[1] < LEAST_WINDOW:
            raise DataError(
                f"vibration_features needs windows (n, window, channels) of at least "
                f"{LEAST_WINDOW} samples, this is {x.shape}"
            )
        window = x.shape[1]
        re, im = compute_spectrum(x)
        bands = log2_float(sum_between(compute_power(re, im), band_edges(window)) + FLOOR)
        middle = np.zeros(len(x), np.float32)
        for b in range(BANDS):
            middle += bands[:, b]
        bands = bands - (middle / np.float32(BANDS))[:, None]
        beats = compute_beats(re, im, carrier_begin(window))
        floor = FLOOR * FLOOR
        whole = beats[:, :1] + floor
        rhythm = log2_float((sum_between(beats, np.array(BEAT_EDGES)) + floor) / whole)
        return np.concatenate([bands, rhythm], axis=1)

    def to_spec(self) -> dict[str, Any]:
        """The step as JSON values."""
        return {"kind": self.kind}
