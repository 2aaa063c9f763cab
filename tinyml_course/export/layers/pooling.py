"""Layers that take the greatest or the mean of many values, or its place; readable."""

from __future__ import annotations

from tinyml_course.export.layers.code import LayerCode, raster_overlap
from tinyml_course.export.layers.structs import float_range, quantization_text, window_text
from tinyml_course.export.text import call_text as _call
from tinyml_course.export.text import float_literal as f32
from tinyml_course.network import geometry, parameters
from tinyml_course.network.ir import ITEM_BYTES, Graph, Operator
from tinyml_course.network.parameters import Requantization


def pooling_layer(graph: Graph, operator: Operator) -> LayerCode:
    """MAX_POOL_2D and AVERAGE_POOL_2D."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    stem = operator.kind.lower()
    w = parameters.window(graph, operator)
    channels = source.shape[3]
    overlap = (raster_overlap(w, channels, channels, ITEM_BYTES[source.dtype]),)
    body = window_text(w, channels, channels)
    if source.dtype == "float32":
        body += _call(f"model_{stem}_float", "&window", *float_range(operator), "input", "output")
        return LayerCode(body, (f"{stem}_float",), overlap=overlap)
    low, high = parameters.activation_range(operator.options["fused_activation_function"], output)
    r = Requantization((), (), source.zero_point, output.zero_point, low, high)
    body += quantization_text(r)
    body += _call(f"model_{stem}_{source.dtype}", "&window", "&quantization", "input", "output")
    return LayerCode(body, (f"{stem}:{source.dtype}",), overlap=overlap)


def greatest_layer(graph: Graph, operator: Operator) -> LayerCode:
    """REDUCE_MAX and ARG_MAX: the greatest value along neighbouring axes, or where it is."""
    source = graph.input_of(operator, 0)
    g = geometry.mean_geometry(graph, operator)
    stem = operator.kind.lower()
    sizes: list[object] = [g.outer, g.reduced, g.inner]
    if stem == "reduce_max" and source.dtype == "float32":
        sizes.append(f32(-parameters.GREATEST_FLOAT))  # as TFLM: -infinity is not greater
    elif stem == "reduce_max":
        sizes.append(parameters.LIMITS[source.dtype][0])
    body = _call(f"model_{stem}_{source.dtype}", *sizes, "input", "output")
    return LayerCode(body, (f"{stem}:{source.dtype}",))


def mean_layer(graph: Graph, operator: Operator) -> LayerCode:
    """MEAN and SUM over neighbouring axes."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    g = geometry.mean_geometry(graph, operator)
    if source.dtype == "float32":
        kernel = f"{operator.kind.lower()}_float"
        body = _call(f"model_{kernel}", g.outer, g.reduced, g.inner, "input", "output")
        return LayerCode(body, (kernel,), overlap=(0,))
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
