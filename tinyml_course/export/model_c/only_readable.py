"""Which layers run their readable kernel where others run a fast one, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tinyml_course.export.model_c.program import Program


@dataclass(frozen=True)
class ReadableLayers:
    """Layers of one kind that have no fast kernel on some families of cores.

    Attributes:
        operator: for instance "SOFTMAX".
        layers: their numbers.
        families: as `layers.fast.FAMILIES` calls them.
        why: a few words.
    """

    operator: str
    layers: tuple[int, ...]
    families: tuple[str, ...]
    why: str

    def __str__(self) -> str:
        return f"{self.operator} ({', '.join(map(str, self.layers))})"


def find_readable_layers(program: Program, families: Sequence[str]) -> list[ReadableLayers]:
    """All of them on these families of cores, in the order of the layers."""
    groups: dict[tuple[str, str, tuple[str, ...]], list[int]] = {}
    for layer in program.layers:
        by_why: dict[str, list[str]] = {}
        for family in families:
            if family in layer.only_readable:
                by_why.setdefault(layer.only_readable[family], []).append(family)
        for why, names in by_why.items():
            groups.setdefault((layer.operator.kind, why, tuple(names)), []).append(layer.number)
    return [
        ReadableLayers(kind, tuple(numbers), some, why)
        for (kind, why, some), numbers in groups.items()
    ]


def readable_lines(found: Iterable[ReadableLayers], families: Sequence[str]) -> list[str]:
    """A line for each of those that `find_readable_layers` found on these families."""
    return [f"{each} on {_cores(each.families, families)}: {each.why}" for each in found]


def _cores(some: Sequence[str], families: Sequence[str]) -> str:
    return "every core" if len(some) == len(families) else " and ".join(some)
