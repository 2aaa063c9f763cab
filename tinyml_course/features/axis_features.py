"""Six numbers that say how a board hangs and how it shakes, axis by axis.

Unlike `MotionFeatures` they change when the board is turned. Lesson 18 needs that: it asks what a
board can learn again by itself once somebody has turned it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.features.preprocessing import register_step

FEATURE_NAMES = ("mean_x", "mean_y", "mean_z", "std_x", "std_y", "std_z")


def _mean(values: np.ndarray) -> np.ndarray:
    """`(n, window, 3)` float32 to `(n, 3)`: added from t = 0 upwards, as a C loop does."""
    result: np.ndarray = np.cumsum(values, axis=1, dtype=np.float32)[:, -1] / np.float32(
        values.shape[1]
    )
    return result


@register_step
@dataclass(frozen=True)
class AxisFeatures:
    """`(n, window, 3)` float32 in g to `(n, 6)` float32: mean and standard deviation of each axis.

    The means say which way is down, the deviations how much each axis shakes. Every sum is taken in
    float32 from t = 0 upwards, so that C gives the same bits.
    """

    kind: ClassVar[str] = "axis_features"

    def fit(self, x: np.ndarray) -> AxisFeatures:
        """Nothing to learn: the step itself."""
        return self

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Windows to features.

        Raises:
            DataError: windows of another shape.
        """
        x = np.asarray(x, dtype=np.float32)
        if x.ndim != 3 or x.shape[1] < 1 or x.shape[2] != 3:
            raise DataError(f"axis_features needs windows (n, window, 3), this is {x.shape}")
        mean = _mean(x)
        away = x - mean[:, None]
        return np.concatenate([mean, np.sqrt(_mean(away * away))], axis=1)

    def to_spec(self) -> dict[str, Any]:
        """The step as JSON values."""
        return {"kind": self.kind}
