"""State: what a network keeps from one inference to the next, found and made explicit.

A .tflite file has two kinds of it. Streaming models keep resource variables: VAR_HANDLE names one,
READ_VARIABLE and ASSIGN_VARIABLE copy it out and in, and CALL_ONCE runs a second subgraph that
fills them before the first inference. LSTM and SVDF have variable tensors of their own, which they
read and write. Here both become tensors with `is_variable`, and `Graph.initial` says what each
holds at power-up; handles, CALL_ONCE and the second subgraph are gone. Follows
`micro_resource_variable.cc` and `micro_interpreter_graph.cc` of tflite-micro.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from tinyml_course.errors import ExportError, UnsupportedOperatorError
from tinyml_course.network.ir import ITEM_BYTES, Graph, Operator, Tensor
from tinyml_course.network.refusal import broken, refuse
from tinyml_course.network.support_tensors import check_tensor

# Where operators find the variable tensors that are theirs alone.
OWN_STATE = {"UNIDIRECTIONAL_SEQUENCE_LSTM": (18, 19), "SVDF": (4,)}

# Operators that run another subgraph.
CONTROL_FLOW = {"WHILE", "IF", "CALL", "CALL_ONCE"}

# Comparisons let a network with state run on, and reset it after so many inferences.
SEQUENCE = 8

Names = Mapping[int, tuple[str, str]]  # of the variable that a tensor, a handle, stands for


def begins_anew(graph: Graph, sample: int) -> bool:
    """Whether a comparison resets the network before its sample of this number.

    Not before the first: what a network is at power-up is part of what is compared.
    """
    return graph.has_state and sample > 0 and sample % SEQUENCE == 0


def initial_state(graph: Graph) -> dict[int, np.ndarray]:
    """The state at power-up, by tensor index: arrays of one's own, to be written into."""
    return {index: values.copy() for index, values in graph.initial.items()}


def refuse_state(graph: Graph, what: str) -> None:
    """For code that gives a network windows which do not go on from each other.

    Raises:
        UnsupportedOperatorError: the network has state.
    """
    if graph.has_state:
        raise UnsupportedOperatorError(
            f"{what} gives a network windows that overlap or stand alone, and this one keeps state "
            "from one inference to the next. Export the network alone, and call its reset where a "
            "stream begins"
        )


def resolve_state(graph: Graph) -> Graph:
    """The graph with its state as tensors, and with the values they begin with.

    Raises:
        ExportError: handles, types or sizes that contradict each other; subgraphs for anything
            but a start.
        UnsupportedOperatorError: a start that computes.
    """
    _check_subgraphs(graph)
    names = _handles(graph)
    homes: dict[tuple[str, str], int] = {}  # the variable's tensor: its first handle's
    for index, name in names.items():
        homes.setdefault(name, index)
    operators, variables = _rewrite(graph, names, homes)
    initial = {index: _filled(tensor, tensor.zero_point) for index, tensor in variables.items()}
    written = {o.outputs[0] for o in operators if o.kind == "ASSIGN_VARIABLE"}
    for operator in graph.operators:
        if operator.kind == "CALL_ONCE":
            start = graph.others[operator.options["init_subgraph_index"] - 1]
            written |= _run_start(start, homes, variables, initial)
    for operator in operators:
        if operator.kind == "READ_VARIABLE" and operator.inputs[0] not in written:
            raise broken(graph, operator, "the variable is read but never written")
        for index in _own_state(graph, operator):
            tensor = graph.tensors[index]
            # only int8 begins with its zero point, all else with zero bytes
            value = tensor.zero_point if tensor.dtype == "int8" else 0
            initial[index] = _filled(tensor, value)
    tensors = tuple(variables.get(tensor.index, tensor) for tensor in graph.tensors)
    return dataclasses.replace(
        graph, tensors=tensors, operators=tuple(operators), others=(), initial=initial
    )


def _filled(tensor: Tensor, value: int) -> np.ndarray:
    """A variable as it begins, once it is known that it has such a value and can be held."""
    check_tensor(tensor)
    return np.full(tensor.shape, value, tensor.dtype)


def _check_subgraphs(graph: Graph) -> None:
    """All subgraphs but the first must be run by a CALL_ONCE that stands before all state."""
    started: set[int] = set()
    touched = False
    for operator in graph.operators:
        touched |= operator.kind in ("READ_VARIABLE", "ASSIGN_VARIABLE")
        if operator.kind != "CALL_ONCE":
            continue
        index = operator.options["init_subgraph_index"]
        if not 0 < index < graph.subgraphs or operator.inputs or operator.outputs:
            raise broken(graph, operator, "it names no subgraph that can be its start")
        if touched:
            raise refuse(graph, operator, "it stands behind what it starts", "Convert it again")
        started.add(index)
    if len(started) != graph.subgraphs - 1:
        raise ExportError(f"{graph.subgraphs} subgraphs, 1 is needed: {_why_several(graph)}")


def _why_several(graph: Graph) -> str:
    """What the further subgraphs are there for, and what to do about it."""
    kinds = {operator.kind for part in (graph, *graph.others) for operator in part.operators}
    if kinds & CONTROL_FLOW:
        return (
            "a model with loops or conditions does not run without an interpreter. Unroll them "
            "before converting"
        )
    if graph.signatures > 1:
        return (
            f"the file has {graph.signatures} signatures, each of them a network. Convert with one "
            "of them: TFLiteConverter.from_saved_model(DIR, signature_keys=[NAME])"
        )
    return "no operator runs the others. Convert with one of these networks alone"


def _handles(graph: Graph) -> Names:
    """What each VAR_HANDLE's output stands for."""
    names: dict[int, tuple[str, str]] = {}
    for operator in graph.operators:
        if operator.kind != "VAR_HANDLE":
            continue
        if operator.inputs or len(operator.outputs) != 1:
            raise broken(graph, operator, "one output is needed, and no input")
        names[operator.outputs[0]] = operator.options["container"], operator.options["shared_name"]
    return names


def _rewrite(
    graph: Graph, names: Names, homes: Mapping[tuple[str, str], int]
) -> tuple[list[Operator], dict[int, Tensor]]:
    """Operators without handles, and each variable's tensor."""
    variables: dict[int, Tensor] = {}
    operators = []
    for operator in graph.operators:
        if operator.kind in ("VAR_HANDLE", "CALL_ONCE"):
            continue
        if operator.kind not in ("READ_VARIABLE", "ASSIGN_VARIABLE"):
            operators.append(operator)
            continue
        reads = operator.kind == "READ_VARIABLE"
        if (len(operator.inputs), len(operator.outputs)) != ((1, 1) if reads else (2, 0)):
            raise broken(graph, operator, "it needs a handle and a value")
        handle = operator.inputs[0]
        if handle is None or handle not in names:
            raise refuse(
                graph,
                operator,
                "its variable is not named in the file",
                "Name it in the model",
            )
        home = homes[names[handle]]
        value = graph.output_of(operator) if reads else graph.input_of(operator, 1)
        _join(graph, operator, variables, home, value, names[handle][1])
        inputs, outputs = ((home,), operator.outputs) if reads else ((value.index,), (home,))
        operators.append(
            dataclasses.replace(operator, name=variables[home].name, inputs=inputs, outputs=outputs)
        )
    return operators, variables


def _join(
    graph: Graph,
    operator: Operator,
    variables: dict[int, Tensor],
    home: int,
    value: Tensor,
    name: str,
) -> None:
    """A variable is what is assigned to it; whatever reads it must see the same type and size."""
    known = variables.get(home)
    if known is None or operator.kind == "ASSIGN_VARIABLE":
        if value.dtype not in ITEM_BYTES:
            raise refuse(graph, operator, f"a variable of {value.dtype}", "Quantize to int8")
        variables[home] = dataclasses.replace(
            value, index=home, name=name or value.name, data=None, is_variable=True
        )
    if known is not None and (known.dtype, known.elements) != (value.dtype, value.elements):
        raise broken(graph, operator, "the variable has another type or size elsewhere")


def _run_start(
    start: Graph,
    homes: Mapping[tuple[str, str], int],
    variables: Mapping[int, Tensor],
    initial: dict[int, np.ndarray],
) -> set[int]:
    """The subgraph that CALL_ONCE runs: constants into variables. Returns which."""
    names, written = _handles(start), set()
    for operator in start.operators:
        if operator.kind == "VAR_HANDLE":
            continue
        handle = operator.inputs[0] if operator.inputs else None
        if (
            operator.kind != "ASSIGN_VARIABLE"
            or len(operator.inputs) != 2
            or handle is None
            or handle not in names
            or not start.input_of(operator, 1).is_constant
        ):
            raise refuse(
                start,
                operator,
                "the start of the state computes something",
                "Begin with constant states, as streaming layers do",
            )
        home = homes.get(names[handle], -1)
        if home not in variables:
            continue  # a variable that the network never uses
        value, variable = start.input_of(operator, 1), variables[home]
        if (value.dtype, value.elements) != (variable.dtype, variable.elements):
            raise broken(start, operator, "the variable has another type or size elsewhere")
        initial[home] = value.values.reshape(variable.shape)
        written.add(home)
    return written


def _own_state(graph: Graph, operator: Operator) -> list[int]:
    """The variable tensors of an LSTM or SVDF, where it has any at its places."""
    indices = [
        operator.inputs[position]
        for position in OWN_STATE.get(operator.kind, ())
        if position < len(operator.inputs)
    ]
    return [
        i
        for i in indices
        if i is not None and graph.tensors[i].is_variable and graph.tensors[i].dtype in ITEM_BYTES
    ]
