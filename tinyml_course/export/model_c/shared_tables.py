"""Which tables are written: what several layers share is stored once, under the first one's name.

Unrolled networks and networks that look at two inputs use the same weights again and again; some
of them would keep more than a third of their tables twice. Tables are compared as they go to
flash, so packed ones are shared too, each within its variant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tinyml_course.export.layers.code import LayerCode, Table

SHARED_FROM_BYTES = 32  # a smaller table costs a reader more than it saves


@dataclass(frozen=True)
class TableHome:
    """Where a table stands: with which layer, and what it is called there."""

    layer: int
    name: str


@dataclass(frozen=True)
class SharedTables:
    """Where each table of each layer stands.

    Attributes:
        homes: by variant, layer and the table's name in that layer.
        written_bytes: of the tables that stand with a layer, by variant and layer.
    """

    homes: Mapping[tuple[str, int, str], TableHome]
    written_bytes: Mapping[tuple[str, int], int]

    def is_written(self, variant: str, layer: int, name: str) -> bool:
        """Whether a table stands with its own layer under its own name."""
        return self.homes[variant, layer, name] == TableHome(layer, name)

    def layer_bytes(self, layer: int) -> int:
        """Flash of the tables that stand with a layer, in the greediest variant."""
        return max((n for (_, at), n in self.written_bytes.items() if at == layer), default=0)

    def flash_bytes(self, variant: str) -> int:
        """Flash of all layers' tables in a variant."""
        return sum(count for (each, _), count in self.written_bytes.items() if each == variant)


def find_shared_tables(codes: Mapping[str, Sequence[LayerCode | None]]) -> SharedTables:
    """Give every table a home: the first layer of its variant that has one of the same values.

    codes: by variant, in the layers' order; None for a layer without code.
    """
    homes: dict[tuple[str, int, str], TableHome] = {}
    written: dict[tuple[str, int], int] = {}
    for variant, layers in codes.items():
        known: dict[tuple[str, bytes], TableHome] = {}
        for number, code in enumerate(layers):
            for table in code.tables if code else ():
                own = TableHome(number, table.name)
                home = own
                if table.size_bytes >= SHARED_FROM_BYTES:
                    home = known.setdefault(_content(table), own)
                homes[variant, number, table.name] = home
                if home == own:
                    written[variant, number] = written.get((variant, number), 0) + table.size_bytes
    return SharedTables(homes, written)


def _content(table: Table) -> tuple[str, bytes]:
    """What makes two tables the same: the type, and the values in their order."""
    return table.c_type, np.ascontiguousarray(table.values).tobytes()
