"""From an operator to the C of its layer, in the fast variant for cores with DSP instructions.

Each function returns a `LayerCode`, or None where the fast kernel does not fit the layer: then the
readable one serves there too. The kernels are `kernels/*_dsp.c`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tinyml_course.export import dsp_packing, parameters
from tinyml_course.export.ir import Graph, Operator
from tinyml_course.export.layer_code import LayerCode, Table
from tinyml_course.export.layers import _call, quantization_text, window_text
from tinyml_course.export.parameters import Requantization, Window

INT16_MAX = 32767
WIDEST_PLANE_ROW = 254  # three rows must lie within the 1020 bytes that LDRD's offset reaches
ANYWHERE_BEFORE = 0


def dsp_layer(graph: Graph, operator: Operator) -> LayerCode | None:
    """The fast variant of a layer, None if there is none."""
    emit = EMITTERS.get(operator.kind)
    if emit is None or {graph.input_of(operator, 0).dtype, graph.output_of(operator).dtype} != {
        "int8"
    }:
        return None
    return emit(graph, operator)


def _bias(graph: Graph, operator: Operator, channels: int) -> np.ndarray:
    bias = graph.input_of(operator, 2)
    return np.zeros(channels, np.int64) if bias is None else bias.data.reshape(-1).astype(np.int64)


def _channel_table(r: Requantization, bias: np.ndarray) -> Table:
    """Bias, multiplier and right shift - 1 of each channel; an even number of channels."""
    rows = np.stack([bias, np.array(r.values), -np.array(r.shifts) - 1], axis=1)
    return Table("channels", "int32_t", np.pad(rows, ((0, len(rows) % 2), (0, 0))))


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
    filters = graph.input_of(operator, 1).data
    w = parameters.window(graph, operator)
    r = parameters.convolution_requantization(graph, operator)
    n = filters.shape[0]
    bias = _bias(graph, operator, n)
    if (
        filters.shape[3] != source.shape[3]  # grouped
        or w.dilation != (1, 1)
        or max(*source.shape, *output.shape) > INT16_MAX
        or not dsp_packing.can_requantize(r)
        or not dsp_packing.can_pair(filters.reshape(n, -1), bias, source.zero_point)
    ):
        return None
    packed = dsp_packing.pack_convolution(filters)
    body = window_text(w, source.shape[3], output.shape[3]) + quantization_text(r)
    body += _call("model_conv_2d_dsp", "&window", "&quantization", "layer_filter",
                  "layer_channels", "input", "output", "scratch")
    tables = (Table("filter", "int32_t", packed), _channel_table(r, bias))
    overlap = (_pair_overlap(w, source.shape[3], output.shape[3]),)
    return LayerCode(body, ("conv_2d_dsp",), tables, 8 * packed.shape[1], overlap)


def _fully_connected(graph: Graph, operator: Operator) -> LayerCode | None:
    source = graph.input_of(operator, 0)
    weights = graph.input_of(operator, 1).data
    channels, depth = weights.shape
    r = parameters.fully_connected_requantization(graph, operator)
    bias = _bias(graph, operator, channels)
    if (
        source.elements != depth
        or not dsp_packing.can_requantize(r)
        or not dsp_packing.can_pair(weights, bias, source.zero_point)
    ):
        return None
    packed = dsp_packing.pack_fully_connected(weights)
    scaling = np.stack([np.array(r.values), -np.array(r.shifts) - 1], axis=1)
    body = quantization_text(r)
    body += _call("model_fully_connected_dsp", depth, channels, "&quantization", "layer_weights",
                  "layer_bias", "layer_scaling", 2 if len(r.values) > 1 else 0, "input",
                  "output", "scratch")
    tables = (
        Table("weights", "int32_t", packed),
        Table("bias", "int32_t", np.pad(bias, (0, -channels % 4))),
        Table("scaling", "int32_t", scaling),
    )
    # all of the input is widened before the first output is written
    overlap = (ANYWHERE_BEFORE,)
    return LayerCode(body, ("fully_connected_dsp",), tables, 4 * packed.shape[1], overlap)


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


def _is_3x3(graph: Graph, operator: Operator) -> bool:
    """Whether `depthwise_3x3_dsp.c` covers the layer."""
    if operator.kind != "DEPTHWISE_CONV_2D" or graph.input_of(operator, 0).dtype != "int8":
        return False
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    filters = graph.input_of(operator, 1).data
    w = parameters.window(graph, operator)
    r = parameters.convolution_requantization(graph, operator)
    bounds = dsp_packing.accumulator_bounds(
        filters.reshape(9, -1).T, _bias(graph, operator, filters.shape[3]), source.zero_point
    ) if w.filter == (3, 3) else None
    return (
        bounds is not None
        and source.shape[3] == output.shape[3]
        and w.stride in ((1, 1), (2, 2))
        and w.dilation == (1, 1)
        and max(*source.shape, *output.shape) <= INT16_MAX
        and _plane(w)[1] <= WIDEST_PLANE_ROW
        and dsp_packing.can_requantize(r)
        and bool((bounds < dsp_packing.ACCUMULATOR_LIMIT // 2).all())
    )


def _depthwise(graph: Graph, operator: Operator) -> LayerCode | None:
    if not _is_3x3(graph, operator):
        return None
    source = graph.input_of(operator, 0)
    filters = graph.input_of(operator, 1).data.reshape(3, 3, -1).transpose(2, 0, 1)
    w = parameters.window(graph, operator)
    r = parameters.convolution_requantization(graph, operator)
    channels = len(filters)
    bias = _bias(graph, operator, channels)
    bias = bias - source.zero_point * filters.astype(np.int64).sum(axis=(1, 2))
    rows, _ = _plane(w)
    # one row length for all layers, so that one copy of the kernel serves them
    row = max(
        _plane(parameters.window(graph, other))[1]
        for other in graph.operators
        if _is_3x3(graph, other)
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
    body += _call(f"model_depthwise_3x3_dsp_{row}", "&shape", "&quantization", "layer_filter",
                  "layer_channels", "input", "output", "scratch")
    tables = (Table("filter", "int8_t", filters), _channel_table(r, bias))
    same = w.input == w.output
    return LayerCode(
        body, (f"depthwise_3x3_dsp:{row}",), tables, 2 * rows * row, (None,), exact=same
    )


EMITTERS: dict[str, Callable[[Graph, Operator], LayerCode | None]] = {
    "CONV_2D": _convolution,
    "FULLY_CONNECTED": _fully_connected,
    "DEPTHWISE_CONV_2D": _depthwise,
}
