"""How a network is called in C, and how its tensors are described in comments."""

from __future__ import annotations

from collections.abc import Sequence

from tinyml_course.network.ir import Graph, Tensor


def argument_names(graph: Graph) -> tuple[list[str], list[str]]:
    """What the arguments of NAME_invoke are called."""

    def name(kind: str, count: int) -> list[str]:
        return [kind] if count == 1 else [f"{kind}_{i}" for i in range(count)]

    return name("input", len(graph.inputs)), name("output", len(graph.outputs))


def invoke_declaration(graph: Graph, name: str) -> str:
    """The prototype of NAME_invoke, without the semicolon."""
    return f"void {name}_invoke({', '.join(_parameters(graph))})"


def invoke_with_declaration(graph: Graph, name: str) -> str:
    """The prototype of NAME_invoke_with, whose arena is the caller's, without the semicolon."""
    return f"void {name}_invoke_with({', '.join(['void *arena', *_parameters(graph)])})"


def _parameters(graph: Graph) -> list[str]:
    inputs, outputs = argument_names(graph)
    return [
        f"const {graph.tensors[i].c_type} *{argument}"
        for i, argument in zip(graph.inputs, inputs, strict=True)
    ] + [
        f"{graph.tensors[i].c_type} *{argument}"
        for i, argument in zip(graph.outputs, outputs, strict=True)
    ]


def shape_text(shape: Sequence[int]) -> str:
    """A shape in words.

    >>> shape_text((1, 49, 10)), shape_text(())
    ('1 x 49 x 10', '1')
    """
    return " x ".join(map(str, shape)) or "1"


def tensor_text(tensor: Tensor) -> str:
    """Shape, type and quantization in words."""
    text = f"{shape_text(tensor.shape)} {tensor.dtype}"
    q = tensor.quantization
    if q is None or tensor.dtype not in ("int8", "uint8", "int16"):
        return text
    if q.is_per_channel:
        return f"{text}, {len(q.scales)} scales from {min(q.scales):.4g} to {max(q.scales):.4g}"
    return f"{text}, scale {q.scale:.8g}, zero point {q.zero_point}"
