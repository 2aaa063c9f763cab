"""Layers that only move values: TRANSPOSE, slices and parts, PAD, joints, resizing, copies."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from tinyml_course.export.layers.code import LayerCode, Table
from tinyml_course.export.text import call_text as _call
from tinyml_course.export.text import float_literal
from tinyml_course.network import geometry, resizing
from tinyml_course.network.ir import C_TYPES, Graph, Operator


def _array(name: str, values: tuple[int, ...]) -> str:
    return f"    static const int32_t {name}[4] = {{{', '.join(map(str, values))}}};\n"


def walk_layer(graph: Graph, operator: Operator) -> LayerCode:
    """TRANSPOSE, slices, DEPTH_TO_SPACE and SPACE_TO_DEPTH."""
    source = graph.input_of(operator, 0)
    if operator.kind == "TRANSPOSE":
        walk = geometry.transpose_geometry(graph, operator)
    elif operator.kind in ("DEPTH_TO_SPACE", "SPACE_TO_DEPTH"):
        walk = geometry.block_geometry(graph, operator)
    else:
        walk = geometry.slice_geometry(graph, operator)
    if walk.count[:3] == (1, 1, 1) and walk.step[3] == 1:  # they lie side by side
        origin = f"input + {walk.start}" if walk.start else "input"
        return LayerCode(f"    memcpy(output, {origin}, {graph.output_of(operator).size_bytes});")
    body = _array("count", walk.count) + _array("step", walk.step)
    body += _call(f"model_walk_{source.dtype}", "count", "step", walk.start, "input", "output")
    return LayerCode(body, (f"walk:{source.dtype}",))


def pad_layer(graph: Graph, operator: Operator) -> LayerCode:
    """PAD with the real value 0, PADV2 with any."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    inner, outer, before = _long_rows(graph, operator)
    body = _array("input_size", inner)
    body += _array("output_size", outer)
    body += _array("before", before)
    value = "0.0f" if source.dtype == "float32" else output.zero_point
    if operator.kind == "PADV2":
        filling = graph.input_of(operator, 2).values.reshape(-1)[0]
        value = float_literal(float(filling)) if source.dtype == "float32" else int(filling)
    body += _call(
        f"model_pad_{source.dtype}", "input_size", "output_size", "before", value, "input", "output"
    )
    return LayerCode(body, (f"pad:{source.dtype}",))


def _long_rows(graph: Graph, operator: Operator) -> Iterable[tuple[int, ...]]:
    """Of PAD: the input's sizes, the output's, and what stands before, of four axes each.

    An axis that gets nothing is one with the axis before it, so rows are as long as can be.
    """
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    axes: list[tuple[int, int, int]] = []
    for (before, after), size, new_size in zip(
        geometry.pad_amounts(graph, operator), source.shape, output.shape, strict=True
    ):
        if axes and before == after == 0:
            outer_size, outer_new, outer_before = axes.pop()
            axes.append((outer_size * size, outer_new * size, outer_before * size))
        else:
            axes.append((size, new_size, before))
    return zip(*[(1, 1, 0)] * (4 - len(axes)), *axes, strict=True)


def concatenation_layer(graph: Graph, operator: Operator) -> LayerCode:
    """CONCATENATION along any axis, and PACK, which makes an axis."""
    output = graph.output_of(operator)
    axis = operator.options["axis"] % len(output.shape)
    outer = math.prod(output.shape[:axis])
    row = math.prod(output.shape[axis:])
    item = f"sizeof({C_TYPES[output.dtype]})"
    parts = [graph.input_of(operator, i) for i in range(len(operator.inputs))]
    computed = len(graph.activations_of(operator))
    tables, names = [], []
    for position, part in enumerate(parts):
        if part.is_constant:
            tables.append(Table(f"part_{position}", part.c_type, part.values))
            names.append(f"layer_part_{position}")
        else:
            number = len(names) - len(tables)
            names.append(f"input_{number}" if computed > 1 else "input")
    copies, offset = [], 0
    indent = "    " if outer == 1 else "        "
    for name, part in zip(names, parts, strict=True):
        width = part.elements // outer
        target = f"output + {offset}" if outer == 1 else f"output + row * {row} + {offset}"
        origin = name if outer == 1 else f"{name} + row * {width}"
        size = width if output.dtype == "int8" else f"{width} * {item}"
        copies.append(f"{indent}memcpy({target}, {origin}, {size});")
        offset += width
    body = "\n".join(copies)
    if outer > 1:
        body = f"    for (int32_t row = 0; row < {outer}; row++) {{\n{body}\n    }}"
    return LayerCode(body, tables=tuple(tables), overlap=(None,) * computed)


def part_layer(graph: Graph, operator: Operator) -> LayerCode:
    """One output of SPLIT, SPLIT_V or UNPACK."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    axis = operator.options["axis"]
    outer = math.prod(source.shape[:axis])
    row, width = source.elements // outer, output.elements // outer
    offset = operator.options["start"] * math.prod(source.shape[axis + 1 :])
    size = width if output.dtype == "int8" else f"{width} * sizeof({C_TYPES[output.dtype]})"
    if outer == 1:
        return LayerCode(f"    memcpy(output, input + {offset}, {size});")
    return LayerCode(
        f"    for (int32_t row = 0; row < {outer}; row++) {{\n"
        f"        memcpy(output + row * {width}, input + row * {row} + {offset}, {size});\n"
        "    }"
    )


def gather_layer(graph: Graph, operator: Operator) -> LayerCode:
    """GATHER with constant indices."""
    source, indices = graph.input_of(operator, 0), graph.input_of(operator, 1)
    axis = operator.options["axis"] % len(source.shape)
    body = _call(
        f"model_gather_{source.dtype}",
        math.prod(source.shape[:axis]),
        source.shape[axis],
        indices.elements,
        math.prod(source.shape[axis + 1 :]),
        "layer_indices",
        "input",
        "output",
    )
    table = Table("indices", "uint16_t", indices.values)
    return LayerCode(body, (f"gather:{source.dtype}",), (table,))


def resize_layer(graph: Graph, operator: Operator) -> LayerCode:
    """RESIZE_NEAREST_NEIGHBOR."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    tables = tuple(
        Table(name, "uint16_t", geometry.nearest_pixels(graph, operator, axis))
        for name, axis in (("rows", 1), ("columns", 2))
    )
    kernel = f"resize_nearest_neighbor:{source.dtype}"
    body = _call(
        f"model_resize_nearest_neighbor_{source.dtype}",
        output.shape[1],
        output.shape[2],
        source.shape[2],
        source.shape[3],
        "layer_rows",
        "layer_columns",
        "input",
        "output",
    )
    return LayerCode(body, (kernel,), tables)


def between_layer(graph: Graph, operator: Operator) -> LayerCode:
    """RESIZE_BILINEAR."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    is_float = source.dtype == "float32"
    tables = []
    arguments = ["layer_rows", "layer_columns"]
    for name, distances, axis in (("rows", "down", 1), ("columns", "aside", 2)):
        found = resizing.between(graph, operator, axis)
        numbers = [found.before, found.behind] + ([] if is_float else [found.distance])
        tables.append(Table(name, "int16_t", np.stack(numbers, axis=1)))
        if is_float:
            tables.append(Table(distances, "float", found.distance))
            arguments.append(f"layer_{distances}")
    stem = "resize_bilinear_float" if is_float else "resize_bilinear"
    sizes = (*output.shape[1:3], *source.shape[2:4])
    function = stem if is_float else f"{stem}_int8"
    body = _call(f"model_{function}", *sizes, *arguments, "input", "output")
    return LayerCode(body, (stem,), tuple(tables))


def copy_layer(graph: Graph, operator: Operator) -> LayerCode:
    """An alias whose ends must be two places: both of the caller, or one of them the state."""
    source = "state" if operator.kind == "READ_VARIABLE" else "input"
    return LayerCode(f"    memcpy(output, {source}, {graph.output_of(operator).size_bytes});")
