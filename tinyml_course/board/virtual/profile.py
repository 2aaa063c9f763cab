"""Where a program spends its instructions: the counter's blocks, summed up by function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tinyml_course.board.linked.program import Program
from tinyml_course.board.virtual.block_cost import BlockCost
from tinyml_course.board.virtual.block_counter import Block


@dataclass(frozen=True)
class FunctionProfile:
    """name: the function. instructions: exact. cycles: estimated."""

    name: str
    instructions: int
    cycles: int


@dataclass(frozen=True)
class LineProfile:
    """The same for one source line, `where` being `file.c:12`."""

    where: str
    instructions: int


def profile_blocks(
    blocks: Iterable[Block], program: Program, _measure: Callable[[int, int], BlockCost]
) -> list[FunctionProfile]:
    """Instructions and cycles by function, the most expensive first."""
    totals: dict[str, list[int]] = {}
    for block in blocks:
        if not block.executions:
            continue
        function = program.image.function_at(block.address)
        name = function.name if function else f"{block.address:#x}"
        total = totals.setdefault(name, [0, 0])
        total[0] += block.executions * block.instructions
        total[1] += block.executions * block.cycles + block.taken * block.taken_cycles
    found = [FunctionProfile(name, count, cycles) for name, (count, cycles) in totals.items()]
    return sorted(found, key=lambda entry: (-entry.instructions, entry.name))


def profile_lines(
    blocks: Iterable[Block], program: Program, measure: Callable[[int, int], BlockCost]
) -> list[LineProfile]:
    """Instructions by source line, the most expensive first."""
    totals: dict[str, int] = {}
    for block in blocks:
        if not block.executions:
            continue
        for offset in measure(block.address, block.size).addresses:
            line = program.lines.find(block.address + offset)
            where = str(line) if line else program.locate(block.address + offset)
            totals[where] = totals.get(where, 0) + block.executions
    found = [LineProfile(where, count) for where, count in totals.items()]
    return sorted(found, key=lambda entry: (-entry.instructions, entry.where))
