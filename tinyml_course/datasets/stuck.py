"""Whether a sensor that was recorded lives: a live one has noise in its last digit."""

from __future__ import annotations

import numpy as np

REMEDY = (
    "a live one has noise in its last digit; look at the sensor and its wires, and record again"
)


def find_stuck(samples: np.ndarray) -> tuple[int, int]:
    """The longest run of the very same samples `(n, channels)`: where it begins, and its length.

    >>> find_stuck(np.array([[1, 2], [3, 4], [3, 4], [3, 5]]))
    (1, 2)
    """
    changes = np.flatnonzero((np.diff(samples, axis=0) != 0).any(axis=1)) + 1
    starts = np.concatenate([[0], changes])
    lengths = np.diff(np.concatenate([starts, [len(samples)]]))
    longest = int(lengths.argmax())
    return int(starts[longest]), int(lengths[longest])
