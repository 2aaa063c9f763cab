"""Lesson 10, Fit, power and choice: what is left, two currents, a board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tinyml_course.exercises import Exercise, Mistake


@dataclass(frozen=True)
class Name:
    """A board, as far as exercise 10.3 needs one."""

    name: str


@dataclass(frozen=True)
class Bench:
    """As much of a board's measurements as exercise 10.3 may use."""

    board: Name
    latency_us: float | None
    energy_uj: float | None

    def __str__(self) -> str:
        latency = None if self.latency_us is None else f"{self.latency_us:g} us"
        energy = None if self.energy_uj is None else f"{self.energy_uj:g} uJ"
        return f"{self.board.name} ({latency}, {energy})"


def _boards() -> Sequence[tuple[Any, ...]]:
    rows = [
        ("big", 90.0, 9.0),
        ("small", 700.0, 2.5),
        ("slow", 5000.0, 0.5),
        ("secret", None, None),
        ("quick", 40.0, 4.0),
        ("unknown", 300.0, None),
    ]
    boards = [Bench(Name(name), latency, energy) for name, latency, energy in rows]
    return [
        (boards, 1000),
        (boards, 100),
        (boards, 10_000),
        (boards[::-1], 1000),
        (boards[:4], 1000),
        (boards, 700),  # 700 us is not less than 700
    ]


def _quick(boards: list[Bench], limit_us: float) -> list[Bench]:
    known = [b for b in boards if b.latency_us is not None and b.energy_uj is not None]
    return [b for b in known if (b.latency_us or 0) < limit_us]


def _least(boards: list[Bench]) -> Bench:
    return min(boards, key=lambda b: b.energy_uj or 0)


EXERCISES = (
    Exercise(
        "10.1",
        lambda flash, core, ours: flash - core - ours,
        lambda: [(983_040, 85_000, 5_100), (262_144, 9_000, 7_000), (10_000, 9_000, 3_000)],
        (
            Mistake(
                lambda flash, core, ours: flash - ours,
                "The board's own software is missing: it is there before your first line.",
            ),
            Mistake(
                lambda flash, core, ours: flash - core + ours,
                "Our network takes flash too: a second minus sign.",
            ),
            Mistake(
                lambda flash, core, ours: core + ours,
                "This is what is taken. What is left?",
            ),
            Mistake(
                lambda flash, core, ours: max(0, flash - core - ours),
                "If it does not fit, say by how much: a negative number tells more than 0.",
            ),
        ),
        ("three numbers, two minus signs", "all of it, less the core, less our network"),
    ),
    Exercise(
        "10.2a",
        lambda active_ma, sleep_ma, duty: duty * active_ma + (1 - duty) * sleep_ma,
        lambda: [(6.0, 0.002, 0.25), (10.0, 1.0, 0.0), (10.0, 1.0, 1.0), (4.0, 0.5, 0.01)],
        (
            Mistake(
                lambda active_ma, sleep_ma, duty: (active_ma + sleep_ma) / 2,
                "This takes both for half of the time. Weigh each with its share.",
            ),
            Mistake(
                lambda active_ma, sleep_ma, duty: duty * active_ma,
                "While it sleeps it draws a little too, and it sleeps for long.",
            ),
            Mistake(
                lambda active_ma, sleep_ma, duty: duty * active_ma + sleep_ma,
                "It sleeps only for the rest of the time: 1 - d.",
            ),
            Mistake(
                lambda active_ma, sleep_ma, duty: (1 - duty) * active_ma + duty * sleep_ma,
                "The shares are swapped: `duty` is the time awake.",
            ),
            Mistake(
                lambda active_ma, sleep_ma, duty: duty * (active_ma + (1 - duty) * sleep_ma),
                "The brackets stand wrong: two products, then their sum.",
            ),
        ),
        (
            "a mean of the two, each weighed with its share of time",
            "d for one, 1 - d for the other",
        ),
        tolerance=1e-9,
    ),
    Exercise(
        "10.2b",
        lambda capacity_mah, current_ma: capacity_mah / current_ma,
        lambda: [(150, 1.33), (150, 6.0), (1000, 0.02)],
        (
            Mistake(
                lambda capacity_mah, current_ma: current_ma / capacity_mah,
                "Twice the current should give half the life: the capacity stands above.",
            ),
            Mistake(
                lambda capacity_mah, current_ma: capacity_mah * current_ma,
                "Twice the current should give half the life, not twice as much.",
            ),
            Mistake(
                lambda capacity_mah, current_ma: capacity_mah / current_ma / 24,
                "These are days. Hours are asked for.",
            ),
            Mistake(
                lambda capacity_mah, current_ma: capacity_mah // current_ma,
                "`//` drops what stands behind the point.",
            ),
        ),
        ("mAh divided by mA is hours", "the second formula above"),
        tolerance=1e-9,
    ),
    Exercise(
        "10.3",
        lambda boards, limit_us: _least(_quick(boards, limit_us)).board.name,
        _boards,
        (
            Mistake(
                lambda boards, limit_us: (
                    min(_quick(boards, limit_us), key=lambda b: b.latency_us or 0).board.name
                ),
                "This is the fastest. Among those that are fast enough, the least energy wins.",
            ),
            Mistake(
                lambda boards, limit_us: _least(_quick(boards, float("inf"))).board.name,
                "This board takes longer than the limit. First leave out those that are too slow.",
            ),
            Mistake(
                lambda boards, limit_us: _least(_quick(boards, limit_us)),
                "The right board. Give its name: `.board.name`.",
            ),
            Mistake(
                lambda boards, limit_us: (
                    max(_quick(boards, limit_us), key=lambda b: b.energy_uj or 0).board.name
                ),
                "This one uses the most energy. `min` is wanted.",
            ),
            Mistake(
                lambda boards, limit_us: (
                    min(
                        (b for b in boards if b.latency_us < limit_us), key=lambda b: b.energy_uj
                    ).board.name
                ),
                "Some times and energies are `None`, because nobody knows them, and None cannot "
                "be compared. Leave those boards out first.",
            ),
            Mistake(
                lambda boards, limit_us: (
                    min(
                        (b for b in boards if b.latency_us is not None and b.latency_us < limit_us),
                        key=lambda b: b.energy_uj,
                    ).board.name
                ),
                "An energy can be `None` too: leave those boards out as well.",
            ),
        ),
        (
            "filter twice, time and energy, then the smallest",
            "`min(boards, key=lambda b: b.energy_uj)`",
        ),
    ),
)
