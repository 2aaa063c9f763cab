"""Removes what needs no code: shapes computed at run time, and layers that copy nothing.

Keras leaves SHAPE, STRIDED_SLICE and PACK around a Flatten, to find the batch size. With a batch of
one all of that is constant: it is computed here, once, and disappears. A RESHAPE, SQUEEZE,
EXPAND_DIMS or a TRANSPOSE that moves no byte stays in the graph as an alias (`is_alias`): it costs
a comment in the generated C.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from tinyml_course.errors import ExportError
from tinyml_course.network import support, support_shapes
from tinyml_course.network.geometry import slices_of_values
from tinyml_course.network.ir import Graph, Operator
from tinyml_course.network.reader import read_tflite

FOLDABLE = ("SHAPE", "STRIDED_SLICE", "PACK")
ALIASES = ("RESHAPE", "SQUEEZE", "EXPAND_DIMS")


def load_graph(model_bytes: bytes) -> Graph:
    """A .tflite file as a graph that is folded, checked and ready to export.

    Raises:
        ExportError: damaged, or no model.
        UnsupportedOperatorError: something the exporter refuses, named with its layer and remedy.
    """
    graph = fold_constants(read_tflite(model_bytes))
    support.check_graph(graph)
    return graph


def fold_constants(graph: Graph) -> Graph:
    """The graph without SHAPE, and without STRIDED_SLICE and PACK of constants."""
    tensors = list(graph.tensors)
    kept = []
    for operator in graph.operators:
        data = [None if i is None else tensors[i].data for i in operator.inputs]
        value = None
        if operator.kind == "SHAPE" and operator.inputs[:1] not in ((), (None,)):
            value = np.array(tensors[operator.inputs[0]].shape)
        elif operator.kind in FOLDABLE and data and all(d is not None for d in data):
            value = _fold(operator, data)
        if value is None:
            kept.append(operator)
            continue
        output = tensors[operator.outputs[0]]
        value = np.asarray(value)
        if output.dtype not in ("int32", "int64") or value.size != output.elements:
            raise ExportError(
                f"{operator.kind} ({operator.name!r}) makes {value.size} values, its output is "
                f"{output.dtype} {output.shape}. Convert the model again"
            )
        tensors[output.index] = dataclasses.replace(
            output, data=value.reshape(output.shape).astype(output.dtype)
        )
    return dataclasses.replace(graph, tensors=tuple(tensors), operators=tuple(kept))


def _fold(operator: Operator, data: list[np.ndarray]) -> np.ndarray:
    try:
        if operator.kind == "PACK":
            parts = [d.reshape(data[0].shape) for d in data]
            return np.stack(parts, axis=operator.options["axis"])
        support_shapes.check_slice_options(operator)
        values, begin, end, stride = data
        return values[slices_of_values(operator, begin, end, stride)]
    except (IndexError, ValueError) as error:
        raise ExportError(
            f"{operator.kind} ({operator.name!r}) does not fit its inputs: {error}. "
            "Convert the model again"
        ) from error


def is_alias(graph: Graph, operator: Operator) -> bool:
    """True where the output is the input under another shape."""
    if operator.kind in ALIASES:
        return True
    if operator.kind != "TRANSPOSE":
        return False
    shape = graph.input_of(operator, 0).shape
    permutation = [int(axis) for axis in graph.input_of(operator, 1).data.reshape(-1)]
    moved = [axis for axis in permutation if shape[axis] > 1]
    return moved == sorted(moved)
