"""SGD of a last layer, label by label, with a memory of what was labelled and of what was before.

    spec = LearningSpec(rate_256=32, passes=4, recent=5, old=old)
    learner = Learner(Head.from_model(model), spec)
    learner.learn(features, label)        # what a key press does on the board
    learner.predict(features)

The C of `export/learning/` does the same in the same order, and its weights are equal in every bit.
Lesson 18 teaches it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.on_device.exponential import PROBABILITY_BITS, softmax
from tinyml_course.on_device.head import FEATURE_BITS, INT32, Head
from tinyml_course.plain_json import from_json, to_json

RATE_BITS = 8
MOST_PASSES = 100
MOST_SLOTS = 64  # of a class, in the memory
MOST_SEEN = 65_535  # labels of a class are counted in two bytes


@dataclass(frozen=True)
class LearningSpec:
    """How a board learns.

    Attributes:
        rate_256: the learning rate times 256, 1 to 256.
        passes: how often a new label sends all that is remembered through a step.
        recent: how many labelled examples of a class are kept; the next one replaces the oldest.
        old: examples of a class from before, `(classes, k, features)` int8 as nested lists; they
            stand in flash and are rehearsed beside the new ones. Empty: no rehearsal.
    """

    rate_256: int
    passes: int
    recent: int
    old: tuple[tuple[tuple[int, ...], ...], ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        for what, value, most in (
            ("rate_256", self.rate_256, 1 << RATE_BITS),
            ("passes", self.passes, MOST_PASSES),
            ("recent", self.recent, MOST_SLOTS),
        ):
            if not 1 <= value <= most:
                raise DataError(f"{what} is {value}; 1 to {most} are possible")
        sizes = {len(one) for one in self.old} | {0}
        widths = {len(x) for one in self.old for x in one}
        if len(sizes) > 2 or len(widths) > 1 or max(sizes) > MOST_SLOTS:
            raise DataError(
                f"old examples: as many of each class, at most {MOST_SLOTS}, all equally long"
            )
        if any(not -128 <= q <= 127 for one in self.old for x in one for q in x):
            raise DataError("old examples hold a number that is no int8")

    @property
    def old_features(self) -> np.ndarray:
        """The examples from before, `(classes, k, features)` int8; `(0, 0, 0)` without any."""
        return np.array(self.old, np.int8) if self.old else np.zeros((0, 0, 0), np.int8)

    def check_head(self, head: Head) -> None:
        """See that the examples are the head's.

        Raises:
            DataError: other classes or features.
        """
        if self.old and self.old_features.shape[::2] != (head.classes, head.features):
            raise DataError(
                f"old examples of {len(self.old)} classes and {len(self.old[0][0])} features, the "
                f"head has {head.classes} and {head.features}"
            )

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return dict(to_json(self))

    @classmethod
    def from_json(cls, values: Any, where: str = "learning.json") -> LearningSpec:
        """The spec whose `to_json` gave `values`.

        Raises:
            DataError: a key is missing or unknown, or holds what cannot be.
        """
        return from_json(cls, values, where)


class Learner:
    """A head that learns.

    Attributes:
        head: as it was before the first label.
        weights, bias: int32, as they are now.
        recent: `(classes, slots, features)` int8, the labelled examples that are kept.
        seen: `(classes,)` how many labels of each class there were.
    """

    def __init__(self, head: Head, spec: LearningSpec) -> None:
        """Raises DataError if the spec's examples are not the head's."""
        spec.check_head(head)
        self.head = head
        self.spec = spec
        self._old = spec.old_features
        self.forget()

    def forget(self) -> None:
        """As it was before the first label."""
        head = self.head
        self.weights = head.weights.astype(np.int64)
        self.bias = head.bias.astype(np.int64)
        self.recent = np.zeros((head.classes, self.spec.recent, head.features), np.int8)
        self.seen = np.zeros(head.classes, np.int64)

    def logits(self, x: np.ndarray) -> np.ndarray:
        """Of features `(features,)` or `(n, features)` int8: int64 with `fraction_bits`."""
        u = self._steps(x)
        result: np.ndarray = ((u @ self.weights.T) >> FEATURE_BITS) + self.bias
        return result

    def predict(self, x: np.ndarray) -> np.ndarray:
        """The class of each `(n, features)` int8, `(n,)` int64; the first of equals."""
        result: np.ndarray = self.logits(x).argmax(axis=-1)
        return result

    def probabilities(self, x: np.ndarray) -> np.ndarray:
        """Of features `(features,)` int8: `(classes,)` int64, 32768 is certain."""
        return softmax(self.logits(x), self.head.fraction_bits)

    def step(self, x: np.ndarray, label: int) -> None:
        """One step of SGD on the cross-entropy of one example.

        Its slope for a class's logit is the class's probability, less 1 for the right one. The
        weight moves against it, as far as its feature is large:
        `w -= round(rate * (p - is_right) * feature)`.

        Args:
            x: `(features,)` int8.

        Raises:
            DataError: features of another shape, or no such class.
        """
        u = self._steps(x)
        if u.shape != (self.head.features,) or not 0 <= label < self.head.classes:
            raise DataError(f"one example of {self.head.features} features, a label, are needed")
        error = self.probabilities(x)
        error[label] -= 1 << PROBABILITY_BITS
        slope = error * self.spec.rate_256
        self.weights = self._moved(self.weights, slope[:, None] * u)
        self.bias = self._moved(self.bias, slope << FEATURE_BITS)

    def learn(self, x: np.ndarray, label: int) -> None:
        """A label from a person: remember it, then step through all that is remembered.

        Errors as `step`.
        """
        self._steps(x)
        if not 0 <= label < self.head.classes:
            raise DataError(f"label {label}; there are {self.head.classes} classes, from 0")
        self.recent[label, self.seen[label] % self.spec.recent] = x
        self.seen[label] = min(self.seen[label] + 1, MOST_SEEN)
        for _ in range(self.spec.passes):
            for x_, label_ in self.remembered():
                self.step(x_, label_)

    def remembered(self) -> Iterable[tuple[np.ndarray, int]]:
        """New and old examples by turns, class after class, slot after slot."""
        slots_old = self._old.shape[1]
        for slot in range(max(self.spec.recent, slots_old)):
            for label in range(self.head.classes):
                if slot < min(int(self.seen[label]), self.spec.recent):
                    yield self.recent[label, slot], label
                if slot < slots_old:
                    yield self._old[label, slot], label

    def _moved(self, values: np.ndarray, slope: np.ndarray) -> np.ndarray:
        """Less the slope, rounded half up to the grid, within 32 bits."""
        shift = RATE_BITS + PROBABILITY_BITS + FEATURE_BITS - self.head.fraction_bits
        moved = values - ((slope + (1 << (shift - 1))) >> shift)
        result: np.ndarray = np.clip(moved, INT32.min, INT32.max)
        return result

    def _steps(self, x: np.ndarray) -> np.ndarray:
        """Features above their zero point, int64."""
        x = np.asarray(x)
        if x.dtype != np.int8 or x.shape[-1:] != (self.head.features,):
            raise DataError(
                f"the head looks at {self.head.features} int8 features, this is {x.shape} {x.dtype}"
            )
        result: np.ndarray = x.astype(np.int64) - self.head.zero_point
        return result
