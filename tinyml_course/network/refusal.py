"""How a refusal reads: operator, layer, types of its tensors, reason, remedy."""

from __future__ import annotations

from tinyml_course.errors import ExportError, UnsupportedOperatorError
from tinyml_course.network.ir import Graph, Operator


def describe(graph: Graph, operator: Operator) -> str:
    """One line that identifies an operator to its author."""

    def types(indices: tuple[int | None, ...]) -> str:
        found = [None if i is None else graph.tensors[i] for i in indices]
        return ", ".join("none" if t is None else f"{t.dtype} {list(t.shape)}" for t in found)

    return (
        f"{operator.kind} (operator {operator.index}, layer {operator.name!r}, "
        f"{types(operator.inputs)} -> {types(operator.outputs)})"
    )


def refuse(graph: Graph, operator: Operator, reason: str, remedy: str) -> UnsupportedOperatorError:
    """The error for an operator that we do not support, with what to do instead."""
    return UnsupportedOperatorError(f"{describe(graph, operator)}: {reason}. {remedy}")


def broken(graph: Graph, operator: Operator, reason: str) -> ExportError:
    """The error for an operator that the file describes wrongly."""
    return ExportError(f"{describe(graph, operator)}: {reason}. Convert the model again")
