"""Pins: LEDs that a sketch drives, keys that the host presses, a buzzer."""

from __future__ import annotations

from dataclasses import dataclass

from tinyml_course.board.virtual.peripheral import Peripheral
from tinyml_course.board.virtual.timer import Timer

PINS = 256
INPUT, OUTPUT, INPUT_PULLUP = 0, 1, 2


@dataclass(frozen=True)
class PinChange:
    """An output that changed: when, which, to what (0 or 1; `analogWrite` gives its duty)."""

    time_us: int
    pin: int
    value: int


class Gpio(Peripheral):
    """Attributes:
    modes, outputs: by pin, as the sketch set them.
    changes: every change of an output, oldest first.
    tones: (time_us, pin, hz, ms) of every `tone()`.
    """

    address = 0x4F003000

    def __init__(self, timer: Timer) -> None:
        self.modes: dict[int, int] = {}
        self.outputs: dict[int, int] = {}
        self.changes: list[PinChange] = []
        self.tones: list[tuple[int, int, int, int]] = []
        self._inputs: dict[int, int] = {}
        self._tone = [0, 0]
        self._timer = timer

    def set_input(self, pin: int, value: int | None) -> None:
        """Drive a pin from outside: 0 or 1, or None to let go (a key: 0 is pressed)."""
        if value is None:
            self._inputs.pop(pin, None)
        else:
            self._inputs[pin] = int(bool(value))

    def read(self, offset: int) -> int | None:
        pin = (offset & 0x3FF) >> 2
        if 0x400 <= offset < 0x800:
            return self.outputs.get(pin, 0)
        if 0x800 <= offset < 0xC00:
            self._timer.question()
            mode = self.modes.get(pin, INPUT)
            if mode == OUTPUT:
                return self.outputs.get(pin, 0)
            return self._inputs.get(pin, int(mode == INPUT_PULLUP))
        return None

    def write(self, offset: int, value: int) -> bool:
        pin = (offset & 0x3FF) >> 2
        if offset < 0x400:
            self.modes[pin] = value
        elif offset < 0x800:
            self._drive(pin, int(bool(value)))
        elif offset in (0xC00, 0xC04):
            self._tone[(offset - 0xC00) >> 2] = value
        elif offset == 0xC08:
            self.tones.append((self._timer.now_us, *self._tone, value))
        elif 0xD00 <= offset < 0xE00:
            self._drive((offset - 0xD00) >> 2, value)
        else:
            return False
        return True

    def _drive(self, pin: int, value: int) -> None:
        if self.outputs.get(pin) != value:
            self.outputs[pin] = value
            self.changes.append(PinChange(self._timer.now_us, pin, value))
            self._timer.busy()
