"""DIV, PRELU and SQUARED_DIFFERENCE of two values, one by one, in NumPy integers."""

from __future__ import annotations

import numpy as np

from tinyml_course.network import fixed_point, parameters
from tinyml_course.network.ir import Graph, Operator

DIVISION_BY_ZERO = -1515870788  # what TFLM's Newton steps make of 1 / 0


def divide(graph: Graph, operator: Operator, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """`reference/div.h`: times the reciprocal, both with as many bits as fit."""
    r = parameters.division(graph, operator)
    a = first.astype(np.int64) - graph.input_of(operator, 0).zero_point
    b = second.astype(np.int64) - graph.input_of(operator, 1).zero_point
    a, b = np.broadcast_arrays(np.where(b < 0, -a, a), np.abs(b))
    bits = np.vectorize(int.bit_length, otypes=[np.int64])
    length = bits(b)
    reciprocal = fixed_point.one_over_one_plus_x((np.maximum(b, 1) << 32 - length) - (1 << 31))
    reciprocal = np.where(b == 0, DIVISION_BY_ZERO, reciprocal)
    left = 31 - bits(np.where(a < 0, ~a, a))
    multiply = fixed_point.doubling_high_multiply
    y = multiply(multiply(a << left, reciprocal), r.values[0])
    right = length - 1 + left - r.shifts[0]
    y = np.where(
        right > 31,  # what a processor makes of such a shift
        (y >> (right & 31)) + (y >= 0),
        fixed_point.rounding_divide_by_power_of_two(y, np.minimum(right, 31)),
    )
    return fixed_point.clamp(y + r.output_zero_point, r.activation_min, r.activation_max)


def prelu(graph: Graph, operator: Operator, x: np.ndarray, slope: np.ndarray) -> np.ndarray:
    """`reference/prelu.h`: below zero, times a slope of its own."""
    identity, sloped = parameters.prelu_multipliers(graph, operator)
    output = graph.output_of(operator)
    x = x.astype(np.int64) - graph.input_of(operator, 0).zero_point
    slope = slope.astype(np.int64) - graph.input_of(operator, 1).zero_point
    multiply = fixed_point.multiply_by_quantized_multiplier
    y = np.where(x >= 0, multiply(x, *identity), multiply(x * slope, *sloped))
    return fixed_point.clamp(y + output.zero_point, *parameters.LIMITS[output.dtype])


def squared_difference(
    graph: Graph, operator: Operator, first: np.ndarray, second: np.ndarray
) -> np.ndarray:
    """`squared_difference.cc`: both on one fine scale, subtracted, squared, and brought back."""
    p = parameters.squared_difference(graph, operator)
    multiply = fixed_point.multiply_by_quantized_multiplier
    a, b = (
        multiply((x.astype(np.int64) - zero_point) << p.left_shift, *multiplier)
        for x, zero_point, multiplier in zip(
            (first, second), p.input_zero_points, p.input_multipliers, strict=True
        )
    )
    y = multiply(fixed_point.wrap_int32((a - b) ** 2), *p.output_multiplier) + p.output_zero_point
    return fixed_point.clamp(y, p.activation_min, p.activation_max)
