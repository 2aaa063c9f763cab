"""A board's face: what a person sees and touches, and the pins behind it.

The drawings, `NAME.svg`, were made for this course. In them, `data-lamp`, `data-key` and `data-pin`
name what lights up, what can be pressed and what says its state under the pointer.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tinyml_course.board.models import VirtualModel
from tinyml_course.board.virtual.pins import is_active_low, pins_by_name

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Lamp:
    """A lamp. Lamps of one `spot` shine together: a colour lamp is three of them.

    Attributes:
        low_is_on: whether the pin's LOW lights it.
    """

    spot: str
    title: str
    pin: int
    color: str
    low_is_on: bool = False


@dataclass(frozen=True)
class Key:
    """A key; pressed, it pulls its pin to LOW."""

    title: str
    pin: int


@dataclass(frozen=True)
class Face:
    """What stands on a board.

    Attributes:
        drawing: the SVG.
        analog: pins for a slider by name.
        pins: what the drawing's pins are, by number.
    """

    title: str
    drawing: str
    lamps: tuple[Lamp, ...]
    keys: tuple[Key, ...] = ()
    analog: dict[str, int] = field(default_factory=dict)
    light_pin: int | None = None
    buzzer_pin: int | None = None
    pins: dict[int, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """For the page, as JSON takes it."""
        return asdict(self)


def make_face(model: VirtualModel) -> Face:
    """The face of a board: its own if it has one, else a plain one."""
    name = model.board.name
    make = {"nano33ble": _nano33ble, "wio_terminal": _wio_terminal}.get(name)
    return make(model.board.title) if make else _plain(model)


def _read(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8")


def _nano33ble(title: str) -> Face:
    analog = {f"A{i}": 14 + i for i in range(8)}
    pins = {i: f"D{i}" for i in range(14)} | {pin: name for name, pin in analog.items()}
    pins |= {0: "D0, RX", 1: "D1, TX", 13: "D13, LED_BUILTIN, SCK"}
    pins |= {11: "D11, MOSI", 12: "D12, MISO", 18: "A4, SDA", 19: "A5, SCL"}
    return Face(
        title,
        _read("nano33ble"),
        (
            Lamp("builtin", "LED_BUILTIN", 13, "#ffb020"),
            Lamp("rgb", "LEDR", 22, "#ff2d2d", low_is_on=True),
            Lamp("rgb", "LEDG", 23, "#18e06a", low_is_on=True),
            Lamp("rgb", "LEDB", 24, "#2f7bff", low_is_on=True),
        ),
        analog=analog,
        pins=pins,
    )


def _wio_terminal(title: str) -> Face:
    keys = ("KEY C", 30), ("KEY B", 29), ("KEY A", 28)
    ways = ("5S UP", 31), ("5S LEFT", 32), ("5S PRESS", 35), ("5S RIGHT", 33), ("5S DOWN", 34)
    analog = {f"A{i}": i for i in range(9)}
    return Face(
        title,
        _read("wio_terminal"),
        (Lamp("builtin", "LED_BUILTIN, on the back", 13, "#3d8bff"),),
        tuple(Key(name, pin) for name, pin in (*keys, *ways)),
        analog=analog,
        light_pin=27,
        buzzer_pin=12,
        pins={pin: f"D{pin}, {name}" for name, pin in analog.items()},
    )


# Boards whose pins are numbers without names in their core: how many of them there are.
_NUMBERED = {"pico": 29, "esp32c3": 22}


def _plain(model: VirtualModel) -> Face:
    """A board without a drawing of its own: its name, its lamp, its pins in a row on each side."""
    name = model.board.name
    named = pins_by_name(name)
    builtin = named["LED_BUILTIN"]
    analog = {title: pin for title, pin in named.items() if re.fullmatch(r"A\d+", title)}
    digital = {pin for title, pin in named.items() if re.fullmatch(r"D\d+", title)}
    pins = {pin: f"D{pin}" for pin in sorted(digital | set(range(_NUMBERED.get(name, 0))))}
    pins |= {pin: f"D{pin}, {title}" for title, pin in analog.items()}
    return Face(
        model.board.title,
        draw_plain(model.board.title, model.board.mcu, list(pins)),
        (Lamp("builtin", "LED_BUILTIN", builtin, "#ffb020", is_active_low(name, builtin)),),
        analog=analog,
        pins=pins,
    )


def draw_plain(title: str, mcu: str, pins: list[int]) -> str:
    """The SVG of a board that has no drawing of its own."""
    half = (len(pins) + 1) // 2
    step = 400 / half
    holes = "".join(
        f'<circle class="pin" data-pin="{pin}" cx="{60 + step * (i % half):.1f}" '
        f'cy="{26 if i < half else 174}" r="6" fill="#d8b45a" stroke="#8f7327"/>'
        for i, pin in enumerate(pins)
    )
    return (
        '<svg viewBox="0 0 500 200" xmlns="http://www.w3.org/2000/svg" role="img">'
        f"<title>{title}</title>"
        '<rect x="10" y="6" width="480" height="188" rx="14" fill="#14474f" stroke="#0a2b30" '
        'stroke-width="2"/>'
        '<rect x="0" y="76" width="52" height="48" rx="5" fill="#c3c8ce" stroke="#8b929b"/>'
        '<rect x="190" y="62" width="120" height="76" rx="4" fill="#1b1d21"/>'
        f'<text x="250" y="106" class="silk" fill="#aab2bd" text-anchor="middle">{mcu}</text>'
        f'<text x="340" y="106" class="silk" fill="#f2f5f7">{title}</text>'
        f"{holes}"
        '<g class="lamp" data-lamp="builtin"><circle class="glow" cx="110" cy="100" r="34"/>'
        '<rect class="die" x="103" y="95" width="14" height="10" rx="2"/>'
        '<text x="110" y="124" class="silk small" fill="#f2f5f7" text-anchor="middle">L</text></g>'
        '<g class="key" data-key="reset"><rect x="128" y="86" width="30" height="28" rx="4" '
        'fill="#d7dbe0"/><circle cx="143" cy="100" r="9" fill="#3a3f46"/>'
        '<text x="143" y="130" class="silk small" fill="#f2f5f7" text-anchor="middle">RESET</text>'
        "</g></svg>"
    )
