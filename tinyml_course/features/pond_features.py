"""A day of pond readings as 36 numbers: where each signal stands, and how it moved.

Sums of three and differences, so C computes them to the same bit. Lesson 16.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.features.preprocessing import register_step

WINDOW = 144
CHANNELS = 4
# Readings back from the last one: half an hour, 1, 2, 4, 6, 12 and nearly 24 hours.
BACK = (3, 6, 12, 24, 36, 72, 142)
YESTERDAY_THEN = 126  # a day before what is asked for
FEATURES_A_CHANNEL = 2 + len(BACK)
FEATURE_NAMES = tuple(
    f"{channel} {what}"
    for channel in ("ph", "temperature", "oxygen", "ammonia")
    for what in (
        "now",
        *(f"since {10 * back / 60:.1f} h ago" for back in BACK),
        "in the next 3 h yesterday",
    )
)


@register_step
@dataclass(frozen=True)
class PondFeatures:
    """`(n, 144, 4)` readings to `(n, 36)` float32, nine for each signal; names: `FEATURE_NAMES`.

    Each look back is the mean of three readings, so that one noisy reading matters less. Lesson 16.

    >>> PondFeatures().apply(np.ones((2, 144, 4), np.float32))[0, :3].tolist()
    [1.0, 0.0, 0.0]
    """

    kind: ClassVar[str] = "pond_features"

    def fit(self, x: np.ndarray) -> PondFeatures:
        """Nothing to learn: itself."""
        return self

    def apply(self, x: np.ndarray) -> np.ndarray:
        """`(n, 144, 4)` to `(n, 36)`.

        Raises:
            DataError: windows of another shape.
        """
        x = np.asarray(x, np.float32)
        if x.ndim != 3 or x.shape[1:] != (WINDOW, CHANNELS):
            raise DataError(
                f"pond features need windows (n, {WINDOW}, {CHANNELS}), these are {x.shape}"
            )
        now = x[:, -1]
        parts = [now, *(now - _mean(x, WINDOW - 1 - back) for back in BACK)]
        parts.append(_mean(x, WINDOW - 1 - YESTERDAY_THEN) - _mean(x, WINDOW - 1 - BACK[-1]))
        return np.stack(parts, axis=2).reshape(len(x), -1)

    def to_spec(self) -> dict[str, Any]:
        """Its kind alone."""
        return {"kind": self.kind}


def _mean(x: np.ndarray, at: int) -> np.ndarray:
    """Of the readings `at - 1` to `at + 1`, `(n, 4)`."""
    return (x[:, at - 1] + x[:, at] + x[:, at + 1]) / np.float32(3)
