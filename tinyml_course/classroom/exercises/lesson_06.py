"""Lesson 06, Clustering, distillation, QAT: the heart of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyml_course.exercises import Exercise, Mistake

Array = np.ndarray


def _codebooks() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(6)
    weights = rng.normal(size=200)
    return [
        (weights, np.linspace(-1.5, 1.5, 8)),
        (weights[:40], np.array([-1.0, 0.1, 0.9])),
        (weights[:60], np.array([0.5, -0.5])),
    ]


def _nearest(weights: Array, codebook: Array) -> Array:
    places: Array = np.abs(weights[:, None] - codebook).argmin(axis=1)
    return places


def _groups(weights: Array, codebook: Array) -> list[Array]:
    nearest = _nearest(weights, codebook)
    return [weights[nearest == k] for k in range(len(codebook))]


def _answers() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(7)
    scores = rng.dirichlet(np.full(10, 0.3), 6) + 1e-6
    return [(scores, 3.0), (scores[:, :6], 2.0), (scores[:2], 1.0), (scores[:4, :4], 5.0)]


def _divided(raised: Array) -> Array:
    soft: Array = raised / raised.sum(axis=1, keepdims=True)
    return soft


def _kernels() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(8)
    weights = rng.normal(size=(6, 5))
    weights[2, 3] = -4.0  # the largest magnitude is a negative one
    return [(weights, 8), (weights, 3), (weights[:2], 2), (-weights, 5)]


def _fake(weights: Array, largest: float, largest_q: int) -> Array:
    scale = largest / largest_q
    grid: Array = np.round(weights / scale) * scale
    return grid


def _top(bits: int) -> int:
    return int(2 ** (bits - 1) - 1)


EXERCISES = (
    Exercise(
        "6.1",
        lambda weights, codebook: np.array([group.mean() for group in _groups(weights, codebook)]),
        _codebooks,
        (
            Mistake(
                lambda weights, codebook: np.array([g.sum() for g in _groups(weights, codebook)]),
                "These are sums. The new value is the mean of the weights it got.",
            ),
            Mistake(
                lambda weights, codebook: np.array(
                    [np.median(g) for g in _groups(weights, codebook)]
                ),
                "This is the median. k-means takes the mean: it makes the squared error smallest.",
            ),
            Mistake(
                lambda weights, codebook: codebook[_nearest(weights, codebook)],
                "This rounds the weights to the old codebook. The new codebook is wanted, one "
                "value for each number k.",
            ),
            Mistake(
                lambda weights, codebook: np.array(
                    [
                        _nearest(weights, codebook)[_nearest(weights, codebook) == k].mean()
                        for k in range(len(codebook))
                    ]
                ),
                "These are the numbers k themselves: the mean of `nearest` where it is k. Take the "
                "mean of the weights there.",
            ),
            Mistake(
                lambda weights, codebook: np.array([len(g) for g in _groups(weights, codebook)]),
                "This counts the weights of each value. Their mean is wanted.",
            ),
            Mistake(
                lambda weights, codebook: weights.mean(),
                "One mean of all weights came back. One for each value of the codebook is wanted.",
            ),
        ),
        (
            "for each number k: which weights have it as their nearest, and what is their mean?",
            "`weights[nearest == k]` are the weights of number k",
        ),
    ),
    Exercise(
        "6.2",
        lambda scores, temperature: _divided(scores ** (1 / temperature)),
        _answers,
        (
            Mistake(
                lambda scores, temperature: scores ** (1 / temperature),
                "The powers are right, but a row does not add up to 1 any more. Divide by its sum.",
            ),
            Mistake(
                lambda scores, temperature: _divided(scores**temperature),
                "This makes the answers harder, not softer: the power is one divided by T.",
            ),
            Mistake(
                lambda scores, temperature: _divided(scores / temperature),
                "This is as hard as before: what divides all scores cancels in the second step. "
                "Take a power.",
            ),
            Mistake(
                lambda scores, temperature: (
                    scores ** (1 / temperature) / (scores ** (1 / temperature)).sum(axis=0)
                ),
                "`axis=0` adds up the columns. One row is one image: `axis=1`.",
            ),
            Mistake(
                lambda scores, temperature: (
                    scores ** (1 / temperature) / (scores ** (1 / temperature)).sum(axis=1)
                ),
                "The sums lie in a row and meet the wrong numbers. `keepdims=True` keeps them as "
                "a column.",
            ),
            Mistake(
                lambda scores, temperature: (
                    scores ** (1 / temperature) / (scores ** (1 / temperature)).sum()
                ),
                "This divides by the sum of everything. Each row has its own sum.",
            ),
            Mistake(
                lambda scores, temperature: _divided(np.exp(scores / temperature)),
                "Softmax of scores / T would be right for numbers before the softmax. These are "
                "scores already: take the power.",
            ),
        ),
        (
            "first the power, then each row divided by its sum",
            "`sum(axis=1, keepdims=True)` is a column of the sums",
        ),
        tolerance=1e-5,
        blanks=2,
    ),
    Exercise(
        "6.3",
        lambda weights, bits: _fake(weights, float(np.abs(weights).max()), _top(bits)),
        _kernels,
        (
            Mistake(
                lambda weights, bits: np.round(weights / (np.abs(weights).max() / _top(bits))),
                "These are the integers. Fake means: back to real numbers, times the scale.",
            ),
            Mistake(
                lambda weights, bits: _fake(weights, float(weights.max()), _top(bits)),
                "The largest weight may be a negative one. Without its sign: `np.abs`.",
            ),
            Mistake(
                lambda weights, bits: _fake(weights, float(np.abs(weights).max()), 2 ** (bits - 1)),
                "With b bits the largest integer is 2**(b - 1) - 1; `largest_q` holds it.",
            ),
            Mistake(
                lambda weights, bits: (
                    np.floor(weights / (np.abs(weights).max() / _top(bits)))
                    * (np.abs(weights).max() / _top(bits))
                ),
                "`floor` always goes down. Round to the nearest: `np.round`.",
            ),
            Mistake(
                lambda weights, bits: (
                    np.round(weights * (np.abs(weights).max() / _top(bits)))
                    / (np.abs(weights).max() / _top(bits))
                ),
                "The scale is the width of one step: divide to count steps, multiply to come back.",
            ),
            Mistake(
                lambda weights, bits: np.round(weights, bits),
                "This rounds to decimal digits. The grid is one of steps of one scale.",
            ),
        ),
        (
            "the scale is the largest magnitude divided by the largest integer",
            "divide by the scale, round, multiply by the scale",
        ),
        blanks=2,
    ),
)
