"""Layers of one value, one by one, and SOFTMAX: activations, QUANTIZE, DEQUANTIZE, CAST."""

from __future__ import annotations

from tinyml_course.export.layers.code import LayerCode, Table
from tinyml_course.export.text import call_text as _call
from tinyml_course.export.text import float_literal as f32
from tinyml_course.network import elementwise, parameters
from tinyml_course.network.fixed_point import Multiplier
from tinyml_course.network.ir import ITEM_BYTES, Graph, Operator


def softmax_layer(graph: Graph, operator: Operator) -> LayerCode:
    """SOFTMAX along the last axis."""
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
    is_wide = graph.output_of(operator).dtype == "int16"
    kernel = "softmax_8_16" if is_wide else "softmax"
    body = _call(
        f"model_{kernel}",
        rows,
        classes,
        s.multiplier,
        s.left_shift,
        s.difference_min,
        "input",
        "output",
    )
    return LayerCode(body, (kernel,), overlap=(None if is_wide else 0,))


def unary_layer(graph: Graph, operator: Operator) -> LayerCode:
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
            f32(float(output.scale)),
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
        "RELU": ("relu_float", ()),
        "RELU6": ("clamp_values_float", ("0.0f", "6.0f")),
        "LEAKY_RELU": ("leaky_relu_float", (f32(operator.options.get("alpha", 0.0)),)),
        "HARD_SWISH": ("hard_swish_float", ()),
        "EXP": ("exp_values_float", ()),
        **{
            kind: (f"{kind.lower()}_float", ())
            for kind in ("ABS", "ELU", "NEG", "SQUARE", "SQRT", "RSQRT")
        },
    }[operator.kind]
    body = _call(f"model_{stem}", count, *arguments, "input", "output")
    return LayerCode(body, (stem,), overlap=(0,))


def cast_layer(graph: Graph, operator: Operator) -> LayerCode:
    """CAST from an integer."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    types = f"{source.dtype}_{output.dtype}"
    body = _call(f"model_cast_{types}", source.elements, "input", "output")
    return LayerCode(body, (f"cast:{types}",))


def dequantize_layer(graph: Graph, operator: Operator) -> LayerCode:
    """DEQUANTIZE: integers to float32."""
    source = graph.input_of(operator, 0)
    body = _call(
        f"model_dequantize_{source.dtype}",
        source.elements,
        f32(float(source.scale)),
        source.zero_point,
        "input",
        "output",
    )
    overlap = 3 * source.elements if ITEM_BYTES[source.dtype] == 1 else None
    return LayerCode(body, (f"dequantize:{source.dtype}",), overlap=(overlap,))
