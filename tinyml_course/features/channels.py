"""Some channels of a window and no others: what a board with fewer sensors knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.features.preprocessing import register_step


@register_step
@dataclass(frozen=True)
class KeepChannels:
    """`(n, window, channels)` to `(n, window, len(channels))`, in the order given.

    Lesson 17 asks with it what each sensor is worth. It has no C twin: on a board, sample what you
    need.

    >>> KeepChannels((2,)).apply(np.array([[[1.0, 2.0, 3.0]]])).tolist()
    [[[3.0]]]
    """

    channels: tuple[int, ...]
    kind: ClassVar[str] = "keep_channels"

    def __post_init__(self) -> None:
        channels = tuple(int(channel) for channel in self.channels)
        if not channels or min(channels) < 0 or len(set(channels)) != len(channels):
            raise DataError(f"keep_channels needs different channels from 0 on, not {channels}")
        object.__setattr__(self, "channels", channels)

    def fit(self, x: np.ndarray) -> KeepChannels:
        """Nothing to learn: the step itself."""
        return self

    def apply(self, x: np.ndarray) -> np.ndarray:
        """The channels, float32.

        Raises:
            DataError: the windows have fewer.
        """
        x = np.asarray(x, dtype=np.float32)
        if x.shape[-1] <= max(self.channels):
            raise DataError(
                f"keep_channels takes channel {max(self.channels)}, the windows have {x.shape[-1]}"
            )
        return x[..., list(self.channels)]

    def to_spec(self) -> dict[str, Any]:
        """The step as JSON values."""
        return {"kind": self.kind, "channels": list(self.channels)}
