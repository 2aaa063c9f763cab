"""What a regression answers with: values in units, and the numbers that the network makes of them.

A network learns best what is about as large as 1. So each target has a mean and a scale, learnt
from the training part alone; and a forecast learns by how much a signal will have *changed* since
the window's last sample. An output of 0 then says "as it is now, and what it gained on average".
Lesson 16.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.plain_json import from_json, to_json


@dataclass(frozen=True)
class Targets:
    """`value = (mean + scale * output) + last`, target by target, in float32.

    Attributes:
        names, units: one a target, in the order of the model's outputs.
        mean, scale: of what the network learns, in the target's unit.
        change_of: the channel whose last sample is `last`, or -1: nothing is added.

    >>> x, y = np.zeros((2, 3, 1), np.float32), np.float32([[1], [3]])
    >>> targets = Targets.fit(x, y, ("level",), ("m",), change_of=(0,))
    >>> targets.encode(x, y).tolist(), targets.decode(x, np.float32([[1], [-1]])).tolist()
    ([[-1.0], [1.0]], [[3.0], [1.0]])
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    change_of: tuple[int, ...]

    def __post_init__(self) -> None:
        for name in ("mean", "scale"):
            value = tuple(np.asarray(getattr(self, name), dtype=np.float32).tolist())
            object.__setattr__(self, name, value)
        sizes = {len(v) for v in (self.names, self.units, self.mean, self.scale, self.change_of)}
        if len(sizes) != 1 or not self.names:
            raise DataError("targets need a name, unit, mean, scale and channel (or -1) each")
        if not (np.isfinite([*self.mean, *self.scale]).all() and min(self.scale) > 0):
            raise DataError(f"targets: scales must be above 0 and finite, not {self.scale}")

    @classmethod
    def fit(
        cls,
        x: np.ndarray,
        y: np.ndarray,
        names: Sequence[str],
        units: Sequence[str],
        change_of: Sequence[int] = (),
    ) -> Targets:
        """Mean and deviation of the training part's targets, or of their changes.

        Args:
            x: `(n, window, channels)` of the training part only.
            y: `(n, targets)` values in their units.
            change_of: as the attribute; -1 for all if empty.
        """
        channels = tuple(change_of) or (-1,) * len(names)
        learnt = np.asarray(y, np.float64) - _last(x, channels)
        scale = learnt.std(axis=0)
        return cls(
            tuple(names),
            tuple(units),
            tuple(learnt.mean(axis=0)),
            tuple(np.where(scale > 0, scale, 1)),
            channels,
        )

    def encode(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """What the network is to answer, `(n, targets)` float32."""
        learnt = np.asarray(y, np.float32) - _last(x, self.change_of)
        return (learnt - np.float32(self.mean)) / np.float32(self.scale)

    def decode(self, x: np.ndarray, outputs: np.ndarray) -> np.ndarray:
        """Values in units, `(n, targets)` float32, of a network's outputs; the C does the same."""
        outputs = np.asarray(outputs, np.float32).reshape(len(x), -1)
        learnt = np.float32(self.mean) + np.float32(self.scale) * outputs
        return learnt + _last(x, self.change_of)

    def to_json(self) -> dict[str, Any]:
        """What stands in a Bundle's `targets.json`."""
        return dict(to_json(self))

    @classmethod
    def from_json(cls, values: Any) -> Targets:
        """The targets whose `to_json` gave `values`.

        Raises:
            DataError: a key is missing or unknown, or holds a value of another form.
        """
        return from_json(cls, values, "targets.json")


def _last(x: np.ndarray, channels: Sequence[int]) -> np.ndarray:
    """The last sample of each target's channel, or 0, `(n, targets)` float32."""
    last = np.asarray(x, np.float32)[:, -1]
    if max(channels) >= last.shape[1]:
        raise DataError(f"a target is the change of channel {max(channels)}, of {last.shape[1]}")
    return np.stack([last[:, c] if c >= 0 else np.zeros(len(x), np.float32) for c in channels], 1)
