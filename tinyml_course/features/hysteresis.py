"""An alarm with two limits: it comes below one and goes at a higher one.

    value: 3.2  2.9  3.1  2.8  3.4  3.6
    alarm: no   yes  yes  yes  yes  no      (below 3.0, gone from 3.5 on)

With one limit, noise switches an alarm on and off while the value lies just there. The gap between
the two has to be wider than that noise. The C twin is `is_low` in the pond's sketch. Lesson 16.
"""

from __future__ import annotations

import numpy as np

from tinyml_course.errors import DataError


def alarm_below(values: np.ndarray, on: float, off: float) -> np.ndarray:
    """Whether there is an alarm at each value, `(n,)` bool; there was none before the first.

    Args:
        values: `(n,)`, in the order of time. What is no number alarms.
        on, off: the alarm comes below `on`, and stays until a value is `off` or more; in the
            values' unit. The same for both is an alarm with one limit.

    Raises:
        DataError: `off` lies below `on`, or the values are no series.

    >>> alarm_below(np.array([3.2, 2.9, 3.1, 3.6]), on=3.0, off=3.5).tolist()
    [False, True, True, False]
    """
    if not on <= off:
        raise DataError(f"on={on:g}, off={off:g}: the limit where an alarm goes cannot be lower")
    if values.ndim != 1:
        raise DataError(f"values of shape {values.shape}: an alarm follows one series, (n,)")
    alarms = np.zeros(len(values), bool)
    is_low = False
    for at, value in enumerate(values):
        is_low = not value >= (off if is_low else on)
        alarms[at] = is_low
    return alarms


__all__ = ["alarm_below"]
