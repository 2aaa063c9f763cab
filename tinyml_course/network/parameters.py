"""What an interpreter computes once, before the first inference: the numbers a kernel needs.

TFLM derives multipliers, shifts, activation ranges and paddings from the scales in its `Prepare`
functions, on the board, at every start. Here they are derived at export and written as literals.
Which intermediate is a float and which a double decides the last bit, so each function follows its
TFLM file; the file is named. Every multiplier is computed in double: some of these files divide two
floats before they widen the result, but TFLM as it is built (the `tflite_micro` wheel) widens
first, which tests hold for scales where the two ways differ. What is rounded to an integer as a
float, the bounds of an activation, stays a float. Lesson 08 computes one FULLY_CONNECTED from
these.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tinyml_course.errors import ExportError, UnsupportedOperatorError
from tinyml_course.network import fixed_point
from tinyml_course.network.fixed_point import Multiplier, quantize_multiplier
from tinyml_course.network.ir import Graph, Operator, Tensor

LIMITS = {
    "int8": (-128, 127),
    "uint8": (0, 255),
    "int16": (-32768, 32767),
    "int32": (-(1 << 31), (1 << 31) - 1),
}
GREATEST_FLOAT = float(np.finfo(np.float32).max)


def activation_range(activation: str, output: Tensor) -> tuple[int, int]:
    """The least and the greatest quantized output that a fused activation lets through.

    Follows `CalculateActivationRangeQuantized` in `tensorflow/lite/kernels/kernel_util.cc`.
    """
    low, high = LIMITS[output.dtype]

    def quantize(value: float) -> int:
        ratio = np.float32(value) / output.scale
        return output.zero_point + fixed_point.round_half_away(float(ratio))

    if activation == "RELU":
        return max(low, quantize(0.0)), high
    if activation == "RELU6":
        return max(low, quantize(0.0)), min(high, quantize(6.0))
    if activation == "RELU_N1_TO_1":
        return max(low, quantize(-1.0)), min(high, quantize(1.0))
    return low, high


def float_activation_range(activation: str) -> tuple[float, float]:
    """The same for float32: without an activation, or without an upper bound, the finite floats.

    So TFLM makes of an infinite sum the greatest float, `CalculateActivationRange` in the same
    file. The operator RELU by itself lets infinity through.
    """
    return {
        "RELU": (0.0, GREATEST_FLOAT),
        "RELU6": (0.0, 6.0),
        "RELU_N1_TO_1": (-1.0, 1.0),
    }.get(activation, (-GREATEST_FLOAT, GREATEST_FLOAT))


@dataclass(frozen=True)
class Requantization:
    """How an accumulator becomes an output: one multiplier a channel, or one for all.

    Attributes:
        values, shifts: as `quantize_multiplier` gives them, one or one a channel.
    """

    values: tuple[int, ...]
    shifts: tuple[int, ...]
    input_zero_point: int
    output_zero_point: int
    activation_min: int
    activation_max: int


def _requantization(
    factors: list[float], source: Tensor, output: Tensor, activation: str
) -> Requantization:
    multipliers = [quantize_multiplier(factor) for factor in factors]
    if output.dtype == "int16" and any(m.shift > 7 for m in multipliers):
        raise ExportError(
            f"{output.name!r} has the scale {output.scale:g}, far finer than its inputs': TFLM's "
            "64-bit rescaling takes factors below 128. Quantize with representative data"
        )
    low, high = activation_range(activation, output)
    return Requantization(
        tuple(m.value for m in multipliers),
        tuple(m.shift for m in multipliers),
        source.zero_point,
        output.zero_point,
        low,
        high,
    )


def convolution_requantization(graph: Graph, operator: Operator) -> Requantization:
    """Of CONV_2D and DEPTHWISE_CONV_2D: one factor a channel, in double precision.

    Follows `PopulateConvolutionQuantizationParams` in `kernel_util.cc`.
    """
    source, weights = graph.input_of(operator, 0), graph.input_of(operator, 1)
    output = graph.output_of(operator)
    scales = weights.scales
    if len(scales) == 1:
        scales = scales * output.shape[-1]
    factors = [float(source.scale) * float(s) / float(output.scale) for s in scales]
    return _requantization(factors, source, output, operator.options["fused_activation_function"])


def fully_connected_requantization(graph: Graph, operator: Operator) -> Requantization:
    """Of FULLY_CONNECTED: one factor, or one a channel.

    Follows `CalculateOpDataFullyConnected` in `fully_connected_common.cc`.
    """
    source, weights = graph.input_of(operator, 0), graph.input_of(operator, 1)
    output = graph.output_of(operator)
    factors = [float(source.scale) * float(s) / float(output.scale) for s in weights.scales]
    return _requantization(factors, source, output, operator.options["fused_activation_function"])


@dataclass(frozen=True)
class Window:
    """The geometry of a convolution or pooling; every pair is (height, width)."""

    input: tuple[int, int]
    output: tuple[int, int]
    filter: tuple[int, int]
    stride: tuple[int, int]
    dilation: tuple[int, int]
    padding: tuple[int, int]  # above and on the left


def window(graph: Graph, operator: Operator) -> Window:
    """Where a filter starts and how it moves. Follows `tensorflow/lite/kernels/padding.h`.

    TRANSPOSE_CONV is a convolution that runs backwards: its padding is that of the convolution
    from its output to its input.

    Raises:
        ExportError: the output's shape in the file is not what these settings give.
    """
    options = operator.options
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    if "filter_height" in options:
        size = int(options["filter_height"]), int(options["filter_width"])
    else:
        size = _height_and_width(graph.input_of(operator, 1))
    stride = options["stride_h"], options["stride_w"]
    dilation = options.get("dilation_h_factor", 1), options.get("dilation_w_factor", 1)
    if min(*size, *stride, *dilation) < 1 or max(*size, *stride, *dilation) > 1 << 15:
        raise ExportError(
            f"{operator.kind} ({operator.name!r}) has filter {size}, stride {stride}, dilation "
            f"{dilation}: each must be at least 1. Convert the model again"
        )
    before = []
    is_transposed = operator.kind == "TRANSPOSE_CONV"
    large, small = (output, source) if is_transposed else (source, output)
    for axis in range(2):
        n_in = large.shape[1 + axis]
        covered = (size[axis] - 1) * dilation[axis] + 1
        if options["padding"] == "SAME":
            n_out = -(-n_in // stride[axis])
        else:
            n_out = (n_in + stride[axis] - covered) // stride[axis]
        if n_out != small.shape[1 + axis]:
            verb, end = ("takes", "input") if is_transposed else ("makes", "output")
            raise ExportError(
                f"{operator.kind} ({operator.name!r}) {verb} {n_out} values along axis {1 + axis}, "
                f"but its {end} has the shape {small.shape}. Convert the model again"
            )
        total = max((n_out - 1) * stride[axis] + covered - n_in, 0)
        before.append(total // 2)
    padding = before[0], before[1]
    return Window(
        _height_and_width(source), _height_and_width(output), size, stride, dilation, padding
    )


def _height_and_width(tensor: Tensor) -> tuple[int, int]:
    return tensor.shape[1], tensor.shape[2]


@dataclass(frozen=True)
class Addition:
    """Of ADD and SUB: both inputs are brought to one fine scale, added, and brought back."""

    left_shift: int
    input_multipliers: tuple[Multiplier, Multiplier]
    input_zero_points: tuple[int, int]
    output_multiplier: Multiplier
    output_zero_point: int
    activation_min: int
    activation_max: int


def addition(graph: Graph, operator: Operator) -> Addition:
    """Follows `add_common.cc` and `sub_common.cc`."""
    first, second = graph.input_of(operator, 0), graph.input_of(operator, 1)
    output = graph.output_of(operator)
    left_shift = 15 if output.dtype == "int16" else 20
    twice_max = 2 * float(max(first.scale, second.scale))
    factors = [float(first.scale) / twice_max, float(second.scale) / twice_max]
    back = twice_max / ((1 << left_shift) * float(output.scale))
    if not 0 < back < 1:
        raise ExportError(
            f"{operator.kind} ({operator.name!r}): the output scale {output.scale:g} is far finer "
            f"than the inputs' ({first.scale:g}, {second.scale:g}), TFLM refuses that too. "
            "Quantize with representative data"
        )
    low, high = activation_range(operator.options["fused_activation_function"], output)
    return Addition(
        left_shift,
        (quantize_multiplier(factors[0]), quantize_multiplier(factors[1])),
        (first.zero_point, second.zero_point),
        quantize_multiplier(back),
        output.zero_point,
        low,
        high,
    )


def multiplication(graph: Graph, operator: Operator) -> Requantization:
    """Of MUL. Follows `mul_common.cc`."""
    first, second = graph.input_of(operator, 0), graph.input_of(operator, 1)
    output = graph.output_of(operator)
    factor = float(first.scale) * float(second.scale) / float(output.scale)
    activation = operator.options["fused_activation_function"]
    return _requantization([factor], first, output, activation)


def prelu_multipliers(graph: Graph, operator: Operator) -> tuple[Multiplier, Multiplier]:
    """Of PRELU: above zero, and below it times a slope. Follows `prelu_common.cc`."""
    source, slopes = graph.input_of(operator, 0), graph.input_of(operator, 1)
    factor = float(source.scale) / float(graph.output_of(operator).scale)
    sloped = float(source.scale) * float(slopes.scale) / float(graph.output_of(operator).scale)
    return quantize_multiplier(factor), quantize_multiplier(sloped)


def squared_difference(graph: Graph, operator: Operator) -> Addition:
    """Follows `squared_difference.cc`."""
    first, second = graph.input_of(operator, 0), graph.input_of(operator, 1)
    output = graph.output_of(operator)
    left_shift = 0 if output.dtype == "int16" else 7
    twice_max = 2 * float(max(first.scale, second.scale))
    low, high = LIMITS[output.dtype]
    return Addition(
        left_shift,
        (
            quantize_multiplier(float(first.scale) / twice_max),
            quantize_multiplier(float(second.scale) / twice_max),
        ),
        (first.zero_point, second.zero_point),
        quantize_multiplier(twice_max**2 / ((1 << left_shift * 2) * float(output.scale))),
        output.zero_point,
        low,
        high,
    )


def division(graph: Graph, operator: Operator) -> Requantization:
    """Of DIV on int8. Follows `div.cc`.

    Raises:
        ExportError: scales so absurd that a shift to the right would become one to the left.
    """
    first, second = graph.input_of(operator, 0), graph.input_of(operator, 1)
    output = graph.output_of(operator)
    factor = float(first.scale) / (float(second.scale) * float(output.scale))
    activation = operator.options["fused_activation_function"]
    found = _requantization([factor], first, output, activation)
    if not -20 <= found.shifts[0] <= 21:
        raise ExportError(
            f"DIV ({operator.name!r}): the scales {first.scale:g}, {second.scale:g} and "
            f"{output.scale:g} do not fit each other. Quantize with representative data"
        )
    return found


def mean_multiplier(graph: Graph, operator: Operator, count: int) -> Multiplier:
    """Of MEAN over `count` values: the division is part of the multiplier. SUM has none.

    Follows `QuantizedMeanOrSum` in `reference/reduce.h`.
    """
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    value, shift = quantize_multiplier(float(source.scale) / float(output.scale))
    if operator.kind == "SUM":
        return Multiplier(value, shift)
    extra = min(count.bit_length() - 1, 32, 31 + shift)
    return Multiplier((value << extra) // count, shift - extra)


def requantize_multiplier(graph: Graph, operator: Operator) -> Multiplier:
    """Of QUANTIZE between integers and of RELU.

    Follows `quantize_common.cc` and `activations_common.cc`.
    """
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    return quantize_multiplier(float(source.scale) / float(output.scale))


@dataclass(frozen=True)
class SoftmaxScaling:
    """Of SOFTMAX on int8: how a difference to the maximum becomes Q5.26."""

    multiplier: int
    left_shift: int
    difference_min: int  # below this exp() is nothing


def softmax_scaling(graph: Graph, operator: Operator) -> SoftmaxScaling:
    """Follows `PreprocessSoftmaxScaling` and `CalculateInputRadius` in `quantization_util.cc`."""
    source = graph.input_of(operator, 0)
    beta = float(np.float32(operator.options["beta"]))
    integer_bits = 5
    factor = min(beta * float(source.scale) * (1 << (31 - integer_bits)), (1 << 31) - 1.0)
    if factor <= 1:
        raise ExportError(
            f"SOFTMAX ({operator.name!r}) has the input scale {source.scale:g} and beta {beta:g}: "
            "too small for fixed-point arithmetic, TFLM refuses that too"
        )
    fraction, shift = math.frexp(factor)
    value = fixed_point.round_half_away(fraction * (1 << 31))
    if value == 1 << 31:
        value, shift = value // 2, shift + 1
    return SoftmaxScaling(value, shift, -input_radius(integer_bits, shift))


def input_radius(integer_bits: int, left_shift: int) -> int:
    """The largest input that does not overflow Q(integer_bits) once it is rescaled."""
    return math.floor(((1 << integer_bits) - 1) * (1 << (31 - integer_bits)) / 2.0**left_shift)


def softmax16_multiplier(graph: Graph, operator: Operator) -> Multiplier:
    """Of SOFTMAX on int16: -10..0 onto 16 bits. Follows `softmax_common.cc`."""
    source = graph.input_of(operator, 0)
    beta = float(np.float32(operator.options["beta"]))
    return quantize_multiplier(float(source.scale) * beta / (10.0 / 65535.0))


def sigmoid16_scaling(graph: Graph, operator: Operator) -> tuple[int, int]:
    """Of LOGISTIC and TANH on int16: (multiplier, right shift) onto steps of 1 / (3 * 4096).

    Follows `logistic_common.cc` and `tanh.cc`.
    """
    scale = float(graph.input_of(operator, 0).scale)
    exponent = round(math.log2(scale))
    is_power_of_two = abs(math.log2(scale) - exponent) < 1e-3
    shift = 12 + exponent
    if is_power_of_two and shift in ((0,) if operator.kind == "LOGISTIC" else (0, 1)):
        return 3 << shift, 0
    multiplier, shift = scale * 4096.0 * 3.0, 0
    if multiplier >= 32768:
        raise UnsupportedOperatorError(
            f"{operator.kind} ({operator.name!r}) on int16 has the input scale {scale:g}: above "
            "2.66 TFLM overflows. Quantize with representative data"
        )
    while multiplier <= 32767.0 / 2.0 and shift <= 30:
        multiplier, shift = multiplier * 2.0, shift + 1
    return int(multiplier), shift
