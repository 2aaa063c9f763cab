"""A board's pins by the names that its Arduino core gives them: `A0`, `D2`, `LEDR`, `WIO_KEY_A`.

The names stand once, in the core's `pins_arduino.h`, for the compiler and for this file.
"""

from __future__ import annotations

import re
from functools import cache

from tinyml_course.board.models import ARDUINO_FOLDER, get_model
from tinyml_course.errors import BoardError

_DEFINITION = re.compile(r"^#define (\w+) \((\d+)u?l*\)", re.MULTILINE)
_NUMBER = re.compile(r"\d{1,3}")
# Lamps that light when the pin is low; the pins' files say so too.
_ACTIVE_LOW = {"nano33ble": ("LEDR", "LEDG", "LEDB"), "xiao_samd21": ("LED_BUILTIN",)}
# The last pin of a chip whose core gives its last ones no name.
_LAST_PINS = {"esp32c3": 21, "pico": 29}
_BUS = re.compile(r"SDA|SCL|SS|MOSI|MISO|SCK|DAC\d|BCM\d+")  # what else a numbered pin can be
_ANALOG = re.compile(r"A\d+|WIO_LIGHT|WIO_MIC")
_KEYS = re.compile(r"WIO_KEY_.|WIO_5S_\w+")


@cache
def pins_by_name(board: str) -> dict[str, int]:
    """Every pin of a board that has a name, in the order of the core's file.

    >>> pins_by_name("wio_terminal")["WIO_KEY_A"]
    28
    """
    header = ARDUINO_FOLDER / "variants" / get_model(board).board.name / "pins_arduino.h"
    found = _DEFINITION.findall(header.read_text(encoding="utf-8"))
    # NUM_DIGITAL_PINS counts pins, and is none
    return {name: int(number) for name, number in found if not name.startswith("NUM_")}


def find_pin(board: str, text: str) -> int:
    """A pin by its name, in any case and without `WIO_` if you like, or by its number.

    >>> find_pin("wio_terminal", "key_a"), find_pin("nano33ble", "A0"), find_pin("nano33ble", "7")
    (28, 14, 7)

    Raises:
        BoardError: the board has no such pin.
    """
    names = pins_by_name(board)
    wanted = text.strip().upper()
    for name in (wanted, f"WIO_{wanted}", f"WIO_5S_{wanted}", f"D{wanted}"):
        if name in names:
            return names[name]
    last = max(_LAST_PINS.get(board, 0), *names.values())
    number = wanted.removeprefix("D")
    if _NUMBER.fullmatch(number) and int(number) <= last:
        return int(number)
    known = ", ".join(names)
    raise BoardError(f"{board} has no pin {text!r}: give a number to {last}, or one of {known}")


def name_pin(board: str, pin: int) -> str:
    """What a person calls a pin: the name of what hangs at it, or its number, as sketches have it.

    >>> name_pin("nano33ble", 13), name_pin("nano33ble", 5), name_pin("nano33ble", 10)
    ('LED_BUILTIN', 'pin 5', 'pin 10 (SS)')
    """
    names = [
        name
        for name, number in pins_by_name(board).items()
        if number == pin and not re.fullmatch(r"[DA]\d+", name)
    ]
    if own := next((name for name in names if not _BUS.fullmatch(name)), None):
        return own
    bus = next((name for name in names if not name.startswith("BCM")), None)
    return f"pin {pin} ({bus})" if bus else f"pin {pin}"


def is_lamp(board: str, pin: int) -> bool:
    """Whether a lamp of the board hangs at the pin."""
    return name_pin(board, pin).startswith("LED")


def is_key(board: str, pin: int) -> bool:
    """Whether a key of the board hangs at the pin: pressed, it draws it to ground."""
    return bool(_KEYS.fullmatch(name_pin(board, pin)))


def is_analog(board: str, pin: int) -> bool:
    """Whether the pin reads volts: one of A0, A1 and so on, or a part of the board that gives them.

    >>> is_analog("nano33ble", 14), is_analog("nano33ble", 2), is_analog("wio_terminal", 2)
    (True, False, True)
    """
    return pin in {pins_by_name(board)[name] for name in analog_names(board)}


def analog_names(board: str) -> list[str]:
    """The names of the pins that read volts."""
    return [name for name in pins_by_name(board) if _ANALOG.fullmatch(name)]


def is_active_low(board: str, pin: int) -> bool:
    """Whether the lamp at a pin lights when the pin is low."""
    return name_pin(board, pin) in _ACTIVE_LOW.get(board, ())
