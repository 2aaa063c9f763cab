"""Lesson 08, Inside the C: accumulators, multiplier and shift, microseconds, two products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyml_course.classroom.exercises.lesson_04 import (
    MULTIPLIER_AND_SHIFT_MISTAKES,
    MULTIPLIER_FACTORS,
)
from tinyml_course.exercises import Exercise, Mistake
from tinyml_course.network.fixed_point import quantize_multiplier

Array = np.ndarray


def _layers() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(8)
    cases = []
    for inputs, neurons, zero_point in ((8, 32, -12), (4, 5, 100), (3, 3, -128)):
        q_w = rng.integers(-127, 128, (neurons, inputs))
        q_x = rng.integers(-128, 128, inputs)
        cases.append((q_w, q_x, rng.integers(-2000, 2000, neurons), zero_point))
    return cases


def _take_apart(product: int) -> tuple[int, int]:
    low = (product + 32768) % 65536 - 32768
    return low, (product - low) // 65536


def _products() -> Sequence[tuple[Any, ...]]:
    factors = [(-7, 100, -3), (5, 3, 2), (127, -128, -128), (-127, -128, 127), (1, -1, 0)]
    factors += [(0, 9, 9), (-128, 127, -128), (3, 0, -1)]
    return [(w * (65536 * x_1 + x_0),) for w, x_0, x_1 in factors]


EXERCISES = (
    Exercise(
        "8.1",
        lambda q_w, q_x, q_b, zero_point: q_w @ (q_x - zero_point) + q_b,
        _layers,
        (
            Mistake(
                lambda q_w, q_x, q_b, zero_point: q_w @ q_x + q_b,
                "The input's zero point is missing: an integer stands for q_x - zero point steps.",
            ),
            Mistake(
                lambda q_w, q_x, q_b, zero_point: q_w @ q_x - zero_point + q_b,
                "The zero point is taken from the sum, once. It belongs to each input: brackets.",
            ),
            Mistake(
                lambda q_w, q_x, q_b, zero_point: q_w @ (q_x - zero_point),
                "The biases are missing.",
            ),
            Mistake(
                lambda q_w, q_x, q_b, zero_point: q_w @ (q_x + zero_point) + q_b,
                "The zero point is taken off, not added.",
            ),
            Mistake(
                lambda q_w, q_x, q_b, zero_point: (q_w - zero_point) @ q_x + q_b,
                "The zero point is the input's. That of the weights is 0.",
            ),
            Mistake(
                lambda q_w, q_x, q_b, zero_point: (
                    q_w.astype(np.int8) @ (q_x - zero_point).astype(np.int8) + q_b
                ),
                "Eight bits have overflowed. Keep int64, or int32.",
            ),
        ),
        (
            "the bracket of the formula, with the numbers as they are",
            "subtract the zero point from the input before you multiply",
        ),
    ),
    Exercise(
        "8.2",
        lambda factor: tuple(quantize_multiplier(factor)),
        lambda: [(factor,) for factor in MULTIPLIER_FACTORS],
        MULTIPLIER_AND_SHIFT_MISTAKES,
        (
            "`math.frexp` splits; the fraction times 2**31, rounded, is the multiplier",
            "if the rounded multiplier is 2**31 itself, halve it and shift by one more",
        ),
        blanks=2,
    ),
    Exercise(
        "8.3",
        lambda cycles, clock_hz: cycles / clock_hz * 1e6,
        lambda: [(6_400, 64_000_000), (1_000_000, 120_000_000), (48, 16_000_000), (7, 64_000_000)],
        (
            Mistake(
                lambda cycles, clock_hz: cycles / clock_hz,
                "These are seconds. A second has a million microseconds.",
            ),
            Mistake(
                lambda cycles, clock_hz: cycles / clock_hz * 1e3,
                "These are milliseconds. A second has a million microseconds.",
            ),
            Mistake(
                lambda cycles, clock_hz: clock_hz / cycles,
                "This is how many inferences fit into a second. The time of one is the inverse.",
            ),
            Mistake(
                lambda cycles, clock_hz: cycles / 64,
                "Right for 64 MHz only. Take the clock from the second argument.",
            ),
            Mistake(
                lambda cycles, clock_hz: cycles * clock_hz / 1e6,
                "A faster clock makes it shorter: divide by it.",
            ),
        ),
        ("cycles, divided by cycles in a second, gives seconds", "then times a million"),
    ),
    Exercise(
        "8.4",
        _take_apart,
        _products,
        (
            Mistake(
                lambda product: (product % 65536, product // 65536),
                "The lower half has a sign: from 32768 on it stands for a negative number.",
            ),
            Mistake(
                lambda product: ((product + 32768) % 65536 - 32768, product // 65536),
                "The lower product is right. Where it is negative, it has borrowed one from the "
                "upper half: give it back.",
            ),
            Mistake(
                lambda product: _take_apart(product)[::-1],
                "The right numbers in the wrong order: low first, then high.",
            ),
            Mistake(
                lambda product: (
                    (product + 32768) % 65536 - 32768,
                    int(product / 65536),
                ),
                "`int(a / b)` cuts towards zero. Take the lower product off first; then the rest "
                "is divided without a remainder.",
            ),
        ),
        (
            "the lower half first: `product % 65536`, and 65536 less where that is 32768 or more",
            "then `(product - low) // 65536`",
        ),
        blanks=2,
    ),
)
