"""A sketch from its folder to its serial output in one call. `tinyml sketch run` is this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.linked.built_sketch import BuiltSketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.board.virtual.traces import Trace, read_trace
from tinyml_course.errors import BoardError

DEFAULT_SECONDS = 10.0


@dataclass(frozen=True)
class SketchRun:
    """What a sketch did.

    Attributes:
        output: what it printed, `\\n` line ends.
        seconds: virtual time that passed.
        instructions, cycles: executed; exact and estimated.
        stack_bytes: the deepest stack.
        board: the board after the run: pins, screen, counters.
    """

    sketch: BuiltSketch
    output: str
    seconds: float
    instructions: int
    cycles: int
    stack_bytes: int
    board: VirtualBoard

    @property
    def lines(self) -> list[str]:
        return self.output.splitlines()


def run_sketch(
    sketch: Path | str,
    board: str,
    traces: Sequence[Trace | Path | str] = (),
    seconds: float | None = None,
    *,
    send: str = "",
) -> SketchRun:
    """Build a sketch, run it for `seconds` of virtual time, and return what it printed.

    Args:
        sketch: its folder.
        board: a board that can be emulated.
        traces: what its sensors feel, as values or files.
        seconds: the first trace's length if None, 10 s without a trace.
        send: text that waits in the serial port from the start.

    Raises:
        BoardError: it does not build or fit, crashed, hung, or showed nothing at all: no line, no
            pin, no picture.
    """
    loaded = [trace if isinstance(trace, Trace) else read_trace(trace) for trace in traces]
    if seconds is None:
        seconds = loaded[0].seconds if loaded else DEFAULT_SECONDS
    built = build_sketch(sketch, board)
    machine = VirtualBoard(built, loaded)
    machine.uart.received += send.encode()
    machine.run(seconds)
    drew = machine.screen is not None and machine.screen.image.any()
    if not (machine.uart.total_sent or machine.gpio.changes or drew):
        raise BoardError(
            f"{built.name} showed nothing in {seconds:g} s, neither a line nor a pin: is "
            f"Serial.begin() there? It is {machine.whereabouts()}"
        )
    output = machine.uart.sent.decode("utf-8", "replace").replace("\r\n", "\n")
    return SketchRun(
        built,
        output,
        machine.time_s,
        machine.cpu.instructions,
        machine.cpu.cycles,
        machine.cpu.stack_high_water_bytes,
        machine,
    )
