"""What a person does to a board while a sketch runs: keys pressed, voltages at pins.

    touch(machine, [parse_press("wio_terminal", "KEY_A@1.5")], [])

Times are virtual seconds since power-on. `tinyml sketch run --press --voltage` is this.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tinyml_course.board.models import get_model
from tinyml_course.board.virtual.adc import SUPPLY_V
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.board.virtual.pins import analog_names, find_pin, is_analog, is_key
from tinyml_course.board.virtual.surroundings import GESTURES, Setting
from tinyml_course.datasets.csv_rows import as_number
from tinyml_course.errors import BoardError

HOLD_S = 0.1  # how long a finger stays on a key
LATEST_S = 4_294_967.0  # as far as millis() counts


@dataclass(frozen=True)
class Press:
    """A key held from `at_s` on for `hold_s`."""

    pin: int
    at_s: float
    hold_s: float = HOLD_S


@dataclass(frozen=True)
class Voltage:
    """What stands at an analogue pin from `at_s` on."""

    pin: int
    volts: float
    at_s: float = 0.0


def parse_press(board: str, text: str) -> Press:
    """`KEY@T` or `KEY@T+HOLD`: a key by its pin, when, and how long (0.1 s).

    >>> parse_press("wio_terminal", "KEY_A@1.5+2")
    Press(pin=28, at_s=1.5, hold_s=2.0)

    Raises:
        BoardError: no such pin, or no time.
    """
    key, _, moment = text.partition("@")
    at, _, hold = moment.partition("+")
    at_s, hold_s = as_number(at), as_number(hold) if hold else HOLD_S
    if not (0 <= at_s <= LATEST_S and 0 < hold_s <= LATEST_S):
        raise BoardError(f"{text!r} is no press: give KEY@SECONDS or KEY@SECONDS+HOLD, as D2@1.5")
    return Press(find_pin(board, key), at_s, hold_s)


def parse_voltage(board: str, text: str) -> Voltage:
    """`PIN=V` or `PIN=V@T`: volts at a pin, from the start or from a moment on.

    >>> parse_voltage("nano33ble", "A0=1.2@3")
    Voltage(pin=14, volts=1.2, at_s=3.0)

    Raises:
        BoardError: no such pin, one that reads no volts, or more than it bears.
    """
    pin, _, rest = text.partition("=")
    value, _, moment = rest.partition("@")
    volts, at_s = as_number(value), as_number(moment or "0")
    if not (math.isfinite(volts) and 0 <= at_s <= LATEST_S):
        raise BoardError(
            f"{text!r} is no voltage: give PIN=VOLTS or PIN=VOLTS@SECONDS, 0 to {SUPPLY_V:g} V, "
            "as A0=1.2"
        )
    voltage = Voltage(find_pin(board, pin), volts, at_s)
    _refuse_volts(board, voltage, f"{text!r}", pin.strip())
    return voltage


def _refuse_volts(board: str, voltage: Voltage, given: str, pin: str) -> None:
    """Raise a BoardError if the pin reads no volts, or if it would not survive these."""
    title = get_model(board).board.title
    if not is_analog(board, voltage.pin):
        names = analog_names(board)
        raise BoardError(
            f"{given}: {pin} of the {title} is digital and takes a level, no volts: press it, "
            f"--press {pin}@SECONDS+HOLD (board.gpio.set_input({voltage.pin}, 1) in Python). "
            f"Volts go to {', '.join(names)}"
        )
    if not 0 <= voltage.volts <= SUPPLY_V:
        half = f": two equal resistors make it {pin}={voltage.volts / 2:g}"
        raise BoardError(
            f"{given} is no voltage for {pin} of the {title}: it takes 0 to {SUPPLY_V:g} V, and "
            "what is beyond destroys a real one. Give what a divider leaves of it"
            + (half if SUPPLY_V < voltage.volts <= 2 * SUPPLY_V else "")
        )


def parse_setting(text: str) -> Setting:
    """`NAME=VALUE` or `NAME=VALUE@T`: what a sensor feels, from the start or from a moment on.

    >>> parse_setting("temperature_c=31.5@2"), parse_setting("gesture=left@1").value
    (Setting(name='temperature_c', value=31.5, at_s=2.0), 2)

    Raises:
        BoardError: no number.
    """
    name, _, rest = text.partition("=")
    value, _, moment = rest.partition("@")
    number = GESTURES[value] if value in GESTURES else as_number(value)
    at_s = as_number(moment or "0")
    if not (math.isfinite(number) and 0 <= at_s < math.inf):
        raise BoardError(
            f"{text!r} sets nothing: give NAME=VALUE or NAME=VALUE@SECONDS, as temperature_c=30.5"
        )
    return Setting(name.strip(), number, at_s)


def touch(
    machine: VirtualBoard,
    presses: Sequence[Press] = (),
    voltages: Sequence[Voltage] = (),
    settings: Sequence[Setting] = (),
) -> None:
    """Plan presses, voltages and what sensors feel; it happens while the board runs."""
    board = machine.sketch.model.board.name
    for press in presses:
        machine.gpio.plan_press(press.pin, press.at_s, press.hold_s, is_key(board, press.pin))
    for voltage in sorted(voltages, key=lambda v: v.at_s):
        _refuse_volts(board, voltage, f"{voltage}", f"pin {voltage.pin}")
        machine.adc.set_voltage(voltage.pin, voltage.volts, at_s=voltage.at_s)
    for setting in settings:
        machine.surroundings.set(setting.name, setting.value, at_s=setting.at_s)
