"""Train, validation and test parts that share no person, and a check that proves it.

Two windows of one person resemble each other more than two windows of one activity. If both sides
of a split hold the same person, the test asks "have I met you?" instead of "what do you do?".
Lesson 02 makes that mistake on purpose and measures it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.errors import DataError

PARTS = ("train", "val", "test")


@dataclass(frozen=True)
class Split:
    """Three parts: learn from `train`, choose with `val`, read `test` once at the very end."""

    train: Dataset
    val: Dataset
    test: Dataset

    def items(self) -> list[tuple[str, Dataset]]:
        """`[("train", ...), ("val", ...), ("test", ...)]`."""
        return [(name, getattr(self, name)) for name in PARTS]


def _check_fractions(fractions: Sequence[float]) -> np.ndarray:
    fractions = np.asarray(fractions, dtype=float)
    if fractions.shape != (3,) or (fractions <= 0).any() or abs(fractions.sum() - 1) > 1e-6:
        raise DataError(
            f"split fractions {fractions.tolist()} must be three numbers above 0 that sum to 1, "
            "for instance (0.6, 0.2, 0.2)"
        )
    return fractions


def split_by_group(
    dataset: Dataset, fractions: Sequence[float] = (0.6, 0.2, 0.2), seed: int = 0
) -> Split:
    """A split in which every group (person, voice, writer) is in one part only.

    Groups are taken in a shuffled order, those with more windows first, and each goes to the part
    that lacks most of what the group brings, class by class. So the parts keep the proportions of
    the classes as well as whole groups allow.

    Raises:
        DataError: fewer than three groups, or fractions that are no fractions.

    >>> x = np.zeros((10, 4, 1))
    >>> data = Dataset(x, [0, 1] * 5, np.repeat(list("abcde"), 2), 50.0, ("a", "b"), ("c",), "g")
    >>> [len(part) for _, part in split_by_group(data).items()]
    [6, 2, 2]
    """
    fractions = _check_fractions(fractions)
    names, which = np.unique(dataset.groups, return_inverse=True)
    if len(names) < 3:
        raise DataError(
            f"a split by group needs at least 3 groups, one for each part; this data set has "
            f"{len(names)} ({', '.join(names)}): record more people"
        )
    windows = np.zeros((len(names), max(1, dataset.n_classes)))
    np.add.at(windows, (which, 0 if dataset.answers_are_values else dataset.y), 1)
    share = windows / np.maximum(windows.sum(axis=0), 1)  # of each class, what the group holds

    order = np.random.default_rng(seed).permutation(len(names))
    order = order[np.argsort(-windows[order].sum(axis=1), kind="stable")]
    wanted = fractions[:, None] * (windows.sum(axis=0) > 0)
    held = np.zeros_like(wanted)
    part_of = np.full(len(names), -1)
    for place, group in enumerate(order):
        cost = ((held + share[group] - wanted) ** 2 - (held - wanted) ** 2).sum(axis=1)
        empty = [p for p in range(3) if p not in part_of]
        if len(order) - place <= len(empty):  # the last groups fill parts that have none yet
            cost[[p for p in range(3) if p not in empty]] = np.inf
        part = int(np.argmin(cost))
        part_of[group] = part
        held[part] += share[group]
    return Split(*(dataset.subset(part_of[which] == part) for part in range(3)))


def leaky_split_rows_at_random(
    dataset: Dataset, fractions: Sequence[float] = (0.6, 0.2, 0.2), seed: int = 0
) -> Split:
    """The mistake of many tutorials, for lesson 02 to measure. Never use it for a result.

    Windows are dealt out one by one, so the same person stands in all three parts, and with
    overlapping windows even the same samples. `check_no_leakage` refuses what it returns.
    """
    fractions = _check_fractions(fractions)
    order = np.random.default_rng(seed).permutation(len(dataset))
    ends = np.rint(np.cumsum(fractions)[:2] * len(dataset)).astype(int)
    return Split(*(dataset.subset(np.sort(rows)) for rows in np.split(order, ends)))


def check_no_leakage(split: Split) -> None:
    """Refuse a split whose parts share a group or a window.

    A window counts as shared if every sample of it is equal, whatever it is labelled. Lessons,
    tests and `tinyml run` call it.

    Raises:
        DataError: names the parts, the group or the windows, and the remedy.
    """
    for (name_a, a), (name_b, b) in combinations(split.items(), 2):
        shared = np.intersect1d(a.groups, b.groups)
        if len(shared):
            listed = ", ".join(shared[:5]) + (", ..." if len(shared) > 5 else "")
            raise DataError(
                f"leak: {len(shared)} groups stand in both {name_a} and {name_b} ({listed}): "
                "the test would measure recognising people, not activities; use split_by_group"
            )
    for (name_a, a), (name_b, b) in combinations(split.items(), 2):
        seen = {window.tobytes(): i for i, window in enumerate(a.x)}
        copies = [(seen[w.tobytes()], j) for j, w in enumerate(b.x) if w.tobytes() in seen]
        if copies:
            i, j = copies[0]
            raise DataError(
                f"leak: {len(copies)} windows of {name_b} are exact copies of windows of {name_a}; "
                f"first: {name_a}[{i}] of {a.groups[i]} and {name_b}[{j}] of {b.groups[j]}. Was "
                "one recording saved under two names? Remove one of them"
            )
