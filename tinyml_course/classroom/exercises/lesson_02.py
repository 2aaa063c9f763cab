"""Lesson 02, Splits and features: who stands on both sides, a feature, one scale for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinyml_course.exercises import Exercise, Mistake
from tinyml_course.features.magnitude import compute_magnitude

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Part:
    """As much of a Dataset as exercise 2.1 may use."""

    groups: Array

    def __len__(self) -> int:
        return len(self.groups)

    def __str__(self) -> str:
        return f"a part with groups {self.groups.tolist()}"


def _parts() -> Sequence[tuple[Any, ...]]:
    names = (["ann", "ann", "bob"], ["bob", "cid", "bob"], ["dan", "eve", "eve"], ["ann", "bob"])
    a, b, c, d = (Part(np.array(part)) for part in names)
    return [(a, b), (a, c), (a, d), (b, a)]


def _some_windows() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(2)
    shapes = ((4, 100, 3), (1, 50, 3), (7, 20, 3))
    return [(rng.normal(0.4, 0.6, shape).astype(np.float32),) for shape in shapes]


def _features() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(3)
    size = (30, 4)
    known = rng.normal([1, 5, -2, 0.1], [0.2, 3, 1, 0.05], size)
    return [
        (known, known[:12] * 1.5 + 0.3),
        (known[:5], known[6:11]),
        (known[:3, :3], known[4:7, 1:]),
    ]


def _both(part_a: Part, part_b: Part) -> set[str]:
    return set(part_a.groups) & set(part_b.groups)


EXERCISES = (
    Exercise(
        "2.1",
        _both,
        _parts,
        (
            Mistake(
                lambda part_a, part_b: set(part_a.groups) | set(part_b.groups),
                "These are all people of either part. `&` keeps those who stand in both.",
            ),
            Mistake(
                lambda part_a, part_b: set(part_a.groups) - set(part_b.groups),
                "These are the people of the first part only. `&` keeps those who are in both.",
            ),
            Mistake(
                lambda part_a, part_b: len(_both(part_a, part_b)),
                "This is how many there are. Who are they? Return the set itself.",
            ),
            Mistake(
                lambda part_a, part_b: bool(_both(part_a, part_b)),
                "This says whether there is anybody. Return the people themselves, as a set.",
            ),
            Mistake(
                lambda part_a, part_b: part_a.groups & part_b.groups,
                "`&` between two arrays is something else. Make a set of each first: `set(...)`.",
            ),
            Mistake(
                lambda part_a, part_b: sorted(_both(part_a, part_b)),
                "The people are right, but a set is wanted: not in order, and nobody twice.",
            ),
        ),
        ("a set of each part's groups, then what they have in common", "`set(...) & set(...)`"),
    ),
    Exercise(
        "2.2",
        lambda windows: compute_magnitude(windows).std(axis=1),
        _some_windows,
        (
            Mistake(
                lambda windows: windows.std(axis=1),
                "This is the deviation of each axis by itself. First the magnitude of each "
                "reading, then its deviation.",
            ),
            Mistake(
                lambda windows: compute_magnitude(windows).std(axis=0),
                "`axis=0` goes from window to window. Along the time of one window is `axis=1`.",
            ),
            Mistake(
                lambda windows: compute_magnitude(windows).std(),
                "One number for all windows came. One for each window is wanted: `axis=1`.",
            ),
            Mistake(
                lambda windows: compute_magnitude(windows).var(axis=1),
                "This is the variance, the square. The standard deviation is its root: `std`.",
            ),
            Mistake(
                lambda windows: compute_magnitude(windows).mean(axis=1),
                "This is the mean. How far the values are from it is wanted: `std`.",
            ),
            Mistake(
                lambda windows: compute_magnitude(windows.std(axis=1)),
                "The order is turned round: first the magnitude, then its deviation.",
            ),
            Mistake(
                lambda windows: compute_magnitude(windows).std(axis=1, ddof=1),
                "This divides by n - 1, as pandas and `ddof=1` do it. NumPy's `std` without `ddof` "
                "divides by n, the number of readings.",
            ),
        ),
        ("first the magnitude, then the deviation along time", "`.std(axis=1)`"),
        tolerance=1e-5,
    ),
    Exercise(
        "2.3",
        lambda known, new: (new - known.mean(axis=0)) / known.std(axis=0),
        _features,
        (
            Mistake(
                lambda known, new: (new - new.mean(axis=0)) / new.std(axis=0),
                "This takes mean and deviation from `new`. They may come from the training part "
                "only, `known`: that is the point of the lesson.",
            ),
            Mistake(
                lambda known, new: (new - known.mean()) / known.std(),
                "One mean for everything came in. Each column has its own: `axis=0`.",
            ),
            Mistake(
                lambda known, new: (new - known.mean(axis=1)) / known.std(axis=1),
                "`axis=1` goes along the features of one window. Along the windows is `axis=0`.",
            ),
            Mistake(
                lambda known, new: new - known.mean(axis=0) / known.std(axis=0),
                "`/` comes before `-`. Put the difference in brackets.",
            ),
            Mistake(
                lambda known, new: new - known.mean(axis=0),
                "The mean is taken away. Now divide by the deviation as well.",
            ),
            Mistake(
                lambda known, new: (new - known.mean(axis=0)) / known.var(axis=0),
                "This divides by the variance, the square of the deviation. Take `std`.",
            ),
            Mistake(
                lambda known, new: (known - known.mean(axis=0)) / known.std(axis=0),
                "`known` came back standardized. It is `new` that is asked for.",
            ),
            Mistake(
                lambda known, new: (new - known.mean(axis=0)) / known.std(axis=0, ddof=1),
                "This deviation divides by n - 1, as pandas and `ddof=1` do it. NumPy's `std` "
                "without `ddof` divides by n, as in 2.2.",
            ),
        ),
        (
            "take away the mean of each column of `known`, then divide by its deviation",
            "both `mean` and `std` with `axis=0`, and brackets around the difference",
        ),
        tolerance=1e-4,
    ),
)
