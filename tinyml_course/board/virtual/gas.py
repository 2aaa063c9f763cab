"""The gas sensor of a virtual board: four channels of raw counts from a trace or by hand."""

from __future__ import annotations

from tinyml_course.board.virtual.peripheral import Peripheral, index_in_row
from tinyml_course.board.virtual.timer import Timer
from tinyml_course.board.virtual.traces import Player, Trace


class GasRegister:
    """Offsets of the registers."""

    PRESENT = 0x00
    COUNTS = 0x10  # a row: NO2, C2H5OH, VOC, CO


class GasSensor(Peripheral):
    """NO2, C2H5OH, VOC, CO. Without a trace all read 0."""

    name = "GAS"
    address = 0x4F007000
    registers = GasRegister

    def __init__(self, timer: Timer, trace: Trace | None) -> None:
        self._player = Player(trace, lambda: timer.now_us) if trace else None

        self._held: tuple[int, ...] | None = None

    def set_counts(self, counts: tuple[int, ...] | None) -> None:
        """What the four channels read from now on; None: the trace again."""
        self._held = counts

    @property
    def has_read_trace(self) -> bool:
        """Whether the sketch has asked for what the trace says."""
        return self._player is not None and self._player.has_begun

    def read(self, offset: int) -> int | None:
        """Presence, or a channel's counts."""
        if offset == GasRegister.PRESENT:
            return int(self._player is not None or self._held is not None)
        channel = index_in_row(offset, GasRegister.COUNTS, 4)
        if channel is None:
            return None
        if self._held is not None:
            return self._held[channel]
        return int(self._player.row()[channel]) if self._player else 0
