"""From an operator to the C of its layer, in the fast variant for cores with DSP instructions.

Each function returns a `LayerCode`, or None where the fast kernel does not fit the layer: then the
readable one serves there too. The kernels are `kernels/*_dsp.c`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tinyml_course.export.layers import dsp_packing
from tinyml_course.export.layers.code import LayerCode, Table, raster_overlap
from tinyml_course.export.layers.dsp_packing import Sums
from tinyml_course.export.layers.structs import quantization_text, window_text
from tinyml_course.export.text import call_text as _call
from tinyml_course.network import parameters
from tinyml_course.network.fixed_point import Multiplier, wrap_int32
from tinyml_course.network.ir import Graph, Operator, Tensor
from tinyml_course.network.parameters import Requantization, Window

INT16_MAX = 32767
WIDEST_PLANE_ROW = 170  # four rows must lie within the 1020 bytes that LDRD's offset reaches
ANYWHERE_BEFORE = 0
MOST_VALUES_TO_AVERAGE = 256
HALF = Multiplier(1 << 30, 0)


def dsp_layer(graph: Graph, operator: Operator) -> LayerCode | None:
    """The fast variant of a layer, None if there is none."""
    emit = EMITTERS.get(operator.kind)
    if emit is None or {graph.input_of(operator, 0).dtype, graph.output_of(operator).dtype} != {
        "int8"
    }:
        return None
    return emit(graph, operator)


def _sums(graph: Graph, operator: Operator, filters: np.ndarray, r: Requantization) -> Sums | None:
    """What the layer computes, None if the fast kernels cannot turn it into TFLM's bytes."""
    bias = graph.optional_input_of(operator, 2)
    sums = dsp_packing.gather_sums(filters, None if bias is None else bias.values, r)
    sums = dsp_packing.settle_constant_channels(sums, r)
    return sums if dsp_packing.can_requantize(sums, r) else None


def _scaling(sums: Sums) -> np.ndarray:
    """Multiplier and right shift - 1 of each channel."""
    return np.stack([sums.multipliers, -sums.shifts - 1], axis=1)


def _begin(bias: np.ndarray) -> np.ndarray:
    """Where the sums of each four filters begin: 256 * a + b, b, 256 * c + d, d."""
    begin = np.pad(bias, (0, -len(bias) % 4))
    begin[0::2] = wrap_int32(256 * begin[0::2] + begin[1::2])
    return begin.reshape(-1, 4)


def _block_table(sums: Sums) -> Table:
    """What `conv_2d_dsp.c` needs of four channels: where their sums begin, then their scaling."""
    scaling = _scaling(sums)
    scaling = np.pad(scaling, ((0, -len(scaling) % 4), (0, 0))).reshape(-1, 8)
    return Table("channels", "int32_t", np.concatenate([_begin(sums.bias), scaling], axis=1))


def _clamped(code: LayerCode, output: Tensor, activation: tuple[int, int]) -> LayerCode:
    """The kernels saturate to int8; a narrower activation takes another turn over the output.

    The converter chooses scales so that RELU and RELU6 end where int8 ends: then it costs nothing.
    """
    if activation == dsp_packing.FULL_RANGE:
        return code
    call = _call("model_clamp_int8", output.elements, *activation, "output", "output")
    return replace(code, body=f"{code.body}\n{call}", kernels=(*code.kernels, "clamp:int8"))


def _pair_overlap(w: Window, in_channels: int, out_channels: int) -> int:
    """Bytes by which the output must start before the input if pixels are made two by two."""
    (in_h, in_w), (out_h, out_w) = w.input, w.output
    pixel = np.arange(out_h * out_w)
    y = np.clip(pixel // out_w * w.stride[0] - w.padding[0], 0, in_h - 1)
    x = np.clip(pixel % out_w * w.stride[1] - w.padding[1], 0, in_w - 1)
    first_read = (y * in_w + x) * in_channels
    still_read = np.minimum.accumulate(first_read[::-1])[::-1]  # by this pixel or a later one
    later = np.arange(2, out_h * out_w, 2)  # the pairs behind each pair
    return max(0, int((later * out_channels - still_read[later]).max(initial=0)))


def _convolution(graph: Graph, operator: Operator) -> LayerCode | None:
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    filters = graph.input_of(operator, 1).values
    w = parameters.window(graph, operator)
    r = parameters.convolution_requantization(graph, operator)
    sums = _sums(graph, operator, filters, r)
    if (
        sums is None
        or filters.shape[3] != source.shape[3]  # grouped
        or w.dilation != (1, 1)
        or max(*source.shape, *output.shape) > INT16_MAX
        or not dsp_packing.can_pair(sums, r)
    ):
        return None
    packed = dsp_packing.pack_convolution(sums.filters.reshape(filters.shape))
    body = window_text(w, source.shape[3], output.shape[3]) + quantization_text(r)
    body += _call(
        "model_conv_2d_dsp",
        "&window",
        "&quantization",
        "layer_filter",
        "layer_channels",
        "input",
        "output",
        "scratch",
    )
    tables = (Table("filter", "int32_t", packed), _block_table(sums))
    overlap = (_pair_overlap(w, source.shape[3], output.shape[3]),)
    code = LayerCode(body, ("conv_2d_dsp",), tables, 8 * packed.shape[1], overlap)
    return _clamped(code, output, (r.activation_min, r.activation_max))


def _fully_connected(graph: Graph, operator: Operator) -> LayerCode | None:
    weights = graph.input_of(operator, 1).values
    channels, depth = weights.shape
    r = parameters.fully_connected_requantization(graph, operator)
    sums = _sums(graph, operator, weights, r)
    if (
        sums is None
        or graph.input_of(operator, 0).elements != depth
        or not dsp_packing.can_pair(sums, r)
    ):
        return None
    packed = dsp_packing.pack_fully_connected(sums.filters)
    scaling = _scaling(sums)
    step = 2
    if (scaling == scaling[0]).all():
        scaling, step = scaling[:1], 0
    else:  # the kernel reads four at a time
        scaling = np.pad(scaling, ((0, -len(scaling) % 4), (0, 0)))
    body = quantization_text(r)
    body += _call(
        "model_fully_connected_dsp",
        depth,
        channels,
        "&quantization",
        "layer_weights",
        "layer_begin",
        "layer_scaling",
        step,
        "input",
        "output",
        "scratch",
    )
    tables = (
        Table("weights", "int32_t", packed),
        Table("begin", "int32_t", _begin(sums.bias)),
        Table("scaling", "int32_t", scaling),
    )
    # all of the input is widened before the first output is written
    overlap = (ANYWHERE_BEFORE,)
    code = LayerCode(body, ("fully_connected_dsp",), tables, 4 * packed.shape[1], overlap)
    return _clamped(code, graph.output_of(operator), (r.activation_min, r.activation_max))


def _walk_is_down(w: Window) -> bool:
    """Whether the depthwise kernel walks down columns instead of along rows."""
    return w.output[0] > w.output[1]


def _plane(w: Window) -> tuple[int, int]:
    """Rows and row length (halfwords) of the depthwise kernel's plane."""
    across, along = (1, 0) if _walk_is_down(w) else (0, 1)
    stride = w.stride[0]
    behind = stride * (2 * (w.output[along] // 2) - 1) + 4  # what the last pair reads
    last = stride * (w.output[along] - 1) + 4
    row = max(behind, last, w.padding[along] + w.input[along])
    rows = max(stride * (w.output[across] - 1) + 3, w.padding[across] + w.input[across])
    return rows, row + row % 2


def _depthwise_sums(graph: Graph, operator: Operator) -> Sums | None:
    """What a layer computes that `depthwise_3x3_dsp.c` covers, else None."""
    if operator.kind != "DEPTHWISE_CONV_2D" or graph.input_of(operator, 0).dtype != "int8":
        return None
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    w = parameters.window(graph, operator)
    if (
        w.filter != (3, 3)
        or w.stride not in ((1, 1), (2, 2))
        or w.dilation != (1, 1)
        or source.shape[3] != output.shape[3]
        or max(*source.shape, *output.shape) > INT16_MAX
        or _plane(w)[1] > WIDEST_PLANE_ROW
    ):
        return None
    filters = graph.input_of(operator, 1).values.reshape(9, -1).T
    return _sums(graph, operator, filters, parameters.convolution_requantization(graph, operator))


def _depthwise(graph: Graph, operator: Operator) -> LayerCode | None:
    sums = _depthwise_sums(graph, operator)
    if sums is None:
        return None
    w = parameters.window(graph, operator)
    r = parameters.convolution_requantization(graph, operator)
    channels = len(sums.bias)
    filters = sums.filters.reshape(channels, 3, 3)
    bias = sums.bias - r.input_zero_point * sums.filters.astype(np.int64).sum(axis=1)
    rows, _ = _plane(w)
    # one row length for all layers, so that one copy of the kernel serves them
    row = max(
        _plane(parameters.window(graph, other))[1]
        for other in graph.operators
        if _depthwise_sums(graph, other) is not None
    )
    across, along = (1, 0) if _walk_is_down(w) else (0, 1)
    in_step = (w.input[1] * channels, channels)
    out_step = (w.output[1] * channels, channels)
    if _walk_is_down(w):
        filters = filters.transpose(0, 2, 1)
    body = (
        "    static const model_depthwise_3x3 shape = {\n"
        f"        {channels}, {w.stride[0]}, {rows}, /* channels, stride, rows of the plane */\n"
        f"        {w.input[along]}, {w.input[across]}, {in_step[along]}, {in_step[across]}, "
        "/* input: sizes and steps along and across the walk */\n"
        f"        {w.output[along]}, {w.output[across]}, {out_step[along]}, {out_step[across]}, "
        "/* output */\n"
        f"        {w.padding[along]}, {w.padding[across]} /* padding */\n"
        "    };\n"
    )
    body += quantization_text(r)
    body += _call(
        f"model_depthwise_3x3_dsp_{row}",
        "&shape",
        "&quantization",
        "layer_filter",
        "layer_channels",
        "input",
        "output",
        "scratch",
    )
    tables = (
        Table("filter", "int8_t", filters),
        Table("channels", "int32_t", np.column_stack([bias, _scaling(sums)])),
    )
    same = w.input == w.output
    code = LayerCode(
        body, (f"depthwise_3x3_dsp:{row}",), tables, 2 * rows * row, (None,), exact=same
    )
    return _clamped(code, graph.output_of(operator), (r.activation_min, r.activation_max))


def _pooling(graph: Graph, operator: Operator) -> LayerCode | None:
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    channels = source.shape[3]
    w = parameters.window(graph, operator)
    activation = operator.options["fused_activation_function"]
    if (
        channels % 4
        or w.filter[0] * w.filter[1] > MOST_VALUES_TO_AVERAGE
        or max(*source.shape, *output.shape) > INT16_MAX
    ):
        return None
    stem = f"{operator.kind.lower()}_dsp"
    body = window_text(w, channels, channels) + _call(f"model_{stem}", "&window", "input", "output")
    code = LayerCode(body, (stem,), overlap=(raster_overlap(w, channels, channels),))
    return _clamped(code, output, parameters.activation_range(activation, output))


def _addition(graph: Graph, operator: Operator) -> LayerCode | None:
    """ADD of two values of the same shape and of different scales."""
    inputs, output = graph.activations_of(operator), graph.output_of(operator)
    p = parameters.addition(graph, operator)
    exact = 0 if p.input_multipliers[0] == HALF else 1
    other = 1 - exact
    multiplier, shift = p.input_multipliers[other]
    if (
        [tensor.shape for tensor in inputs] != [output.shape] * 2
        or p.input_multipliers[exact] != HALF
        or not -22 <= p.output_multiplier.shift <= -1
        or not -22 <= shift <= -1
    ):
        return None
    scale, output_shift = p.output_multiplier
    rounding = (2 * p.output_zero_point + 1) << (-output_shift - 1)
    body = (
        "    static const model_dsp_addition parameters = {\n"
        f"        {-p.input_zero_points[exact] << 20}, /* input {exact} */\n"
        f"        {-p.input_zero_points[other] << 21}, {multiplier}, "
        f"{1 << (-shift - 1)}, {-shift}, /* input {other} */\n"
        f"        {scale}, {rounding}, {-output_shift - 1} /* output */\n"
        "    };\n"
    )
    body += _call(
        "model_add_dsp",
        output.elements,
        "&parameters",
        f"input_{exact}",
        f"input_{other}",
        "output",
    )
    code = LayerCode(body, ("add_dsp",), overlap=(0, 0))
    return _clamped(code, output, (p.activation_min, p.activation_max))


EMITTERS: dict[str, Callable[[Graph, Operator], LayerCode | None]] = {
    "CONV_2D": _convolution,
    "FULLY_CONNECTED": _fully_connected,
    "DEPTHWISE_CONV_2D": _depthwise,
    "MAX_POOL_2D": _pooling,
    "AVERAGE_POOL_2D": _pooling,
    "ADD": _addition,
}
