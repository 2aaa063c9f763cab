"""Where each intermediate value lies in the one static array, the arena.

Two values may share memory if they never live at the same time, and also, partly, if one is
computed from the other by a kernel that reads from front to back (`LayerCode.overlap`): the output
then begins a little before its input and follows it through memory. For a 3x3 convolution of 32 x
32 x 16 bytes that little is 528 bytes, where two separate buffers would need another 16,384.

The search places buffers one by one at the lowest free address, in several orders, and keeps the
best plan. It is deterministic. Lesson 08 draws a plan.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

ALIGNMENT = 4
ORDERS_TRIED = 200


@dataclass(frozen=True)
class Buffer:
    """A value that needs memory from layer `first` (which writes it) to layer `last`."""

    key: int
    size_bytes: int
    first: int
    last: int


@dataclass(frozen=True)
class Sharing:
    """Output `above` may overlap its input `below`, starting `lead_bytes` or more before it.

    `exact` allows the same address only.
    """

    output: int
    input: int
    lead_bytes: int
    exact: bool = False


@dataclass(frozen=True)
class MemoryPlan:
    """Addresses by buffer key, and what they add up to."""

    addresses: Mapping[int, int] = field(default_factory=dict)
    arena_bytes: int = 0


def _align(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


class _Planner:
    def __init__(self, buffers: Sequence[Buffer], sharings: Sequence[Sharing]) -> None:
        self.sizes = {b.key: _align(b.size_bytes) for b in buffers}
        self.shared = {(s.output, s.input): s for s in sharings}
        self.rivals: dict[int, list[int]] = {
            a.key: [
                b.key for b in buffers if a is not b and a.first <= b.last and b.first <= a.last
            ]
            for a in buffers
        }

    def forbidden(self, key: int, other: int, at: int) -> list[tuple[int, int]]:
        """Half-open intervals of addresses that `key` cannot have while `other` lies at `at`."""
        size, other_size = self.sizes[key], self.sizes[other]
        sharing = self.shared.get((key, other))
        if sharing is not None:  # key is computed from other
            if sharing.exact:
                return [(at - size + 1, at), (at + 1, at + other_size)]
            return [(at - _align(sharing.lead_bytes) + 1, at + other_size)]
        sharing = self.shared.get((other, key))
        if sharing is not None:  # other is computed from key
            if sharing.exact:
                return [(at - size + 1, at), (at + 1, at + other_size)]
            return [(at - size + 1, at + _align(sharing.lead_bytes))]
        return [(at - size + 1, at + other_size)]

    def place(self, order: Sequence[int]) -> tuple[int, dict[int, int]]:
        """First fit in this order: (arena bytes, addresses)."""
        addresses: dict[int, int] = {}
        for key in order:
            blocked = sorted(
                interval
                for other in self.rivals[key]
                if other in addresses
                for interval in self.forbidden(key, other, addresses[other])
                if interval[0] < interval[1]
            )
            at = 0
            for low, high in blocked:
                if low <= at < high:
                    at = _align(high)
            addresses[key] = at
        return max((addresses[k] + self.sizes[k] for k in order), default=0), addresses


def plan_memory(buffers: Sequence[Buffer], sharings: Sequence[Sharing] = ()) -> MemoryPlan:
    """Give every buffer an address.

    Args:
        buffers: all values that live in the arena, scratch included.
        sharings: which outputs may lie upon which inputs. An input that lives on after the layer
            that makes the output must not be named.

    Returns:
        Addresses that are multiples of 4.

    >>> layers = [Buffer(0, 100, 0, 1), Buffer(1, 60, 1, 2), Buffer(2, 100, 2, 3)]
    >>> plan_memory(layers).arena_bytes
    160
    >>> plan_memory(layers, [Sharing(1, 0, 0), Sharing(2, 1, 20)]).arena_bytes
    120
    """
    planner = _Planner(buffers, sharings)
    by_time = [b.key for b in sorted(buffers, key=lambda b: (b.first, b.key))]
    by_size = [b.key for b in sorted(buffers, key=lambda b: (-b.size_bytes, b.first, b.key))]
    bound = _lower_bound(buffers, planner)
    best = min(
        (planner.place(order) for order in (by_size, by_time, by_time[::-1])),
        key=lambda placed: placed[0],
    )
    shuffler = random.Random(0)
    base = list(by_size)
    for _ in range(ORDERS_TRIED):
        if best[0] <= bound:
            break
        order = list(base)
        for _ in range(1 + len(order) // 8):  # a few exchanges in the best order so far
            i, j = shuffler.randrange(len(order)), shuffler.randrange(len(order))
            order[i], order[j] = order[j], order[i]
        placed = planner.place(order)
        if placed[0] <= best[0]:
            best, base = placed, order
    return MemoryPlan(best[1], best[0])


def _lower_bound(buffers: Sequence[Buffer], planner: _Planner) -> int:
    """No plan is smaller than the largest sum of values that are alive and cannot share."""
    bound = 0
    for step in {b.first for b in buffers}:
        alive = [b.key for b in buffers if b.first <= step <= b.last]
        total = sum(planner.sizes[k] for k in alive)
        for (output, source), sharing in planner.shared.items():
            if output in alive and source in alive:
                a, b = planner.sizes[output], planner.sizes[source]
                lead = 0 if sharing.exact else _align(sharing.lead_bytes)
                total -= max(0, min(b, a - lead, a))
        bound = max(bound, total)
    return bound
