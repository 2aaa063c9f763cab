"""From a window in physical units to the numbers a model sees, as one fitted value.

A `Preprocessing` is a chain of steps. It is fitted once, on the training part, then written into
the Bundle as a spec; the C that runs on the board is generated from that same spec, so nobody types
a mean or a scale by hand. Lesson 02 teaches it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np

from tinyml_course.errors import DataError


class Step(Protocol):
    """One step of a chain. `kind` names it in the spec and picks its C twin."""

    kind: ClassVar[str]

    def fit(self, x: np.ndarray) -> Step:
        """A fitted copy; a step without parameters returns itself."""
        ...

    def apply(self, x: np.ndarray) -> np.ndarray:
        """`(n, ...)` float32 in, `(n, ...)` float32 out."""
        ...

    def to_spec(self) -> dict[str, Any]:
        """Plain JSON values, `{"kind": ..., **parameters}`."""
        ...


STEP_KINDS: dict[str, Any] = {}


def register_step(cls: type) -> type:
    """Class decorator: makes a step loadable from its spec by `kind`."""
    STEP_KINDS[cls.kind] = cls
    return cls


@dataclass(frozen=True)
class Preprocessing:
    """A chain of steps, each fitted on the output of the one before it."""

    steps: tuple[Step, ...]

    def fit(self, x: np.ndarray) -> Preprocessing:
        """Fit every step on `x`, `(n, window, channels)` of the training part only."""
        fitted = []
        for step in self.steps:
            step = step.fit(x)
            x = step.apply(x)
            fitted.append(step)
        return Preprocessing(tuple(fitted))

    def apply(self, x: np.ndarray) -> np.ndarray:
        """`(n, window, channels)` float32 in physical units to the model's float32 input."""
        for step in self.steps:
            x = step.apply(x)
        return x

    def to_spec(self) -> list[dict[str, Any]]:
        """The chain as JSON values; `Preprocessing.from_spec` reads them back."""
        return [step.to_spec() for step in self.steps]

    @classmethod
    def from_spec(cls, spec: list[dict[str, Any]]) -> Preprocessing:
        """The inverse of `to_spec`.

        Raises:
            DataError: a step of an unknown kind.
        """
        steps = []
        for number, entry in enumerate(spec):
            parameters = dict(entry)
            kind = parameters.pop("kind", None)
            if kind not in STEP_KINDS:
                raise DataError(
                    f"preprocessing step {number} is of kind {kind!r}; known kinds: "
                    f"{', '.join(sorted(STEP_KINDS))}. Was the Bundle written by a newer version?"
                )
            steps.append(STEP_KINDS[kind](**parameters))
        return cls(tuple(steps))


def check_fitted_on(preprocessing: Preprocessing, train_x: np.ndarray) -> None:
    """Refuse a chain whose parameters are not those that `train_x` alone gives.

    Fits a second chain and compares the specs: a scaler that has seen one window more, or one
    less, has another mean. Lesson 02 calls it; so does the pipeline.

    Raises:
        DataError: the first parameter that differs, and what to do.
    """
    for number, (found, expected) in enumerate(
        zip(preprocessing.to_spec(), preprocessing.fit(train_x).to_spec(), strict=True)
    ):
        for name, value in expected.items():
            if found.get(name) != value:
                place, has, gives = _first_difference(found.get(name), value)
                raise DataError(
                    f"preprocessing step {number} ({found['kind']}): {name}{place} is {has}, "
                    f"but the training part gives {gives}. It was fitted on other data, perhaps "
                    "before the split: call Preprocessing.fit(split.train.x)"
                )


def _first_difference(found: Any, expected: Any) -> tuple[str, Any, Any]:
    """Where two parameters differ first, as " at [2]" or "", and both values there."""
    if isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for place, (has, gives) in enumerate(zip(found, expected, strict=True)):
            if has != gives:
                return f" at [{place}]", has, gives
    return "", found, expected
