"""The length of the acceleration vector: the one channel that no mounting can turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.features.preprocessing import register_step


def compute_magnitude(x: np.ndarray) -> np.ndarray:
    """`(..., 3)` float32 to `(...)` float32: `sqrt((ax*ax + ay*ay) + az*az)` in that order.

    Every operation is rounded to float32 by itself, so C with `sqrtf` and without fused
    multiply-add gives the same bits.

    >>> compute_magnitude(np.array([[3.0, 4.0, 12.0]], np.float32))
    array([13.], dtype=float32)
    """
    x = np.asarray(x, dtype=np.float32)
    if x.shape[-1] != 3:
        raise DataError(
            f"the magnitude needs 3 channels (ax, ay, az), the input has {x.shape[-1]}: "
            "put this step before any that adds or removes channels"
        )
    ax, ay, az = x[..., 0], x[..., 1], x[..., 2]
    return np.sqrt((ax * ax + ay * ay) + az * az)


@register_step
@dataclass(frozen=True)
class AddMagnitude:
    """Adds the magnitude as fourth channel: `(n, window, 3)` to `(n, window, 4)` float32, in g.

    A Conv1D network sees only sums of channels times weights; it cannot take a root of squares.
    Lesson 03 measures what the fourth channel is worth.
    """

    kind: ClassVar[str] = "add_magnitude"

    def fit(self, x: np.ndarray) -> AddMagnitude:
        """There is nothing to learn: the step itself."""
        return self

    def apply(self, x: np.ndarray) -> np.ndarray:
        """`(n, window, channels)` to `(n, window, channels + 1)` float32, the magnitude last."""
        x = np.asarray(x, dtype=np.float32)
        return np.concatenate([x, compute_magnitude(x)[..., None]], axis=-1)

    def to_spec(self) -> dict[str, Any]:
        """The step as JSON values."""
        return {"kind": self.kind}
