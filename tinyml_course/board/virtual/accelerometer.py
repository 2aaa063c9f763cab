"""The accelerometer of a virtual board: plays an acceleration trace, or feels what a hand does."""

from __future__ import annotations

import struct

from tinyml_course.board.virtual.peripheral import Peripheral, index_in_row
from tinyml_course.board.virtual.timer import Timer
from tinyml_course.board.virtual.traces import Player, Trace

_AT_REST = (0.0, 0.0, 1.0)  # a board that lies on a table
# Of a sensor that nobody moves, either way: 0.9 mg rms, as 90 ug / sqrt(Hz) over 100 Hz make it. A
# recording has its own noise, and is played as it is.
_NOISE_G = 0.0015


class AccelerometerRegister:
    """Offsets of the registers."""

    BEGIN = 0x00
    PRESENT = 0x04
    AVAILABLE = 0x08
    LATCH = 0x0C
    AXIS = 0x10  # a row: x, y, z


class Accelerometer(Peripheral):
    """Without a trace the board lies still: (0, 0, 1) g and a sensor's noise.

    New data come at the sensor's own rate (119 Hz on a Nano Rev1); each carries the trace's newest
    row, so that a sketch that samples at the trace's rate reads each row once.
    """

    name = "ACCELEROMETER"
    address = 0x4F005000
    registers = AccelerometerRegister

    def __init__(self, timer: Timer, is_present: bool, trace: Trace | None) -> None:
        self._timer = timer
        self._is_present = is_present
        self._own = Player(trace, lambda: timer.now_us) if trace else None
        self._player = self._own
        self._rate_hz = 0.0
        self._start_us: int | None = None
        self._last_tick = -1
        self._noise = 1
        self._row = _AT_REST
        self._held: tuple[float, float, float] | None = None

    def set_g(self, acceleration_g: tuple[float, float, float] | None) -> None:
        """What the board feels from now on, (x, y, z) in g; None: its trace, or rest, again."""
        self._held = acceleration_g
        if acceleration_g is None:
            self._player = self._own

    def play(self, trace: Trace) -> None:
        """Play another trace from its beginning, again and again."""
        self._held = None
        self._player = Player(trace, lambda: self._timer.now_us)

    def _with_noise(self, still_g: tuple[float, ...]) -> tuple[float, ...]:
        """The same sequence in every run: nothing here is random."""
        noisy = []
        for value in still_g:
            self._noise = (self._noise * 1_103_515_245 + 12_345) & 0x7FFF_FFFF
            noisy.append(value + _NOISE_G * (self._noise / 0x3FFF_FFFF - 1.0))
        return tuple(noisy)

    def _tick(self) -> int:
        if self._start_us is None:
            self._start_us = self._timer.now_us
        return int((self._timer.now_us - self._start_us) * self._rate_hz / 1e6)

    @property
    def has_read_trace(self) -> bool:
        """Whether the sketch has asked for what the trace says."""
        return self._player is not None and self._player.has_begun

    def read(self, offset: int) -> int | None:
        """Presence, news, or an axis in g as the bits of a float."""
        if offset == AccelerometerRegister.PRESENT:
            return int(self._is_present)
        if offset == AccelerometerRegister.AVAILABLE:
            is_new = self._rate_hz > 0 and self._tick() > self._last_tick
            if not is_new:
                self._timer.question()
            return int(is_new)
        axis = index_in_row(offset, AccelerometerRegister.AXIS, 3)
        if axis is None:
            return None
        return struct.unpack("<I", struct.pack("<f", self._row[axis]))[0]

    def write(self, offset: int, value: int) -> bool:
        """Begin at a rate in mHz, or latch the newest sample."""
        if offset == AccelerometerRegister.BEGIN:
            self._rate_hz = value / 1000.0
            self._start_us, self._last_tick = None, -1
        elif offset == AccelerometerRegister.LATCH:
            self._last_tick = self._tick()
            if self._held is None and self._player:
                self._row = tuple(float(v) for v in self._player.row())
            else:
                self._row = self._with_noise(self._held or _AT_REST)
            self._timer.busy()
        else:
            return False
        return True
