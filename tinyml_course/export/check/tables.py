"""Do the tables in generated C hold the model's numbers? Read from the text, unpacked, compared.

Every table of every variant is read out of NAME.c and held against what the exporter computes,
those of kernels and of the state too. Then those that fast kernels read in an order of their own
are unpacked (`kernels/packings.py`), and each weight, bias and scale is held against the model's.
`tinyml verify` does it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from tinyml_course.errors import ExportError
from tinyml_course.export.kernels.packings import FilterShape, find_packing, inputs_at_a_time
from tinyml_course.export.layers.accumulators import layer_sums
from tinyml_course.export.layers.code import LayerCode, Table
from tinyml_course.export.layers.fits import walk_is_down
from tinyml_course.export.model_c.program import Layer, Program, build_program
from tinyml_course.export.model_c.variants import chosen_text
from tinyml_course.export.model_c.writer import write_program
from tinyml_course.network import parameters
from tinyml_course.network.ir import Graph, Operator
from tinyml_course.network.model import TfliteModel

_TABLE = re.compile(r"^static const (\w+) (\w+)\[\d+\] = \{([^}]*)\};", re.MULTILINE)
_LEAST = {"INT32_MIN": -(1 << 31), "INT64_MIN": -(1 << 63)}


@dataclass(frozen=True)
class TableDifference:
    """A table that does not hold the model's numbers.

    Attributes:
        table: its name in the C.
        layer, kind: whose it is; None and "" for a table of a kernel, of the state or of a constant
            output.
        variants: "readable", or the families of cores that read it.
        what: the first place that differs, in words.
    """

    table: str
    layer: int | None
    kind: str
    variants: tuple[str, ...]
    what: str

    def __str__(self) -> str:
        whose = "" if self.layer is None else f"layer {self.layer}, {self.kind}, "
        return f"{self.table} ({whose}{' and '.join(self.variants)}): {self.what}"


@dataclass(frozen=True)
class TableCheck:
    """What became of a file's tables.

    Attributes:
        tables, values: read from the C and held against the exporter's, over all variants.
        unpacked_weights: of fast kernels, traced back to the model one by one.
        not_unpacked: layers whose fast kernel has no description of how its tables read.
        differences: tables that hold something else.
    """

    tables: int
    values: int
    unpacked_weights: int
    not_unpacked: tuple[str, ...]
    differences: tuple[TableDifference, ...]

    @property
    def passed(self) -> bool:
        """Whether every table holds the model's numbers."""
        return not self.differences

    def __str__(self) -> str:
        if self.differences:
            return "\n".join(f"wrong table: {difference}" for difference in self.differences)
        return (
            f"{self.tables} tables of {self.values:,} values are the model's; "
            f"{self.unpacked_weights:,} packed weights were unpacked and compared"
        )


def check_tables(model: bytes, source: str, name: str) -> TableCheck:
    """Hold every table of a generated file against the model.

    Args:
        model: a .tflite file.
        source: the text of NAME.c.
        name: the model's name in it.

    Raises:
        ExportError: the model cannot be exported.
    """
    program = build_program(TfliteModel.of(model).network)
    fresh = write_program(program, name).source
    found: dict[tuple[str, int | None, str], list[str]] = {}  # table, layer, what: variants
    tables = values = weights = 0
    not_unpacked = []
    for variant in program.variants:
        in_file = read_tables(chosen_text(source, name, variant))
        of_layers = set()
        for layer in program.layers:
            code = layer.code_for(variant)
            if code is None:
                continue
            symbols = {t.name: _symbol(program, variant, layer, t, name) for t in code.tables}
            read = {t.name: in_file.get(symbols[t.name]) for t in code.tables}
            of_layers |= set(symbols.values())
            tables += len(read)
            values += sum(int(np.size(t.values)) for t in code.tables)
            traced = _trace(program.graph, layer.operator, code, read)
            weights += traced.weights
            if traced.is_unknown:
                not_unpacked.append(f"{layer.number} {layer.operator.kind} ({variant})")
            for table in code.tables:
                what = _difference(table, read[table.name])
                where = traced.wrong.get(table.name)
                if what or where:
                    said = "; ".join(text for text in (what, where) if text)
                    found.setdefault((symbols[table.name], layer.number, said), []).append(variant)
        for symbol, (c_type, wanted) in read_tables(chosen_text(fresh, name, variant)).items():
            if symbol in of_layers:
                continue
            tables += 1
            values += wanted.size
            if what := _difference(Table(symbol, c_type, wanted), in_file.get(symbol)):
                found.setdefault((symbol, None, what), []).append(variant)
    kinds = {layer.number: layer.operator.kind for layer in program.layers}
    differences = tuple(
        TableDifference(
            table, number, "" if number is None else kinds[number], tuple(variants), what
        )
        for (table, number, what), variants in found.items()
    )
    return TableCheck(tables, values, weights, tuple(not_unpacked), differences)


def read_tables(text: str) -> dict[str, tuple[str, np.ndarray]]:
    """The constant arrays in a C text: type and values (int64, or float32) by name.

    >>> read_tables("static const int8_t net_0_bias[2] = {1, -128};")
    {'net_0_bias': ('int8_t', array([   1, -128]))}

    Raises:
        ExportError: a table with something else than numbers.
    """
    tables = {}
    for c_type, name, body in _TABLE.findall(text):
        try:
            tables[name] = c_type, _values(c_type, body)
        except ValueError as error:
            raise ExportError(
                f"the table {name} holds something else than numbers ({error}): export the model "
                "again"
            ) from error
    return tables


def _values(c_type: str, body: str) -> np.ndarray:
    words = body.replace("\n", " ").split(",")
    if c_type == "float":
        return np.array([np.float32(word.strip().rstrip("f")) for word in words], np.float32)
    return np.array([_integer(word.strip()) for word in words], np.int64)


def _integer(word: str) -> int:
    word = word.removeprefix("INT64_C(").removesuffix(")")
    return _LEAST[word] if word in _LEAST else int(word)


def _symbol(program: Program, variant: str, layer: Layer, table: Table, name: str) -> str:
    home = program.tables.homes[variant, layer.number, table.name]
    return f"{name}_{home.layer}_{home.name}"


def _difference(table: Table, read: tuple[str, np.ndarray] | None) -> str | None:
    """What differs between a table and what was read of it; None if nothing does."""
    if read is None:
        return "is missing"
    c_type, values = read
    wanted = np.asarray(table.values).reshape(-1)
    if c_type != table.c_type or values.size != wanted.size:
        return f"is {c_type}[{values.size}], and should be {table.c_type}[{wanted.size}]"
    if wanted.dtype.kind == "f":  # C has no literal for an infinity
        wanted = np.clip(wanted, *(np.finfo(np.float32).min, np.finfo(np.float32).max))
    else:
        wanted = wanted.astype(np.int64)
    places = np.flatnonzero(values != wanted)
    if not places.size:
        return None
    at = int(places[0])
    return f"value {at} is {values[at]}, and should be {wanted[at]}"


@dataclass(frozen=True)
class _Trace:
    """weights: how many were unpacked. wrong: by table, the first number that is not the model's.

    is_unknown: nobody has said how the kernel's tables read.
    """

    weights: int = 0
    wrong: Mapping[str, str] = field(default_factory=dict)
    is_unknown: bool = False


def _trace(
    graph: Graph,
    operator: Operator,
    code: LayerCode,
    read: Mapping[str, tuple[str, np.ndarray] | None],
) -> _Trace:
    """Unpack a fast kernel's tables and hold every number against the model's."""
    packing = find_packing(code.kernels)
    if packing is None:
        is_fast = any("_dsp" in kernel or "_small" in kernel for kernel in code.kernels)
        return _Trace(is_unknown=is_fast and bool(code.tables))
    shape, filters, r = _filters(graph, operator)
    shape = replace(shape, inputs_at_a_time=inputs_at_a_time(code.kernels))
    sums = layer_sums(graph, operator, filters, r)
    tables = {table.name: read[table.name] for table in code.tables}
    sized = {t.name: int(np.size(t.values)) for t in code.tables}
    if sums is None or any(v is None or v[1].size != sized[k] for k, v in tables.items()):
        return _Trace()  # said of the table already
    found = packing.unpack({k: v[1] for k, v in tables.items() if v is not None}, shape)
    weights_table, other_table = code.tables[0].name, code.tables[1].name
    wrong = {}
    places = np.argwhere(found.weights != sums.filters.astype(np.int64))
    if len(places):
        channel, product = (int(i) for i in places[0])
        wrong[weights_table] = (
            f"unpacked, weight {product} of output {channel} is {found.weights[channel, product]}, "
            f"in the model {sums.filters[channel, product]}"
        )
    else:
        for what in ("bias", "multipliers", "shifts"):
            values, wanted = getattr(found, what), getattr(sums, what)
            differing = np.flatnonzero(values != wanted)
            if differing.size:
                at = int(differing[0])
                name = "scaling" if what != "bias" and "scaling" in tables else other_table
                wrong.setdefault(
                    name,
                    f"unpacked, {what.removesuffix('s') if what != 'bias' else what} of output "
                    f"{at} is {values[at]}, in the model {wanted[at]}",
                )
    return _Trace(found.weights.size, wrong)


def _filters(
    graph: Graph, operator: Operator
) -> tuple[FilterShape, np.ndarray, parameters.Requantization]:
    """The model's filters, one a row, with their shape and scales."""
    values = graph.input_of(operator, 1).values
    if operator.kind == "FULLY_CONNECTED":
        r = parameters.fully_connected_requantization(graph, operator)
        n, depth = values.shape
        return FilterShape(n, 1, 1, depth, r.input_zero_point), values, r
    r = parameters.convolution_requantization(graph, operator)
    if operator.kind == "CONV_2D":
        n, height, width, depth = values.shape
        shape = FilterShape(n, height, width, depth, r.input_zero_point)
        return shape, values.reshape(n, -1), r
    _, height, width, n = values.shape
    down = walk_is_down(parameters.window(graph, operator))
    shape = FilterShape(n, height, width, 1, r.input_zero_point, down)
    return shape, values.reshape(-1, n).T, r
