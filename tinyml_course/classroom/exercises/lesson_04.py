"""Lesson 04, Quantization: scale and zero point, there and back, multiplier and shift, bytes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyml_course.exercises import Exercise, Mistake
from tinyml_course.network.fixed_point import quantize_multiplier

Array = np.ndarray


def _in_range(low: float, high: float) -> tuple[float, float]:
    return min(low, 0.0), max(high, 0.0)


def _scale_and_zero_point(low: float, high: float, steps: int = 255) -> tuple[float, int]:
    low, high = _in_range(low, high)
    scale = (high - low) / steps
    return scale, round(-128 - low / scale)


def _unrounded(low: float, high: float) -> tuple[float, float]:
    low, high = _in_range(low, high)
    scale = (high - low) / 255
    return scale, -128 - low / scale


def _without_zero(low: float, high: float) -> tuple[float, int]:
    scale = (high - low) / 255
    return scale, round(-128 - low / scale)


def _away(steps: Array) -> Array:
    rounded: Array = np.trunc(steps + np.copysign(0.5, steps))
    return rounded


def _quantize(x: Array, scale: float, zero_point: int) -> Array:
    q: Array = np.clip(_away(x / scale) + zero_point, -128, 127).astype(np.int8)
    return q


def _awkward() -> Sequence[tuple[Any, ...]]:
    halves = np.array([0.25, -0.25, 0.75, -0.75, 1.25, 0.1, -0.1], np.float32)
    far = np.array([63.9, 1000, -1000, 64.0, -63.5], np.float32)
    return [
        (halves, 0.5, -1),
        (far, 0.5, -1),
        (np.linspace(-3, 5, 23).astype(np.float32), 0.031, 4),
    ]


def _integers() -> Sequence[tuple[Any, ...]]:
    every = np.arange(-128, 128).astype(np.int8)
    return [(every, 0.02137, -17), (every[::-9], 0.5, 100), (every[:4], 1.0, 0)]


def _multiplier_and_shift(factor: float) -> tuple[int, int]:
    value, shift = quantize_multiplier(factor)
    return value, shift


def _no_carry(factor: float) -> tuple[int, int]:
    m0, exponent = math.frexp(factor)
    return round(m0 * 2**31), exponent


MULTIPLIER_FACTORS = (0.00381, 0.75, 0.0003, 1.5, 0.5, 1 - 2.0**-40, (1 - 2.0**-40) / 32)
MULTIPLIER_AND_SHIFT_MISTAKES = (
    Mistake(
        lambda factor: (_multiplier_and_shift(factor)[0], -math.frexp(factor)[1]),
        "The sign of the shift is turned round: `frexp` gives e with M = M0 * 2**e, "
        "and e is what to return.",
    ),
    Mistake(
        lambda factor: (round(math.frexp(factor)[0] * 2**32), math.frexp(factor)[1]),
        "2**32 is one bit too many: a signed 32-bit number has 31 bits beside its sign.",
    ),
    Mistake(
        lambda factor: (int(math.frexp(factor)[0] * 2**31), math.frexp(factor)[1]),
        "`int` cuts off what stands behind the point. `round` goes to the nearest.",
    ),
    Mistake(
        lambda factor: (math.frexp(factor)[1], _multiplier_and_shift(factor)[0]),
        "The two are swapped: multiplier first, then shift.",
    ),
    Mistake(
        lambda factor: math.frexp(factor),
        "This is M0 itself, a fraction. The multiplier is M0 times 2**31, rounded.",
    ),
    Mistake(
        _no_carry,
        "Nearly. This M0 is so close to 1 that it rounds to 2**31, which no signed 32-bit number "
        "can hold. Then half of it is the multiplier, and the shift is one more.",
    ),
    Mistake(
        lambda factor: (math.frexp(factor)[0] * 2**31, math.frexp(factor)[1]),
        "The multiplier is to be a whole number: round it.",
    ),
    Mistake(
        lambda factor: (math.ceil(math.frexp(factor)[0] * 2**31), math.frexp(factor)[1]),
        "`ceil` always goes up. `round` goes to the nearest.",
    ),
    Mistake(
        lambda factor: (min(_no_carry(factor)[0], 2**31 - 1), math.frexp(factor)[1]),
        "Nearly. Where M0 rounds to 2**31 you hold the multiplier at 2**31 - 1. Half of 2**31 "
        "fits, if the shift is one more, and that is exact.",
    ),
)

EXERCISES = (
    Exercise(
        "4.1",
        _scale_and_zero_point,
        # the last two tell floor, ceil and int apart, which agree with round in some of the others
        lambda: [(-3.1, 4.2), (-2.0, -0.7), (0.4, 6.0), (-1.0, 1.5), (-1.0, 1.3), (-3.0, 0.5)],
        (
            Mistake(
                lambda low, high: _scale_and_zero_point(low, high, 256),
                "256 numbers have 255 steps between them, like a fence: one post more than "
                "there are gaps.",
            ),
            Mistake(
                _unrounded,
                "The zero point is not a whole number yet: it is an integer on the chip. Round it.",
            ),
            Mistake(
                _without_zero,
                "The range has lost its zero: keep the first line of the function.",
            ),
            Mistake(
                lambda low, high: (
                    _scale_and_zero_point(low, high)[0],
                    round(-_in_range(low, high)[0] / _scale_and_zero_point(low, high)[0]),
                ),
                "This counts from 0. The lowest integer here is -128.",
            ),
            Mistake(
                lambda low, high: (
                    _scale_and_zero_point(low, high)[0],
                    round(-128 + _in_range(low, high)[0] / _scale_and_zero_point(low, high)[0]),
                ),
                "The sign before low / scale is turned round. Put q = -128 into the rule: "
                "low = scale * (-128 - zero point).",
            ),
            Mistake(
                lambda low, high: _scale_and_zero_point(low, high)[0],
                "The scale is right. Return both: scale, zero point.",
            ),
            Mistake(
                lambda low, high: _scale_and_zero_point(low, high)[::-1],
                "The two are swapped: scale first, then zero point.",
            ),
            Mistake(
                lambda low, high: (_unrounded(low, high)[0], int(_unrounded(low, high)[1])),
                "`int` cuts towards zero. The zero point is the nearest integer: `round`.",
            ),
        ),
        (
            "from -128 to 127 there are 255 steps; together they are as long as the range",
            "solve low = scale * (-128 - zero point) for the zero point",
        ),
        tolerance=1e-6,
        blanks=2,
    ),
    Exercise(
        "4.2",
        _quantize,
        _awkward,
        (
            Mistake(
                lambda x, scale, zero_point: np.clip(
                    np.round(x / scale) + zero_point, -128, 127
                ).astype(np.int8),
                "`np.round` sends halves to the even neighbour: 0.5 becomes 0. C sends them away "
                "from zero: 0.5 becomes 1. The expression for it stands above.",
            ),
            Mistake(
                lambda x, scale, zero_point: np.clip(
                    np.floor(x / scale + 0.5) + zero_point, -128, 127
                ).astype(np.int8),
                "Adding 0.5 and going down is right for positive numbers. -0.5 must become -1, "
                "so the half needs the sign of the number: `np.copysign`.",
            ),
            Mistake(
                lambda x, scale, zero_point: np.clip(
                    np.trunc(x / scale) + zero_point, -128, 127
                ).astype(np.int8),
                "This cuts off instead of rounding: add a half with the sign of the number first.",
            ),
            Mistake(
                lambda x, scale, zero_point: np.clip(
                    np.trunc(x / scale + 0.5) + zero_point, -128, 127
                ).astype(np.int8),
                "Adding 0.5 and cutting off is right for positive numbers. Below zero the half "
                "must be taken away: `np.copysign` gives it the number's sign.",
            ),
            Mistake(
                lambda x, scale, zero_point: np.clip(
                    _away(x / scale + zero_point), -128, 127
                ).astype(np.int8),
                "Round before you add the zero point: away from zero means away from the real "
                "number 0.",
            ),
            Mistake(
                lambda x, scale, zero_point: np.clip(_away(x / scale), -128, 127).astype(np.int8),
                "The zero point is missing.",
            ),
            Mistake(
                lambda x, scale, zero_point: (_away(x / scale) + zero_point).astype(np.int8),
                "What lies beyond -128 to 127 wraps around in int8. Clamp before you make it int8.",
            ),
            Mistake(
                lambda x, scale, zero_point: np.clip(_away(x / scale) + zero_point, -128, 127),
                "The numbers are right, their type is not: one byte each, `.astype(np.int8)`.",
            ),
            Mistake(
                lambda x, scale, zero_point: np.clip(
                    _away(x * scale) + zero_point, -128, 127
                ).astype(np.int8),
                "How many steps of this width is x? That is a division by the scale.",
            ),
            Mistake(
                lambda x, scale, zero_point: np.clip(_away(x * 127), -128, 127).astype(np.int8),
                "`x * 127` circulates in tutorials. It knows neither the scale nor the zero "
                "point of this tensor.",
            ),
        ),
        (
            "divide, round like C, add, clamp, int8: in this order",
            "the second line of the cell above shows how to round like C",
        ),
        dtype_matters=True,
        blanks=3,
    ),
    Exercise(
        "4.3",
        lambda q, scale, zero_point: scale * (q.astype(np.float32) - zero_point),
        _integers,
        (
            Mistake(
                lambda q, scale, zero_point: scale * (q - np.int8(zero_point)),
                "q - zero point was computed in int8, and 127 - (-17) does not fit there. "
                "Make q a float first.",
            ),
            Mistake(
                lambda q, scale, zero_point: scale * (q.astype(np.float32) + zero_point),
                "The rule has a minus before the zero point.",
            ),
            Mistake(
                lambda q, scale, zero_point: scale * q.astype(np.float32) - zero_point,
                "The scale multiplies the whole difference: brackets.",
            ),
            Mistake(
                lambda q, scale, zero_point: (q.astype(np.float32) - zero_point) / scale,
                "From steps to real numbers the scale multiplies. Dividing was the way there.",
            ),
            Mistake(
                lambda q, scale, zero_point: scale * q.astype(np.float32),
                "The zero point is missing.",
            ),
        ),
        ("real = scale * (q - zero point)", "`q.astype(np.float32)` in the place of q"),
        tolerance=1e-5,
    ),
    Exercise(
        "4.4",
        _multiplier_and_shift,
        lambda: [(factor,) for factor in MULTIPLIER_FACTORS],
        MULTIPLIER_AND_SHIFT_MISTAKES,
        (
            "`math.frexp` gives both; the multiplier is M0 * 2**31, rounded",
            "one number remains: what if the rounded multiplier is 2**31 itself?",
        ),
        blanks=2,
    ),
    Exercise(
        "4.5",
        lambda inputs, neurons: inputs * neurons + 4 * neurons,
        lambda: [(8, 32), (32, 16), (16, 3)],
        (
            Mistake(
                lambda inputs, neurons: inputs * neurons + neurons,
                "A bias is added to a 32-bit accumulator, so it takes 4 bytes.",
            ),
            Mistake(
                lambda inputs, neurons: 4 * (inputs * neurons + neurons),
                "This is the layer in float32. In int8 a weight takes 1 byte.",
            ),
            Mistake(
                lambda inputs, neurons: inputs * neurons,
                "The biases are missing.",
            ),
            Mistake(
                lambda inputs, neurons: inputs * neurons + 4 * inputs,
                "A bias belongs to a neuron, not to an input.",
            ),
            Mistake(
                lambda inputs, neurons: inputs * neurons + 4,
                "One bias for the whole layer? Each neuron has its own.",
            ),
        ),
        ("weights of 1 byte, biases of 4", "each neuron has one bias"),
    ),
)
