"""The state in NAME.c: static memory that outlives an inference, and NAME_reset, which fills it."""

from __future__ import annotations

import numpy as np

from tinyml_course.export.model_c.memory_plan import ALIGNMENT
from tinyml_course.export.text import comment_block, short_name, table_text
from tinyml_course.network.ir import C_TYPES, ITEM_BYTES, Graph


def state_addresses(graph: Graph) -> dict[int, int]:
    """Where each variable lies in the state, by tensor index: at multiples of four, as arenas do.

    Kernels read what was read out of the state where it lies.
    """
    addresses, end = {}, 0
    for index in graph.initial:
        addresses[index] = end
        end += -(-graph.tensors[index].size_bytes // ALIGNMENT) * ALIGNMENT
    return addresses


def state_bytes(graph: Graph) -> int:
    """Static RAM for all variables."""
    sizes = (graph.tensors[index].size_bytes for index in graph.initial)
    return sum(-(-size // ALIGNMENT) * ALIGNMENT for size in sizes)


def state_pointer(graph: Graph, name: str, index: int) -> str:
    """A variable as an argument of a layer's function."""
    tensor = graph.tensors[index]
    place = state_addresses(graph)[index] // ITEM_BYTES[tensor.dtype]
    return f"{name}_state.{tensor.dtype} + {place}"


def reset_declaration(name: str) -> str:
    """The prototype of NAME_reset, without the semicolon."""
    return f"void {name}_reset(void)"


def state_text(graph: Graph, name: str) -> str:
    """The state's memory, the tables that it begins with, and NAME_reset; empty without state."""
    if not graph.has_state:
        return ""
    upper = name.upper()
    types = {graph.tensors[index].dtype for index in graph.initial}
    members = "\n".join(
        f"    {C_TYPES[t]} {t}[{upper}_STATE_BYTES / {ITEM_BYTES[t]}];"
        for t in sorted(types | {"int8", "int32"}, key=lambda t: (ITEM_BYTES[t], t))
    )
    head = comment_block(
        [
            "State: what stays from one inference to the next. The first inference",
            f"after power-up fills it; {name}_reset() does so at any time.",
        ]
    )
    tables, lines = [], []
    for index, address in state_addresses(graph).items():
        tensor, values = graph.tensors[index], np.ascontiguousarray(graph.initial[index])
        size = tensor.size_bytes
        lines.append(f"    /* {short_name(tensor.name)} */")
        every_byte = set(values.tobytes())
        if len(every_byte) == 1:
            value = every_byte.pop()
            lines.append(f"    memset({name}_state.int8 + {address}, {value}, {size});")
            continue
        table = f"{name}_start_{index}"
        tables.append(table_text(tensor.c_type, table, values))
        lines.append(f"    memcpy({name}_state.int8 + {address}, {table}, {size});")
    memory = f"static union {{\n{members}\n}} {name}_state;\nstatic uint8_t {name}_is_ready;"
    body = "\n".join([*lines, f"    {name}_is_ready = 1;"])
    function = f"{reset_declaration(name)}\n{{\n{body}\n}}"
    return "\n".join([head, memory, *tables, "", function])


def start_table_bytes(graph: Graph) -> int:
    """Flash for the variables that begin with more than one byte's value."""
    return sum(
        graph.tensors[index].size_bytes
        for index, values in graph.initial.items()
        if len(set(np.ascontiguousarray(values).tobytes())) > 1
    )
