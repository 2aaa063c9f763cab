"""Lesson 00, Start here: accuracy, and a share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyml_course.exercises import Exercise, Mistake

Array = np.ndarray


def _accuracy(scores: Array, y: Array) -> float:
    return float(np.mean(scores.argmax(axis=1) == y))


def _some_scores() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(0)
    cases = []
    for windows in (8, 20, 3):
        scores = rng.dirichlet(np.ones(3), windows)
        y = scores.argmax(axis=1)
        y[1::3] = (y[1::3] + 1) % 3  # some are answered wrongly
        cases.append((scores, y))
    sure = np.array([[0.1, 0.9, 0.0], [0.2, 0.5, 0.3], [0.6, 0.1, 0.3]])  # largest at place 1
    one, two, _ = np.eye(3)  # largest scores of 1, which is the number of a class as well
    return [
        *cases,
        (sure, np.array([1, 2, 0])),
        (np.stack([two, one, two]), np.array([1, 1, 0])),
        (np.stack([two, one]), np.array([1, 0])),  # all right
    ]


EXERCISES = (
    Exercise(
        "0.1",
        _accuracy,
        _some_scores,
        (
            Mistake(
                lambda scores, y: int(np.sum(scores.argmax(axis=1) == y)),
                "This is how many are right. The share of them is wanted: divide by how many "
                "windows there are, or take the mean.",
            ),
            Mistake(
                lambda scores, y: 100 * _accuracy(scores, y),
                "This is in percent. A share goes from 0 to 1.",
            ),
            Mistake(
                lambda scores, y: np.mean(scores.argmax() == y),
                "`argmax()` without `axis=1` looks for one place in the whole table. One answer "
                "for each row is wanted.",
            ),
            Mistake(
                lambda scores, y: np.mean(scores.argmax(axis=0) == y),
                "`axis=0` looks down the columns. The scores of one window stand in a row: "
                "that is `axis=1`.",
            ),
            Mistake(
                lambda scores, y: np.mean(scores.max(axis=1) == y),
                "`max` gives the largest score itself. Its place, the number of the class, "
                "is `argmax`.",
            ),
            Mistake(
                lambda scores, y: scores.argmax(axis=1) == y,
                "One True or False for each window: good. Now make one number of them. The mean "
                "counts True as 1 and False as 0.",
            ),
            Mistake(
                lambda scores, y: np.mean(scores.argmax(axis=1) != y),
                "This is the share of wrong answers.",
            ),
            Mistake(
                lambda scores, y: np.sum(scores.argmax(axis=1) == y) // len(y),
                "`//` drops what stands behind the point, and a share stands there. `/` keeps it.",
            ),
        ),
        (
            "three steps: the answer of each row, compared with y, and the mean of that",
            "`scores.argmax(axis=1) == y` is True where the answer is right",
        ),
    ),
    Exercise(
        "0.2",
        lambda part_bytes, whole_bytes: part_bytes / whole_bytes,
        lambda: [(4_312, 3_000_000), (1_500_000, 3_000_000), (7, 2)],
        (
            Mistake(
                lambda part_bytes, whole_bytes: whole_bytes / part_bytes,
                "This says how many times the part fits into the whole. The share is the other "
                "way round.",
            ),
            Mistake(
                lambda part_bytes, whole_bytes: 100 * part_bytes / whole_bytes,
                "This is in percent. Give the share itself: a half is 0.5.",
            ),
            Mistake(
                lambda part_bytes, whole_bytes: part_bytes // whole_bytes,
                "What stands behind the point is lost, as `//` and `int` do it. `/` keeps it.",
            ),
            Mistake(
                lambda part_bytes, whole_bytes: whole_bytes - part_bytes,
                "This is what is left of the whole. A share is a division.",
            ),
        ),
        ("bytes divided by bytes", "the part above, the whole below"),
        tolerance=1e-9,
    ),
)
