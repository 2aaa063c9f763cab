"""From an operator to the C of its layer, for cores without DSP instructions: Cortex-M0+, RV32IMC.

Each function returns a `LayerCode`, or `OnlyReadable` where the kernel does not fit the layer: then
the readable one serves there too. The kernels are `kernels/*_small.c` and what they need. Both core
families have the same layers and tables; where Thumb-1 code is written in assembly, the kernel's
file holds it beside the C that serves RV32.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

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
from tinyml_course.export.layers.structs import quantization_text, window_text
from tinyml_course.export.text import call_text as _call
from tinyml_course.network import parameters
from tinyml_course.network.fixed_point import wrap_int32
from tinyml_course.network.ir import Graph, Operator

PIXELS = 4  # at a time
ROWS = 4  # of a dense layer at a time
INPUTS = 160  # of a large dense layer at a time, on Thumb-1
MANY_ROWS, MANY_WEIGHTS = 32, 1024  # from which on time and memory for that are well spent
MOST_BAND_BYTES = 2048  # about, of the depthwise kernel's scratch memory
PAIR_LIMIT = 255  # of |weight| + |next weight|: times 128 it must fit 16 bits with a sign
NO_PAIRING = "two weights of -128 side by side"


def pack_words(rows: np.ndarray) -> np.ndarray:
    """int8 (filters, depth) as int32 (filters, depth / 4), each row filled up with zeros.

    >>> pack_words(np.array([[1, 2, 0, 0, -1]], np.int8)).tolist()
    [[513, 255]]
    """
    rows = np.pad(rows, ((0, 0), (0, -rows.shape[1] % 4)))
    return np.ascontiguousarray(rows.astype("<i1")).view("<i4")


def pack_four_rows(rows: np.ndarray) -> np.ndarray:
    """int8 (rows, inputs) as words of four rows, each weight plus 128, block after block.

    >>> [hex(word) for word in pack_four_rows(np.array([[1, -1]] * 4, np.int8))]
    ['0x81818181', '0x7f7f7f7f']
    """
    rows = np.pad(rows, ((0, -rows.shape[0] % ROWS), (0, rows.shape[1] % 2)))
    blocks = (rows.astype(np.int32) + 128).astype("<u1").reshape(-1, ROWS, rows.shape[1])
    return np.ascontiguousarray(blocks.transpose(0, 2, 1)).view("<u4").reshape(-1)


def can_pair_pixels(rows: np.ndarray) -> bool:
    """Whether two products, a weight's and the next one's, always add up within 16 bits.

    rows: int8 (filters, depth), in the order in which the kernel takes them two by two.
    """
    size = np.abs(np.pad(rows.astype(np.int32), ((0, 0), (0, rows.shape[1] % 2))))
    return bool((size[:, 0::2] + size[:, 1::2] <= PAIR_LIMIT).all())


def _scaling(sums: Sums) -> np.ndarray:
    """Multiplier and right shift of each channel."""
    return np.stack([sums.multipliers, -sums.shifts], axis=1)


def _channel_table(sums: Sums, zero_point: int) -> Table:
    """Bias, multiplier and shift of each channel."""
    rows = np.column_stack([folded_bias(sums, zero_point), _scaling(sums)])
    return Table("channels", "int32_t", rows)


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
    if not can_pair_pixels(sums.filters):
        return OnlyReadable(NO_PAIRING)
    packed = pack_words(sums.filters)
    body = window_text(w, source.shape[3], output.shape[3]) + quantization_text(r)
    body += _call(
        "model_conv_2d_small",
        "&window",
        "&quantization",
        "layer_filter",
        "layer_channels",
        "input",
        "output",
        "scratch",
    )
    tables = (Table("filter", "int32_t", packed), _channel_table(sums, r.input_zero_point))
    overlap = (group_overlap(w, source.shape[3], output.shape[3], PIXELS),)
    scratch_bytes = PIXELS * 2 * 4 * packed.shape[1]  # int16, the depth in words of four
    code = LayerCode(body, ("conv_2d_small",), tables, scratch_bytes, overlap)
    return clamped(code, output, (r.activation_min, r.activation_max))


def depthwise_sums(graph: Graph, operator: Operator) -> Sums | None:
    """What a depthwise layer of any size computes, its taps in the order of the filter."""
    filters = graph.input_of(operator, 1).values
    r = parameters.convolution_requantization(graph, operator)
    return layer_sums(graph, operator, filters.reshape(-1, filters.shape[3]).T, r)


def any_depthwise(
    graph: Graph, operator: Operator, sums: Sums, scaling: np.ndarray, kernel: str, *more: int
) -> LayerCode:
    """DEPTHWISE_CONV_2D of any size by a kernel that reads the filter as the .tflite file has it.

    scaling: multiplier and shift of each output channel, as the kernel wants them. more: what it
    asks for beside the shape.
    """
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    w = parameters.window(graph, operator)
    r = parameters.convolution_requantization(graph, operator)
    body = window_text(w, source.shape[3], output.shape[3]) + quantization_text(r)
    body += _call(
        f"model_{kernel}",
        "&window",
        "&quantization",
        "layer_filter",
        "layer_channels",
        *more,
        "input",
        "output",
    )
    tables = (
        Table("filter", "int8_t", sums.filters.T),
        # beyond the image's edge nothing is added: the zero point cannot be in the bias
        Table("channels", "int32_t", np.column_stack([sums.bias, scaling])),
    )
    overlap = (raster_overlap(w, source.shape[3], output.shape[3]),)
    code = LayerCode(body, (kernel,), tables, overlap=overlap)
    return clamped(code, output, (r.activation_min, r.activation_max))


def _depthwise(graph: Graph, operator: Operator) -> LayerCode | OnlyReadable:
    """An ordinary convolution if that is what it is, the 3x3 kernel if it fits, or the general."""
    if is_convolution(graph, operator):
        code = _convolution(graph, operator)
        if isinstance(code, LayerCode):
            return code
    code = _depthwise_3x3(graph, operator)
    if isinstance(code, LayerCode):
        return code
    return general_depthwise(graph, operator)


def general_depthwise(graph: Graph, operator: Operator) -> LayerCode | OnlyReadable:
    """DEPTHWISE_CONV_2D of any size and any number of outputs a channel."""
    if why := why_not_depthwise(graph, operator):
        return OnlyReadable(why)
    sums = depthwise_sums(graph, operator)
    if sums is None:
        return OnlyReadable(NO_ROUNDING)
    per_channel = graph.output_of(operator).shape[3] // graph.input_of(operator, 0).shape[3]
    return any_depthwise(
        graph, operator, sums, _scaling(sums), "depthwise_conv_2d_small", per_channel
    )


def _depthwise_3x3(graph: Graph, operator: Operator) -> LayerCode | OnlyReadable:
    output = graph.output_of(operator)
    if why := why_not_depthwise_3x3(graph, operator):
        return OnlyReadable(why)
    w = parameters.window(graph, operator)
    r = parameters.convolution_requantization(graph, operator)
    sums = layer_sums(graph, operator, graph.input_of(operator, 1).values.reshape(9, -1).T, r)
    if sums is None:
        return OnlyReadable(NO_ROUNDING)
    channels = len(sums.bias)
    filters = sums.filters.reshape(channels, 3, 3)
    across, along = (1, 0) if walk_is_down(w) else (0, 1)
    if walk_is_down(w):
        filters = filters.transpose(0, 2, 1)
    if not can_pair_pixels(filters.reshape(channels, 9)):
        return OnlyReadable(NO_PAIRING)
    stride = w.stride[0]
    row_words = stride * (w.output[along] - 1 & ~1) + 3
    bands = -(-4 * row_words * (stride * (w.output[across] - 1) + 3) // MOST_BAND_BYTES)
    band_outputs = -(-w.output[across] // bands)
    in_step = (w.input[1] * channels, channels)
    out_step = (w.output[1] * channels, channels)
    body = (
        "    static const model_depthwise_3x3_small_shape shape = {\n"
        f"        {channels}, {stride}, {row_words}, {band_outputs}, "
        "/* channels, stride, words of a row, rows of output a band */\n"
        f"        {w.input[along]}, {w.input[across]}, {w.output[along]}, {w.output[across]}, "
        "/* along a row, across: input, output, */\n"
        f"        {w.padding[along]}, {w.padding[across]}, /* padding, */\n"
        f"        {in_step[along]}, {in_step[across]}, {out_step[along]}, {out_step[across]} "
        "/* steps of input and output */\n"
        "    };\n"
    )
    body += quantization_text(r)
    body += _call(
        "model_depthwise_3x3_small",
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
        Table(
            "channels",
            "int32_t",
            np.column_stack([folded_bias(sums, r.input_zero_point), _scaling(sums)]),
        ),
    )
    scratch_bytes = 4 * row_words * (stride * (band_outputs - 1) + 3)
    code = LayerCode(
        body, ("depthwise_3x3_small",), tables, scratch_bytes, (None,), exact=w.input == w.output
    )
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
    scaling = _scaling(sums)
    step = 2
    if (scaling == scaling[0]).all():
        scaling, step = scaling[:1], 0
    body = quantization_text(r)
    body += _call(
        "model_fully_connected_small",
        depth,
        channels,
        "&quantization",
        "layer_weights",
        "layer_begin",
        "layer_scaling",
        step,
        "input",
        "output",
    )
    tables = (
        Table("weights", "int8_t", sums.filters.reshape(weights.shape)),
        Table("begin", "int32_t", folded_bias(sums, r.input_zero_point)),
        Table("scaling", "int32_t", scaling),
    )
    code = LayerCode(body, ("fully_connected_small",), tables)
    return clamped(code, graph.output_of(operator), (r.activation_min, r.activation_max))


def _wide_fully_connected(graph: Graph, operator: Operator) -> LayerCode | OnlyReadable:
    """FULLY_CONNECTED on Thumb-1: where many rows share the inputs, these are made ready first."""
    weights = graph.input_of(operator, 1).values
    small = _fully_connected(graph, operator)
    channels, depth = weights.shape
    if isinstance(small, OnlyReadable) or channels < MANY_ROWS or weights.size < MANY_WEIGHTS:
        return small
    r = parameters.fully_connected_requantization(graph, operator)
    sums = layer_sums(graph, operator, weights, r)
    if sums is None or not can_pair_pixels(sums.filters):
        return small
    parts = [sums.filters[:, at : at + INPUTS] for at in range(0, depth, INPUTS)]
    pairs = sum(-(-part.shape[1] // 2) for part in parts)
    bias = np.pad(folded_bias(sums, r.input_zero_point), (0, -channels % ROWS)).reshape(-1, ROWS)
    begin = np.empty_like(bias)
    for at, (low, high) in ((0, (0, 2)), (2, (1, 3))):
        begin[:, at] = wrap_int32(bias[:, low] + 65536 * bias[:, high] - 32768 * pairs)
        begin[:, at + 1] = bias[:, high]
    scaling, step = _scaling(sums), 2
    if (scaling == scaling[0]).all():
        scaling, step = scaling[:1], 0
    else:  # the kernel reads four at a time
        scaling = np.pad(scaling, ((0, -channels % ROWS), (0, 0)), mode="edge")
    kernel = "fully_connected_thumb1"
    body = quantization_text(r)
    body += _call(
        f"model_{kernel}_{INPUTS}",
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
        Table("weights", "uint32_t", np.concatenate([pack_four_rows(part) for part in parts])),
        Table("begin", "int32_t", begin),
        Table("scaling", "int32_t", scaling),
    )
    # 12 bytes for two inputs; and, between parts, the sums
    scratch_bytes = 6 * INPUTS + 4 * bias.size if len(parts) > 1 else 12 * pairs
    # all of the input is read before the first output is written
    code = LayerCode(body, (f"{kernel}:{INPUTS}",), tables, scratch_bytes, (0,))
    return clamped(code, graph.output_of(operator), (r.activation_min, r.activation_max))


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
        "    static const model_small_addition parameters = {\n"
        f"        {-p.input_zero_points[exact] << 19}, /* input {exact} */\n"
        f"        {-p.input_zero_points[other] << 20}, {multiplier}, "
        f"{1 << (-shift - 1)}, {-shift}, /* input {other} */\n"
        f"        {scale}, {rounding}, {-output_shift} /* output */\n"
        "    };\n"
    )
    body += _call(
        "model_add_small",
        output.elements,
        "&parameters",
        f"input_{exact}",
        f"input_{other}",
        "output",
    )
    code = LayerCode(body, ("add_small",), overlap=(0, 0))
    return clamped(code, output, (p.activation_min, p.activation_max))


def pooling(graph: Graph, operator: Operator) -> LayerCode | OnlyReadable:
    """MAX_POOL_2D and AVERAGE_POOL_2D of any number of channels."""
    output = graph.output_of(operator)
    channels = output.shape[3]
    w = parameters.window(graph, operator)
    activation = operator.options["fused_activation_function"]
    if why := why_not_pooling(graph, operator):
        return OnlyReadable(why)
    stem = f"{operator.kind.lower()}_small"
    body = window_text(w, channels, channels) + _call(f"model_{stem}", "&window", "input", "output")
    code = LayerCode(body, (stem,), overlap=(raster_overlap(w, channels, channels),))
    return clamped(code, output, parameters.activation_range(activation, output))


EMITTERS: dict[str, Callable[[Graph, Operator], LayerCode | OnlyReadable]] = {
    "CONV_2D": _convolution,
    "FULLY_CONNECTED": _fully_connected,
    "DEPTHWISE_CONV_2D": _depthwise,
    "MAX_POOL_2D": pooling,
    "AVERAGE_POOL_2D": pooling,
    "ADD": _addition,
}
# On Thumb-1 one kernel more.
THUMB1_EMITTERS = EMITTERS | {"FULLY_CONNECTED": _wide_fully_connected}
