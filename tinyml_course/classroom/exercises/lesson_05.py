"""Lesson 05, Pruning: zero the smallest, when a list pays, which neurons stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyml_course.exercises import Exercise, Mistake

Array = np.ndarray


def _matrices() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(5)
    return [
        (rng.normal(size=(6, 8)), 0.25),
        (rng.normal(size=(5, 5)), 0.9),
        (rng.normal(size=(4, 4)), 0.0),
        (rng.normal(size=(5, 7)), 0.5),  # 17.5 weights: `round` makes 18 of it, `int` 17
    ]


def _zeroed(weights: Array, order: Array, share: float) -> Array:
    pruned = weights.copy()
    pruned.flat[order[: round(share * weights.size)]] = 0
    return pruned


def _by_row(weights: Array, share: float) -> Array:
    pruned = weights.copy()
    for row in pruned:
        row[np.argsort(np.abs(row))[: round(share * row.size)]] = 0
    return pruned


def _below_share(weights: Array, share: float) -> Array:
    pruned: Array = np.where(np.abs(weights) < share, 0, weights)
    return pruned


def _layers() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(6)
    enters, leaves = rng.normal(size=(8, 12)), rng.normal(size=(12, 5))
    enters *= rng.uniform(0.2, 3, 12)  # some hear little
    leaves *= rng.uniform(0.2, 3, (12, 1))  # to some nobody listens
    small, out = rng.normal(size=(3, 6)), rng.normal(size=(6, 6))
    # By the length the first of two wins, by the sum of sizes the second; then the second, by the
    # largest the first.
    one_or_three = np.array([[3.0, 1.6], [0, 1.6], [0, 1.6], [0, 0]])
    one_or_four = np.array([[3.0, 2], [0, 2], [0, 2], [0, 2]])
    return [
        (enters, leaves, 5),
        (small, out, 3),
        (enters, leaves, 1),
        (one_or_three, np.ones((2, 1)), 1),
        (one_or_four, np.ones((2, 1)), 1),
    ]


def _strongest(strength: Array, count: int) -> Array:
    chosen: Array = np.sort(np.argsort(-strength)[:count])
    return chosen


def _into(matrix: Array, axis: int = 0) -> Array:
    length: Array = np.linalg.norm(matrix, axis=axis)
    return length


EXERCISES = (
    Exercise(
        "5.1",
        lambda weights, share: _zeroed(weights, np.argsort(np.abs(weights), axis=None), share),
        _matrices,
        (
            Mistake(
                lambda weights, share: _zeroed(weights, np.argsort(weights, axis=None), share),
                "This zeroes the most negative weights. Magnitude means without the sign: "
                "`np.abs`.",
            ),
            Mistake(
                lambda weights, share: _zeroed(
                    weights, np.argsort(-np.abs(weights), axis=None), share
                ),
                "The largest are gone, and they are the ones that matter. Take the smallest.",
            ),
            Mistake(
                _by_row,
                "This prunes each row by itself. Without `axis=None`, `argsort` sorts row by "
                "row; with it, it counts through the whole matrix.",
            ),
            Mistake(
                _below_share,
                "The share is how many of the weights go, not how small they are.",
            ),
            Mistake(
                lambda weights, share: _zeroed(
                    weights, np.argsort(np.abs(weights), axis=None), 1 - share
                ),
                "The share is that of the zeros. This keeps as many as should go.",
            ),
            Mistake(
                lambda weights, share: _zeroed(weights, np.argsort(np.abs(weights), axis=None), 0),
                "Nothing was set to zero: the copy came back as it was.",
            ),
        ),
        (
            "how many go: the share times `weights.size`, rounded",
            "the first so many of the sorted places; then write 0 to them",
        ),
        tolerance=1e-12,
        blanks=2,
    ),
    Exercise(
        "5.2",
        lambda table_bytes, value_bytes, place_bytes: 1 - table_bytes / (value_bytes + place_bytes),
        lambda: [(1, 1, 2), (1, 1, 1), (4, 4, 2), (2, 2, 4)],
        (
            Mistake(
                lambda table_bytes, value_bytes, place_bytes: (
                    table_bytes / (value_bytes + place_bytes)
                ),
                "This is the share of weights that are not zero. Sparsity is the share of zeros.",
            ),
            Mistake(
                lambda table_bytes, value_bytes, place_bytes: 1 - table_bytes / place_bytes,
                "A list must store the value of a weight as well as its place.",
            ),
            Mistake(
                lambda table_bytes, value_bytes, place_bytes: (
                    100 * (1 - table_bytes / (value_bytes + place_bytes))
                ),
                "This is in percent. Give a share between 0 and 1.",
            ),
            Mistake(
                lambda table_bytes, value_bytes, place_bytes: (
                    (value_bytes + place_bytes) / table_bytes
                ),
                "This is how many times dearer a weight is in the list. From it follows how few "
                "may be left.",
            ),
        ),
        (
            "per weight of the table, a list takes (value + place) * (share that is not zero)",
            "set that equal to the bytes of the table and solve for the share of zeros",
        ),
        tolerance=1e-6,
    ),
    Exercise(
        "5.3",
        lambda enters, leaves, count: _strongest(_into(enters) * _into(leaves, 1), count),
        _layers,
        (
            Mistake(
                lambda enters, leaves, count: np.sort(
                    np.argsort(_into(enters) * _into(leaves, 1))[:count]
                ),
                "These are the weakest. `argsort` begins with the smallest; a minus turns that "
                "round.",
            ),
            Mistake(
                lambda enters, leaves, count: np.argsort(-_into(enters) * _into(leaves, 1))[:count],
                "The right neurons, but by strength. Ascending order keeps the columns as they "
                "stood: `np.sort`.",
            ),
            Mistake(
                lambda enters, leaves, count: _strongest(_into(enters), count),
                "This looks only at what enters a neuron. Whom nobody listens to is weak too: "
                "times what leaves it.",
            ),
            Mistake(
                lambda enters, leaves, count: _strongest(_into(enters) + _into(leaves, 1), count),
                "The strength is the product of the two lengths, not their sum.",
            ),
            Mistake(
                lambda enters, leaves, count: _strongest(_into(enters, 1) * _into(leaves), count),
                "Rows and columns are swapped: what enters a neuron is a column of `enters`, "
                "`axis=0`; what leaves it is a row of `leaves`, `axis=1`.",
            ),
            Mistake(
                lambda enters, leaves, count: np.sort(_into(enters) * _into(leaves, 1))[-count:],
                "These are the strengths. The numbers of the neurons are wanted: `argsort`.",
            ),
            Mistake(
                lambda enters, leaves, count: _strongest(
                    np.abs(enters).sum(axis=0) * np.abs(leaves).sum(axis=1), count
                ),
                "These are sums of sizes. A length is the root of a sum of squares: "
                "`np.linalg.norm`.",
            ),
        ),
        (
            "the length of each column of `enters` times that of each row of `leaves`",
            "`np.sort(np.argsort(-strength)[:count])`",
        ),
        blanks=2,
    ),
)
