"""One inference on each board: time, flash, RAM, energy, and whether it fits. Lesson 10.

The generated C is built as an Arduino core builds it (`-Os`) and counted on the emulated processor;
clocks, memory and currents are the catalogue's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tinyml_course.board.catalog import BOARDS, Board, Fit, estimate_energy_uj, fit_board, get_board
from tinyml_course.board.compiler import clang_title
from tinyml_course.board.listening import Listening
from tinyml_course.board.measure import ModelMeasurement, measure_model
from tinyml_course.board.power import Power, mean_power
from tinyml_course.board.targets import TARGETS
from tinyml_course.network.model import TfliteModel

CORE_TARGETS = {target.core: target.name for target in TARGETS.values()}
STAND_IN = "riscv32"  # for sizes on processors that no compiler here builds for


@dataclass(frozen=True)
class BoardBench:
    """What a model costs on one board.

    Attributes:
        measurement: on the board's processor, or on a stand-in for the sizes alone.
        is_stand_in: True where no compiler here builds for the board's processor: the sizes are
            those of another 32-bit processor, and there is no time and no energy.
        fit: with what the board's Arduino core takes, and with the stack.
        period_us: from one inference to the next, where it is known how the model is used.
        feature_cycles: estimated, of the features of one period.
    """

    board: Board
    measurement: ModelMeasurement
    is_stand_in: bool
    fit: Fit
    period_us: float | None = None
    feature_cycles: int = 0

    @property
    def latency_us(self) -> float | None:
        """Estimated cycles over the clock; flash without wait states."""
        if self.is_stand_in:
            return None
        return self.measurement.estimated_cycles / self.board.clock_hz * 1e6

    @property
    def energy_uj(self) -> float | None:
        """Of one inference, by the catalogue's current; None if nobody knows it."""
        if self.latency_us is None:
            return None
        return estimate_energy_uj(self.board, self.latency_us)

    @property
    def real_time_factor(self) -> float | None:
        """The share of time that the board is busy; above 1 it cannot keep up.

        Features and inference of a period over the period; None if the period is not known.
        """
        if self.latency_us is None or self.period_us is None:
            return None
        features_us = self.feature_cycles / self.board.clock_hz * 1e6
        return (features_us + self.latency_us) / self.period_us

    def power(self, per_second: float = 1.0) -> Power | None:
        """The mean current with so many inferences a second, asleep in between; None if unknown.

        The sensor, its library and the serial port are not in it: `run_sketch(...).power` is.
        """
        if self.latency_us is None:
            return None
        return mean_power(self.board, min(1.0, per_second * self.latency_us / 1e6))

    def as_dict(self) -> dict[str, object]:
        """The figures as JSON values."""
        m = self.measurement
        is_counted = not self.is_stand_in
        return {
            "board": self.board.name,
            "macs": m.macs,
            "instructions": m.instructions if is_counted else None,
            "estimated_cycles": m.estimated_cycles if is_counted else None,
            "latency_us": None if self.latency_us is None else round(self.latency_us, 1),
            "flash_bytes": m.flash_bytes,
            "weights_bytes": m.weights_bytes,
            "ram_bytes": m.ram_bytes,
            "stack_bytes": m.stack_bytes,
            "energy_uj": None if self.energy_uj is None else round(self.energy_uj, 3),
            "energy_source": self.board.active_ma.note,
            "period_us": self.period_us,
            "feature_cycles": self.feature_cycles if is_counted and self.period_us else None,
            "real_time_factor": None
            if self.real_time_factor is None
            else round(self.real_time_factor, 4),
            "power_at_1_hz": None if (power := self.power()) is None else power.as_dict(),
            "fits": self.fit.fits,
            "flash_free_bytes": self.fit.flash_free_bytes,
            "ram_free_bytes": self.fit.ram_free_bytes,
            "margin": round(self.fit.margin, 4),
            "compiler": f"{clang_title()}, {m.optimize}",
            "readable_layers": [
                {"operator": each.operator, "layers": list(each.layers), "why": each.why}
                for each in (m.readable_layers if is_counted else ())
            ],
            "core_is_counted": self.fit.core_is_counted,
            "is_stand_in": self.is_stand_in,
        }


def bench_model(
    model: bytes, board: str = "nano33ble", listening: Listening | None = None
) -> BoardBench:
    """What a .tflite model costs on `board` as generated C.

    listening: how it is used, if one knows; then also how much of its time the board is busy.

    Raises:
        ExportError: the model is refused.
        BoardError: there is no such board.
    """
    return bench_boards(model, [get_board(board)], listening)[0]


def bench_boards(
    model: bytes, boards: Iterable[Board] | None = None, listening: Listening | None = None
) -> list[BoardBench]:
    """`bench_model` on every board of the catalogue; each processor is measured once."""
    model = TfliteModel.of(model)
    measured: dict[str, ModelMeasurement] = {}
    features: dict[str, int] = {}
    found = []
    for board in boards or BOARDS.values():
        target = CORE_TARGETS.get(board.core, STAND_IN)
        if target not in measured:
            measured[target] = measure_model(model, target=target, optimize="-Os")
            features[target] = listening.count_feature_cycles(target) if listening else 0
        m = measured[target]
        fit = fit_board(board, m.flash_bytes, m.ram_bytes + m.stack_bytes)
        found.append(
            BoardBench(
                board,
                m,
                board.core not in CORE_TARGETS,
                fit,
                listening.period_us if listening else None,
                features[target],
            )
        )
    return found
