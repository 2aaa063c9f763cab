"""Puts a `Program` on paper: the text of NAME.h and NAME.c, from the top to the bottom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tinyml_course.export.kernels.files import (
    kernel_table_bytes,
    kernels_in_order,
    typed_kernel,
)
from tinyml_course.export.layers.fast import FAMILIES
from tinyml_course.export.model_c.interface import head_comment, header_text, model_facts
from tinyml_course.export.model_c.layer_text import layer_text
from tinyml_course.export.model_c.only_readable import ReadableLayers, find_readable_layers
from tinyml_course.export.model_c.program import Program
from tinyml_course.export.model_c.sequence import (
    arena_text,
    constant_outputs_bytes,
    constant_outputs_text,
    invoke_text,
)
from tinyml_course.export.model_c.signature import argument_names
from tinyml_course.export.model_c.state_text import start_table_bytes, state_bytes, state_text
from tinyml_course.export.model_c.variants import variants_text
from tinyml_course.export.names import with_prefix
from tinyml_course.network.macs import count_macs


@dataclass(frozen=True)
class ModelC:
    """A model as C.

    Attributes:
        header, source: the text of NAME.h and NAME.c.
        arena_bytes: static RAM for intermediate values, in the greediest variant.
        state_bytes: static RAM for what stays from one inference to the next.
        table_bytes: flash that the tables take in the greediest variant. Code comes on top, and
            so do the few numbers that a layer's function hands to its kernel: a compiler keeps
            them as constants or puts them into the code.
        readable_layers: those without a fast kernel on some family of cores, and why.
        arguments: of NAME_invoke, in their order.
    """

    name: str
    header: str
    source: str
    arena_bytes: int
    table_bytes: int
    macs: int
    state_bytes: int = 0
    readable_layers: tuple[ReadableLayers, ...] = ()
    arguments: tuple[str, ...] = ()


def write_program(program: Program, name: str) -> ModelC:
    """Both files of a program, under a name that `check_name` took."""
    graph = program.graph
    arena_bytes = max(plan.arena_bytes for plan in program.plans.values())
    kernels = {variant: _kernels_of(program, variant) for variant in program.variants}
    table_bytes = (
        start_table_bytes(graph)
        + constant_outputs_bytes(program)
        + max(
            program.tables.flash_bytes(variant) + sum(map(kernel_table_bytes, needed))
            for variant, needed in kernels.items()
        )
    )
    facts = model_facts(program, name, table_bytes)
    source = "\n\n".join(
        part.strip("\n")
        for part in (
            head_comment(f"{name}.c", "the network", name, facts),
            f'#include "{name}.h"\n\n#include <string.h>',
            _kernels_text(kernels, name),
            *(layer_text(program, layer, name) for layer in program.layers),
            arena_text(program, name),
            state_text(graph, name),
            constant_outputs_text(program, name),
            invoke_text(program, name),
        )
        if part
    )
    header = header_text(program, name, facts)
    inputs, outputs = argument_names(graph)
    return ModelC(
        name,
        header,
        source + "\n",
        arena_bytes,
        table_bytes,
        count_macs(graph),
        state_bytes(graph),
        tuple(find_readable_layers(program, tuple(FAMILIES))),
        (*inputs, *outputs),
    )


def _kernels_of(program: Program, variant: str) -> list[str]:
    """The kernels of a variant, each after those that it needs."""
    codes = [code for layer in program.layers if (code := layer.code_for(variant))]
    return kernels_in_order(kernel for code in codes for kernel in code.kernels)


def _kernels_text(kernels: Mapping[str, Sequence[str]], name: str) -> str:
    """The kernels of all variants, by variant."""
    in_order = kernels_in_order(kernel for needed in kernels.values() for kernel in needed)
    return variants_text(
        name,
        [
            (with_prefix(typed_kernel(kernel), name), frozenset([variant]))
            for kernel in in_order
            for variant, needed in kernels.items()
            if kernel in needed
        ],
        list(kernels),
    )
