"""Pins: LEDs that a sketch drives, keys that the host presses, interrupts, a buzzer."""

from __future__ import annotations

import bisect
from dataclasses import dataclass

from tinyml_course.board.virtual.peripheral import Peripheral, index_in_row
from tinyml_course.board.virtual.timer import NO_ALARM, Timer
from tinyml_course.errors import BoardError

PINS = 256
DUTY_PINS = 128  # pins that `analogWrite` knows
INPUT, OUTPUT, INPUT_PULLUP = 0, 1, 2
DETACHED, CHANGE, FALLING, RISING, WHILE_LOW, WHILE_HIGH = 0, 2, 3, 4, 5, 6  # of an interrupt
MOST_CHANGES = 200_000  # kept; a board that is played with may run for days
FULL_DUTY = 255
LEVEL_US = 1000  # how often a handler runs while the level that it waits for holds


Handler = tuple[int, int]  # of an interrupt: the function's address, and what it is given
NO_HANDLER: Handler = (0, 0)


@dataclass(frozen=True)
class _Planned:
    """What happens to a pin: a level, None to let go, or `PRESS`."""

    time_us: int
    pin: int
    value: int | None


PRESS = 2  # the level that the pin does not have at rest


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
    INTERRUPT_HANDLER = 0xC0C
    INTERRUPT_MODE = 0xC10
    INTERRUPT_PIN = 0xC14
    INTERRUPTS_ON = 0xC18
    SERVO_PIN = 0xC1C
    SERVO_US = 0xC20
    ODD_MOST = 0xC24
    ODD_DUTY = 0xC28
    ODD_PIN = 0xC2C
    INTERRUPT_ARGUMENT = 0xC30
    COLOUR_PIN = 0xC34
    COLOUR = 0xC38
    DUTY = 0xD00


class Gpio(Peripheral):
    """Pins, as a sketch set them and as the host drives them.

    Attributes:
        modes, outputs: by pin, as the sketch set them.
        changes: every change of an output, oldest first; the oldest are forgotten beyond
            MOST_CHANGES, and so it is with `tones`.
        tones: (time_us, pin, hz, ms) of every `tone()`.
        colours: (time_us, pin, 0xRRGGBB) of every colour that a lamp of three was given.
        servos: (time_us, pin, us) of every new width of a servo's pulses; 0 us: none any more.
        unset: pins that were written while they were no outputs: `pinMode()` was forgotten.
        odd_duties: by pin, of an `analogWrite()` beyond its range: (value, largest that there is);
            of a pin that the core only switches: (value, -from where on it is high).

    Args:
        makes_outputs: whether `digitalWrite()` makes a pin an output that has no mode yet, as
            ArduinoCore-API's boards do. Elsewhere it is kept until the pin is one.
        pulls: whether it pulls an input up instead, as Seeed's boards do.
    """

    name = "GPIO"
    address = 0x4F003000
    registers = GpioRegister

    def __init__(self, timer: Timer, makes_outputs: bool = True, pulls: bool = False) -> None:
        self.modes: dict[int, int] = {}
        self.outputs: dict[int, int] = {}
        self.unset: set[int] = set()
        self.odd_duties: dict[int, tuple[int, int]] = {}
        self._odd_duty = self._odd_most = 0
        self._makes_outputs, self._pulls = makes_outputs, pulls
        self._latches: dict[int, int] = {}  # what was written, whether or not it shows
        self.changes: list[PinChange] = []
        self.tones: list[tuple[int, int, int, int]] = []
        self.servos: list[tuple[int, int, int]] = []
        self._servo_pin = 0
        self._duty_pins: set[int] = set()  # whose output is a duty of 0 to 255
        self._inputs: dict[int, int] = {}
        self._planned: list[_Planned] = []  # to come, the next one first
        self._handlers: dict[int, tuple[int, Handler]] = {}  # pin: (mode, handler)
        self._waiting: dict[int, Handler] = {}  # pin: the handler that is due
        self._is_interrupted = True
        self._handler = self._mode = self._argument = 0
        self.colours: list[tuple[int, int, int]] = []
        self._colour_pin = 0
        self._tone_pin = self._tone_hz = 0
        self._timer = timer

    def share_high(self, pin: int) -> float | None:
        """Which part of the time the sketch holds a pin high, 0 to 1; None if it drives it not.

        >>> from tinyml_course.board.virtual.timer import Timer
        >>> Gpio(Timer(1_000_000, lambda: 0)).share_high(13) is None
        True
        """
        if pin in self._duty_pins:
            return min(self.outputs[pin] / FULL_DUTY, 1.0)
        return float(self.outputs.get(pin, 0)) if self.modes.get(pin) == OUTPUT else None

    def set_input(self, pin: int, value: int | None) -> None:
        """Drive a pin from outside: 0 or 1, `PRESS`, or None to let go (a key: 0 is pressed).

        Raises:
            BoardError: no board has a pin of that number.
        """
        if not 0 <= pin < PINS:
            raise BoardError(f"there is no pin {pin}: give a number from 0 to {PINS - 1}")
        before = self._level(pin)
        if value is None:
            self._inputs.pop(pin, None)
        else:
            self._inputs[pin] = value if value == PRESS else int(bool(value))
        after = self._level(pin)
        mode, handler = self._handlers.get(pin, (DETACHED, NO_HANDLER))
        if before != after and mode in (CHANGE, RISING if after else FALLING):
            self._waiting[pin] = handler
        self._set_alarm()

    def plan_input(self, pin: int, value: int | None, at_s: float) -> None:
        """Drive a pin from outside at a moment of virtual time, exactly: pulses and edges.

        value: 0 or 1, or None to let go.

        >>> from tinyml_course.board.virtual.timer import Timer
        >>> gpio = Gpio(Timer(1_000_000, lambda: 0))
        >>> gpio.plan_input(2, 1, at_s=0.5)
        """
        self._plan(pin, None if value is None else int(bool(value)), at_s)

    def plan_press(self, pin: int, at_s: float, hold_s: float, is_key: bool) -> None:
        """Press what hangs at a pin at a moment and let it go `hold_s` later.

        A key of the board draws its pin to ground. What a maker has connected does the opposite of
        what the pin shows at rest: ground with `INPUT_PULLUP`, the supply without.
        """
        self._plan(pin, 0 if is_key else PRESS, at_s)
        self._plan(pin, None, at_s + hold_s)

    def _plan(self, pin: int, value: int | None, at_s: float) -> None:
        planned = _Planned(round(at_s * 1e6), pin, value)
        bisect.insort(self._planned, planned, key=lambda entry: entry.time_us)
        self._set_alarm()

    def meet_plan(self) -> None:
        """Let happen what was planned for now or before."""
        while self._planned and self._planned[0].time_us <= self._timer.now_us:
            planned = self._planned.pop(0)
            self.set_input(planned.pin, planned.value)
            self._timer.busy()  # the sketch has something to do now
        for pin, (mode, handler) in self._handlers.items():
            if self._holds(pin, mode):
                self._waiting[pin] = handler
        self._set_alarm()

    def _holds(self, pin: int, mode: int) -> bool:
        """Whether a handler waits for the level that the pin has."""
        return mode >= WHILE_LOW and self._level(pin) == (mode == WHILE_HIGH)

    def _set_alarm(self) -> None:
        """The next moment at which something happens: a plan's, or a level's handler again."""
        next_us = self._planned[0].time_us if self._planned else NO_ALARM
        if any(self._holds(pin, mode) for pin, (mode, _) in self._handlers.items()):
            next_us = min(next_us, self._timer.now_us + LEVEL_US)
        self._timer.alarm_us = next_us

    @property
    def has_interrupt(self) -> bool:
        """A handler of `attachInterrupt` is due."""
        return self._is_interrupted and bool(self._waiting)

    def take_interrupt(self) -> Handler:
        """The handler that is due first; it is due no longer."""
        return self._waiting.pop(next(iter(self._waiting)))

    def _level(self, pin: int) -> int:
        mode = self.modes.get(pin, INPUT)
        if mode == OUTPUT:
            return self.outputs.get(pin, 0)
        is_pulled = self._pulls and mode == INPUT and self._latches.get(pin)
        at_rest = int(mode == INPUT_PULLUP or bool(is_pulled))
        driven = self._inputs.get(pin, at_rest)
        # held before the sketch has set the mode, as at power-on, it is a press all the same
        return 1 - at_rest if driven == PRESS else driven

    def read(self, offset: int) -> int | None:
        """An output as it was set, or a pin's level."""
        if (pin := index_in_row(offset, GpioRegister.OUTPUT, PINS)) is not None:
            return self.outputs.get(pin, 0)
        if (pin := index_in_row(offset, GpioRegister.INPUT, PINS)) is not None:
            self._timer.question()
            if self._planned and self._planned[0].time_us <= self._timer.now_us:
                self.meet_plan()
            return self._level(pin)
        return None

    def write(self, offset: int, value: int) -> bool:
        """A pin's mode, output, duty or interrupt, or a tone."""
        if (pin := index_in_row(offset, GpioRegister.MODE, PINS)) is not None:
            self.modes[pin] = value
            if value == OUTPUT and pin in self._latches:
                self._drive(pin, self._latches[pin])
            if self._handlers:
                self._set_alarm()
        elif (pin := index_in_row(offset, GpioRegister.OUTPUT, PINS)) is not None:
            self._write(pin, int(bool(value)))
        elif offset == GpioRegister.TONE_PIN:
            self._tone_pin = value
        elif offset == GpioRegister.TONE_HZ:
            self._tone_hz = value
        elif offset == GpioRegister.TONE_MS:
            self.tones.append((self._timer.now_us, self._tone_pin, self._tone_hz, value))
            if len(self.tones) > MOST_CHANGES:
                del self.tones[: MOST_CHANGES // 2]
        elif offset == GpioRegister.INTERRUPT_HANDLER:
            self._handler = value
        elif offset == GpioRegister.INTERRUPT_ARGUMENT:
            self._argument = value
        elif offset == GpioRegister.INTERRUPT_MODE:
            self._mode = value
        elif offset == GpioRegister.INTERRUPT_PIN:
            handler = (self._handler, self._argument)
            self._handlers[value] = (self._mode, handler)
            self._waiting.pop(value, None)
            if self._holds(value, self._mode):
                self._waiting[value] = handler
            self._set_alarm()
        elif offset == GpioRegister.INTERRUPTS_ON:
            self._is_interrupted = bool(value)
        elif offset == GpioRegister.ODD_MOST:
            self._odd_most = _signed(value)
        elif offset == GpioRegister.ODD_DUTY:
            self._odd_duty = _signed(value)
        elif offset == GpioRegister.ODD_PIN:
            self.odd_duties.setdefault(value, (self._odd_duty, self._odd_most))
        elif offset == GpioRegister.COLOUR_PIN:
            self._colour_pin = value
        elif offset == GpioRegister.COLOUR:
            self._show_colour(value)
        elif offset == GpioRegister.SERVO_PIN:
            self._servo_pin = value
        elif offset == GpioRegister.SERVO_US:
            self._turn_servo(value)
        elif (pin := index_in_row(offset, GpioRegister.DUTY, DUTY_PINS)) is not None:
            self._drive(pin, value)
            self._duty_pins.add(pin)
        else:
            return False
        return True

    def _write(self, pin: int, value: int) -> None:
        """`digitalWrite()`."""
        self._duty_pins.discard(pin)
        self._latches[pin] = value
        mode = self.modes.get(pin)
        if mode is None and self._makes_outputs:
            mode = self.modes[pin] = OUTPUT
        if mode == OUTPUT:
            self._drive(pin, value)
        else:
            self.unset.add(pin)

    def _show_colour(self, rgb: int) -> None:
        self.colours.append((self._timer.now_us, self._colour_pin, rgb))
        if len(self.colours) > MOST_CHANGES:
            del self.colours[: MOST_CHANGES // 2]
        self._timer.busy()

    def _turn_servo(self, width_us: int) -> None:
        self.servos.append((self._timer.now_us, self._servo_pin, width_us))
        if len(self.servos) > MOST_CHANGES:
            del self.servos[: MOST_CHANGES // 2]
        self._timer.busy()

    def _drive(self, pin: int, value: int) -> None:
        if self.outputs.get(pin) != value:
            self.outputs[pin] = value
            self.changes.append(PinChange(self._timer.now_us, pin, value))
            if len(self.changes) > MOST_CHANGES:
                del self.changes[: MOST_CHANGES // 2]
            self._timer.busy()


def _signed(word: int) -> int:
    return word - (1 << 32) if word >> 31 else word
