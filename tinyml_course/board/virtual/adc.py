"""Analogue inputs: volts from outside, counts for the sketch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from tinyml_course.board.virtual.peripheral import Peripheral, index_in_row
from tinyml_course.board.virtual.timer import Timer
from tinyml_course.board.virtual.traces import Player, Trace

SUPPLY_V = 3.3
PINS = 512
CONVERSION_US = 100  # what the Arduino reference gives for analogRead()


class AdcRegister:
    """Offsets of the registers."""

    VALUE = 0x000  # a row, one word a pin
    BITS = 0x800
    REFERENCE_MV = 0x804


class Adc(Peripheral):
    """Every analogue pin reads 0 V until `set_voltage`. `bits` until `analogReadResolution`.

    A reading takes 0.1 ms, so a loop() that only reads and switches pins cannot run without end in
    a moment of virtual time.
    """

    name = "ADC"
    address = 0x4F004000
    registers = AdcRegister

    def __init__(self, timer: Timer, bits: int = 10) -> None:
        self._timer = timer
        self._volts: dict[int, list[tuple[int, float]]] = {}  # by pin: (from when, how much)
        self._parts: dict[int, Callable[[], float]] = {}
        self._bits = bits
        self._reference_v = SUPPLY_V
        self._player: Player | None = None

    def play(self, trace: Trace, pins: Sequence[int]) -> None:
        """Volts from a trace at `pins`, a column each, unless somebody sets a voltage there."""
        player = self._player = Player(trace, lambda: self._timer.now_us)
        for column, pin in enumerate(pins):
            self.connect(pin, partial(_volts_of, player, column))

    @property
    def has_read_trace(self) -> bool:
        """Whether the sketch has asked for what the trace says."""
        return self._player is not None and self._player.has_begun

    def set_voltage(self, pin: int, volts: float, at_s: float | None = None) -> None:
        """What stands at a pin; clipped to 0 and the supply when it is read.

        at_s: from when on, in virtual seconds; now if None, and what was planned is forgotten.
        """
        if at_s is None:
            self._volts[pin] = [(0, volts)]
            return
        steps = self._volts.setdefault(pin, [])
        steps.append((round(at_s * 1e6), volts))
        steps.sort(key=lambda step: step[0])

    def connect(self, pin: int, volts: Callable[[], float]) -> None:
        """A part of the board that drives a pin, unless somebody sets a voltage there."""
        self._parts[pin] = volts

    def voltage(self, pin: int) -> float:
        """What stands at a pin now; 0 V where nobody has set anything."""
        now_us = self._timer.now_us
        if pin in self._parts and pin not in self._volts:
            return self._parts[pin]()
        past = [volts for from_us, volts in self._volts.get(pin, ()) if from_us <= now_us]
        return past[-1] if past else 0.0

    def read(self, offset: int) -> int | None:
        """The counts at a pin, by the volts that stand there."""
        pin = index_in_row(offset, AdcRegister.VALUE, PINS)
        if pin is None:
            return None
        self._timer.skip_us(CONVERSION_US)
        share = min(max(self.voltage(pin) / self._reference_v, 0.0), 1.0)
        return round(share * ((1 << self._bits) - 1))

    def write(self, offset: int, value: int) -> bool:
        """The resolution in bits, 1 to 16, or the volts of a full reading."""
        if offset == AdcRegister.BITS and 1 <= value <= 16:
            self._bits = value
            return True
        if offset == AdcRegister.REFERENCE_MV and value > 0:
            self._reference_v = value / 1000
            return True
        return False


def _volts_of(player: Player, column: int) -> float:
    return float(player.row()[column])
