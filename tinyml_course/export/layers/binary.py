"""Layers of two values, one by one: ADD, SUB, MUL, MAXIMUM, MINIMUM, in the readable variant."""

from __future__ import annotations

from tinyml_course.export.layers.code import LayerCode, Table
from tinyml_course.export.layers.structs import float_range
from tinyml_course.export.text import call_text as _call
from tinyml_course.network import geometry, parameters
from tinyml_course.network.ir import Graph, Operator


def _operands(
    graph: Graph, operator: Operator
) -> tuple[list[Table], list[str], tuple[int | None, ...], bool]:
    """Of a binary operator: tables for constants, argument names, overlaps, same shapes or not."""
    output = graph.output_of(operator)
    tables: list[Table] = []
    names: list[str] = []
    overlaps: list[int | None] = []
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


def choice_layer(graph: Graph, operator: Operator) -> LayerCode:
    """MAXIMUM and MINIMUM."""
    tables, names, overlaps, _ = _operands(graph, operator)
    kernel = f"{operator.kind.lower()}_{graph.output_of(operator).dtype}"
    body = _broadcast_text(graph, operator)
    body += _call(f"model_{kernel}", "&broadcast", *names, "output")
    return LayerCode(body, (kernel.replace("_", ":"),), tuple(tables), overlap=overlaps)


def _product_text(graph: Graph, operator: Operator) -> str:
    r = parameters.multiplication(graph, operator)
    points = r.input_zero_point, graph.input_of(operator, 1).zero_point, r.output_zero_point
    return (
        "    static const model_product parameters = {\n"
        f"        {points[0]}, {points[1]}, {points[2]}, /* zero points */\n"
        f"        {r.values[0]}, {r.shifts[0]}, /* multiplier, shift */\n"
        f"        {r.activation_min}, {r.activation_max} /* activation: least, greatest */\n"
        "    };\n"
    )


def prelu_layer(graph: Graph, operator: Operator) -> LayerCode:
    """PRELU on int8 and float32."""
    tables, names, overlaps, _ = _operands(graph, operator)
    body = _broadcast_text(graph, operator)
    if graph.output_of(operator).dtype == "float32":
        body += _call("model_prelu_float", "&broadcast", *names, "output")
        return LayerCode(body, ("prelu_float",), tuple(tables), overlap=overlaps)
    tensors = graph.input_of(operator, 0), graph.input_of(operator, 1), graph.output_of(operator)
    identity, sloped = parameters.prelu_multipliers(graph, operator)
    body += (
        "    static const model_prelu parameters = {\n"
        f"        {', '.join(str(t.zero_point) for t in tensors)}, /* zero points */\n"
        f"        {identity.value}, {identity.shift}, /* above zero: multiplier, shift */\n"
        f"        {sloped.value}, {sloped.shift} /* below it, with the slope */\n"
        "    };\n"
    )
    body += _call("model_prelu_int8", "&parameters", "&broadcast", *names, "output")
    return LayerCode(body, ("prelu:int8",), tuple(tables), overlap=overlaps)


def squared_difference_layer(graph: Graph, operator: Operator) -> LayerCode:
    """SQUARED_DIFFERENCE."""
    tables, names, overlaps, _ = _operands(graph, operator)
    output = graph.output_of(operator)
    body = _broadcast_text(graph, operator)
    if output.dtype == "float32":
        stem = "squared_difference_float"
        body += _call(f"model_{stem}", "&broadcast", *names, "output")
        return LayerCode(body, (stem,), tuple(tables), overlap=overlaps)
    p = parameters.squared_difference(graph, operator)
    (first, second), back = p.input_multipliers, p.output_multiplier
    zero_points = p.input_zero_points
    body += (
        "    static const model_squares parameters = {\n"
        f"        {p.left_shift}, /* left shift */\n"
        f"        {zero_points[0]}, {first.value}, {first.shift}, "
        "/* first input: zero point, multiplier, shift */\n"
        f"        {zero_points[1]}, {second.value}, {second.shift}, /* second input */\n"
        f"        {p.output_zero_point}, {back.value}, {back.shift}, /* output */\n"
        f"        {p.activation_min}, {p.activation_max} /* least, greatest */\n"
        "    };\n"
    )
    kernel = f"squared_difference:{output.dtype}"
    function = f"model_squared_difference_{output.dtype}"
    body += _call(function, "&parameters", "&broadcast", *names, "output")
    return LayerCode(body, (kernel,), tuple(tables), overlap=overlaps)


def division_layer(graph: Graph, operator: Operator) -> LayerCode:
    """DIV on int8 and float32."""
    if graph.output_of(operator).dtype == "float32":
        return binary_layer(graph, operator)
    tables, names, overlaps, _ = _operands(graph, operator)
    r = parameters.division(graph, operator)
    points = r.input_zero_point, graph.input_of(operator, 1).zero_point, r.output_zero_point
    body = (
        "    static const model_division parameters = {\n"
        f"        {points[0]}, {points[1]}, {points[2]}, /* zero points */\n"
        f"        {r.values[0]}, {r.shifts[0]}, /* multiplier, shift */\n"
        f"        {r.activation_min}, {r.activation_max} /* activation: least, greatest */\n"
        "    };\n"
    )
    body += _broadcast_text(graph, operator)
    body += _call("model_div_int8", "&parameters", "&broadcast", *names, "output")
    return LayerCode(body, ("div:int8",), tuple(tables), overlap=overlaps)


def _addition_text(graph: Graph, operator: Operator) -> str:
    p = parameters.addition(graph, operator)
    (first, second), back = p.input_multipliers, p.output_multiplier
    zero_points, sign = p.input_zero_points, -1 if operator.kind == "SUB" else 1
    return (
        "    static const model_addition parameters = {\n"
        f"        {p.left_shift}, {sign}, /* left shift, sign */\n"
        f"        {zero_points[0]}, {first.value}, {first.shift}, "
        "/* first input: zero point, multiplier, shift */\n"
        f"        {zero_points[1]}, {second.value}, {second.shift}, /* second input */\n"
        f"        {p.output_zero_point}, {back.value}, {back.shift}, /* output */\n"
        f"        {p.activation_min}, {p.activation_max} /* activation: least, greatest */\n"
        "    };\n"
    )


def binary_layer(graph: Graph, operator: Operator) -> LayerCode:
    """ADD, SUB and MUL."""
    output = graph.output_of(operator)
    tables, names, overlaps, same = _operands(graph, operator)
    if output.dtype == "float32":
        stem = f"{operator.kind.lower()}_float"
        body = _broadcast_text(graph, operator)
        body += _call(f"model_{stem}", *float_range(operator), "&broadcast", *names, "output")
        return LayerCode(body, (stem,), tuple(tables), overlap=overlaps)
    if operator.kind == "MUL":
        stem, body = "mul", _product_text(graph, operator)
    else:
        stem, body = "add", _addition_text(graph, operator)
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
