"""One layer of NAME.c: a block of facts, its tables, and one short function."""

from __future__ import annotations

import re

from tinyml_course.export.kernels.packings import find_packing
from tinyml_course.export.layers.code import LayerCode, Table
from tinyml_course.export.model_c.program import Layer, Program
from tinyml_course.export.model_c.shared_tables import TableHome
from tinyml_course.export.model_c.signature import shape_text, tensor_text
from tinyml_course.export.model_c.variants import variants_text
from tinyml_course.export.names import with_prefix
from tinyml_course.export.text import comment_block, comment_safe, note_text, short_name, table_text
from tinyml_course.network.ir import Graph
from tinyml_course.network.macs import operator_macs
from tinyml_course.network.support import WITH_WEIGHTS


def layer_text(program: Program, layer: Layer, name: str) -> str:
    """A layer's comment, its tables, and its function in one or more variants."""
    head = comment_block(_layer_facts(program, layer, name))
    pieces = []
    for variant in program.variants:
        code = layer.code_for(variant)
        if code is None:  # an alias
            return head
        packing = find_packing(code.kernels)
        comments = packing.comments if packing else {}
        texts = [
            _table_text(table, comments.get(table.name, ""))
            for table in code.tables
            if program.tables.is_written(variant, layer.number, table.name)
        ]
        texts.append(
            _with_shared_tables(program, layer, variant, _function(program.graph, layer, code))
        )
        pieces += [(with_prefix(text, name, layer.number), frozenset([variant])) for text in texts]
    return f"{head}\n{variants_text(name, pieces, program.variants)}"


def _table_text(table: Table, comment: str) -> str:
    """A table, and above it how it reads if it is packed."""
    text = table_text(table.c_type, f"layer_{table.name}", table.values)
    return f"{note_text(f'{table.name}: {comment}.')}\n{text}" if comment else text


def _with_shared_tables(program: Program, layer: Layer, variant: str, text: str) -> str:
    """The layer's function, with the names of tables that stand with an earlier layer."""
    for old, home in _elsewhere(program, layer, variant).items():
        text = re.sub(rf"\blayer_{old}\b", f"model_{home.layer}_{home.name}", text)
    return text


def _elsewhere(program: Program, layer: Layer, variant: str) -> dict[str, TableHome]:
    code = layer.code_for(variant)
    return {
        table.name: program.tables.homes[variant, layer.number, table.name]
        for table in (code.tables if code else ())
        if not program.tables.is_written(variant, layer.number, table.name)
    }


def _layer_facts(program: Program, layer: Layer, name: str) -> list[str]:
    graph, operator = program.graph, layer.operator
    # The converter strings the names of fused layers.
    called = short_name(operator.name.split(";")[0])
    title = f"Layer {layer.number}: {operator.kind} '{called}'"
    if layer.is_alias:
        shapes = graph.input_of(operator, 0).shape, graph.output_of(operator).shape
        if operator.kind in _IN_STATE:
            return [comment_safe(title), f"  {_IN_STATE[operator.kind]}, no code"]
        arrow = " becomes ".join(shape_text(shape) for shape in shapes)
        return [comment_safe(title), f"  {arrow}: the same bytes, no code"]
    lines = [title]
    labels = {1: "weights", 2: "bias"} if operator.kind in WITH_WEIGHTS else {}
    for position, index in enumerate(operator.inputs):
        if index is None:
            continue
        tensor = graph.tensors[index]
        kind = "constant" if tensor.is_constant else "state" if tensor.is_variable else "input"
        label = labels.get(position, kind)
        size = f", {tensor.size_bytes:,} bytes" if tensor.is_constant else ""
        lines.append(f"  {label:9}{tensor_text(tensor)}{size}")
    lines.append(f"  {'output':9}{tensor_text(graph.output_of(operator))}")
    activation = operator.options.get("fused_activation_function", "NONE")
    if activation != "NONE":
        lines.append(f"  {'then':9}{activation}")
    macs = operator_macs(graph, operator)
    written = program.tables.layer_bytes(layer.number)
    lines.append(f"  {'cost':9}{macs:,} MACs, {written:,} bytes of tables")
    shared = {
        f"{old} is {name}_{home.layer}_{home.name}": None
        for variant in program.variants
        for old, home in _elsewhere(program, layer, variant).items()
    }
    if shared:
        lines.append(f"  {'shared':9}{', '.join(shared)}")
    return [comment_safe(line) for line in lines]


_IN_STATE = {
    "READ_VARIABLE": "read where it lies in the state",
    "ASSIGN_VARIABLE": "computed where it lies in the state",
}


def _function(graph: Graph, layer: Layer, code: LayerCode) -> str:
    operator = layer.operator
    inputs = graph.activations_of(operator)
    names = ["input"] if len(inputs) == 1 else [f"input_{i}" for i in range(len(inputs))]
    parameters = [f"const {t.c_type} *{n}" for t, n in zip(inputs, names, strict=True)]
    state = graph.state_of(operator)
    names = ["state"] if len(state) == 1 else [f"state_{i}" for i in range(len(state))]
    parameters += [f"{t.c_type} *{n}" for t, n in zip(state, names, strict=True)]
    parameters.append(f"{graph.output_of(operator).c_type} *output")
    body = code.body
    if layer.scratch_bytes:
        parameters.append("int16_t *scratch")
        if not code.scratch_bytes:
            body = f"    (void)scratch;\n{body}"
    return (
        f"static void layer_{operator.kind.lower()}({', '.join(parameters)})\n"
        f"{{\n{body.rstrip()}\n}}"
    )
