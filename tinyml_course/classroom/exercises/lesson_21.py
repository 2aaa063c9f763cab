"""Lesson 21, From PyTorch: pictures and weights in another order, a batch norm folded away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tinyml_course.exercises import Exercise, Mistake

Array = np.ndarray


def _pictures() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(21)
    return [(rng.normal(size=shape),) for shape in ((2, 3, 4, 5), (1, 2, 3, 3), (3, 5, 2, 4))]


def _weights() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(22)
    plain = [(rng.normal(size=shape), False) for shape in ((4, 2, 3, 3), (2, 5, 1, 1))]
    return [*plain, (rng.normal(size=(6, 1, 3, 3)), True), (rng.normal(size=(3, 1, 5, 5)), True)]


def _reorder(w: Array, is_depthwise: bool) -> Array:
    return w.transpose(1, 2, 3, 0) if is_depthwise else w.transpose(0, 2, 3, 1)


def _norms() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(23)
    return [
        (
            rng.normal(size=(channels, inputs, 3, 3)),
            rng.uniform(0.5, 2, channels),
            rng.normal(size=channels),
            rng.normal(size=channels),
            rng.uniform(0.05, 3, channels),
            epsilon,
        )
        for channels, inputs, epsilon in ((4, 2, 1e-5), (5, 1, 1e-3), (3, 3, 1e-2))
    ]


Fold = Callable[[Array, Array, Array, Array, Array, float], tuple[Array, Array]]


def _fold(
    deviation: Callable[[Array, float], Array] = lambda variance, epsilon: np.sqrt(
        variance + epsilon
    ),
    bias: Callable[[Array, Array, Array], Array] = lambda beta, mean, scale: beta - mean * scale,
) -> Fold:
    """A fold with another deviation, or another bias."""

    def fold(
        w: Array, gamma: Array, beta: Array, mean: Array, variance: Array, epsilon: float
    ) -> tuple[Array, Array]:
        scale = gamma / deviation(variance, epsilon)
        return w * scale[:, None, None, None], bias(beta, mean, scale)

    return fold


def _fold_without_gamma(
    w: Array, gamma: Array, beta: Array, mean: Array, variance: Array, epsilon: float
) -> tuple[Array, Array]:
    return _fold()(w, np.ones_like(gamma), beta, mean, variance, epsilon)


EXERCISES = (
    Exercise(
        "21.1",
        lambda x: x.transpose(0, 2, 3, 1),
        _pictures,
        (
            Mistake(
                lambda x: x.reshape(x.shape[0], x.shape[2], x.shape[3], x.shape[1]),
                "`reshape` moves no number, it only says other sizes. Which call exchanges axes?",
            ),
            Mistake(
                lambda x: x.transpose(0, 3, 2, 1),
                "Rows and columns are exchanged too: the picture lies on its side.",
            ),
            Mistake(
                lambda x: x.transpose(0, 3, 1, 2),
                "This is the way back, from channels last to channels first.",
            ),
            Mistake(
                lambda x: x.transpose(1, 2, 3, 0),
                "The samples must stay in front: axis 0 is theirs.",
            ),
        ),
        ("`x.transpose(...)` takes the old axes in their new order", "axis 1 goes to the end"),
    ),
    Exercise(
        "21.2",
        _reorder,
        _weights,
        (
            Mistake(
                lambda w, is_depthwise: w.transpose(0, 2, 3, 1),
                "Right for a plain convolution. A depthwise one has its channels last in TFLite.",
            ),
            Mistake(
                lambda w, is_depthwise: w.transpose(1, 2, 3, 0),
                "Right for a depthwise convolution. A plain one keeps its filters in front.",
            ),
            Mistake(
                lambda w, is_depthwise: w.transpose(2, 3, 1, 0),
                "This is Keras's order, rows, columns, in, out. The file has another one.",
            ),
            Mistake(
                lambda w, is_depthwise: _reorder(w, not is_depthwise),
                "Each case has the other's order: look at `if` and `else`.",
            ),
            Mistake(
                lambda w, is_depthwise: (
                    w.transpose(2, 3, 0, 1) if is_depthwise else w.transpose(0, 2, 3, 1)
                ),
                "Right for a plain convolution. Keras keeps a depthwise one like this; the file "
                "has the axis of size 1 in front.",
            ),
            Mistake(
                lambda w, is_depthwise: w.reshape(_reorder(np.empty(w.shape), is_depthwise).shape),
                "`reshape` gives the right shape and leaves every number where it was.",
            ),
        ),
        (
            "two cases: `w.transpose(...)` with other axes for each",
            "depthwise: the filters, axis 0, become the last axis; axis 1 has size 1",
        ),
    ),
    Exercise(
        "21.3",
        _fold(),
        _norms,
        (
            Mistake(
                _fold(deviation=lambda variance, epsilon: np.sqrt(variance)),
                "epsilon is missing: PyTorch adds it to the variance before the root.",
            ),
            Mistake(
                _fold(deviation=lambda variance, epsilon: variance + epsilon),
                "This divides by the variance. The standard deviation is its root.",
            ),
            Mistake(
                _fold(deviation=lambda variance, epsilon: np.sqrt(variance) + epsilon),
                "epsilon belongs under the root.",
            ),
            Mistake(
                _fold(bias=lambda beta, mean, scale: beta - mean),
                "The weights are right. The mean is scaled as well before it is taken away.",
            ),
            Mistake(
                _fold(bias=lambda beta, mean, scale: beta),
                "The weights are right. The mean is forgotten: it moves the bias.",
            ),
            Mistake(
                _fold(bias=lambda beta, mean, scale: (beta - mean) * scale),
                "The weights are right. beta comes after the scaling: only the mean is scaled.",
            ),
            Mistake(
                lambda *given: _fold()(*given)[::-1],
                "Both are right, in the other order: first the weights, then the bias.",
            ),
            Mistake(
                lambda *given: _fold()(*given)[0],
                "The weights are right. The bias is asked as well: `return new_w, bias`.",
            ),
            Mistake(
                _fold(bias=lambda beta, mean, scale: beta + mean * scale),
                "The weights are right. The mean is taken away, not added.",
            ),
            Mistake(_fold_without_gamma, "gamma is missing: it multiplies both."),
        ),
        (
            "scale = gamma / sqrt(variance + epsilon), one number for each filter",
            "filters are axis 0 of w: `scale[:, None, None, None]` stands beside each of them",
        ),
        blanks=2,
    ),
)
