"""Lesson 18, Training on the device: the slope, a step of SGD, a rounded step in whole numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyml_course.exercises import Exercise, Mistake

Array = np.ndarray


def _slope(p: Array, label: int) -> Array:
    slope = np.array(p, float)
    slope[label] -= 1
    return slope


def _probabilities() -> Sequence[tuple[Any, ...]]:
    return [
        (np.array([0.7231, 0.1912, 0.0857]), 0),
        (np.array([0.7231, 0.1912, 0.0857]), 2),
        (np.array([0.25, 0.25, 0.25, 0.25]), 1),
    ]


def _only_right(p: Array, label: int) -> Array:
    slope = np.zeros(len(p))
    slope[label] = p[label] - 1
    return slope


def _log(p: Array, label: int) -> float:
    return float(-np.log(p[label]))


def _one_hot(p: Array, label: int) -> Array:
    one: Array = np.eye(len(p))[label]
    return one


def _moved(weights: Array, slope: Array, x: Array, rate: float) -> Array:
    moved: Array = weights - rate * np.outer(slope, x)
    return moved


def _layers() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(18)
    return [
        (rng.normal(0, 1, (c, f)), rng.normal(0, 0.5, c), rng.uniform(0, 2, f), rate)
        for c, f, rate in ((3, 4, 0.125), (2, 5, 0.5), (4, 3, 1.0))
    ]


def _all_alike(weights: Array, slope: Array, x: Array, rate: float) -> Array:
    moved: Array = weights - rate * slope[:, None] * np.ones_like(x)
    return moved


def _step(weight: int, slope: int, shift: int) -> int:
    return weight - ((slope + (1 << (shift - 1))) >> shift)


def _steps() -> Sequence[tuple[Any, ...]]:
    return [
        (1000, 4096, 10),
        (1000, 511, 10),
        (1000, 512, 10),
        (1000, 700, 10),
        (1000, -513, 10),
        (1000, -512, 10),
        (1000, 1536, 10),
        (-7, -4096, 6),
        (0, 95, 6),
    ]


def _step_away_from_zero(weight: int, slope: int, shift: int) -> int:
    return weight - int(math.copysign(math.floor(abs(slope) / 2**shift + 0.5), slope))


EXERCISES = (
    Exercise(
        "18.1",
        _slope,
        _probabilities,
        (
            Mistake(
                lambda p, label: -_slope(p, label),
                "The sign is turned round: a class that got too much has a positive slope, and the "
                "weights move against it.",
            ),
            Mistake(
                _only_right,
                "The wrong classes count too: what they got, they got too much.",
            ),
            Mistake(
                lambda p, label: np.abs(_slope(p, label)),
                "The right class's slope is below 0: with a larger logit the loss falls.",
            ),
            Mistake(
                lambda p, label: -np.log(p),
                "These are losses, one for each class, as if each were right. The slope of one "
                "loss is asked.",
            ),
            Mistake(
                _log, "This is the loss itself, one number. Its slope for each logit is asked."
            ),
            Mistake(
                _one_hot,
                "This marks the right class. Take it away from the probabilities.",
            ),
            Mistake(
                lambda p, label: np.array(p, float),
                "Nobody was told yet which class is right: take 1 away there.",
            ),
        ),
        ("`p` less 1 at the label", "a copy first: `p` belongs to somebody else"),
    ),
    Exercise(
        "18.2",
        _moved,
        _layers,
        (
            Mistake(
                lambda weights, slope, x, rate: weights + rate * np.outer(slope, x),
                "This climbs: the loss grows. Downhill is against the slope.",
            ),
            Mistake(
                lambda weights, slope, x, rate: weights - np.outer(slope, x),
                "The whole slope at once: the rate is missing.",
            ),
            Mistake(
                _all_alike,
                "All features move their weight alike. A feature that was 0 had no part in it.",
            ),
            Mistake(
                lambda weights, slope, x, rate: weights - rate * np.outer(x, slope).T ** 2,
                "The product of slope and feature, not its square.",
            ),
            Mistake(
                lambda weights, slope, x, rate: rate * np.outer(slope, x),
                "This is the step. Take it away from the weights.",
            ),
            Mistake(
                lambda weights, slope, x, rate: -rate * np.outer(slope, x),
                "This is the change alone. Return the weights after it.",
            ),
            Mistake(
                lambda weights, slope, x, rate: weights - rate * np.outer(x, slope),
                "`np.outer(x, slope)` has a row for each feature. The weights have a row for "
                "each class.",
            ),
        ),
        ("`np.outer(slope, x)` has a row for each class", "minus, and the rate"),
    ),
    Exercise(
        "18.3",
        _step,
        _steps,
        (
            Mistake(
                lambda weight, slope, shift: weight - (slope >> shift),
                "This rounds down, always: every step strays to one side, and a thousand of them "
                "are a walk. Add half before the shift.",
            ),
            Mistake(
                lambda weight, slope, shift: weight - int(slope / (1 << shift)),
                "This cuts towards zero: 512 of 1024 are half a step, and count as one.",
            ),
            Mistake(
                lambda weight, slope, shift: weight - ((slope + (1 << shift)) >> shift),
                "A whole step is added before the shift. Half of one is `1 << (shift - 1)`.",
            ),
            Mistake(
                lambda weight, slope, shift: weight + ((slope + (1 << (shift - 1))) >> shift),
                "The rounding is right. Downhill is minus.",
            ),
            Mistake(
                lambda weight, slope, shift: (
                    ((weight << shift) - slope + (1 << (shift - 1))) >> shift
                ),
                "The new weight is rounded, so a half of the slope goes down. Round the slope.",
            ),
            Mistake(
                lambda weight, slope, shift: weight - ((slope + 1 << (shift - 1)) >> shift),
                "`+` goes before `<<`: this shifts `slope + 1`. Put brackets round the half step.",
            ),
            Mistake(
                lambda weight, slope, shift: weight - round(slope / (1 << shift)),
                "Python's round takes a half to the even neighbour, C's shift with a half added "
                "takes it up: -512 of 1024 is 0, 512 is 1.",
            ),
            Mistake(
                _step_away_from_zero,
                "A half goes away from zero here. C's shift with a half added takes it up, also "
                "below zero: -512 of 1024 is no step, 512 is one.",
            ),
        ),
        ("half a step is `1 << (shift - 1)`", "`>>` comes after the sum: brackets"),
    ),
)
