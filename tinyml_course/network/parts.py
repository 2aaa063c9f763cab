"""Operators with several outputs, taken apart: one operator for each output that is used.

SPLIT, SPLIT_V and UNPACK copy pieces of one value to places of their own. As operators of one
output each they are layers like all others: the memory plan sees every piece, and a piece that
nobody reads costs nothing. Such an operator keeps its kind; its options say which piece it takes:
`start` and `width` along `axis`.

TRANSPOSE_CONV gets its inputs in the order of the other convolutions. The first one in the file,
the output's shape, is not computed with: the output tensor has it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np

from tinyml_course.network.ir import Graph, Operator, Tensor
from tinyml_course.network.refusal import broken, refuse

# Where each finds its value, and its axis if that is an input.
PARTED: dict[str, tuple[int, int | None]] = {
    "SPLIT": (1, 0),
    "SPLIT_V": (0, 2),
    "UNPACK": (0, None),
}


def take_apart(graph: Graph) -> Graph:
    """The graph with one operator for each used output of SPLIT, SPLIT_V and UNPACK.

    Raises:
        ExportError: shapes or constants that contradict each other.
        UnsupportedOperatorError: an axis that is known only at run time.
    """
    used = {i for operator in graph.operators for i in operator.inputs} | set(graph.outputs)
    operators: list[Operator] = []
    for operator in graph.operators:
        if operator.kind in PARTED:
            operators += (p for p in _parts(graph, operator) if p.outputs[0] in used)
        elif operator.kind == "TRANSPOSE_CONV":
            operators.append(_without_shape(graph, operator))
        else:
            operators.append(operator)
    return dataclasses.replace(graph, operators=tuple(operators))


def _parts(graph: Graph, operator: Operator) -> Iterator[Operator]:
    source = graph.input_of(operator, PARTED[operator.kind][0])
    axis = _axis(graph, operator, source)
    outputs = [graph.tensors[i] for i in operator.outputs]
    if operator.kind == "UNPACK":
        if operator.options["num"] != len(outputs):
            raise broken(graph, operator, "it announces another number of outputs")
        widths = [1] * len(outputs)
        shapes = [source.shape[:axis] + source.shape[axis + 1 :]] * len(outputs)
    else:
        if any(len(output.shape) != len(source.shape) for output in outputs):
            raise broken(graph, operator, "the shapes do not fit")
        widths = [output.shape[axis] for output in outputs]
        shapes = [(*source.shape[:axis], width, *source.shape[axis + 1 :]) for width in widths]
    if operator.kind == "SPLIT" and len(set(widths)) > 1:
        raise broken(graph, operator, "its parts must be of one size")
    if sum(widths) != source.shape[axis] or shapes != [output.shape for output in outputs]:
        raise broken(graph, operator, "the shapes do not fit")
    start = 0
    for output, width in zip(outputs, widths, strict=True):
        yield dataclasses.replace(
            operator,
            name=output.name,
            inputs=(source.index,),
            outputs=(output.index,),
            options={"axis": axis, "start": start, "width": width},
        )
        start += width


def _without_shape(graph: Graph, operator: Operator) -> Operator:
    if len(operator.inputs) not in (3, 4):
        raise broken(graph, operator, "a shape, weights, a value and perhaps a bias are needed")
    _, weights, source, *bias = operator.inputs
    return dataclasses.replace(operator, inputs=(source, weights, *bias))


def _axis(graph: Graph, operator: Operator, source: Tensor) -> int:
    position = PARTED[operator.kind][1]
    if position is None:
        axis = int(operator.options["axis"])
    else:
        tensor = graph.input_of(operator, position)
        if not tensor.is_constant:
            raise refuse(
                graph, operator, "depends on a value known only at run time", "Fix the axis"
            )
        if tensor.elements != 1 or tensor.dtype != "int32":
            raise broken(graph, operator, "one axis is needed")
        axis = int(tensor.values.reshape(-1)[0])
    rank = len(source.shape)
    if not -rank <= axis < rank:
        raise broken(graph, operator, "an axis that is not there")
    return axis % rank


def take_part(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    """The piece of `x` that one such operator takes."""
    start, width = operator.options["start"], operator.options["width"]
    part: np.ndarray = np.take(x, np.arange(start, start + width), operator.options["axis"])
    return part
