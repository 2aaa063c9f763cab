"""The accelerometer of a virtual board: plays an acceleration trace."""

from __future__ import annotations

import struct

from tinyml_course.board.virtual.peripheral import Peripheral
from tinyml_course.board.virtual.timer import Timer
from tinyml_course.board.virtual.traces import Player, Trace

_AT_REST = (0.0, 0.0, 1.0)  # a board that lies on a table


class Accelerometer(Peripheral):
    """Without a trace the board lies still: (0, 0, 1) g.

    New data come at the sensor's own rate (119 Hz on a Nano Rev1); each carries the trace's newest
    row, so that a sketch that samples at the trace's rate reads each row once.
    """

    address = 0x4F005000

    def __init__(self, timer: Timer, is_present: bool, trace: Trace | None) -> None:
        self._timer = timer
        self._is_present = is_present
        self._player = Player(trace, lambda: timer.now_us) if trace else None
        self._rate_hz = 0.0
        self._start_us: int | None = None
        self._last_tick = -1
        self._row = _AT_REST

    def _tick(self) -> int:
        if self._start_us is None:
            self._start_us = self._timer.now_us
        return int((self._timer.now_us - self._start_us) * self._rate_hz / 1e6)

    def read(self, offset: int) -> int | None:
        if offset == 0x04:
            return int(self._is_present)
        if offset == 0x08:
            is_new = self._rate_hz > 0 and self._tick() > self._last_tick
            if not is_new:
                self._timer.question()
            return int(is_new)
        if offset in (0x10, 0x14, 0x18):
            return struct.unpack("<I", struct.pack("<f", self._row[(offset - 0x10) >> 2]))[0]
        return None

    def write(self, offset: int, value: int) -> bool:
        if offset == 0x00:
            self._rate_hz = value / 1000.0
            self._start_us, self._last_tick = None, -1
        elif offset == 0x0C:
            self._last_tick = self._tick()
            if self._player:
                self._row = tuple(float(v) for v in self._player.row())
            self._timer.busy()
        else:
            return False
        return True
