"""Eight numbers that say how a phone moved, whichever way it was mounted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.features.magnitude import compute_magnitude
from tinyml_course.features.preprocessing import register_step

FEATURE_NAMES = (
    "mean",
    "std",
    "min",
    "max",
    "jerk",
    "swing",
    "axis_std",
    "repeat",
)
SWING_LAG = 12  # 0.24 s: about half a walking step, where a step's rise meets its fall
REPEAT_LAGS = (15, 40)  # 0.30 to 0.78 s: from a runner's step to a slow walker's (end excluded)
REPEAT_FLOOR_G2 = np.float32(1e-3)  # variance below which nothing counts as a rhythm


def _sum(terms: np.ndarray) -> np.ndarray:
    """`(n, k)` float32 to `(n,)`: added one after the other from the left, as a C loop does."""
    total = np.zeros(len(terms), dtype=np.float32)
    for t in range(terms.shape[1]):
        total += terms[:, t]
    return total


@register_step
@dataclass(frozen=True)
class MotionFeatures:
    """`(n, window, 3)` float32 in g to `(n, 8)` float32: turn the phone, and none of them changes.

    With `m[t]` the magnitude (`compute_magnitude`), `W` the window's length and every sum taken
    in float32 from t = 0 upwards:

    | name | formula | what it sees |
    |---|---|---|
    | mean | `sum(m[t]) / W` | near 1 g always; a damaged sensor |
    | std | `sqrt(sum((m[t] - mean) * (m[t] - mean)) / W)` | how much the body bounces |
    | min | smallest `m[t]` | flight: a runner weighs nothing in the air |
    | max | largest `m[t]` | the push and the shock of a step |
    | jerk | `sum(abs(m[t] - m[t-1])) / (W - 1)`, t from 1 | shocks, and engines |
    | swing | `sum(abs(m[t] - m[t-12])) / (W - 12)`, t from 12 | change within half a step |
    | axis_std | `sqrt((v[0] + v[1]) + v[2])`, `v[c] = sum(d * d) / W`, `d = a[t][c] - mean_c` \
| bouncing and turning together |
    | repeat | `max over k of r[k] / (var + 0.001)`, k from 15 below 40, \
`r[k] = sum((m[t] - mean) * (m[t-k] - mean)) / (W - k)`, t from k | rhythm |

    `var` is the value under the root of std. No transform, no libm beyond `sqrtf`, no branch that
    a rounding error could tip: C gives the same numbers to a few units in the last place. Lesson
    02 teaches them.
    """

    kind: ClassVar[str] = "motion_features"

    def fit(self, x: np.ndarray) -> MotionFeatures:
        """There is nothing to learn: the step itself."""
        return self

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Windows `(n, window, 3)` in g to features `(n, features)` float32."""
        x = np.asarray(x, dtype=np.float32)
        if x.ndim != 3 or x.shape[1] <= REPEAT_LAGS[1]:
            raise DataError(
                f"motion features need windows (n, window, 3) of more than {REPEAT_LAGS[1]} "
                f"samples, the input has shape {x.shape}"
            )
        m = compute_magnitude(x)
        w = np.float32(x.shape[1])
        mean = _sum(m) / w
        d = m - mean[:, None]
        var = _sum(d * d) / w
        jerk = _sum(np.abs(m[:, 1:] - m[:, :-1])) / (w - 1)
        swing = _sum(np.abs(m[:, SWING_LAG:] - m[:, :-SWING_LAG])) / (w - SWING_LAG)
        v = []
        for c in range(3):
            a = x[:, :, c]
            e = a - (_sum(a) / w)[:, None]
            v.append(_sum(e * e) / w)
        repeat = np.full(len(x), -np.inf, dtype=np.float32)
        for k in range(*REPEAT_LAGS):
            r = _sum(d[:, k:] * d[:, :-k]) / (w - np.float32(k))
            repeat = np.maximum(repeat, r)
        repeat = repeat / (var + REPEAT_FLOOR_G2)
        return np.stack(
            [
                mean,
                np.sqrt(var),
                m.min(axis=1),
                m.max(axis=1),
                jerk,
                swing,
                np.sqrt((v[0] + v[1]) + v[2]),
                repeat,
            ],
            axis=1,
        ).astype(np.float32)

    def to_spec(self) -> dict[str, Any]:
        """The step as JSON values."""
        return {"kind": self.kind}
