"""Lesson 15, Trees and gas: conductance against air, a walk down a tree, an integer threshold."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tinyml_course.exercises import Exercise, Mistake

Array = np.ndarray
FULL_SCALE = 1023


def _times(late: Array, air: Array) -> Array:
    times: Array = late / (FULL_SCALE - late) / (air / (FULL_SCALE - air))
    return times


def _counts() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(15)
    return [
        (rng.integers(200, 900, shape).astype(float), rng.integers(50, 300, shape).astype(float))
        for shape in ((4,), (5, 4), (2, 3))
    ]


# A tree of three questions and one of two, as lists.
TREES = (
    ([0, 1, -1, -1, 0, -1, -1], [3, -2, 0, 0, 7, 0, 0], [4, 3, 0, 1, 6, 2, 3]),
    ([1, -1, 0, -1, -1], [0, 0, -5, 0, 0], [2, 0, 4, 1, 2]),
)


def _walks() -> Sequence[tuple[Any, ...]]:
    vectors = ([3, -2], [3, -1], [7, 0], [8, 0], [-5, 1], [-4, 1], [2, -5])
    return [(*tree, list(x)) for tree in TREES for x in vectors]


def _walk(
    yes: Callable[[int, int], bool], turned: bool = False, ending: str = "leaf"
) -> Callable[[list[int], list[int], list[int], list[int]], int]:
    """A walk with another question, with yes and no exchanged, or with another answer."""

    def find_leaf(feature: list[int], threshold: list[int], right: list[int], x: list[int]) -> int:
        node = 0
        while feature[node] != -1:
            goes_on = yes(x[feature[node]], threshold[node]) != turned
            node = node + 1 if goes_on else right[node]
        return right[node] if ending == "leaf" else node

    return find_leaf


def _integer_threshold(t: float) -> int:
    return math.floor(t)


EXERCISES = (
    Exercise(
        "15.1",
        _times,
        _counts,
        (
            Mistake(
                lambda late, air: late / air,
                "This divides counts. First make a conductance of each: u / (1023 - u).",
            ),
            Mistake(
                lambda late, air: late - air,
                "This is how many counts more. How many times better is asked, of conductances.",
            ),
            Mistake(
                lambda late, air: 1 / _times(late, air),
                "This is turned round: late belongs above the line, air below it.",
            ),
            Mistake(
                lambda late, air: late / (FULL_SCALE - late) - air / (FULL_SCALE - air),
                "The conductances are right. Divide them instead of taking the difference.",
            ),
            Mistake(
                lambda late, air: late / (FULL_SCALE - late),
                "This is the late conductance. Divide it by the one in air.",
            ),
            Mistake(
                lambda late, air: late / (FULL_SCALE - late) / air / (FULL_SCALE - air),
                "a / b / c / d divides by everything behind a. The second quotient needs brackets.",
            ),
        ),
        ("a conductance of each, u / (1023 - u), then one divided by the other", "brackets"),
    ),
    Exercise(
        "15.2",
        _walk(lambda value, threshold: value <= threshold),
        _walks,
        (
            Mistake(
                _walk(lambda value, threshold: value < threshold),
                "The question is `<=`: a value that equals the threshold is a yes.",
            ),
            Mistake(
                _walk(lambda value, threshold: value <= threshold, turned=True),
                "Yes and no are exchanged: yes leads to the next node.",
            ),
            Mistake(
                _walk(lambda value, threshold: value <= threshold, ending="node"),
                "This is the leaf's place in the list. Its own number stands in `right` there.",
            ),
            Mistake(
                _walk(lambda value, threshold: value >= threshold),
                "The question is turned round: at most, `<=`.",
            ),
        ),
        ("`x[feature[node]]` is the value that is asked for", "`node + 1` if yes, else `right`"),
    ),
    Exercise(
        "15.3",
        _integer_threshold,
        lambda: [(0.5,), (3.0,), (-0.5,), (-1.5,), (-2.0,), (2.75,)],
        (
            Mistake(
                int,
                "`int` cuts towards zero. For -0.5 that gives 0, and 0 <= -0.5 is false.",
            ),
            Mistake(
                round,
                "Rounding may go up: 2.75 becomes 3, and 3 <= 2.75 is false. Which integer is "
                "never above t?",
            ),
            Mistake(
                math.ceil,
                "This is the next integer above. For t = 0.5 it lets x = 1 go left.",
            ),
            Mistake(
                lambda t: t,
                "This is the threshold itself. The C compares integers: make one of it.",
            ),
            Mistake(
                lambda t: math.ceil(t) - 1,
                "For t = 3.0 this gives 2, and x = 3 no longer goes left, though 3 <= 3.0.",
            ),
            Mistake(
                lambda t: math.floor(t) + 1,
                "With `<` this would be right; the question is `<=`.",
            ),
        ),
        ("try t = -0.5: which integers are at most that?", "the greatest integer at most t"),
    ),
)
