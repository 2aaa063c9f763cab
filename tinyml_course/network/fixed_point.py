"""The integer arithmetic of TFLM, in NumPy: a real factor as a multiplier and a shift.

Everything else in this room stands on these few functions; the kernels repeat them in C. Rounding
is TFLM's default, "double rounding": once when the 64-bit product is cut to 32 bits, once more
when the result is shifted. Follows `tensorflow/lite/kernels/internal/common.h` and
`quantization_util.cc` of tflite-micro, and `fixedpoint.h` of gemmlowp. Lesson 08 derives
`quantize_multiplier` by hand.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from tinyml_course.errors import ExportError

INT32_MIN, INT32_MAX = -(1 << 31), (1 << 31) - 1


class Multiplier(NamedTuple):
    """A positive real factor: `value * 2**(shift - 31)`, with `value` in [2**30, 2**31)."""

    value: int
    shift: int


def round_half_away(x: float) -> int:
    """Like C's `round`: halves go away from zero. Python's `round` sends them to even."""
    return math.floor(x + 0.5) if x >= 0 else -math.floor(-x + 0.5)


def quantize_multiplier(factor: float) -> Multiplier:
    """A real factor as a 31-bit integer and a power of two.

    Args:
        factor: for instance input_scale * filter_scale / output_scale; may be negative.

    Raises:
        ExportError: a factor so large that no 32-bit arithmetic can apply it.

    >>> quantize_multiplier(0.5)
    Multiplier(value=1073741824, shift=0)
    >>> value, shift = quantize_multiplier(0.0003)
    >>> abs(value * 2.0 ** (shift - 31) - 0.0003) < 1e-12
    True
    """
    if factor == 0 or not math.isfinite(factor):
        return Multiplier(0, 0)
    fraction, shift = math.frexp(factor)
    value = round_half_away(fraction * (1 << 31))
    if abs(value) == 1 << 31:
        value //= 2
        shift += 1
    if shift < -31:
        return Multiplier(0, 0)
    if shift > 30:
        raise ExportError(
            f"a rescaling factor of {factor:g} does not fit 32-bit arithmetic: the scales of two "
            "neighbouring tensors differ absurdly. Quantize with representative data"
        )
    return Multiplier(value, shift)


def clamp(x: np.ndarray, low: int, high: int) -> np.ndarray:
    """Integers, no less than `low` and no greater than `high`."""
    clamped: np.ndarray = np.clip(x, low, high)
    return clamped


def wrap_int32(x: np.ndarray) -> np.ndarray:
    """int64 values as a 32-bit register would keep them."""
    return (np.asarray(x, np.int64) & 0xFFFFFFFF).astype(np.uint32).view(np.int32).astype(np.int64)


def rounding_divide_by_power_of_two(x: np.ndarray, exponent: np.ndarray | int) -> np.ndarray:
    """x / 2**exponent, halves away from zero."""
    x = np.asarray(x, np.int64)
    exponent = np.asarray(exponent, np.int64)
    mask = (np.int64(1) << exponent) - 1
    threshold = (mask >> 1) + (x < 0)
    divided: np.ndarray = (x >> exponent) + ((x & mask) > threshold)
    return divided


def doubling_high_multiply(x: np.ndarray, value: np.ndarray | int) -> np.ndarray:
    """The upper half of 2 * x * value, rounded: a multiplication of two fractions in Q31."""
    product = np.asarray(x, np.int64) * np.asarray(value, np.int64)
    high: np.ndarray = np.minimum((product + (1 << 30)) >> 31, INT32_MAX)  # only -1 * -1 saturates
    return high


def multiply_by_quantized_multiplier(
    x: np.ndarray, value: np.ndarray | int, shift: np.ndarray | int
) -> np.ndarray:
    """x * value * 2**(shift - 31) in 32-bit integers, rounded twice as TFLM does.

    Args:
        x: integers in the range of int32, any shape; `value` and `shift` broadcast against it.

    Returns:
        int64 array with values in the range of int32.

    >>> int(multiply_by_quantized_multiplier(np.int64(1000), *quantize_multiplier(0.3)))
    300
    """
    shift = np.asarray(shift, np.int64)
    shifted = wrap_int32(np.asarray(x, np.int64) << np.maximum(shift, 0))
    return rounding_divide_by_power_of_two(
        doubling_high_multiply(shifted, value), np.maximum(-shift, 0)
    )


def reduce_multiplier(value: int) -> int:
    """A 31-bit multiplier as the 16 bits that are used with 64-bit accumulators (int16 models)."""
    return (value + (1 << 15)) >> 16 if value < 0x7FFF0000 else 0x7FFF


def reduce_multiplier16(value: int) -> int:
    """A 31-bit multiplier as 15 bits, for 16-bit products (HARD_SWISH)."""
    return (value + (1 << 15)) >> 16 if value < INT32_MAX - (1 << 15) else 0x7FFF


def multiply_int64_by_quantized_multiplier(
    x: np.ndarray, reduced_value: np.ndarray | int, shift: np.ndarray | int
) -> np.ndarray:
    """The form for 64-bit accumulators: a 16-bit multiplier, one rounding (halves upwards)."""
    total_shift = 15 - np.asarray(shift, np.int64)
    product = np.asarray(x, np.int64) * np.asarray(reduced_value, np.int64)
    return wrap_int32((product + (np.int64(1) << (total_shift - 1))) >> total_shift)


def exp_on_negative_values(x: np.ndarray, integer_bits: int) -> np.ndarray:
    """exp(x) for x <= 0, Q(integer_bits) in, Q0.31 out: a polynomial, then a product for each bit.

    The polynomial serves [-1/4, 0); every further power of two in -x multiplies by its own
    constant exp(-2**k). After gemmlowp's function of this name.
    """
    x = np.asarray(x, np.int64)
    fractional_bits = 31 - integer_bits
    quarter = np.int64(1) << (fractional_bits - 2)
    in_quarter = (x & (quarter - 1)) - quarter
    a = in_quarter << integer_bits  # Q0.31 in [-1/4, 0)
    remainder = in_quarter - x

    multiply = doubling_high_multiply
    y = a + (1 << 28)  # around -1/8
    y2 = multiply(y, y)
    y3 = multiply(y2, y)
    y4_over_4 = rounding_divide_by_power_of_two(multiply(y2, y2), 2)
    one_third = 715827883
    tail = rounding_divide_by_power_of_two(multiply(y4_over_4 + y3, one_third) + y2, 1)
    exp_of_minus_eighth = 1895147668
    result = exp_of_minus_eighth + multiply(y + tail, exp_of_minus_eighth)

    for exponent, constant in EXP_OF_MINUS_POWER_OF_TWO:
        if exponent < integer_bits:
            bit = np.int64(1) << (fractional_bits + exponent)
            result = np.where(remainder & bit, multiply(result, constant), result)
    return np.where(x == 0, INT32_MAX, result)


EXP_OF_MINUS_POWER_OF_TWO = (
    (-2, 1672461947),
    (-1, 1302514674),
    (0, 790015084),
    (1, 290630308),
    (2, 39332535),
    (3, 720401),
    (4, 242),
)  # k, exp(-2**k) in Q0.31


def _newton_reciprocal(half_denominator: np.ndarray) -> np.ndarray:
    """1 / half_denominator in Q2.29, by three steps of Newton from the best line."""
    multiply = doubling_high_multiply
    forty_eight_over_17, minus_32_over_17 = 1515870810, -1010580540
    x = forty_eight_over_17 + multiply(half_denominator, minus_32_over_17)
    for _ in range(3):
        error = (1 << 29) - multiply(half_denominator, x)
        # a product of two Q2.29 is Q4.27: two bits to the left, saturating
        step = np.clip(multiply(x, error) << 2, INT32_MIN, INT32_MAX)
        x = x + step
    return x


def _half_of_one_plus(x: np.ndarray) -> np.ndarray:
    """(x + 1) / 2 in Q0.31."""
    total = np.asarray(x, np.int64) + INT32_MAX
    return (total + 1) >> 1  # the sum is never negative here


def one_over_one_plus_x(x: np.ndarray) -> np.ndarray:
    """1 / (1 + x) for x in [0, 1), Q0.31 in and out."""
    reciprocal = _newton_reciprocal(_half_of_one_plus(x))
    # times two to the minus one, then from Q2.29 to Q0.31: one bit to the left, saturating
    return clamp(reciprocal << 1, INT32_MIN, INT32_MAX)


def one_minus_x_over_one_plus_x(x: np.ndarray) -> np.ndarray:
    """(1 - x) / (1 + x) for x in [0, 1), Q0.31 in and out."""
    reciprocal = _newton_reciprocal(_half_of_one_plus(x))
    return clamp((reciprocal - (1 << 29)) << 2, INT32_MIN, INT32_MAX)


def logistic_q4(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x)), Q4.27 in, Q0.31 out."""
    x = np.asarray(x, np.int64)
    positive = one_over_one_plus_x(exp_on_negative_values(-np.abs(x), 4))
    result = np.where(x > 0, positive, INT32_MAX - positive)
    return np.where(x == 0, 1 << 30, result)


def tanh_q4(x: np.ndarray) -> np.ndarray:
    """tanh(x), Q4.27 in, Q0.31 out."""
    x = np.asarray(x, np.int64)
    # exp(2x) of the same raw value: one integer bit more
    magnitude = one_minus_x_over_one_plus_x(exp_on_negative_values(-np.abs(x), 5))
    return np.where(x == 0, 0, np.where(x < 0, -magnitude, magnitude))
