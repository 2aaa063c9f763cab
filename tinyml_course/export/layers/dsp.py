"""From an operator to the C of its layer, in the fast variant for cores with DSP instructions.

Each function returns a `LayerCode`, or `OnlyReadable` where the fast kernel does not fit the layer:
then the readable one serves there too. The kernels are `kernels/*_dsp.c`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tinyml_course.export.layers import dsp_packing
from tinyml_course.export.layers.accumulators import Sums, folded_bias, layer_sums
from tinyml_course.export.layers.code import (
    LayerCode,
    OnlyReadable,
    Table,
    group_overlap,
    raster_overlap,
)
from tinyml_course.export.layers.fits import (
    NO_ROUNDING,
    clamped,
    convolution_filters,
    exact_input,
    is_convolution,
    walk_is_down,
    why_not_addition,
    why_not_convolution,
    why_not_depthwise,
    why_not_depthwise_3x3,
    why_not_fully_connected,
    why_not_pooling,
)
from tinyml_course.export.layers.small import (
    any_depthwise,
    depthwise_sums,
    general_depthwise,
    pooling,
)
from tinyml_course.export.layers.structs import quantization_text, window_text
from tinyml_course.export.text import call_text as _call
from tinyml_course.network import parameters
from tinyml_course.network.fixed_point import wrap_int32
from tinyml_course.network.ir import Graph, Operator
from tinyml_course.network.parameters import Requantization, Window

WIDEST_PLANE_ROW = 170  # four rows must lie within the 1020 bytes that LDRD's offset reaches
ANYWHERE_BEFORE = 0
CHANNELS_AT_A_TIME = 4  # of the depthwise kernel for any size
NO_PAIRING = "a weight of -128"
TOO_LARGE_TO_PAIR = "sums beyond 2^23"


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


def _convolution(graph: Graph, operator: Operator) -> LayerCode | OnlyReadable:
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    filters = convolution_filters(graph, operator)
    w = parameters.window(graph, operator)
    r = parameters.convolution_requantization(graph, operator)
    if why := why_not_convolution(graph, operator):
        return OnlyReadable(why)
    sums = layer_sums(graph, operator, filters, r)
    if sums is None:
        return OnlyReadable(NO_ROUNDING)
    if sums.filters.min() < -127:
        return OnlyReadable(NO_PAIRING)
    if not dsp_packing.can_pair(sums, r):
        return OnlyReadable(TOO_LARGE_TO_PAIR)
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
    overlap = (group_overlap(w, source.shape[3], output.shape[3], 2),)
    code = LayerCode(body, ("conv_2d_dsp",), tables, 8 * packed.shape[1], overlap)
    return clamped(code, output, (r.activation_min, r.activation_max))


def _fully_connected(graph: Graph, operator: Operator) -> LayerCode | OnlyReadable:
    weights = graph.input_of(operator, 1).values
    channels, depth = weights.shape
    r = parameters.fully_connected_requantization(graph, operator)
    if why := why_not_fully_connected(graph, operator):
        return OnlyReadable(why)
    sums = layer_sums(graph, operator, weights, r)
    if sums is None:
        return OnlyReadable(NO_ROUNDING)
    if sums.filters.min() < -127:
        return OnlyReadable(NO_PAIRING)
    if not dsp_packing.can_pair(sums, r):
        return _deep_fully_connected(graph, operator, sums, r)
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
    return clamped(code, graph.output_of(operator), (r.activation_min, r.activation_max))


def _deep_fully_connected(
    graph: Graph, operator: Operator, sums: Sums, r: Requantization
) -> LayerCode:
    """FULLY_CONNECTED whose sums do not fit a shared word, some of its inputs at a time."""
    channels, depth = sums.filters.shape
    step = dsp_packing.SAFE_DEPTH
    parts = [sums.filters[:, at : at + step] for at in range(0, depth, step)]
    packed = [dsp_packing.pack_fully_connected(part).reshape(-1) for part in parts]
    fill = -channels % 4
    scaling, scaling_step = _scaling(sums), 2
    if (scaling == scaling[0]).all():
        scaling, scaling_step = scaling[:1], 0
    kernel = f"fully_connected_deep_dsp_{step}"
    body = quantization_text(r)
    body += _call(
        f"model_{kernel}",
        depth,
        channels,
        "&quantization",
        "layer_weights",
        "layer_bias",
        "layer_scaling",
        scaling_step,
        "input",
        "output",
        "scratch",
    )
    tables = (
        Table("weights", "int32_t", np.concatenate(packed)),
        Table("bias", "int32_t", np.pad(sums.bias, (0, fill))),
        Table("scaling", "int32_t", scaling),
    )
    scratch_bytes = 2 * step + 4 * (channels + fill)
    # all of the input is read before the first output is written
    code = LayerCode(
        body, (f"fully_connected_deep_dsp:{step}",), tables, scratch_bytes, (ANYWHERE_BEFORE,)
    )
    return clamped(code, graph.output_of(operator), (r.activation_min, r.activation_max))


def _plane(w: Window) -> tuple[int, int]:
    """Rows and row length (halfwords) of the depthwise kernel's plane."""
    across, along = (1, 0) if walk_is_down(w) else (0, 1)
    stride = w.stride[0]
    behind = stride * (2 * (w.output[along] // 2) - 1) + 4  # what the last pair reads
    last = stride * (w.output[along] - 1) + 4
    row = max(behind, last, w.padding[along] + w.input[along])
    rows = max(stride * (w.output[across] - 1) + 3, w.padding[across] + w.input[across])
    return rows, row + row % 2


def _depthwise_3x3_sums(graph: Graph, operator: Operator) -> Sums | OnlyReadable:
    """What a layer computes, if `depthwise_3x3_dsp.c` covers it."""
    if operator.kind != "DEPTHWISE_CONV_2D" or graph.input_of(operator, 0).dtype != "int8":
        return OnlyReadable("another operator")
    if why := why_not_depthwise_3x3(graph, operator):
        return OnlyReadable(why)
    if _plane(parameters.window(graph, operator))[1] > WIDEST_PLANE_ROW:
        return OnlyReadable("rows too long")
    filters = graph.input_of(operator, 1).values.reshape(9, -1).T
    r = parameters.convolution_requantization(graph, operator)
    return layer_sums(graph, operator, filters, r) or OnlyReadable(NO_ROUNDING)


def _depthwise(graph: Graph, operator: Operator) -> LayerCode | OnlyReadable:
    """An ordinary convolution if that is what it is, the 3x3 kernel if it fits, or the general."""
    if is_convolution(graph, operator):
        code = _convolution(graph, operator)
        if isinstance(code, LayerCode):
            return code
    code = _depthwise_3x3(graph, operator)
    if isinstance(code, LayerCode):
        return code
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    if why := why_not_depthwise(graph, operator):
        return OnlyReadable(why)
    if source.shape[3] != output.shape[3] or output.shape[3] < CHANNELS_AT_A_TIME:
        return general_depthwise(graph, operator)
    sums = depthwise_sums(graph, operator)
    if sums is None:
        return OnlyReadable(NO_ROUNDING)
    return any_depthwise(graph, operator, sums, _scaling(sums), "depthwise_conv_2d_dsp")


def _depthwise_3x3(graph: Graph, operator: Operator) -> LayerCode | OnlyReadable:
    sums = _depthwise_3x3_sums(graph, operator)
    if isinstance(sums, OnlyReadable):
        return sums
    w = parameters.window(graph, operator)
    r = parameters.convolution_requantization(graph, operator)
    channels = len(sums.bias)
    filters = sums.filters.reshape(channels, 3, 3)
    bias = folded_bias(sums, r.input_zero_point)
    rows, _ = _plane(w)
    # one row length for all layers, so that one copy of the kernel serves them
    row = max(
        _plane(parameters.window(graph, other))[1]
        for other in graph.operators
        if isinstance(_depthwise_3x3_sums(graph, other), Sums)
    )
    across, along = (1, 0) if walk_is_down(w) else (0, 1)
    in_step = (w.input[1] * channels, channels)
    out_step = (w.output[1] * channels, channels)
    if walk_is_down(w):
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
    return clamped(code, graph.output_of(operator), (r.activation_min, r.activation_max))


def _pooling(graph: Graph, operator: Operator) -> LayerCode | OnlyReadable:
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    channels = source.shape[3]
    w = parameters.window(graph, operator)
    activation = operator.options["fused_activation_function"]
    if why := why_not_pooling(graph, operator):
        return OnlyReadable(why)
    if channels % 4:
        return pooling(graph, operator)
    stem = f"{operator.kind.lower()}_dsp"
    body = window_text(w, channels, channels) + _call(f"model_{stem}", "&window", "input", "output")
    code = LayerCode(body, (stem,), overlap=(raster_overlap(w, channels, channels),))
    return clamped(code, output, parameters.activation_range(activation, output))


def _addition(graph: Graph, operator: Operator) -> LayerCode | OnlyReadable:
    """ADD of two values of the same shape and of different scales."""
    output = graph.output_of(operator)
    p = parameters.addition(graph, operator)
    if why := why_not_addition(graph, operator):
        return OnlyReadable(why)
    exact = exact_input(graph, operator)
    other = 1 - exact
    multiplier, shift = p.input_multipliers[other]
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
    return clamped(code, output, (p.activation_min, p.activation_max))


EMITTERS: dict[str, Callable[[Graph, Operator], LayerCode | OnlyReadable]] = {
    "CONV_2D": _convolution,
    "FULLY_CONNECTED": _fully_connected,
    "DEPTHWISE_CONV_2D": _depthwise,
    "MAX_POOL_2D": _pooling,
    "AVERAGE_POOL_2D": _pooling,
    "ADD": _addition,
}
