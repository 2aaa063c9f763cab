"""A sniff as eleven numbers that do not depend on the load resistor, nor on the element's age.

A channel's counts over a divider are `1023 g / (1 + g)`, so `g = u / (1023 - u)`: the conductance
times the load resistor. Divided by its own value in clean air the resistor, the element's size and
most of its age cancel. The logarithm of that quotient would be the natural number; its half's
tanh is bounded, needs no libm, and takes three rounded operations, the same in C:
`(g - a) / (g + a)`.

C twin: `export/kernels/gas_features.c`. Lesson 15.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.features.preprocessing import register_step

FULL_SCALE = 1023
CHANNELS = 4
IN_AIR = 8  # samples that are the reference
EARLY = slice(10, 16)  # while the vapour rises
LATE = slice(20, 32)  # when it has risen
FEATURE_NAMES = (
    *(f"late_{name}" for name in ("no2", "c2h5oh", "voc", "co")),
    *(f"early_{name}" for name in ("no2", "c2h5oh", "voc", "co")),
    "c2h5oh_over_no2",
    "c2h5oh_over_voc",
    "c2h5oh_over_co",
)


def mean_conductance(counts: np.ndarray) -> np.ndarray:
    """`(..., n, channels)` counts to `(..., channels)` float32 conductances of their mean.

    Counts are whole numbers: their sums stay below 2^24 and are exact in any order. A channel at
    either end of the converter counts as one step away from it, so that nothing divides by zero.
    """
    n = np.float32(counts.shape[-2])
    total = np.asarray(counts, np.float32).sum(axis=-2)
    total = np.clip(total, n, n * np.float32(FULL_SCALE - 1))
    return total / (n * np.float32(FULL_SCALE) - total)


def contrast(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """`(a - b) / (a + b)`, float32: the tanh of half the logarithm of a / b, between -1 and 1."""
    return (a - b) / (a + b)


@register_step
@dataclass(frozen=True)
class GasFeatures:
    """`(n, 32, 4)` counts to `(n, 11)`: see `FEATURE_NAMES`. Nothing is fitted."""

    kind: ClassVar[str] = "gas_features"

    def fit(self, x: np.ndarray) -> GasFeatures:
        """Nothing to learn: the step itself."""
        return self

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Each sniff against the air before it.

        Raises:
            DataError: windows of another shape.
        """
        x = np.asarray(x, dtype=np.float32)
        if x.ndim != 3 or x.shape[1:] != (LATE.stop, CHANNELS):
            raise DataError(
                f"gas_features needs windows of {LATE.stop} samples of {CHANNELS} channels, this "
                f"is {x.shape}"
            )
        air = mean_conductance(x[:, :IN_AIR])
        late, early = mean_conductance(x[:, LATE]), mean_conductance(x[:, EARLY])
        times = late / air
        others = times[:, [0, 2, 3]]
        return np.concatenate(
            [contrast(late, air), contrast(early, air), contrast(times[:, [1]], others)], axis=1
        )

    def to_spec(self) -> dict[str, Any]:
        """The step as JSON values."""
        return {"kind": self.kind}


@register_step
@dataclass(frozen=True)
class RawLevels:
    """`(n, 32, 4)` counts to `(n, 4)`: the mean of the last twelve samples, as they are.

    What one does who knows nothing of drift; lesson 15 shows where it leads. It has no C twin.
    """

    kind: ClassVar[str] = "raw_levels"

    def fit(self, x: np.ndarray) -> RawLevels:
        """Nothing to learn: the step itself."""
        return self

    def apply(self, x: np.ndarray) -> np.ndarray:
        """The mean of each channel once the vapour has risen."""
        return np.asarray(x, dtype=np.float32)[:, LATE].mean(axis=1)

    def to_spec(self) -> dict[str, Any]:
        """The step as JSON values."""
        return {"kind": self.kind}
