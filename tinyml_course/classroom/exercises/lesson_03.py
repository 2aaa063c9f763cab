"""Lesson 03, Training: one layer, the loss, and two ways of counting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyml_course.exercises import Exercise, Mistake

Array = np.ndarray


def _layers() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(3)
    shapes = ((5, 8, 32), (1, 4, 3), (6, 6, 6))
    return [
        (rng.normal(size=(n, i)), rng.normal(size=(i, k)), rng.normal(size=k)) for n, i, k in shapes
    ]


def _scores() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(4)
    return [(rng.dirichlet(np.ones(3), n), rng.integers(0, 3, n)) for n in (6, 20, 3)]


def _of_the_right(scores: Array, y: Array) -> Array:
    right: Array = scores[np.arange(len(y)), y]
    return right


EXERCISES = (
    Exercise(
        "3.1",
        lambda inputs, weights, bias: np.maximum(0, inputs @ weights + bias),
        _layers,
        (
            Mistake(
                lambda inputs, weights, bias: inputs @ weights + bias,
                "The sums are right, but some are below zero. The bend is missing: ReLU.",
            ),
            Mistake(
                lambda inputs, weights, bias: np.maximum(0, inputs @ weights),
                "The biases are missing.",
            ),
            Mistake(
                lambda inputs, weights, bias: np.maximum(0, inputs @ weights) + bias,
                "The bias belongs to the sum: add it before the bend, not after it.",
            ),
            Mistake(
                lambda inputs, weights, bias: np.maximum(0, weights @ inputs + bias),
                "The order of a matrix product matters: each row of `inputs` meets each column "
                "of `weights`.",
            ),
            Mistake(
                lambda inputs, weights, bias: np.maximum(0, inputs * weights + bias),
                "`*` multiplies number by number. The product of matrices is `@`.",
            ),
            Mistake(
                lambda inputs, weights, bias: np.max(inputs @ weights + bias),
                "`np.max` finds the one largest number. `np.maximum(0, values)` compares each "
                "with 0.",
            ),
            Mistake(
                lambda inputs, weights, bias: np.abs(inputs @ weights + bias),
                "ReLU does not turn the sign. What is below zero becomes 0.",
            ),
            Mistake(
                lambda inputs, weights, bias: max(0, inputs @ weights + bias),
                "Python's `max` and `if` decide once, for one number. `np.maximum(0, values)` "
                "compares each with 0.",
            ),
        ),
        ("the formula above: product, bias, bend", "`@` for the product, `np.maximum` around all"),
        tolerance=1e-5,
    ),
    Exercise(
        "3.2",
        lambda scores, y: -np.mean(np.log(_of_the_right(scores, y))),
        _scores,
        (
            Mistake(
                lambda scores, y: np.mean(np.log(_of_the_right(scores, y))),
                "The logarithm of a number below 1 is negative. A loss is positive: a minus sign "
                "is missing.",
            ),
            Mistake(
                lambda scores, y: -np.sum(np.log(_of_the_right(scores, y))),
                "This grows with the number of windows. The formula divides by n: take the mean.",
            ),
            Mistake(
                lambda scores, y: -np.log(np.mean(_of_the_right(scores, y))),
                "First the logarithm of each score, then the mean. The other way round is not "
                "the same.",
            ),
            Mistake(
                lambda scores, y: -np.mean(np.log(scores)),
                "This takes all scores. Only that of the right class counts, one in each row.",
            ),
            Mistake(
                lambda scores, y: -np.mean(np.log10(_of_the_right(scores, y))),
                "`log10` is another logarithm. `np.log` is the natural one, ln.",
            ),
            Mistake(
                lambda scores, y: -np.mean(np.log2(_of_the_right(scores, y))),
                "`log2` counts in bits. `np.log` is the natural logarithm, ln.",
            ),
            Mistake(
                lambda scores, y: -np.log(_of_the_right(scores, y)),
                "This is the loss of each window. One number for all is wanted: their mean.",
            ),
            Mistake(
                lambda scores, y: -np.mean(np.log(scores[:, y])),
                "`scores[:, y]` picks whole columns. `scores[np.arange(len(y)), y]` picks one "
                "score from each row.",
            ),
        ),
        ("pick, logarithm, mean, minus", "the score of the right class is given in the text above"),
        tolerance=1e-5,
    ),
    Exercise(
        "3.3",
        lambda inputs, neurons: (inputs * neurons + neurons, inputs * neurons),
        lambda: [(8, 32), (32, 16), (16, 3), (300, 1)],
        (
            Mistake(
                lambda inputs, neurons: (inputs * neurons, inputs * neurons),
                "The parameters lack the biases: each neuron has one.",
            ),
            Mistake(
                lambda inputs, neurons: (inputs * neurons + neurons, inputs * neurons + neurons),
                "Biases cost no multiplication: they do not count as MACs.",
            ),
            Mistake(
                lambda inputs, neurons: (inputs * neurons, inputs * neurons + neurons),
                "The two are swapped: parameters first, then MACs.",
            ),
            Mistake(
                lambda inputs, neurons: (inputs * neurons + inputs, inputs * neurons),
                "A bias belongs to a neuron, not to an input.",
            ),
            Mistake(
                lambda inputs, neurons: (inputs * neurons + 1, inputs * neurons),
                "One bias for the whole layer? Each neuron has its own.",
            ),
            Mistake(
                lambda inputs, neurons: (inputs + neurons, inputs + neurons),
                "Each neuron is joined to each input: multiply.",
            ),
        ),
        (
            "each of the neurons has a weight for each input, and one bias",
            "the weights are `inputs * neurons`; what comes on top in one of the two?",
        ),
        blanks=2,
    ),
    Exercise(
        "3.4",
        lambda readings, channels, filters, places: (
            readings * channels * filters,
            readings * channels * filters * places,
        ),
        lambda: [(7, 4, 8, 50), (5, 8, 16, 25), (3, 1, 1, 10)],
        (
            Mistake(
                lambda readings, channels, filters, places: (
                    readings * filters,
                    readings * filters * places,
                ),
                "A filter looks at all channels at once: it has a weight for each reading of "
                "each channel.",
            ),
            Mistake(
                lambda readings, channels, filters, places: (
                    readings * channels,
                    readings * channels * places,
                ),
                "This is one filter. How many are there?",
            ),
            Mistake(
                lambda readings, channels, filters, places: (
                    readings * channels * filters,
                    readings * channels * filters,
                ),
                "Each weight is used again at every place: the MACs are more than the weights.",
            ),
            Mistake(
                lambda readings, channels, filters, places: (
                    readings * channels * filters * places,
                    readings * channels * filters * places,
                ),
                "The weights are the same at all places: a filter slides, it is not copied.",
            ),
            Mistake(
                lambda readings, channels, filters, places: (
                    readings * channels * filters + filters,
                    readings * channels * filters * places,
                ),
                "This counts the biases too. Only weights are asked for.",
            ),
        ),
        (
            "first the weights of one filter, then of all; then at how many places each is used",
            "MACs are the weights times the places",
        ),
        blanks=2,
    ),
)
