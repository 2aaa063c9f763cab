"""The smallest change of a sensor's values that changes a model's answer.

A thief who has read a model out of a board has its gradient too: it says for each value of a window
in which direction the answer tips. The attack goes a small step along the signs of the gradient,
all values alike, until the board's own integers answer otherwise (I. Goodfellow and others,
Explaining and Harnessing Adversarial Examples, 2015; A. Kurakin and others, Adversarial Examples in
the Physical World, 2017). Beside it stands the control: random signs of the same size. Lesson 19.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tinyml_course.bundle import Bundle
from tinyml_course.errors import DataError
from tinyml_course.export.sealed.image import ModelImage

DIFFERENCE = 1e-3  # of one value, to see what it does to the model's input


@dataclass(frozen=True)
class Nudge:
    """A change of a window.

    Attributes:
        delta: `(window, channels)` float32, in the window's unit; None of it beyond +-`size`.
        size: the greatest change of a value; infinite if none was found.
        answer: what the int8 model says of the changed window, a class index.
    """

    delta: np.ndarray
    size: float
    answer: int

    @property
    def worked(self) -> bool:
        """Whether the answer changed."""
        return bool(np.isfinite(self.size))


class StolenModel:
    """A model as a thief has it: the image from the dump, and the preprocessing from the course.

    Args:
        image: what was found.
        bundle: where the preprocessing and the input's scale come from.
    """

    def __init__(self, image: ModelImage, bundle: Bundle) -> None:
        self.image = image
        self._input = bundle.model.input
        self._preprocessing = bundle.preprocessing

    def answer(self, windows: np.ndarray) -> np.ndarray:
        """Class indices `(n,)` of windows `(n, window, channels)`, in the board's integers."""
        return self.outputs(windows).argmax(axis=1)

    def outputs(self, windows: np.ndarray) -> np.ndarray:
        """The int8 outputs `(n, classes)`."""
        windows = np.asarray(windows, np.float32)
        return self.image.run(self._input.quantize(self._preprocessing.apply(windows)))

    def gradient(self, window: np.ndarray, away: int, towards: int) -> np.ndarray:
        """How much each value of a window tips the last layer from one class towards another.

        The layers are differentiated with their exact weights, without rounding; what stands before
        them by small differences, one value at a time.
        """
        count = window.size
        moved = np.repeat(window[None].astype(np.float32), count, axis=0).reshape(count, -1)
        moved[np.arange(count), np.arange(count)] += DIFFERENCE
        here = self._unrounded_inputs(window[None])
        there = self._unrounded_inputs(moved.reshape(count, *window.shape))
        slopes = (there - here) / DIFFERENCE
        return (slopes @ self._input_gradient(here[0], away, towards)).reshape(window.shape)

    def _unrounded_inputs(self, windows: np.ndarray) -> np.ndarray:
        values = self._preprocessing.apply(windows.astype(np.float32)).reshape(len(windows), -1)
        return values / float(self._input.scale) + self._input.zero_point

    def _input_gradient(self, x: np.ndarray, away: int, towards: int) -> np.ndarray:
        outputs = []
        for layer in self.image.layers:
            factor = layer.multiplier * 2.0 ** (layer.shift - 31)
            y = (layer.weights.astype(float) @ (x - layer.input_zero_point) + layer.bias) * factor
            y = y + layer.output_zero_point
            x = np.clip(y, layer.activation_min, layer.activation_max)
            outputs.append(x)
        slope = np.zeros(len(x))
        slope[towards] += 1
        slope[away] -= 1
        for layer, y in zip(reversed(self.image.layers), reversed(outputs), strict=True):
            is_open = (y > layer.activation_min) & (y < layer.activation_max)
            factor = layer.multiplier * 2.0 ** (layer.shift - 31)
            slope = np.where(is_open, slope, 0.0) @ layer.weights * factor
        return slope


def grow_nudge(
    model: StolenModel, window: np.ndarray, towards: int, step: float = 0.004
) -> Iterator[Nudge]:
    """Ever larger nudges of a window, one step along the signs of the gradient after the other.

    Args:
        window: `(window, channels)` in physical units.
        towards: the class index that the answer is pushed to.
        step: of one go, in the window's unit.

    Raises:
        DataError: the model gives that answer already.
    """
    before = int(model.answer(window[None])[0])
    if before == towards:
        raise DataError(f"the model says class {towards} already; nothing to nudge")
    delta = np.zeros(window.shape, np.float32)
    for steps in itertools.count(1):
        signs = np.sign(model.gradient(window + delta, before, towards))
        delta = np.clip(delta + step * signs, -step * steps, step * steps).astype(np.float32)
        yield Nudge(delta, step * steps, int(model.answer((window + delta)[None])[0]))


def smallest_nudge(
    model: StolenModel, window: np.ndarray, towards: int, step: float = 0.004, most: float = 0.4
) -> Nudge:
    """The first of `grow_nudge` that changes the answer; its size is a multiple of `step`.

    Args:
        most: the greatest size that is tried.

    Raises:
        DataError: the model gives that answer already.
    """
    before = int(model.answer(window[None])[0])
    nudge = Nudge(np.zeros(window.shape, np.float32), np.inf, before)
    for nudge in itertools.islice(grow_nudge(model, window, towards, step), round(most / step)):
        if nudge.answer != before:
            return nudge
    return Nudge(nudge.delta, np.inf, before)


def random_nudges(
    shape: tuple[int, ...], size: float, count: int, rng: np.random.Generator
) -> np.ndarray:
    """The control: `(count, *shape)` changes of the same size whose signs are thrown like coins.

    >>> random_nudges((2, 3), 0.5, 1, np.random.default_rng(0)).shape
    (1, 2, 3)
    """
    signs = rng.choice(np.array([-1.0, 1.0], np.float32), (count, *shape))
    return (size * signs).astype(np.float32)
