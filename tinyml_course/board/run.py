"""A sketch from its folder to its serial output in one call. `tinyml sketch run` is this."""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import TypeVar

from tinyml_course.board.build.sketch import build_sketch, find_sketch
from tinyml_course.board.linked.built_sketch import BuiltSketch
from tinyml_course.board.power import Power, mean_power
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.board.virtual.gpio import Gpio
from tinyml_course.board.virtual.lamps import PinTimes, pin_times
from tinyml_course.board.virtual.pins import name_pin
from tinyml_course.board.virtual.surroundings import Setting
from tinyml_course.board.virtual.touch import (
    Press,
    Voltage,
    parse_press,
    parse_setting,
    parse_voltage,
    touch,
)
from tinyml_course.board.virtual.traces import Trace, read_traces
from tinyml_course.errors import BoardError

DEFAULT_SECONDS = 10.0
T = TypeVar("T")


@dataclass(frozen=True)
class SketchRun:
    r"""What a sketch did.

    Attributes:
        output: what it printed, `\n` line ends.
        seconds: virtual time that passed.
        instructions, cycles: executed; exact and estimated.
        stack_bytes: the deepest stack.
        board: the board after the run: pins, screen, counters.
        notes: what a beginner would wonder about, in words: a sketch that showed nothing at all.
    """

    sketch: BuiltSketch
    output: str
    seconds: float
    instructions: int
    cycles: int
    stack_bytes: int
    board: VirtualBoard
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """The output by line, without line ends."""
        return self.output.splitlines()

    @property
    def power(self) -> Power:
        """The share of the time awake, and the current that comes of it."""
        return mean_power(self.sketch.model.board, self.board.awake_share)

    @property
    def pins(self) -> list[PinTimes]:
        """When each output was on, lamps first."""
        board = self.sketch.model.board.name
        return pin_times(board, self.board.gpio.changes, self.seconds)


def run_sketch(
    sketch: Path | str,
    board: str,
    traces: Trace | Path | str | Sequence[Trace | Path | str] = (),
    seconds: float | None = None,
    *,
    send: str = "",
    presses: Press | str | Sequence[Press | str] = (),
    voltages: Voltage | str | Sequence[Voltage | str] = (),
    settings: Setting | str | Sequence[Setting | str] = (),
    stored: bytes = b"",
    show: Callable[[str], object] | None = None,
    keep: Callable[[bytes], object] | None = None,
) -> SketchRun:
    """Build a sketch, run it for `seconds` of virtual time, and return what it printed.

    Args:
        sketch: its folder.
        board: a board that can be emulated.
        traces: what its sensors feel, as values or files; of these and the following, one may stand
            alone.
        seconds: the first trace's length if None, 10 s without a trace.
        send: text that waits in the serial port from the start.
        presses: keys that are pressed, as values or as `KEY@T`.
        voltages: what stands at analogue pins, as values or as `PIN=V`.
        settings: what the smaller sensors feel, as values or as `NAME=VALUE`.
        stored: what the board kept when its power went (`run.board.storage.content`).
        show: called with what it prints, as it comes.
        keep: called with what the board keeps without power when the run ends, and also if the
            sketch crashes or somebody ends the run before: flash does not forget that either.

    Raises:
        BoardError: it does not build or fit, crashed or hung; `printed` is what it said before. A
            time below 0 or without an end.
    """
    if seconds is not None and not (isinstance(seconds, Real) and 0 <= seconds < math.inf):
        raise BoardError(f"a run of {seconds!r} seconds: give a number from 0 on")
    named: list[tuple[str, Trace]] = []
    for given in _several(traces):
        if isinstance(given, Trace):
            named.append(("the trace", given))
        else:
            named += [(f"the trace {given}", trace) for trace in read_traces(given)]
    loaded = [trace for _, trace in named]
    if seconds is None:
        seconds = loaded[0].seconds if loaded else DEFAULT_SECONDS
    built = build_sketch(sketch, board)
    machine = VirtualBoard(built, loaded, stored)
    machine.uart.received += send.encode("utf-8", "surrogateescape")
    name = built.model.board.name
    pressed = [parse_press(name, p) if isinstance(p, str) else p for p in _several(presses)]
    late = [f"pin {p.pin} at {p.at_s:g} s" for p in pressed if p.at_s >= seconds]
    touch(
        machine,
        pressed,
        [
            parse_voltage(name, volts) if isinstance(volts, str) else volts
            for volts in _several(voltages)
        ],
        [parse_setting(felt) if isinstance(felt, str) else felt for felt in _several(settings)],
    )
    printout = _Printout(machine.uart.sent, show)
    try:
        machine.run(seconds, printout.go_on)
    except BoardError as error:
        error.printed = printout.text
        raise
    finally:
        printout.end()
        if keep is not None:
            keep(machine.storage.content)
    output = printout.text
    return SketchRun(
        built,
        output,
        machine.time_s,
        machine.cpu.instructions,
        machine.cpu.cycles,
        machine.cpu.stack_high_water_bytes,
        machine,
        (
            *_notes(built, machine, named, _main_text(sketch)),
            *(f"nobody pressed {press}: the run ends at {seconds:g} s" for press in late),
        ),
    )


def _several(given: T | str | Path | Sequence[T | str | Path]) -> Sequence[T | str | Path]:
    """One thing alone, a text above all, is a list of one, and no list of its letters."""
    return given if isinstance(given, Sequence) and not isinstance(given, str) else [given]


class _Printout:
    r"""What a sketch printed, with `\n` line ends, shown as it comes.

    sent: the bytes; they grow.
    """

    def __init__(self, sent: bytearray, show: Callable[[str], object] | None) -> None:
        self._sent = sent
        self._show = show
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._shown_bytes = 0

    @property
    def text(self) -> str:
        return self._sent.decode("utf-8", "replace").replace("\r\n", "\n")

    def go_on(self) -> bool:
        """Show what is new; False, for a run that asks whether it is enough."""
        if self._show and len(self._sent) > self._shown_bytes:
            self._print(False)
        return False

    def end(self) -> None:
        if self._show:
            self._print(True)

    def _print(self, is_last: bool) -> None:
        new = self._held + self._decoder.decode(bytes(self._sent[self._shown_bytes :]), is_last)
        self._shown_bytes = len(self._sent)
        # A line end may have come by half.
        self._held = "\r" if new.endswith("\r") and not is_last else ""
        if text := new.removesuffix(self._held).replace("\r\n", "\n"):
            self._show(text)


_SERIAL_EVENT = re.compile(r"^[ \t]*void[ \t]+serialEvent[ \t]*\(", re.MULTILINE)


def _main_text(sketch: Path | str) -> str:
    """The sketch as it was written; it has been compiled, so it can be read."""
    path = find_sketch(str(sketch))
    folder = path.parent if path.is_file() else path
    return "\n".join(
        ino.read_text(encoding="utf-8-sig") for ino in sorted(folder.glob("*.ino")) if ino.is_file()
    )


_SENSORS = {
    "acceleration": "accelerometer",
    "sound": "microphone",
    "gas": "gas sensor",
    "analog": "analogue pins",
    "surroundings": "smaller sensors",
}


def _unread(machine: VirtualBoard, named: Sequence[tuple[str, Trace]]) -> list[str]:
    """A note for each trace that no sensor has read."""
    unread = machine.unread_traces()
    played = {trace.kind: (name, trace) for name, trace in named}  # the last of each kind
    notes = []
    for name, trace in named:
        if not any(trace is one for one in unread):
            continue
        sensor, (other, last) = _SENSORS[trace.kind], played[trace.kind]
        if last is not trace:
            notes.append(f"{name} changed nothing: {other} is for the {sensor} too, and is played")
        else:
            notes.append(
                f"{name} changed nothing: the sketch did not ask the {sensor} of the "
                f"{machine.sketch.model.board.title} for it"
            )
    return notes


def _odd_duties(built: BuiltSketch, gpio: Gpio) -> list[str]:
    """A note for each pin that `analogWrite()` gave a value beyond its range: a slip, mostly."""
    model = built.model
    notes = []
    for pin, (value, most) in sorted(gpio.odd_duties.items()):
        if most < 0:
            notes.append(
                f"analogWrite({pin}, {value}): no timer drives this pin of the "
                f"{model.board.title}; its core switches it, high from {-most} on"
            )
            continue
        if model.has_core_api:
            what = "ends the pulses" if value < 0 else "leaves it high all the time"
        elif model.target == "riscv32":
            what = "takes it for a very large one: high all the time"
        else:
            what = "keeps its low bits or leaves it high, as the pin's timer does"
        notes.append(
            f"analogWrite({pin}, {value}): from 0 to {most} here; the core of the "
            f"{model.board.title} {what}. constrain(value, 0, {most}) keeps it inside"
        )
    return notes


def _notes(
    built: BuiltSketch, machine: VirtualBoard, named: Sequence[tuple[str, Trace]], text: str
) -> tuple[str, ...]:
    notes = _unread(machine, named)
    gpio = machine.gpio
    drew = machine.screen is not None and machine.screen.image.any()
    if not (machine.uart.total_sent or gpio.changes or gpio.tones or gpio.colours or drew):
        notes.append(
            f"{built.name} showed nothing in {machine.time_s:g} s: no line, no pin, no tone, no "
            f"picture. That is in order if it waits for something. It is {machine.whereabouts()}"
        )
    if gpio.tones and not machine.uart.total_sent:
        count = len(gpio.tones)
        notes.append(f"{built.name} printed nothing and called tone() or noTone() {count} times")
    if forgotten := sorted(gpio.unset - gpio.modes.keys()):
        names = ", ".join(name_pin(built.model.board.name, pin) for pin in forgotten)
        notes.append(
            f"digitalWrite() to {names} shows nothing on the {built.model.board.title}, where a "
            "pin is an input until setup() says  pinMode(PIN, OUTPUT);"
        )
    notes += _odd_duties(built, gpio)
    calls_serial_event = built.model.target == "riscv32"  # the ESP32's core does
    if _SERIAL_EVENT.search(text) and not calls_serial_event:
        notes.append(
            f"the core of the {built.model.board.title} never calls serialEvent(): at the end of "
            "loop() write  if (Serial.available()) serialEvent();"
        )
    return tuple(notes)
