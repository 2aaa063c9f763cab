"""A grid of evenly spaced numbers for a range of real values: what bits and range do. Lesson 04.

real = scale * (q - zero_point), as TFLite writes it (Jacob et al., "Quantization and training of
neural networks for efficient integer-arithmetic-only inference", 2018). Zero is on every grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyml_course.errors import QuantizationError


@dataclass(frozen=True)
class Grid:
    """The numbers that integers of so many bits can stand for."""

    scale: float
    zero_point: int
    q_min: int
    q_max: int

    def quantize(self, values: np.ndarray) -> np.ndarray:
        """To integers, int64: rounded half away from zero, then clamped."""
        steps = np.asarray(values, float) / self.scale
        q = np.trunc(steps + np.copysign(0.5, steps)) + self.zero_point
        return np.clip(q, self.q_min, self.q_max).astype(np.int64)

    def dequantize(self, q: np.ndarray) -> np.ndarray:
        """Back to real values."""
        return self.scale * (np.asarray(q) - self.zero_point)


def fit_grid(low: float, high: float, bits: int = 8) -> Grid:
    """The grid of signed integers of `bits` bits for values from `low` to `high`.

    The range is widened to hold 0, and moved by less than a step so that 0 is hit exactly.

    Raises:
        QuantizationError: fewer than 2 or more than 16 bits, or no range.

    >>> fit_grid(-1.0, 3.0, 8)
    Grid(scale=0.01568627450980392, zero_point=-64, q_min=-128, q_max=127)
    """
    if not 2 <= bits <= 16:
        raise QuantizationError(f"fit_grid got {bits} bits: give 2 to 16")
    low, high = min(low, 0.0), max(high, 0.0)
    if not high > low:
        raise QuantizationError(f"fit_grid got the range {low:g} to {high:g}: it holds nothing")
    q_min, q_max = -(1 << bits - 1), (1 << bits - 1) - 1
    scale = (high - low) / (q_max - q_min)
    zero_point = int(np.clip(round(q_min - low / scale), q_min, q_max))
    return Grid(scale, zero_point, q_min, q_max)
