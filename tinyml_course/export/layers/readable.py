"""From an operator to the C of its layer, in the readable variant.

One function an operator; each returns a `LayerCode`. What the numbers mean is in `parameters`, how
the kernels work in `kernels/`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from tinyml_course.export.layers.code import LayerCode, Table, raster_overlap, rows_overlap
from tinyml_course.export.layers.moves import (
    concatenation_layer,
    copy_layer,
    pad_layer,
    walk_layer,
)
from tinyml_course.export.text import call_text as _call
from tinyml_course.export.text import float_literal as f32
from tinyml_course.network import elementwise, geometry, parameters, reference
from tinyml_course.network.fixed_point import Multiplier, reduce_multiplier
from tinyml_course.network.ir import ITEM_BYTES, Graph, Operator
from tinyml_course.network.parameters import Requantization, Window


def readable_layer(graph: Graph, operator: Operator) -> LayerCode:
    """The readable variant of any supported operator that is no alias."""
    return EMITTERS[operator.kind](graph, operator)


def window_text(w: Window, in_channels: int, out_channels: int) -> str:
    """The `model_window` of a layer."""
    return (
        "    static const model_window window = {\n"
        f"        {w.input[0]}, {w.input[1]}, {in_channels}, /* input: height, width, channels */\n"
        f"        {w.output[0]}, {w.output[1]}, {out_channels}, /* output */\n"
        f"        {w.filter[0]}, {w.filter[1]}, {w.stride[0]}, {w.stride[1]}, "
        "/* filter and stride: height, width */\n"
        f"        {w.dilation[0]}, {w.dilation[1]}, {w.padding[0]}, {w.padding[1]} "
        "/* dilation; padding above and on the left */\n"
        "    };\n"
    )


def quantization_text(r: Requantization) -> str:
    """The `model_quantization` of a layer."""
    return (
        "    static const model_quantization quantization = {\n"
        f"        {r.input_zero_point}, {r.output_zero_point}, /* zero points: input, output */\n"
        f"        {r.activation_min}, {r.activation_max} "
        "/* activation: least, greatest */\n"
        "    };\n"
    )


def _float_range(operator: Operator) -> tuple[str, str]:
    low, high = parameters.float_activation_range(
        operator.options["fused_activation_function"]
    ) or (-math.inf, math.inf)
    return f32(low), f32(high)


def _weights(graph: Graph, operator: Operator, name: str) -> tuple[list[Table], str]:
    """Tables for weights and bias, and how the call names the bias."""
    weights, bias = graph.input_of(operator, 1), graph.optional_input_of(operator, 2)
    tables = [Table(name, weights.c_type, weights.values)]
    if bias is None:
        return tables, "NULL"
    return [*tables, Table("bias", bias.c_type, bias.values)], "layer_bias"


def _scale_tables(r: Requantization, wide: bool) -> list[Table]:
    values = [reduce_multiplier(v) for v in r.values] if wide else list(r.values)
    c_type = "int16_t" if wide else "int32_t"
    return [
        Table("multiplier", c_type, np.array(values)),
        Table("shift", "int8_t", np.array(r.shifts)),
    ]


def _fully_connected(graph: Graph, operator: Operator) -> LayerCode:
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    channels, depth = graph.input_of(operator, 1).shape
    rows = source.elements // depth
    item = ITEM_BYTES[source.dtype]
    overlap = (rows_overlap(rows, depth * item, channels * item),)
    tables, bias = _weights(graph, operator, "weights")
    if source.dtype == "float32":
        call = _call(
            "model_fully_connected_float",
            rows,
            depth,
            channels,
            *_float_range(operator),
            "layer_weights",
            bias,
            "input",
            "output",
        )
        return LayerCode(call, ("fully_connected_float",), tuple(tables), overlap=overlap)
    r = parameters.fully_connected_requantization(graph, operator)
    wide = reference.accumulates_in_64_bits(graph, operator)
    body = quantization_text(r)
    per_channel = len(r.values) > 1
    if wide:
        tables += _scale_tables(r, wide)
        body += _call(
            "model_fully_connected_64",
            rows,
            depth,
            channels,
            "&quantization",
            "layer_weights",
            bias,
            "layer_multiplier",
            "layer_shift",
            int(per_channel),
            "input",
            "output",
        )
        kernel = "fully_connected_64"
    elif per_channel:
        tables += _scale_tables(r, wide)
        body += _call(
            f"model_fully_connected_per_channel_{source.dtype}",
            rows,
            depth,
            channels,
            "&quantization",
            "layer_weights",
            bias,
            "layer_multiplier",
            "layer_shift",
            "input",
            "output",
        )
        kernel = f"fully_connected_per_channel:{output.dtype}"
    else:
        body += _call(
            f"model_fully_connected_{source.dtype}",
            rows,
            depth,
            channels,
            "&quantization",
            "layer_weights",
            bias,
            r.values[0],
            r.shifts[0],
            "input",
            "output",
        )
        kernel = f"fully_connected:{output.dtype}"
    return LayerCode(body, (kernel,), tuple(tables), overlap=overlap)


def _convolution(graph: Graph, operator: Operator) -> LayerCode:
    """CONV_2D and DEPTHWISE_CONV_2D."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    stem = operator.kind.lower()
    w = parameters.window(graph, operator)
    in_channels, out_channels = source.shape[3], output.shape[3]
    overlap = (raster_overlap(w, in_channels, out_channels, ITEM_BYTES[source.dtype]),)
    tables, bias = _weights(graph, operator, "filter")
    body = window_text(w, in_channels, out_channels)
    if source.dtype == "float32":
        body += _call(
            f"model_{stem}_float",
            "&window",
            *_float_range(operator),
            "layer_filter",
            bias,
            "input",
            "output",
        )
        return LayerCode(body, (f"{stem}_float",), tuple(tables), overlap=overlap)
    r = parameters.convolution_requantization(graph, operator)
    wide = reference.accumulates_in_64_bits(graph, operator)
    tables += _scale_tables(r, wide)
    suffix = "64" if wide else source.dtype
    body += quantization_text(r) + _call(
        f"model_{stem}_{suffix}",
        "&window",
        "&quantization",
        "layer_filter",
        bias,
        "layer_multiplier",
        "layer_shift",
        "input",
        "output",
    )
    kernel = f"{stem}_64" if wide else f"{stem}:{source.dtype}"
    return LayerCode(body, (kernel,), tuple(tables), overlap=overlap)


def _pooling(graph: Graph, operator: Operator) -> LayerCode:
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    stem = operator.kind.lower()
    w = parameters.window(graph, operator)
    channels = source.shape[3]
    overlap = (raster_overlap(w, channels, channels, ITEM_BYTES[source.dtype]),)
    body = window_text(w, channels, channels)
    if source.dtype == "float32":
        body += _call(f"model_{stem}_float", "&window", *_float_range(operator), "input", "output")
        return LayerCode(body, (f"{stem}_float",), overlap=overlap)
    low, high = parameters.activation_range(operator.options["fused_activation_function"], output)
    r = Requantization((), (), source.zero_point, output.zero_point, low, high)
    body += quantization_text(r)
    body += _call(f"model_{stem}_{source.dtype}", "&window", "&quantization", "input", "output")
    return LayerCode(body, (f"{stem}:{source.dtype}",), overlap=overlap)


def _mean(graph: Graph, operator: Operator) -> LayerCode:
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    g = geometry.mean_geometry(graph, operator)
    if source.dtype == "float32":
        body = _call("model_mean_float", g.outer, g.reduced, g.inner, "input", "output")
        return LayerCode(body, ("mean_float",), overlap=(0,))
    multiplier = parameters.mean_multiplier(graph, operator, g.reduced)
    body = _call(
        f"model_mean_{source.dtype}",
        g.outer,
        g.reduced,
        g.inner,
        source.zero_point,
        output.zero_point,
        *multiplier,
        *parameters.LIMITS[output.dtype],
        "input",
        "output",
    )
    return LayerCode(body, (f"mean:{source.dtype}",), overlap=(0,))


def _operands(graph: Graph, operator: Operator) -> tuple[list[Table], list[str], tuple, bool]:
    """Of a binary operator: tables for constants, argument names, overlaps, same shapes or not."""
    output = graph.output_of(operator)
    tables, names, overlaps = [], [], []
    n_activations = len(graph.activations_of(operator))
    same = True
    for position in (0, 1):
        tensor = graph.input_of(operator, position)
        repeats = tensor.elements != output.elements
        same = same and not repeats
        if tensor.is_constant:
            tables.append(Table(f"operand_{position}", tensor.c_type, tensor.values))
            names.append(f"layer_operand_{position}")
            continue
        names.append(f"input_{len(overlaps)}" if n_activations == 2 else "input")
        overlaps.append(None if repeats else 0)
    return tables, names, tuple(overlaps), same


def _broadcast_text(graph: Graph, operator: Operator) -> str:
    output = graph.output_of(operator)
    count, step_0 = geometry.broadcast_steps(graph.input_of(operator, 0).shape, output.shape)
    _, step_1 = geometry.broadcast_steps(graph.input_of(operator, 1).shape, output.shape)
    rows = ",\n".join(f"        {{{', '.join(map(str, row))}}}" for row in (count, step_0, step_1))
    return f"    static const model_broadcast broadcast = {{\n{rows}\n    }};\n"


def _binary(graph: Graph, operator: Operator) -> LayerCode:
    """ADD, SUB and MUL."""
    output = graph.output_of(operator)
    tables, names, overlaps, same = _operands(graph, operator)
    if output.dtype == "float32":
        stem = f"{operator.kind.lower()}_float"
        body = _broadcast_text(graph, operator)
        body += _call(f"model_{stem}", *_float_range(operator), "&broadcast", *names, "output")
        return LayerCode(body, (stem,), tuple(tables), overlap=overlaps)
    if operator.kind == "MUL":
        r = parameters.multiplication(graph, operator)
        second = graph.input_of(operator, 1)
        stem, body = (
            "mul",
            (
                "    static const model_product parameters = {\n"
                f"        {r.input_zero_point}, {second.zero_point}, {r.output_zero_point}, "
                "/* zero points */\n"
                f"        {r.values[0]}, {r.shifts[0]}, /* multiplier, shift */\n"
                f"        {r.activation_min}, {r.activation_max} "
                "/* activation: least, greatest */\n"
                "    };\n"
            ),
        )
    else:
        p = parameters.addition(graph, operator)
        (first, second), back = p.input_multipliers, p.output_multiplier
        zero_points, sign = p.input_zero_points, -1 if operator.kind == "SUB" else 1
        stem, body = (
            "add",
            (
                "    static const model_addition parameters = {\n"
                f"        {p.left_shift}, {sign}, /* left shift, sign */\n"
                f"        {zero_points[0]}, {first.value}, {first.shift}, "
                "/* first input: zero point, multiplier, shift */\n"
                f"        {zero_points[1]}, {second.value}, {second.shift}, /* second input */\n"
                f"        {p.output_zero_point}, {back.value}, {back.shift}, /* output */\n"
                f"        {p.activation_min}, {p.activation_max} "
                "/* activation: least, greatest */\n"
                "    };\n"
            ),
        )
    if same:
        body += _call(
            f"model_{stem}_{output.dtype}", output.elements, "&parameters", *names, "output"
        )
        return LayerCode(body, (f"{stem}:{output.dtype}",), tuple(tables), overlap=overlaps)
    body += _broadcast_text(graph, operator)
    body += _call(
        f"model_{stem}_broadcast_{output.dtype}", "&parameters", "&broadcast", *names, "output"
    )
    return LayerCode(body, (f"{stem}_broadcast:{output.dtype}",), tuple(tables), overlap=overlaps)


def _softmax(graph: Graph, operator: Operator) -> LayerCode:
    source = graph.input_of(operator, 0)
    classes = source.shape[-1]
    rows = source.elements // classes
    if source.dtype == "float32":
        beta = f32(operator.options["beta"])
        body = _call("model_softmax_float", rows, classes, beta, "input", "output")
        return LayerCode(body, ("softmax_float",), overlap=(0,))
    if source.dtype == "int16":
        multiplier = parameters.softmax16_multiplier(graph, operator)
        body = _call("model_softmax_16", rows, classes, *multiplier, "input", "output")
        return LayerCode(body, ("softmax_16",), overlap=(0,))
    s = parameters.softmax_scaling(graph, operator)
    body = _call(
        "model_softmax",
        rows,
        classes,
        s.multiplier,
        s.left_shift,
        s.difference_min,
        "input",
        "output",
    )
    return LayerCode(body, ("softmax",), overlap=(0,))


def _unary(graph: Graph, operator: Operator) -> LayerCode:
    """Activations and QUANTIZE."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    if source.dtype == "float32":
        return _unary_float(graph, operator)
    count = source.elements
    if operator.kind == "RELU6" or (
        operator.kind == "RELU"
        and parameters.requantize_multiplier(graph, operator) == Multiplier(1 << 30, 1)
        and source.zero_point == output.zero_point
    ):
        low, high = output.zero_point, parameters.LIMITS[output.dtype][1]
        if operator.kind == "RELU6":
            low, high = elementwise.relu6_range(graph, operator)
        body = _call(f"model_clamp_{source.dtype}", count, low, high, "input", "output")
        return LayerCode(body, (f"clamp:{source.dtype}",), overlap=(0,))
    if source.dtype == output.dtype == "int8":
        table = Table("answers", "int8_t", elementwise.lookup_table(graph, operator))
        body = _call("model_lookup", count, "layer_answers", "input", "output")
        return LayerCode(body, ("lookup",), (table,), overlap=(0,))
    if operator.kind in ("LOGISTIC", "TANH"):
        scaling = parameters.sigmoid16_scaling(graph, operator)
        step = 9 if operator.kind == "LOGISTIC" else 8
        body = _call("model_sigmoid_16", count, *scaling, step, "input", "output")
        return LayerCode(body, ("sigmoid_16",), overlap=(0,))
    if operator.kind == "LEAKY_RELU":
        identity, (slope, shift) = elementwise.leaky_relu_multipliers(graph, operator)
        body = _call(
            "model_leaky_relu_16",
            count,
            *identity,
            abs(slope),
            shift,
            -1 if slope < 0 else 1,
            "input",
            "output",
        )
        return LayerCode(body, ("leaky_relu_16",), overlap=(0,))
    low, high = parameters.LIMITS[output.dtype]
    if operator.kind == "RELU":
        low = output.zero_point
    types = f"{source.dtype}_{output.dtype}"
    body = _call(
        f"model_requantize_{types}",
        count,
        source.zero_point,
        output.zero_point,
        *parameters.requantize_multiplier(graph, operator),
        low,
        high,
        "input",
        "output",
    )
    grows = count * max(0, ITEM_BYTES[output.dtype] - ITEM_BYTES[source.dtype])
    return LayerCode(body, (f"requantize:{types}",), overlap=(grows,))


def _unary_float(graph: Graph, operator: Operator) -> LayerCode:
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    count = source.elements
    if operator.kind == "QUANTIZE":
        low, high = parameters.LIMITS[output.dtype]
        body = _call(
            f"model_quantize_{output.dtype}",
            count,
            f32(output.scale),
            output.zero_point,
            low,
            high,
            "input",
            "output",
        )
        overlap = 0 if output.dtype == "int8" else None
        return LayerCode(body, (f"quantize_float:{output.dtype}",), overlap=(overlap,))
    stem, arguments = {
        "LOGISTIC": ("logistic_float", ()),
        "TANH": ("tanh_float", ()),
        "RELU": ("clamp_values_float", ("0.0f", f32(math.inf))),
        "RELU6": ("clamp_values_float", ("0.0f", "6.0f")),
        "LEAKY_RELU": ("leaky_relu_float", (f32(operator.options.get("alpha", 0.0)),)),
        "HARD_SWISH": ("hard_swish_float", ()),
    }[operator.kind]
    body = _call(f"model_{stem}", count, *arguments, "input", "output")
    return LayerCode(body, (stem,), overlap=(0,))


def _dequantize(graph: Graph, operator: Operator) -> LayerCode:
    source = graph.input_of(operator, 0)
    body = _call(
        f"model_dequantize_{source.dtype}",
        source.elements,
        f32(source.scale),
        source.zero_point,
        "input",
        "output",
    )
    overlap = 3 * source.elements if source.dtype == "int8" else None
    return LayerCode(body, (f"dequantize:{source.dtype}",), overlap=(overlap,))


EMITTERS: dict[str, Callable[[Graph, Operator], LayerCode]] = {
    "FULLY_CONNECTED": _fully_connected,
    "CONV_2D": _convolution,
    "DEPTHWISE_CONV_2D": _convolution,
    "MAX_POOL_2D": _pooling,
    "AVERAGE_POOL_2D": _pooling,
    "MEAN": _mean,
    "ADD": _binary,
    "SUB": _binary,
    "MUL": _binary,
    "SOFTMAX": _softmax,
    **dict.fromkeys(elementwise.UNARY, _unary),
    "DEQUANTIZE": _dequantize,
    "TRANSPOSE": walk_layer,
    "STRIDED_SLICE": walk_layer,
    "PAD": pad_layer,
    "CONCATENATION": concatenation_layer,
    **dict.fromkeys(("RESHAPE", "SQUEEZE", "EXPAND_DIMS"), copy_layer),
}
