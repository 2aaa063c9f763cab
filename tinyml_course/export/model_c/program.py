"""A graph as a program: its layers in their variants, and where every value lies.

Everything is decided here, so that `writer` only has to write it down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tinyml_course.export.layers.code import LayerCode, OnlyReadable
from tinyml_course.export.layers.fast import FAMILIES, READABLE, fast_layer
from tinyml_course.export.layers.moves import copy_layer
from tinyml_course.export.layers.readable import readable_layer
from tinyml_course.export.model_c.memory_plan import Buffer, MemoryPlan, Sharing, plan_memory
from tinyml_course.export.model_c.places import Place, find_places
from tinyml_course.export.model_c.shared_tables import SharedTables, find_shared_tables
from tinyml_course.network.ir import Graph, Operator


@dataclass(frozen=True)
class Layer:
    """One layer of the program.

    Attributes:
        number: its place in the sequence; part of its symbols' names.
        readable: None for an alias, which has no code at all.
        fast: its variants for families of cores, by the family's name.
        only_readable: why a family has none.
    """

    number: int
    operator: Operator
    readable: LayerCode | None
    fast: Mapping[str, LayerCode] = field(default_factory=dict)
    only_readable: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_alias(self) -> bool:
        """Whether the layer has no code: its output is its input under another name."""
        return self.readable is None

    @property
    def codes(self) -> list[LayerCode]:
        """All variants."""
        return [*([self.readable] if self.readable else []), *self.fast.values()]

    def code_for(self, variant: str) -> LayerCode | None:
        """What runs in a variant of the program; None for an alias."""
        return self.fast.get(variant, self.readable)

    @property
    def scratch_bytes(self) -> int:
        """What the greediest variant needs."""
        return max(code.scratch_bytes for code in self.codes)


@dataclass(frozen=True)
class Program:
    """What `writer` writes down.

    Attributes:
        places: of every run-time value, by tensor index.
        plans: of each variant the addresses in the arena, by layer; a layer's scratch memory has
            the key -1 - layer. The first is the readable one; a family of cores has one if a layer
            has a fast variant for it.
        copies: (from tensor, output number) for values that leave the model twice, or unchanged.
        tables: where each layer's tables stand: several layers may share one.
    """

    graph: Graph
    layers: tuple[Layer, ...]
    places: dict[int, Place]
    plans: Mapping[str, MemoryPlan]
    copies: tuple[tuple[int, int], ...]
    tables: SharedTables

    @property
    def variants(self) -> list[str]:
        """The readable one, and the families of cores that some layer has a fast variant for."""
        return list(self.plans)


def build_program(graph: Graph, allow_fast: bool = True) -> Program:
    """Decide variants, places and addresses for a model's network (`TfliteModel.network`)."""
    places = find_places(graph)
    layers = []
    for number, operator in enumerate(graph.operators):
        if number in places.moving:
            layers.append(Layer(number, operator, copy_layer(graph, operator)))
        elif number in places.without_code:
            layers.append(Layer(number, operator, None))
        else:
            found = {
                family: fast_layer(graph, operator, family)
                for family in (FAMILIES if allow_fast else ())
            }
            fast = {name: code for name, code in found.items() if isinstance(code, LayerCode)}
            why = {name: no.why for name, no in found.items() if isinstance(no, OnlyReadable)}
            layers.append(Layer(number, operator, readable_layer(graph, operator), fast, why))
    families = [name for name in FAMILIES if any(name in layer.fast for layer in layers)]
    plans: dict[str, MemoryPlan] = {}
    for variant in (READABLE, *families):
        codes = tuple(layer.code_for(variant) for layer in layers)
        same = next((v for v in plans if _need_the_same(layers, v, variant)), None)
        plans[variant] = plans[same] if same else _plan(graph, layers, places.of, codes)
    tables = find_shared_tables({v: [layer.code_for(v) for layer in layers] for v in plans})
    return Program(graph, tuple(layers), places.of, plans, places.copies, tables)


def _need_the_same(layers: Sequence[Layer], one: str, other: str) -> bool:
    """Whether two variants have the same demands on memory."""

    def needs(code: LayerCode | None) -> tuple[object, ...]:
        return (code.scratch_bytes, code.overlap, code.exact) if code else ()

    return all(needs(x.code_for(one)) == needs(x.code_for(other)) for x in layers)


def _plan(
    graph: Graph,
    layers: Sequence[Layer],
    places: dict[int, Place],
    codes: Sequence[LayerCode | None],
) -> MemoryPlan:
    last_use: dict[int, int] = {}  # by the number of the layer that writes the value
    size: dict[int, int] = {}
    for layer in layers:
        for tensor in graph.activations_of(layer.operator):
            if places[tensor.index].kind == "arena":
                last_use[places[tensor.index].number] = layer.number
    buffers, sharings = [], []
    for layer, code in zip(layers, codes, strict=True):
        if code is None:
            continue
        output = graph.output_of(layer.operator)
        place = places[output.index]
        if code.scratch_bytes:
            buffers.append(
                Buffer(-1 - layer.number, code.scratch_bytes, layer.number, layer.number)
            )
        if place.kind != "arena":
            continue
        size[place.number] = output.size_bytes
        buffers.append(
            Buffer(
                layer.number,
                output.size_bytes,
                layer.number,
                last_use.get(layer.number, layer.number),
            )
        )
        inputs = graph.activations_of(layer.operator)
        for tensor, overlap in zip(inputs, code.overlap, strict=False):
            source = places[tensor.index]
            dies_here = source.kind == "arena" and last_use[source.number] == layer.number
            if dies_here and (overlap is not None or code.exact):
                sharings.append(Sharing(layer.number, source.number, overlap or 0, code.exact))
    return plan_memory(buffers, sharings)
