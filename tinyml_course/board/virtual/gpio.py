"""Pins: LEDs that a sketch drives, keys that the host presses, a buzzer."""

from __future__ import annotations

from dataclasses import dataclass

from tinyml_course.board.virtual.peripheral import Peripheral, index_in_row
from tinyml_course.board.virtual.timer import Timer

PINS = 256
DUTY_PINS = 64  # pins that `analogWrite` knows
INPUT, OUTPUT, INPUT_PULLUP = 0, 1, 2


@dataclass(frozen=True)
class PinChange:
    """An output that changed: when, which, to what (0 or 1; `analogWrite` gives its duty)."""

    time_us: int
    pin: int
    value: int


class GpioRegister:
    """Offsets of the registers; those for pins are rows, one word a pin."""

    MODE = 0x000
    OUTPUT = 0x400
    INPUT = 0x800
    TONE_PIN = 0xC00
    TONE_HZ = 0xC04
    TONE_MS = 0xC08
    DUTY = 0xD00


class Gpio(Peripheral):
    """Attributes:
    modes, outputs: by pin, as the sketch set them.
    changes: every change of an output, oldest first.
    tones: (time_us, pin, hz, ms) of every `tone()`.
    """

    name = "GPIO"
    address = 0x4F003000
    registers = GpioRegister

    def __init__(self, timer: Timer) -> None:
        self.modes: dict[int, int] = {}
        self.outputs: dict[int, int] = {}
        self.changes: list[PinChange] = []
        self.tones: list[tuple[int, int, int, int]] = []
        self._inputs: dict[int, int] = {}
        self._tone_pin = self._tone_hz = 0
        self._timer = timer

    def set_input(self, pin: int, value: int | None) -> None:
        """Drive a pin from outside: 0 or 1, or None to let go (a key: 0 is pressed)."""
        if value is None:
            self._inputs.pop(pin, None)
        else:
            self._inputs[pin] = int(bool(value))

    def read(self, offset: int) -> int | None:
        if (pin := index_in_row(offset, GpioRegister.OUTPUT, PINS)) is not None:
            return self.outputs.get(pin, 0)
        if (pin := index_in_row(offset, GpioRegister.INPUT, PINS)) is not None:
            self._timer.question()
            mode = self.modes.get(pin, INPUT)
            if mode == OUTPUT:
                return self.outputs.get(pin, 0)
            return self._inputs.get(pin, int(mode == INPUT_PULLUP))
        return None

    def write(self, offset: int, value: int) -> bool:
        if (pin := index_in_row(offset, GpioRegister.MODE, PINS)) is not None:
            self.modes[pin] = value
        elif (pin := index_in_row(offset, GpioRegister.OUTPUT, PINS)) is not None:
            self._drive(pin, int(bool(value)))
        elif offset == GpioRegister.TONE_PIN:
            self._tone_pin = value
        elif offset == GpioRegister.TONE_HZ:
            self._tone_hz = value
        elif offset == GpioRegister.TONE_MS:
            self.tones.append((self._timer.now_us, self._tone_pin, self._tone_hz, value))
        elif (pin := index_in_row(offset, GpioRegister.DUTY, DUTY_PINS)) is not None:
            self._drive(pin, value)
        else:
            return False
        return True

    def _drive(self, pin: int, value: int) -> None:
        if self.outputs.get(pin) != value:
            self.outputs[pin] = value
            self.changes.append(PinChange(self._timer.now_us, pin, value))
            self._timer.busy()
