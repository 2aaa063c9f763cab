"""When a gesture begins: the energy of a movement, and a window cut around its onset.

A network that judges gestures need not be asked fifty times a second. What is left of a sample when
a slow mean is taken away is the movement: gravity, tilt and bias stand in the mean. Its energy is a
sum of squares. If it stays above a threshold for a few samples, a gesture has begun; a window that
reaches a little back is filled, and then asked about. The next one can begin only after a quiet
moment, so that one gesture is one answer.

Each operation is one float32 operation, so the C (`export/kernels/onset.c`) gives the same answer
for every sample. Lesson 17 teaches it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinyml_course.errors import DataError

NOTHING, BEGUN, COMPLETE = 0, 1, 2  # what a sample brings
G_PER_DPS = 1 / 256  # 256 degrees a second weigh as much as 1 g


@dataclass(frozen=True)
class OnsetSpec:
    """The trigger's rules, counted in samples.

    Attributes:
        weights: of each channel, in g per unit.
        window: samples that are asked about.
        before: how many of them lie before the sample that triggers.
        threshold_g: a movement is louder than this.
        confirm: samples in a row that must be.
        quiet: samples in a row that must not be, before the next gesture can begin.
        follow: the share of the way that the slow mean follows each sample.

    Raises:
        DataError: a value out of its range.
    """

    weights: tuple[float, ...]
    window: int
    before: int
    threshold_g: float = 0.2
    confirm: int = 2
    quiet: int = 10
    follow: float = 1 / 32

    def __post_init__(self) -> None:
        ranges = {
            "window": (2, 10_000),
            "before": (1, self.window - 1),
            "threshold_g": (1e-3, 100.0),
            "confirm": (1, self.before),
            "quiet": (1, 10_000),
            "follow": (0.0, 1.0),
        }
        for name, (low, high) in ranges.items():
            if not low <= getattr(self, name) <= high:
                raise DataError(
                    f"OnsetSpec.{name} is {getattr(self, name)}; it must be {low} to {high}"
                )
        if not self.weights:
            raise DataError("OnsetSpec.weights is empty; give one weight a channel")

    @classmethod
    def of(
        cls, channel_names: Sequence[str], window: int, sample_rate_hz: float, **rules: float
    ) -> OnsetSpec:
        """The rules for windows of these channels: those that begin with g turn, the others push.

        A window reaches 0.24 s back, 40 ms confirm a beginning, 0.2 s are a quiet moment.

        >>> OnsetSpec.of(("ax", "ay", "az", "gx", "gy", "gz"), 100, 50.0).before
        12
        """
        weights = tuple(G_PER_DPS if name.startswith("g") else 1.0 for name in channel_names)
        times = {
            "before": min(max(1, round(0.24 * sample_rate_hz)), window - 1),
            "confirm": max(1, round(0.04 * sample_rate_hz)),
            "quiet": max(1, round(0.2 * sample_rate_hz)),
        }
        return cls(weights, window, **(times | rules))  # type: ignore[arg-type]


class OnsetTrigger:
    """The rules at work, sample by sample.

    >>> trigger = OnsetTrigger(OnsetSpec((1.0,), window=4, before=1, confirm=1))
    >>> [trigger.push(x) for x in ([0.0], [0.0], [1.0], [1.0], [1.0], [1.0])]
    [0, 0, 1, 0, 2, 0]
    """

    def __init__(self, spec: OnsetSpec) -> None:
        self.spec = spec
        self._weights = np.float32(spec.weights)
        self._floor = np.float32(spec.threshold_g) * np.float32(spec.threshold_g)
        self._follow = np.float32(spec.follow)
        self.reset()

    def reset(self) -> None:
        """Forget the movement: the next sample is the first."""
        self._mean: np.ndarray | None = None
        self._loud = self._quiet = self._missing = 0
        self._is_armed = True
        self.energy = np.float32(0)

    def push(self, sample: Sequence[float] | np.ndarray) -> int:
        """`NOTHING`, `BEGUN` if a gesture has begun, `COMPLETE` if its window is full now.

        Args:
            sample: `(channels,)` in the channels' units.
        """
        x = np.asarray(sample, np.float32)
        if self._mean is None:
            self._mean = x.copy()
        away = x - self._mean
        self._mean = self._mean + away * self._follow
        weighted = away * self._weights
        self.energy = np.float32(0)
        for value in weighted:  # in this order: a sum of floats depends on it
            self.energy = self.energy + value * value
        is_loud = bool(self.energy > self._floor)
        self._loud = self._loud + 1 if is_loud else 0
        self._quiet = 0 if is_loud else self._quiet + 1
        if self._missing > 0:
            self._missing -= 1
            return COMPLETE if self._missing == 0 else NOTHING
        if self._quiet >= self.spec.quiet:
            self._is_armed = True
        if self._is_armed and self._loud >= self.spec.confirm:
            self._is_armed = False
            self._missing = self.spec.window - self.spec.before - 1
            return BEGUN
        return NOTHING


@dataclass(frozen=True)
class Onsets:
    """What a trigger found in a stream.

    Attributes:
        begun: `(k,)` the samples at which gestures were found to begin.
        starts: `(m,)` the first sample of each window that was filled, for those that begun first.
        energy: `(n,)` float32 in g squared.
    """

    begun: np.ndarray
    starts: np.ndarray
    energy: np.ndarray


def find_onsets(stream: np.ndarray, spec: OnsetSpec) -> Onsets:
    """Run the trigger over a stream, `(n, channels)`.

    Raises:
        DataError: another number of channels than the rules have weights.
    """
    stream = np.asarray(stream, np.float32)
    if stream.ndim != 2 or stream.shape[1] != len(spec.weights):
        raise DataError(
            f"a stream of shape {stream.shape} for a trigger of {len(spec.weights)} channels: "
            "give (n, channels)"
        )
    trigger = OnsetTrigger(spec)
    begun, ends, energy = [], [], []
    for at, sample in enumerate(stream):
        news = trigger.push(sample)
        energy.append(trigger.energy)
        if news == BEGUN:
            begun.append(at)
        elif news == COMPLETE:
            ends.append(at)
    starts = np.array(ends, np.int64) - (spec.window - 1)
    return Onsets(np.array(begun, np.int64), starts, np.array(energy, np.float32))


def cut_gestures(stream: np.ndarray, spec: OnsetSpec) -> np.ndarray:
    """The windows that a trigger cuts from a stream, `(m, window, channels)` float32.

    What a board has felt before it was switched on counts as its first sample, again and again.
    """
    stream = np.asarray(stream, np.float32)
    starts = find_onsets(stream, spec).starts
    lead = int(max(0, -starts.min(initial=0)))
    padded = np.concatenate([np.repeat(stream[:1], lead, axis=0), stream])
    windows = [padded[start + lead : start + lead + spec.window] for start in starts]
    return np.array(windows, np.float32).reshape(len(windows), spec.window, stream.shape[1])
