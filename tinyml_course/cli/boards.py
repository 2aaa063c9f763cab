"""The `tinyml` commands about boards: the catalogue, the ports, and sketches on emulated boards."""

from __future__ import annotations

import argparse
from pathlib import Path

from tinyml_course.cli.output import Commands, seconds, show
from tinyml_course.table import Table


def add_board_commands(commands: Commands) -> None:
    """Add `boards`, `ports` and `sketch` to the parser."""
    boards = commands.add_parser("boards", help="the catalogue of boards, with sources")
    boards.set_defaults(run=run_boards)

    ports = commands.add_parser("ports", help="serial ports and virtual boards")
    ports.set_defaults(run=run_ports)

    sketch = commands.add_parser("sketch", help="compile an Arduino sketch and run it")
    sketch.add_argument("action", choices=["build", "run"])
    sketch.add_argument("sketch", metavar="SKETCH", help="its folder, or a name")
    sketch.add_argument("--board", default="nano33ble", metavar="BOARD")
    sketch.add_argument(
        "--trace",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="what the sensors feel: CSV or WAV; may be given several times",
    )
    sketch.add_argument("--seconds", type=seconds, metavar="S", help="virtual time [the trace's]")
    sketch.set_defaults(run=run_sketch_command)


def run_boards(options: argparse.Namespace) -> int:
    """`tinyml boards`."""
    from dataclasses import asdict

    from tinyml_course.board.catalog import BOARDS

    header = ("board", "processor", "MHz", "FPU", "flash", "RAM", "mA", "emulated", "FQBN")
    rows, notes = [], []
    for b in BOARDS.values():
        high = f" to {b.active_ma.high:g}" if b.active_ma.high else ""
        rows.append(
            (
                b.name,
                f"{b.mcu} {b.core}",
                f"{b.clock_hz / 1e6:g}",
                "yes" if b.has_fpu else "no",
                f"{b.flash_bytes:,}",
                f"{b.ram_bytes:,}",
                "?" if b.active_ma.value is None else f"{b.active_ma.value:g}{high}",
                "yes" if b.is_virtual else "no",
                b.fqbn,
            )
        )
        notes.append(f"  {b.name}: memory: {b.memory_source}; current: {b.active_ma.note}")
    table = Table(header, tuple(rows), align="l" * len(header))
    text = f"{table}\n\nsources\n" + "\n".join(notes)
    show(options, [asdict(b) for b in BOARDS.values()], text)
    return 0


def run_ports(options: argparse.Namespace) -> int:
    """`tinyml ports`."""
    from dataclasses import asdict

    from tinyml_course.board.ports import list_ports

    ports = list_ports()
    rows = tuple((p.url, p.board or "", p.description) for p in ports)
    text = f"{Table(('port', 'board', ''), rows, align='lll')}\n"
    text += "\na virtual board wants a sketch: virtual://nano33ble?sketch=recorder"
    show(options, [asdict(p) for p in ports], text)
    return 0


def run_sketch_command(options: argparse.Namespace) -> int:
    """`tinyml sketch build` and `tinyml sketch run`."""
    from tinyml_course.board.build.sketch import build_sketch, find_sketch
    from tinyml_course.board.run import run_sketch

    folder = find_sketch(options.sketch)
    if options.action == "build":
        built = build_sketch(folder, options.board)
        value = {
            "sketch": built.name,
            "board": options.board,
            "elf": str(built.program.elf),
            "flash_bytes": built.flash_bytes,
            "ram_bytes": built.ram_bytes,
            "flash_free_bytes": built.fit.flash_free_bytes,
            "ram_free_bytes": built.fit.ram_free_bytes,
        }
        text = (
            f"{built.name} for the {built.model.board.title}: flash {built.flash_bytes:,} B, "
            f"RAM {built.ram_bytes:,} B; free beside the board's Arduino core: flash "
            f"{built.fit.flash_free_bytes:,} B, RAM {built.fit.ram_free_bytes:,} B\n"
            f"{built.program.elf}"
        )
        show(options, value, text)
        return 0
    last = "\n"

    def show_at_once(text: str) -> None:
        nonlocal last
        last = text
        print(text, end="", flush=True)

    # What it printed before it crashed is there when the error comes.
    try:
        run = run_sketch(
            folder,
            options.board,
            options.trace,
            options.seconds,
            show=None if options.json else show_at_once,
        )
    finally:
        if not last.endswith("\n"):
            print(flush=True)
    value = {
        "sketch": run.sketch.name,
        "board": options.board,
        "seconds": round(run.seconds, 3),
        "instructions": run.instructions,
        "estimated_cycles": run.cycles,
        "stack_bytes": run.stack_bytes,
        "lines": run.lines,
        "notes": list(run.notes),
    }
    if options.json or run.notes:
        show(options, value, "\n".join(f"note: {note}" for note in run.notes))
    return 0
