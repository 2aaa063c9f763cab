"""Where each value of a program lies: in the caller's memory, in the arena, or in the state.

Layers that copy nothing get no code: a RESHAPE, and also most READ_VARIABLE and ASSIGN_VARIABLE. A
value that is read out of the state stays there if the state does not change while the value is
needed; a value that will become the state is computed where the state lies if nobody needs the old
one any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tinyml_course.network.folding import is_alias
from tinyml_course.network.ir import Graph


@dataclass(frozen=True)
class Place:
    """Where a value lies: "input" or "output" (memory of the caller), "arena", "state", "constant".

    `number` counts inputs and outputs; in the arena it is the layer that writes the value; in the
    state, and of a constant that leaves the model, it is the tensor.
    """

    kind: str
    number: int


@dataclass
class Places:
    """Of all run-time values.

    Attributes:
        of: by tensor index.
        without_code: numbers of the layers that only give a value another name.
        moving: numbers of the layers that would, but must copy after all.
        copies: (from tensor, output number) for values that leave the model twice, or unchanged.
    """

    of: dict[int, Place] = field(default_factory=dict)
    without_code: set[int] = field(default_factory=set)
    moving: set[int] = field(default_factory=set)
    copies: tuple[tuple[int, int], ...] = ()


def find_places(graph: Graph) -> Places:
    """Decide where every value of a network lies."""
    return _Finder(graph).find()


class _Finder:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.output_number = {i: n for n, i in reversed(list(enumerate(graph.outputs)))}
        # Values of one root lie in one place.
        self.root = {index: index for index in (*graph.inputs, *graph.initial)}
        self.claimed: dict[int, int] = {}  # root -> output number
        self.writer: dict[int, int] = {}  # root -> layer
        self.places = Places()

    def find(self) -> Places:
        for number, operator in enumerate(self.graph.operators):
            output = operator.outputs[0]
            if operator.kind == "ASSIGN_VARIABLE":
                self.places.moving.add(number)
                continue
            self.root[output] = output
            if is_alias(self.graph, operator) or operator.kind == "READ_VARIABLE":
                self._alias(number)
            self.writer.setdefault(self.root[output], number)
            if output in self.output_number and self.root[output] not in self.claimed:
                self.claimed[self.root[output]] = self.output_number[output]
        self._compute_in_state()
        for tensor, origin in self.root.items():
            self.places.of[tensor] = self._place(origin)
        for tensor in self.graph.outputs:
            if self.graph.tensors[tensor].is_constant:
                self.places.of[tensor] = Place("constant", tensor)
        self.places.copies = tuple(
            (tensor, number)
            for number, tensor in enumerate(self.graph.outputs)
            if self.places.of[tensor] != Place("output", number)
        )
        return self.places

    def _alias(self, number: int) -> None:
        """An alias shares its input's place. It cannot if both ends belong to the caller."""
        operator = self.graph.operators[number]
        output = operator.outputs[0]
        source = self.root[self.graph.input_of(operator, 0).index]
        of_others = source in (*self.graph.inputs, *self.graph.initial) or source in self.claimed
        if (output in self.output_number and of_others) or (
            operator.kind == "READ_VARIABLE" and not self._stays_as_read(number)
        ):
            self.places.moving.add(number)
        else:
            self.root[output] = source
            self.places.without_code.add(number)

    def _stays_as_read(self, number: int) -> bool:
        """Whether a variable keeps its value for as long as what was read is needed."""
        operators = self.graph.operators
        variable, family = operators[number].inputs[0], {operators[number].outputs[0]}
        last = number
        for later, operator in enumerate(operators[number + 1 :], number + 1):
            if family & set(operator.inputs):
                last = later
                if is_alias(self.graph, operator):
                    family |= set(operator.outputs)
        return not any(variable in o.outputs for o in operators[number + 1 : last + 1])

    def _compute_in_state(self) -> None:
        """ASSIGN_VARIABLE without a copy, where the layer before may write into the state."""
        operators = self.graph.operators
        for number, operator in enumerate(operators):
            if operator.kind != "ASSIGN_VARIABLE":
                continue
            variable, value = operator.outputs[0], self.root.get(operator.inputs[0] or 0)
            maker = self.writer.get(value) if value is not None else None
            if (
                value is None
                or maker is None
                or value in (*self.graph.inputs, *self.graph.initial)
                or value in self.claimed
                or sum(variable in each.outputs for each in operators) > 1
                or any(variable in self._roots(n) for n in range(maker, number))
            ):
                continue
            for tensor, origin in self.root.items():
                if origin == value:
                    self.root[tensor] = variable
            self.places.moving.discard(number)
            self.places.without_code.add(number)

    def _roots(self, number: int) -> Iterator[int]:
        """What a layer reads, and what it writes."""
        operator = self.graph.operators[number]
        for index in (*operator.inputs, *operator.outputs):
            if index is not None and index in self.root:
                yield self.root[index]

    def _place(self, origin: int) -> Place:
        if origin in self.graph.inputs:
            return Place("input", self.graph.inputs.index(origin))
        if origin in self.graph.initial:
            return Place("state", origin)
        if origin in self.claimed:
            return Place("output", self.claimed[origin])
        return Place("arena", self.writer[origin])
