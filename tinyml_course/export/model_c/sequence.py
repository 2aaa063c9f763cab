"""The end of NAME.c: where every value lies, and the functions that call layer after layer."""

from __future__ import annotations

import re

from tinyml_course.export.model_c.memory_plan import MemoryPlan
from tinyml_course.export.model_c.program import Program
from tinyml_course.export.model_c.signature import (
    argument_names,
    invoke_declaration,
    invoke_with_declaration,
)
from tinyml_course.export.model_c.state_text import state_pointer
from tinyml_course.export.model_c.variants import variants_text
from tinyml_course.export.text import call_text, comment_block, table_text
from tinyml_course.network.ir import C_TYPES, ITEM_BYTES, Tensor


def _with_arena(program: Program) -> frozenset[str]:
    """The variants in which a value or scratch memory lies between two layers."""
    return frozenset(variant for variant, plan in program.plans.items() if plan.arena_bytes)


def arena_text(program: Program, name: str) -> str:
    """The addresses, and the one array that holds every value between two layers."""
    graph = program.graph
    with_arena = _with_arena(program)
    if not with_arena:
        return ""
    plans = [
        (_plan_text(program, name, plan), frozenset([variant]))
        for variant, plan in program.plans.items()
        if variant in with_arena
    ]
    types = sorted(
        {graph.output_of(layer.operator).dtype for layer in program.layers}
        | ({"int16"} if any(not x.is_alias and x.scratch_bytes for x in program.layers) else set()),
        key=lambda dtype: (ITEM_BYTES[dtype], dtype),
    )
    members = "\n".join(
        f"    {C_TYPES[t]} {t}[{name.upper()}_ARENA_BYTES"
        + (f" / {ITEM_BYTES[t]}];" if ITEM_BYTES[t] > 1 else "];")
        for t in types
    )
    aligned = "" if types and ITEM_BYTES[types[-1]] == 4 else "\n    int32_t aligned;"
    memory = [(f"static union {{\n{members}{aligned}\n}} {name}_arena;", with_arena)]
    comment = comment_block(
        [
            "Memory: one array holds every value between two layers, and each lies",
            "where nothing that is still needed lies.",
        ]
    )
    plan_text, memory_text = (variants_text(name, x, program.variants) for x in (plans, memory))
    return f"{comment}\n{plan_text}\n\n{memory_text}"


def _plan_entries(program: Program, name: str, plan: MemoryPlan) -> list[tuple[str, int, str]]:
    entries = []
    for key, address in sorted(plan.addresses.items(), key=lambda item: (abs(item[0]), item)):
        if key >= 0:
            tensor = program.graph.output_of(program.graph.operators[key])
            entries.append((f"{name.upper()}_AT_{key}", address, f"{tensor.size_bytes:,} bytes"))
    for layer in program.layers:
        if not layer.is_alias and layer.scratch_bytes:
            address = plan.addresses.get(-1 - layer.number, 0)
            entries.append(
                (
                    f"{name.upper()}_SCRATCH_{layer.number}",
                    address,
                    f"scratch memory of layer {layer.number}",
                )
            )
    return entries


def _plan_text(program: Program, name: str, plan: MemoryPlan) -> str:
    lines = [
        f"    {macro} = {address}, /* {comment} */"
        for macro, address, comment in _plan_entries(program, name, plan)
    ]
    if not lines:
        return ""
    lines[-1] = lines[-1].replace(", /*", " /*", 1)
    return "enum { /* addresses of the layers' outputs */\n" + "\n".join(lines) + "\n};"


def _constant_outputs(program: Program) -> list[Tensor]:
    constants = dict.fromkeys(
        index for index, _ in program.copies if program.places[index].kind == "constant"
    )
    return [program.graph.tensors[index] for index in constants]


def constant_outputs_bytes(program: Program) -> int:
    """Flash of what `constant_outputs_text` writes."""
    return sum(tensor.size_bytes for tensor in _constant_outputs(program))


def constant_outputs_text(program: Program, name: str) -> str:
    """The tables of outputs that no layer makes, because they are constants of the model."""
    tensors = _constant_outputs(program)
    return "\n\n".join(
        f"/* An output of the model that is a constant. */\n"
        f"{table_text(t.c_type, f'{name}_constant_{t.index}', t.values)}"
        for t in tensors
    )


def _pointer(program: Program, name: str, tensor_index: int) -> str:
    """A value as an argument of a layer's function."""
    tensor = program.graph.tensors[tensor_index]
    place = program.places[tensor_index]
    if place.kind == "input":
        return argument_names(program.graph)[0][place.number]
    if place.kind == "output":
        return argument_names(program.graph)[1][place.number]
    if place.kind == "constant":
        return f"{name}_constant_{place.number}"
    if place.kind == "state":
        return state_pointer(program.graph, name, place.number)
    return _arena_pointer(name, tensor.dtype, f"AT_{place.number}")


def _arena_pointer(name: str, dtype: str, constant: str) -> str:
    item = ITEM_BYTES[dtype]
    divisor = f" / {item}" if item > 1 else ""
    return f"({C_TYPES[dtype]} *)arena + {name.upper()}_{constant}{divisor}"


def invoke_text(program: Program, name: str) -> str:
    """NAME_invoke_with: one call a layer; NAME_invoke: the same in the model's own arena.

    A variant that needs no arena gets none: C has no array of 0 bytes.
    """
    graph = program.graph
    inputs, outputs = argument_names(graph)
    with_arena = _with_arena(program)
    bodies, calls = [], []
    for variants in (with_arena, frozenset(program.variants) - with_arena):
        own = f"&{name}_arena" if variants is with_arena else "NULL"
        calls.append((call_text(f"{name}_invoke_with", own, *inputs, *outputs), variants))
        bodies.append((_calls_text(program, name, variants is with_arena), variants))
    body, call = (
        variants_text(name, [piece for piece in pieces if piece[1]], program.variants)
        for pieces in (bodies, calls)
    )
    return (
        f"{invoke_with_declaration(graph, name)}\n{{\n{body}\n}}\n\n"
        f"{invoke_declaration(graph, name)}\n{{\n{call}\n}}"
    )


def _calls_text(program: Program, name: str, has_arena: bool) -> str:
    """The body of NAME_invoke_with."""
    graph = program.graph
    inputs, outputs = argument_names(graph)
    lines = [f"    if (!{name}_is_ready) {{\n        {name}_reset();\n    }}"] * graph.has_state
    for layer in program.layers:
        if layer.is_alias:
            continue
        operator = layer.operator
        read = (*graph.activations_of(operator), *graph.state_of(operator))
        arguments = [_pointer(program, name, t.index) for t in read]
        arguments.append(_pointer(program, name, operator.outputs[0]))
        if layer.scratch_bytes:
            scratch = _arena_pointer(name, "int16", f"SCRATCH_{layer.number}")
            arguments.append(scratch if has_arena else "NULL")
        function = f"{name}_{layer.number}_{operator.kind.lower()}"
        lines.append(call_text(function, *arguments))
    for tensor_index, number in program.copies:
        size = graph.tensors[tensor_index].size_bytes
        lines.append(
            call_text("memcpy", outputs[number], _pointer(program, name, tensor_index), size)
        )
    text = " ".join(lines)
    unused = [each for each in ("arena", *inputs) if not re.search(rf"\b{each}\b", text)]
    return "\n".join([*(f"    (void){each};" for each in unused), *lines])
