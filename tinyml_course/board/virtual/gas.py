"""The gas sensor of a virtual board: four channels of raw counts from a trace."""

from __future__ import annotations

from tinyml_course.board.virtual.peripheral import Peripheral
from tinyml_course.board.virtual.timer import Timer
from tinyml_course.board.virtual.traces import Player, Trace


class GasSensor(Peripheral):
    """NO2, C2H5OH, VOC, CO. Without a trace all read 0."""

    address = 0x4F007000

    def __init__(self, timer: Timer, trace: Trace | None) -> None:
        self._player = Player(trace, lambda: timer.now_us) if trace else None

    def read(self, offset: int) -> int | None:
        if offset == 0x00:
            return int(self._player is not None)
        if 0x10 <= offset < 0x20:
            return int(self._player.row()[(offset - 0x10) >> 2]) if self._player else 0
        return None
