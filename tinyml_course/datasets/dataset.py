"""The one value every lab's data takes: windows with labels, groups and units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tinyml_course.errors import DataError


@dataclass(frozen=True)
class Gap:
    """A place in a recording where samples are missing, and where it was cut in two.

    Attributes:
        file, line: the first sample after it.
        step_s: from the sample before to the one after.
        period_s: from one sample to the next, elsewhere in the recording.
    """

    file: str
    line: int
    step_s: float
    period_s: float

    @property
    def missing_s(self) -> float:
        """How long samples are missing."""
        return self.step_s - self.period_s


def refuse_gaps(gaps: Sequence[Gap]) -> None:
    """For who wants recordings without a gap or none.

    Raises:
        DataError: there is a gap; it names the first.
    """
    if gaps:
        first = gaps[0]
        raise DataError(
            f"{first.file}, line {first.line}: a gap of {1000 * first.step_s:g} ms, samples come "
            f"every {1000 * first.period_s:g} ms; record again, or read with gaps='cut', which "
            "ends the recording at each gap"
        )


def describe_gaps(gaps: Sequence[Gap]) -> str:
    """What was cut, for the data's source.

    >>> describe_gaps([Gap("ann.csv", 62, 0.12, 0.02), Gap("ann.csv", 90, 0.08, 0.02)])
    ', cut at 2 gaps in which samples of 0.16 s are missing'
    """
    if not gaps:
        return ""
    count = f"{len(gaps):,} gap{'s' if len(gaps) > 1 else ''}"
    return (
        f", cut at {count} in which samples of {sum(g.missing_s for g in gaps):.2f} s are missing"
    )


@dataclass(frozen=True)
class Dataset:
    """Labelled windows in physical units. Lesson 01 builds one, lesson 02 splits it.

    The answers are classes, or, for a regression, values: then `target_names` says which.

    Attributes:
        x: `(n, window, channels)` float32, in `unit`.
        y: `(n,)` int64, indices into `class_names`; of a regression `(n, targets)` float32.
        groups: `(n,)` str: the person, voice or writer each window comes from. What must not stand
            on both sides of a split.
        sample_rate_hz: samples a second along the window axis.
        class_names: one name a class, in the order of the model's outputs; none in a regression.
        channel_names: one name a channel.
        unit: the unit of `x`, for instance "g".
        source: where the data come from, in words that can stand under a figure.
        groups_are: what a group is, in the plural.
        gaps: where recordings lacked samples and were cut.
        target_names, target_units: of the columns of `y` in a regression. Lesson 16.

    Raises:
        DataError: shapes that disagree, a label without a class, or a value that is not finite.

    >>> data = Dataset(np.zeros((2, 100, 3)), [0, 1], ["ann", "bob"], 50.0,
    ...                ("still", "walk"), ("ax", "ay", "az"), "g")
    >>> len(data), data.window, data.x.dtype.name
    (2, 100, 'float32')
    """

    x: np.ndarray
    y: np.ndarray
    groups: np.ndarray
    sample_rate_hz: float
    class_names: tuple[str, ...]
    channel_names: tuple[str, ...]
    unit: str
    source: str = "not stated"
    groups_are: str = "people"
    gaps: tuple[Gap, ...] = ()
    target_names: tuple[str, ...] = ()
    target_units: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        fields = {
            "x": np.ascontiguousarray(self.x, dtype=np.float32),
            "y": np.asarray(self.y, dtype=np.float32 if self.target_names else np.int64),
            "groups": np.asarray(self.groups, dtype=str),
            "class_names": tuple(self.class_names),
            "channel_names": tuple(self.channel_names),
        }
        for name, value in fields.items():
            object.__setattr__(self, name, value)
        if self.x.ndim != 3:
            raise DataError(
                f"Dataset.x has shape {self.x.shape}; it must be (n, window, channels): "
                "add the missing axis, for instance x[:, :, None] for one channel"
            )
        n, _, channels = self.x.shape
        answers = (n, len(self.target_names)) if self.target_names else (n,)
        if self.y.shape != answers or self.groups.shape != (n,):
            raise DataError(
                f"Dataset has {n} windows, labels of shape {self.y.shape} and groups of shape "
                f"{self.groups.shape}: give {self._one_answer} and one group a window"
            )
        if channels != len(self.channel_names):
            raise DataError(
                f"Dataset.x has {channels} channels and {len(self.channel_names)} channel names"
            )
        if self.target_names:
            self._check_targets()
        elif n and not (self.y.min() >= 0 and self.y.max() < len(self.class_names)):
            raise DataError(
                f"Dataset.y runs from {self.y.min()} to {self.y.max()}, but the "
                f"{len(self.class_names)} classes are 0 to {len(self.class_names) - 1}"
            )
        bad = ~np.isfinite(self.x).all(axis=(1, 2))
        if bad.any():
            raise DataError(
                f"Dataset.x holds NaN or infinity in {bad.sum()} windows, first in window "
                f"{int(bad.argmax())}: drop those windows or repair the recording"
            )

    @property
    def _one_answer(self) -> str:
        return f"{len(self.target_names)} values" if self.target_names else "one label"

    def _check_targets(self) -> None:
        if self.class_names or len(self.target_units) != len(self.target_names):
            raise DataError(
                f"a regression has no classes and one unit a target; this one has "
                f"{len(self.class_names)} classes, {len(self.target_names)} targets and "
                f"{len(self.target_units)} units"
            )
        if not np.isfinite(self.y).all():
            raise DataError("Dataset.y holds NaN or infinity: drop those windows")

    def __len__(self) -> int:
        return len(self.x)

    @property
    def answers_are_values(self) -> bool:
        """Whether it is a regression."""
        return bool(self.target_names)

    @property
    def answer_names(self) -> tuple[str, ...]:
        """One name an output of a model: the classes', or the targets'."""
        return self.target_names or self.class_names

    @property
    def window(self) -> int:
        """Samples in a window."""
        return self.x.shape[1]

    @property
    def n_classes(self) -> int:
        """How many classes there are, also those that no window shows."""
        return len(self.class_names)

    def subset(self, index: np.ndarray) -> Dataset:
        """The windows at `index` (integers or a boolean mask), all else unchanged."""
        return replace(self, x=self.x[index], y=self.y[index], groups=self.groups[index])
