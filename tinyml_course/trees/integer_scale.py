"""Features as int8 or int16 for a tree: one scale a feature. Lesson 15."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.trees.forest import INTEGER_TYPES


@dataclass(frozen=True)
class IntegerScale:
    """The rule: `q = round(x / scale)`, halves to even, clamped to the type.

    A feature's scale is its greatest magnitude in the training part, divided by the type's greatest
    number: zero stays zero, the training part uses the whole type, what lies beyond is clamped. A
    tree asks only which of two values is larger, so a scale of its own for each feature costs
    nothing, and units need not agree.

    >>> scale = IntegerScale.fit(np.array([[-2.0, 10.0], [1.0, 5.0]]), "int8")
    >>> scale.apply(np.array([[-2.0, 5.0], [4.0, 0.0]])).tolist()
    [[-127, 64], [127, 0]]
    """

    dtype: str
    scale: tuple[float, ...]

    @classmethod
    def fit(cls, x: np.ndarray, dtype: str) -> IntegerScale:
        """From the training part, `(n, features)`.

        Raises:
            DataError: no rows, a value that is not finite, or another type than int8 and int16.
        """
        x = np.asarray(x, np.float64)
        if dtype not in INTEGER_TYPES:
            raise DataError(f"features become int8 or int16, not {dtype}")
        if x.ndim != 2 or not len(x) or not np.isfinite(x).all():
            raise DataError(
                f"a scale comes from (n, features) finite numbers, this is {x.shape}: is the "
                "training part empty, or does it hold NaN?"
            )
        most = np.abs(x).max(axis=0)
        return cls(dtype, tuple((np.where(most > 0, most, 1) / np.iinfo(dtype).max).tolist()))

    def apply(self, x: np.ndarray) -> np.ndarray:
        """`(n, features)` numbers to integers of the type.

        Raises:
            DataError: another number of features.
        """
        x = np.asarray(x, np.float64)
        if x.ndim != 2 or x.shape[1] != len(self.scale):
            raise DataError(f"the scale is for {len(self.scale)} features, this is {x.shape}")
        limits = np.iinfo(self.dtype)
        return np.clip(np.rint(x / np.asarray(self.scale)), limits.min, limits.max).astype(
            self.dtype
        )
