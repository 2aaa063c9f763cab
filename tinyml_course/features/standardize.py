"""Mean 0 and standard deviation 1, with both numbers learnt from the training part alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.features.preprocessing import register_step


@register_step
@dataclass(frozen=True)
class Standardize:
    """`y = (x - mean[c]) / scale[c]` in float32, with c the index on the last axis.

    For windows `(n, window, channels)` that is per channel, for vectors `(n, features)` per
    feature. `fit` computes mean and standard deviation (divisor n) in float64 and rounds both to
    float32, which is what the spec and the C hold. A constant channel has scale 1, so it becomes 0
    instead of a division by zero. Lesson 02 teaches it, and what happens when it sees test data.

    >>> step = Standardize().fit(np.array([[1.0], [3.0]], np.float32))
    >>> step.to_spec()
    {'kind': 'standardize', 'mean': [2.0], 'scale': [1.0]}
    >>> step.apply(np.array([[5.0]], np.float32))
    array([[3.]], dtype=float32)
    """

    mean: tuple[float, ...] | None = None
    scale: tuple[float, ...] | None = None
    kind: ClassVar[str] = "standardize"

    def __post_init__(self) -> None:
        for name in ("mean", "scale"):
            value = getattr(self, name)
            if value is not None:
                value = tuple(np.asarray(value, dtype=np.float32).tolist())
                object.__setattr__(self, name, value)
        if (self.mean is None) != (self.scale is None) or (
            self.mean is not None and len(self.mean) != len(self.scale)
        ):
            raise DataError("standardize needs one mean and one scale a channel, or neither")
        if self.mean is not None and not (
            np.isfinite([*self.mean, *self.scale]).all() and min(self.scale) > 0
        ):
            raise DataError(f"standardize: scales must be above 0 and finite, not {self.scale}")

    def fit(self, x: np.ndarray) -> Standardize:
        """A step with each channel's mean and deviation of `x`; the training part only."""
        rows = np.asarray(x, dtype=np.float64).reshape(-1, np.shape(x)[-1])
        if not len(rows):
            raise DataError(
                "standardize cannot be fitted on no windows; is the training part empty?"
            )
        scale = rows.std(axis=0).astype(np.float32)
        return Standardize(
            mean=tuple(rows.mean(axis=0).astype(np.float32)),
            scale=tuple(np.where(scale > 0, scale, np.float32(1))),
        )

    def apply(self, x: np.ndarray) -> np.ndarray:
        """`(x - mean) / scale` by channel, float32, in the shape of `x`."""
        if self.mean is None or self.scale is None:
            raise DataError("standardize was not fitted: call Preprocessing.fit(train.x) first")
        x = np.asarray(x, dtype=np.float32)
        if x.shape[-1] != len(self.mean):
            raise DataError(
                f"standardize was fitted on {len(self.mean)} channels, the input has {x.shape[-1]}"
            )
        return (x - np.float32(self.mean)) / np.float32(self.scale)

    def to_spec(self) -> dict[str, Any]:
        """The step as JSON values, mean and scale among them."""
        if self.mean is None or self.scale is None:
            raise DataError("standardize was not fitted: call Preprocessing.fit(train.x) first")
        return {"kind": self.kind, "mean": list(self.mean), "scale": list(self.scale)}
