"""Removes what needs no code: shapes computed at run time, and layers that copy nothing.

Keras leaves SHAPE, STRIDED_SLICE and PACK around a Flatten, to find the batch size. With a batch of
one all of that is constant: it is computed here, once, and disappears. A RESHAPE, SQUEEZE,
EXPAND_DIMS or a TRANSPOSE that moves no byte stays in the graph as an alias (`is_alias`): it costs
a comment in the generated C.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np

from tinyml_course.errors import ExportError
from tinyml_course.network import support, support_shapes
from tinyml_course.network.geometry import slices_of_values
from tinyml_course.network.ir import Graph, Operator, Tensor
from tinyml_course.network.parts import take_apart
from tinyml_course.network.state import resolve_state
from tinyml_course.network.support_tensors import check_order, check_tensors

# Arithmetic on shapes: the operator's options and its constant inputs give its value.
ARITHMETIC: dict[str, Callable[..., np.ndarray]] = {
    "ADD": lambda _, a, b: a + b,
    "SUB": lambda _, a, b: a - b,
    "MUL": lambda _, a, b: a * b,
    "MAXIMUM": lambda _, a, b: np.maximum(a, b),
    "MINIMUM": lambda _, a, b: np.minimum(a, b),
    "CONCATENATION": lambda options, *parts: np.concatenate(parts, options["axis"]),
    "GATHER": lambda options, a, i: np.take(a, i, options["axis"]),
    "CAST": lambda _, a: a,
    "RESHAPE": lambda _, a, *shape: a,
    "SQUEEZE": lambda _, a: a,
    "EXPAND_DIMS": lambda _, a, axis: a,
}
FOLDABLE = ("SHAPE", "STRIDED_SLICE", "PACK", *ARITHMETIC)
INTEGERS = ("int32", "int64")
ALIASES = ("RESHAPE", "SQUEEZE", "EXPAND_DIMS")


def prepare_network(graph: Graph) -> Graph:
    """A graph as the reader gives it, folded, checked and ready to export.

    `TfliteModel.network` does it once a model.

    Raises:
        ExportError: of a kind that no microcontroller runs, or contradicting itself.
        UnsupportedOperatorError: something the exporter refuses, named with its layer and remedy.
    """
    graph = resolve_state(graph)
    support.check_kinds(graph, without=FOLDABLE)
    check_tensors(graph)
    check_order(graph)
    network = take_apart(fold_constants(graph))
    support.check_graph(network)
    return network


def fold_constants(graph: Graph) -> Graph:
    """The graph without SHAPE, and without what is computed from shapes and constant integers."""
    tensors = list(graph.tensors)
    kept = []
    for operator in graph.operators:
        value = _value(operator, tensors)
        if value is None:
            kept.append(operator)
            continue
        output = tensors[operator.outputs[0]]
        if output.dtype not in INTEGERS or value.size != output.elements:
            raise ExportError(
                f"{operator.kind} ({operator.name!r}) makes {value.size} values, its output is "
                f"{output.dtype} {output.shape}. Convert the model again"
            )
        tensors[output.index] = dataclasses.replace(
            output, data=value.reshape(output.shape).astype(output.dtype)
        )
    return dataclasses.replace(graph, tensors=tuple(tensors), operators=tuple(kept))


def _value(operator: Operator, tensors: Sequence[Tensor]) -> np.ndarray | None:
    """What the operator gives, if that is known before any inference."""
    if operator.kind not in FOLDABLE or len(operator.outputs) != 1:
        return None
    if operator.kind in ARITHMETIC and tensors[operator.outputs[0]].dtype not in INTEGERS:
        return None
    inputs = [tensors[i] for i in operator.inputs if i is not None]
    if not inputs or len(inputs) != len(operator.inputs):
        return None
    if operator.kind == "SHAPE":
        return np.array(inputs[0].shape)
    if not all(tensor.is_constant for tensor in inputs):
        return None
    return np.asarray(_fold(operator, [tensor.values for tensor in inputs]))


def _fold(operator: Operator, data: list[np.ndarray]) -> np.ndarray:
    try:
        if operator.kind in ARITHMETIC:
            return ARITHMETIC[operator.kind](operator.options, *data)
        if operator.kind == "PACK":
            parts = [d.reshape(data[0].shape) for d in data]
            return np.stack(parts, axis=operator.options["axis"])
        support_shapes.check_slice_options(operator)
        values, begin, end, stride = data
        return values[slices_of_values(operator, begin, end, stride)]
    except (IndexError, ValueError, TypeError) as error:
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
    permutation = [int(axis) for axis in graph.input_of(operator, 1).values.reshape(-1)]
    moved = [axis for axis in permutation if shape[axis] > 1]
    return moved == sorted(moved)
