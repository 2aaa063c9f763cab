"""What one pass through a basic block costs: the value the counter adds up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BlockCost:
    """instructions: exact. cycles: an estimate. taken_cycles: more, if its last branch is taken.

    addresses: where each instruction begins, counted from the block's start.
    """

    instructions: int
    cycles: int
    taken_cycles: int
    addresses: tuple[int, ...]
