"""Layers that sum products, readable: FULLY_CONNECTED, CONV_2D and DEPTHWISE_CONV_2D."""

from __future__ import annotations

import numpy as np

from tinyml_course.export.layers.code import LayerCode, Table, raster_overlap, rows_overlap
from tinyml_course.export.layers.structs import float_range, quantization_text, window_text
from tinyml_course.export.text import call_text as _call
from tinyml_course.network import parameters, reference
from tinyml_course.network.fixed_point import reduce_multiplier
from tinyml_course.network.ir import ITEM_BYTES, Graph, Operator
from tinyml_course.network.parameters import Requantization


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


def fully_connected_layer(graph: Graph, operator: Operator) -> LayerCode:
    """FULLY_CONNECTED: int8, int16 with 32 or 64-bit sums, float32."""
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
            *float_range(operator),
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


def convolution_layer(graph: Graph, operator: Operator) -> LayerCode:
    """CONV_2D, DEPTHWISE_CONV_2D and TRANSPOSE_CONV."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    stem = operator.kind.lower()
    w = parameters.window(graph, operator)
    in_channels, out_channels = source.shape[3], output.shape[3]
    overlap: tuple[int | None, ...] = (None,)
    if operator.kind != "TRANSPOSE_CONV":  # which makes more than it reads
        overlap = (raster_overlap(w, in_channels, out_channels, ITEM_BYTES[source.dtype]),)
    tables, bias = _weights(graph, operator, "filter")
    body = window_text(w, in_channels, out_channels)
    if source.dtype == "float32":
        body += _call(
            f"model_{stem}_float",
            "&window",
            *float_range(operator),
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
