"""Lesson 00b, Python and NumPy: an axis, broadcasting, a product of matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyml_course.exercises import Exercise, Mistake

Array = np.ndarray


def _tables() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(1)
    return [(rng.normal(size=(4, 3)),), (rng.normal(size=(2, 5)),), (rng.normal(size=(3, 3)),)]


def _products() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(2)
    return [(rng.normal(size=(n, k)), rng.normal(size=k)) for n, k in ((5, 3), (2, 4), (3, 3))]


EXERCISES = (
    Exercise(
        "00b.1",
        lambda x: x - x.mean(axis=0),
        _tables,
        (
            Mistake(
                lambda x: x - x.mean(),
                "This takes one mean of everything. Each column has its own: `axis=0`.",
            ),
            Mistake(
                lambda x: x - x.mean(axis=1),
                "`axis=1` goes along the rows, and gives one mean for each row.",
            ),
            Mistake(
                lambda x: x.mean(axis=0),
                "These are the means. Take them away from `x`.",
            ),
            Mistake(
                lambda x: x.mean(axis=0) - x,
                "The difference is turned round: `x` comes first.",
            ),
            Mistake(
                lambda x: x / x.mean(axis=0),
                "This divides by the means. Taking away is a minus.",
            ),
        ),
        ("the mean of each column first", "`x.mean(axis=0)` has one number for each column"),
    ),
    Exercise(
        "00b.2",
        lambda x, weights: x @ weights,
        _products,
        (
            Mistake(
                lambda x, weights: x * weights,
                "`*` multiplies, but adds nothing up. `@` does both.",
            ),
            Mistake(
                lambda x, weights: weights @ x,
                "The order matters: each row of `x` meets `weights`.",
            ),
            Mistake(
                lambda x, weights: (x * weights).sum(),
                "This adds up everything. One sum for each row is wanted.",
            ),
            Mistake(
                lambda x, weights: (x * weights).sum(axis=0),
                "`axis=0` adds down the columns. Along a row is `axis=1`.",
            ),
            Mistake(
                lambda x, weights: x.sum(axis=1) * weights.sum(),
                "First multiply, then add up: a product of sums is something else.",
            ),
        ),
        ("multiply each row by the weights, and add up", "`@` does it for all rows at once"),
    ),
)
