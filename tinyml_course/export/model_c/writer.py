"""Puts a `Program` on paper: the text of NAME.h and NAME.c, from the top to the bottom."""

from __future__ import annotations

from dataclasses import dataclass

from tinyml_course.export.kernels.files import kernels_in_order, typed_kernel
from tinyml_course.export.model_c.interface import head_comment, header_text, model_facts
from tinyml_course.export.model_c.layer_text import layer_text
from tinyml_course.export.model_c.program import Program
from tinyml_course.export.model_c.sequence import (
    arena_text,
    constant_outputs_text,
    invoke_text,
)
from tinyml_course.export.model_c.variants import either_variant
from tinyml_course.export.names import with_prefix
from tinyml_course.network.macs import count_macs


@dataclass(frozen=True)
class ModelC:
    """A model as C.

    Attributes:
        header, source: the text of NAME.h and NAME.c.
        arena_bytes: static RAM for intermediate values, the greater of the two variants.
        table_bytes: flash that the constants take; code comes on top.
    """

    name: str
    header: str
    source: str
    arena_bytes: int
    table_bytes: int
    macs: int


def write_program(program: Program, name: str) -> ModelC:
    """Both files of a program, under a name that `check_name` took."""
    graph = program.graph
    plans = [program.readable_plan, program.fast_plan]
    arena_bytes = max(plan.arena_bytes for plan in plans if plan is not None)
    table_bytes = sum(
        max(c.flash_bytes for c in (layer.readable, layer.fast) if c is not None)
        for layer in program.layers
        if not layer.is_alias
    )
    table_bytes += sum(
        graph.tensors[index].size_bytes
        for index in {index for index, _ in program.copies}
        if program.places[index].kind == "constant"
    )
    facts = model_facts(program, table_bytes)
    source = "\n\n".join(
        part.strip("\n")
        for part in (
            head_comment(f"{name}.c", "the network", name, facts),
            f'#include "{name}.h"\n\n#include <string.h>',
            *_kernels(program, name),
            *(layer_text(graph, layer, name) for layer in program.layers),
            arena_text(program, name),
            constant_outputs_text(program, name),
            invoke_text(program, name),
        )
        if part
    )
    header = header_text(program, name, facts)
    return ModelC(name, header, source + "\n", arena_bytes, table_bytes, count_macs(graph))


def _kernels(program: Program, name: str) -> list[str]:
    readable = kernels_in_order(
        kernel
        for layer in program.layers
        if layer.readable is not None
        for kernel in layer.readable.kernels
    )
    if not program.has_fast_variant:
        return [with_prefix(typed_kernel(k), name) for k in readable]
    fast = kernels_in_order(
        kernel
        for layer in program.layers
        if layer.readable is not None
        for kernel in (layer.fast or layer.readable).kernels
    )
    parts = [with_prefix(typed_kernel(k), name) for k in readable if k in fast]
    only_fast = [with_prefix(typed_kernel(k), name) for k in fast if k not in readable]
    only_readable = [with_prefix(typed_kernel(k), name) for k in readable if k not in fast]
    return [*parts, either_variant(name, "\n\n".join(only_fast), "\n\n".join(only_readable))]
