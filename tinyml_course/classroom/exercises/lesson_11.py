"""Lesson 11, Your own data: the first push, balance, the person a model fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyml_course.exercises import Exercise, Mistake

Array = np.ndarray


def _slot(pushes: tuple[float, ...], bias: float) -> Array:
    quiet = 0.02 * np.sin(np.arange(60))
    x = bias + quiet
    for i, push in enumerate(pushes):
        x[10 + 8 * i : 16 + 8 * i] += push
    return x


def _slots() -> Sequence[tuple[Any, ...]]:
    made = [
        ((-0.4, 0.5), 0.0),  # the second push is the stronger one
        ((0.4, -0.5), 0.0),
        ((0.3, -0.4), -0.3),  # a sensor that reads too little
        ((-0.3, 0.4), 0.3),
        ((-0.3, 0.5, -0.25), 0.0),
        ((-0.3, -0.5, 0.25), 0.0),
        ((-0.3, 0.3, 0.25, -0.2), 0.05),
        ((0.3, -0.3, -0.25, 0.2), 0.05),
        ((0.12, -0.4, 0.5), 0.0),  # what is not further than 0.15 does not count
        ((-0.12, 0.4, -0.5), 0.0),
        ((0.17, -0.5), 0.0),  # and what is just further does
        ((-0.17, 0.5), 0.0),
        ((-0.4, -0.9, -0.9), 0.0),  # pulls the mean far down, and the median not
        ((0.4, 0.9, 0.9), 0.0),
    ]
    slots = [_slot(pushes, bias) for pushes, bias in made]
    for first, push in ((0.14, 0.3), (-0.14, -0.3)):  # a first reading that is off
        slot = _slot((push, -push), 0.0)
        slot[0] += first
        slots.append(slot)
    slots.append(np.array([0, 0, 0.3, -0.3, 0]))  # pushes of one reading each
    return [(slot,) for slot in slots]


def _strong(away: Array) -> Array:
    places: Array = np.flatnonzero(np.abs(away) > 0.15)
    return places


def _name(positive: bool) -> str:
    return "right" if positive else "left"


def _first(x: Array) -> str:
    away = x - np.median(x)
    return _name(bool(away[_strong(away)[0]] > 0))


def _labels() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(11)
    return [(rng.integers(0, 5, 60), 5), (np.array([0, 0, 2, 2, 2]), 5), (np.array([1, 0, 1]), 3)]


def _judged() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(12)
    groups = np.repeat(["ann", "bob", "cid", "dan"], [10, 6, 14, 9])
    right = rng.random(len(groups)) < np.repeat([0.9, 0.5, 0.6, 0.95], [10, 6, 14, 9])
    return [(right, groups), (right[:16], groups[:16]), (right[::-1].copy(), groups)]


def _of_each(right: Array, groups: Array) -> dict[str, float]:
    return {str(name): float(right[groups == name].mean()) for name in sorted(set(groups))}


EXERCISES = (
    Exercise(
        "11.1",
        _first,
        _slots,
        (
            Mistake(
                lambda x: _name(bool(x[_strong(x)[0]] > 0)),
                "A sensor that always reads a little too much fools this. Take off the median "
                "first.",
            ),
            Mistake(
                lambda x: _name(_first(x) == "left"),
                "Left and right are swapped: the first push goes the way the hand goes.",
            ),
            Mistake(
                lambda x: _name(bool((x - np.median(x))[np.abs(x - np.median(x)).argmax()] > 0)),
                "This asks for the strongest push. The hand may stop harder than it began: take "
                "the first.",
            ),
            Mistake(
                lambda x: _name(bool((x - np.median(x))[_strong(x - np.median(x))[-1]] > 0)),
                "This is the last push, which belongs to the way back.",
            ),
            Mistake(
                lambda x: _name(bool(x[0] - np.median(x) > 0)),
                "The first reading is mostly noise. Look for the first one that is further than "
                "0.15 g away.",
            ),
            Mistake(
                lambda x: _name(bool(x.mean() > np.median(x))),
                "Pushes there and back cancel in the mean. Only the first one tells.",
            ),
            Mistake(
                lambda x: _name(bool((x - x.mean())[_strong(x - x.mean())[0]] > 0)),
                "Long pushes pull the mean with them. The median stays where most readings are.",
            ),
            Mistake(
                lambda x: _name(bool((x - x[0])[_strong(x - x[0])[0]] > 0)),
                "This takes the first reading for rest, and that one may be off. Take the median.",
            ),
        ),
        (
            "how far each value is from the median; which of them are far; the first of those",
            "`np.flatnonzero(np.abs(away) > 0.15)[0]` is its place",
        ),
    ),
    Exercise(
        "11.2",
        lambda y, n_classes: np.bincount(y, minlength=n_classes).tolist(),
        _labels,
        (
            Mistake(
                lambda y, n_classes: np.bincount(y).tolist(),
                "A class of which there is none is missing at the end. `minlength` keeps its 0.",
            ),
            Mistake(
                lambda y, n_classes: np.unique(y, return_counts=True)[1].tolist(),
                "`unique` does not see a class that never occurs; the others move up.",
            ),
            Mistake(
                lambda y, n_classes: (np.bincount(y, minlength=n_classes) / len(y)).tolist(),
                "These are shares. Counts are asked for.",
            ),
            Mistake(
                lambda y, n_classes: [len(y) // n_classes] * n_classes,
                "This is what balance would look like. Count what is there.",
            ),
            Mistake(
                lambda y, n_classes: len(set(y)),
                "This is how many classes occur. How often does each?",
            ),
        ),
        ("one number for each class, also for one that never occurs", "`np.bincount`"),
    ),
    Exercise(
        "11.3",
        lambda right, groups: min(_of_each(right, groups).values()),
        _judged,
        (
            Mistake(
                lambda right, groups: float(right.mean()),
                "This is the accuracy of everybody together, which hides the person.",
            ),
            Mistake(
                lambda right, groups: max(_of_each(right, groups).values()),
                "This is the person it serves best.",
            ),
            Mistake(
                lambda right, groups: float(np.mean(list(_of_each(right, groups).values()))),
                "This is the mean over the people. The lowest is asked for.",
            ),
            Mistake(
                lambda right, groups: min(
                    _of_each(right, groups), key=_of_each(right, groups).__getitem__
                ),
                "This is who it is. Give the accuracy.",
            ),
            Mistake(
                lambda right, groups: min(int(right[groups == g].sum()) for g in set(groups)),
                "People have different numbers of windows: take the share, not the count.",
            ),
            Mistake(
                lambda right, groups: 100 * min(_of_each(right, groups).values()),
                "This is in percent. An accuracy goes from 0 to 1.",
            ),
        ),
        (
            "one accuracy for each person, then the smallest",
            "`right[groups == person].mean()` is that of one person",
        ),
    ),
)
