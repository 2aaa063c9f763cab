"""Operators that look at one value at a time, in NumPy: activations and changes of scale.

On int8 such an operator has 256 possible answers: `lookup_table` computes them all at export, and
the generated C only looks them up. Lesson 08 plots one of these tables.
"""

from __future__ import annotations

import math

import numpy as np

from tinyml_course.network import fixed_point, parameters
from tinyml_course.network.fixed_point import Multiplier, quantize_multiplier
from tinyml_course.network.ir import Graph, Operator

UNARY = ("LOGISTIC", "TANH", "RELU", "RELU6", "LEAKY_RELU", "HARD_SWISH", "QUANTIZE", "ABS", "ELU")
FLOAT_ONLY = ("NEG", "SQUARE", "SQRT", "RSQRT", "EXP")


def evaluate_unary(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    """One integer activation or QUANTIZE.

    Args:
        x: integers of the operator's input tensor, any shape.

    Returns:
        int64 array of the same shape, within the range of the output's type.
    """
    evaluate = {
        "LOGISTIC": _sigmoid,
        "TANH": _sigmoid,
        "RELU": _relu,
        "RELU6": _relu6,
        "LEAKY_RELU": _leaky_relu,
        "HARD_SWISH": _hard_swish,
        "QUANTIZE": _requantize,
        "ABS": _abs,
        "ELU": _elu,
    }[operator.kind]
    low, high = parameters.LIMITS[graph.output_of(operator).dtype]
    return fixed_point.clamp(evaluate(graph, operator, np.asarray(x, np.int64)), low, high)


def lookup_table(graph: Graph, operator: Operator) -> np.ndarray:
    """The 256 answers of an int8 operator, for the inputs -128..127 in this order; int8."""
    return evaluate_unary(graph, operator, np.arange(-128, 128)).astype(np.int8)


def _relu(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    """`ReluQuantized` in `activations_common.cc`."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    multiplier = parameters.requantize_multiplier(graph, operator)
    y = fixed_point.multiply_by_quantized_multiplier(x - source.zero_point, *multiplier)
    clamped: np.ndarray = np.maximum(y + output.zero_point, output.zero_point)
    return clamped


def _relu6(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    """`Relu6Quantized`: clamps, does not rescale."""
    return fixed_point.clamp(x, *relu6_range(graph, operator))


def relu6_range(graph: Graph, operator: Operator) -> tuple[int, int]:
    """The quantized 0 and 6 of the input tensor."""
    source = graph.input_of(operator, 0)
    six = source.zero_point + fixed_point.round_half_away(float(np.float32(6) / source.scale))
    return source.zero_point, min(six, parameters.LIMITS[source.dtype][1])


def _requantize(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    """`Requantize` in `reference/requantize.h`; also between int8 and uint8."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    multiplier = parameters.requantize_multiplier(graph, operator)
    y = fixed_point.multiply_by_quantized_multiplier(x - source.zero_point, *multiplier)
    return y + output.zero_point


def _abs(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    """`AbsEvalQuantized` in `elementwise.cc`."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    y = np.abs(x - source.zero_point)
    if source.scale != output.scale:
        multiplier = parameters.requantize_multiplier(graph, operator)
        y = fixed_point.multiply_by_quantized_multiplier(y, *multiplier)
    return np.asarray(y + output.zero_point)


def _elu(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    """`PopulateLookupTable` in `elu.cc`, every step in float32."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    real = source.scale * (x - source.zero_point).astype(np.float32)
    below = np.exp(np.minimum(real, 0).astype(np.float64)).astype(np.float32) - np.float32(1)
    scaled = np.where(real < 0, below, real) * (np.float32(1) / output.scale)
    rounded = np.trunc(scaled.astype(np.float64) + np.copysign(0.5, scaled))
    return np.asarray(rounded.astype(np.int64) + output.zero_point)


def _leaky_relu(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    """`QuantizeLeakyRelu` in `reference/leaky_relu.h`."""
    identity, (slope, shift) = leaky_relu_multipliers(graph, operator)
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    x = x - source.zero_point
    positive = fixed_point.multiply_by_quantized_multiplier(x, *identity)
    negative = fixed_point.multiply_by_quantized_multiplier(x, abs(slope), shift)
    y = np.where(x >= 0, positive, -negative if slope < 0 else negative)
    return y + output.zero_point


def leaky_relu_multipliers(graph: Graph, operator: Operator) -> tuple[Multiplier, Multiplier]:
    """Of the two halves of LEAKY_RELU: (identity, slope). `leaky_relu_common.cc`."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    alpha = np.float32(operator.options["alpha"])
    return (
        quantize_multiplier(float(source.scale) / float(output.scale)),
        quantize_multiplier(float(source.scale) * float(alpha) / float(output.scale)),
    )


def _sigmoid(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    if graph.input_of(operator, 0).dtype == "int16":
        return _sigmoid16(graph, operator, x)
    return _sigmoid8(graph, operator, x)


def _sigmoid8(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    """`reference/integer_ops/logistic.h` and `tanh.h`: fixed point Q4.27 in, Q0.31 out."""
    source = graph.input_of(operator, 0)
    fraction, shift = math.frexp(float(source.scale) * (1 << 27))
    radius = parameters.input_radius(4, shift)
    value = fixed_point.round_half_away(fraction * (1 << 31)) if radius else 0
    shift = shift if radius else 0  # steps so large that every input saturates
    x = x - source.zero_point
    inside = np.clip(x, -radius, radius)
    q4 = fixed_point.multiply_by_quantized_multiplier(inside, value, shift)
    divide = fixed_point.rounding_divide_by_power_of_two
    if operator.kind == "LOGISTIC":
        y = divide(fixed_point.logistic_q4(q4), 23) - 128
    else:
        y = divide(fixed_point.tanh_q4(q4), 24)
    return np.where(x <= -radius, -128, np.where(x >= radius, 127, y))


def sigmoid_table() -> np.ndarray:
    """1 / (1 + exp(-i / 24)) for i = 0..255 in 16-bit fractions, as int16 models use it.

    A straight line between two entries runs below the curve; each entry is moved up by half of
    that error midway. The last entry is the end of the range.
    """

    def sigmoid(i: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-i / 24))

    i = np.arange(256.0)
    error_midway = sigmoid(i + 0.5) - (sigmoid(i) + sigmoid(i + 1)) / 2
    table = np.floor((sigmoid(i) + error_midway / 2) * 65536 + 0.5)
    table[255] = 65535
    entries: np.ndarray = table.astype(np.uint16)
    return entries


def _sigmoid16(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    multiplier, shift = parameters.sigmoid16_scaling(graph, operator)
    return sigmoid16(x, multiplier, shift, is_tanh=operator.kind == "TANH")


def sigmoid16(x: np.ndarray, multiplier: int, shift: int, is_tanh: bool) -> np.ndarray:
    """The int16 forms: the table above, linear between its entries, mirrored below zero.

    multiplier, shift: to steps of 1 / (3 * 4096), as `parameters.sigmoid16_scaling` gives them.
    """
    table = sigmoid_table().astype(np.int64)
    x = (x * multiplier + ((1 << shift) >> 1)) >> shift
    step = 8 if is_tanh else 9  # tanh(x) = 2 sigmoid(2x) - 1 walks the table twice as fast
    magnitude = np.abs(x)
    index = np.minimum(magnitude >> step, 254)
    rest = magnitude & ((1 << step) - 1)
    y = (table[index] << step) + rest * (table[index + 1] - table[index])
    if not is_tanh:
        y = np.where(magnitude >> step >= 255, 0x7FFF << 10, y)
        return np.where(x >= 0, y + (1 << 9), (1 << 25) - y + (1 << 9) - 1) >> 10
    y = np.where(magnitude >> step >= 255, 0xFFFF << 8, y)
    return np.where(x >= 0, y - (1 << 23) + (1 << 7), -y + (1 << 23) + (1 << 7) - 1) >> 8


def _hard_swish(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    """x * relu6(x + 3) / 6 in 16-bit fractions; `reference/hard_swish.h`."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    hires_scale = float(source.scale) / 128
    to_output = quantize_multiplier(hires_scale / float(output.scale))
    to_reluish = quantize_multiplier(hires_scale / (3.0 / 32768.0))

    def high16(a: np.ndarray, b: int) -> np.ndarray:
        """The 16-bit doubling high multiplication, rounded."""
        product = a * b
        high: np.ndarray = np.minimum((product + (1 << 14)) >> 15, 32767)
        return high

    def shift_left(a: np.ndarray, amount: int) -> np.ndarray:
        return fixed_point.clamp(a << amount, -32768, 32767)

    hires = (x - source.zero_point) << 7
    preshift = high16(hires, fixed_point.reduce_multiplier16(to_output.value))
    reluish = hires
    if to_reluish.shift > 0:
        reluish = shift_left(reluish, to_reluish.shift - 1)
    reluish = high16(reluish, fixed_point.reduce_multiplier16(to_reluish.value))
    if to_reluish.shift > 0:
        reluish = shift_left(reluish, 1)
    if to_reluish.shift < 0:
        reluish = fixed_point.rounding_divide_by_power_of_two(reluish, -to_reluish.shift)
    reluish = (reluish + (1 << 15)) >> 1
    product = reluish * preshift
    gated = np.where(product < 0, -(-product >> 15), product >> 15)  # towards zero
    y = fixed_point.rounding_divide_by_power_of_two(gated, -to_output.shift)
    return y + output.zero_point
