"""The `tinyml` commands that have to do with boards and serial ports: one function a command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tinyml_course.errors import DataError, LinkError

Show = Callable[[argparse.Namespace, Any, str], None]


def add_board_commands(commands: Any) -> None:
    """Add the commands to the parser of `cli`."""
    bench = commands.add_parser("bench", help="time, flash, RAM and energy of one inference")
    bench.add_argument("model", type=Path, metavar="MODEL.tflite")
    bench.add_argument("--board", default="nano33ble", metavar="BOARD")
    bench.set_defaults(run=run_bench)

    fit = commands.add_parser("fit", help="every board: does the model fit, with what margin")
    fit.add_argument("model", type=Path, metavar="MODEL.tflite")
    fit.set_defaults(run=run_fit)

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
    sketch.add_argument("--seconds", type=float, metavar="S", help="virtual time [the trace's]")
    sketch.set_defaults(run=run_sketch_command)

    monitor = commands.add_parser("monitor", help="what a board prints; typed lines go to it")
    monitor.add_argument("url", metavar="URL", help="COM5, /dev/ttyACM0, virtual://...")
    monitor.add_argument("--seconds", type=float, metavar="S", help="stop after S [Ctrl-C]")
    monitor.add_argument("--send", action="append", default=[], metavar="LINE")
    monitor.set_defaults(run=run_monitor)

    record = commands.add_parser("record", help="a labelled recording from a board")
    record.add_argument("url", metavar="URL")
    record.add_argument("--label", required=True, metavar="L")
    record.add_argument("--seconds", type=float, required=True, metavar="S")
    record.add_argument("--out", type=Path, required=True, metavar="CSV")
    record.add_argument("--subject", default="me", metavar="WHO")
    record.set_defaults(run=run_record)


def run_bench(options: argparse.Namespace) -> int:
    from tinyml_course.board.bench import bench_model
    from tinyml_course.cli.main import read_model, show

    bench = bench_model(read_model(options.model), options.board)
    value = bench.as_dict()
    lines = [f"{bench.board.title}, {bench.board.mcu} at {bench.board.clock_hz / 1e6:g} MHz"]
    if bench.is_stand_in:
        lines.append("  no compiler here builds for this processor: sizes of a RISC-V build")
    for key, unit in (
        ("macs", "multiplications"),
        ("instructions", "executed, exactly"),
        ("estimated_cycles", "by published timings"),
        ("latency_us", "us, estimated"),
        ("flash_bytes", "the whole program"),
        ("weights_bytes", "of the model's constants"),
        ("ram_bytes", "static"),
        ("stack_bytes", ""),
        ("energy_uj", "uJ"),
    ):
        lines.append(f"  {key:<17}{_number(value[key]):>14}  {unit}".rstrip())
    lines.append(f"  energy: {value['energy_source']}")
    show(options, value, "\n".join(lines))
    return 0


def run_fit(options: argparse.Namespace) -> int:
    from tinyml_course.board.bench import bench_boards
    from tinyml_course.cli.main import read_model, show

    rows = sorted(bench_boards(read_model(options.model)), key=lambda b: -b.fit.margin)
    table = [("board", "fits", "flash free", "RAM free", "margin", "latency", "energy", "")]
    for b in rows:
        notes = [] if b.fit.core_is_counted else ["without its Arduino core"]
        notes += ["sizes of a RISC-V build"] if b.is_stand_in else []
        table.append(
            (
                b.board.name,
                "yes" if b.fit.fits else "no",
                f"{b.fit.flash_free_bytes:,}",
                f"{b.fit.ram_free_bytes:,}",
                f"{b.fit.margin:.0%}",
                _unit(b.latency_us, "us"),
                _unit(b.energy_uj, "uJ"),
                ", ".join(notes),
            )
        )
    show(options, [b.as_dict() for b in rows], render_columns(table))
    return 0


def run_boards(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from tinyml_course.board.catalog import BOARDS
    from tinyml_course.cli.main import show

    table = [("board", "processor", "MHz", "FPU", "flash", "RAM", "mA", "emulated", "FQBN")]
    notes = []
    for b in BOARDS.values():
        high = f" to {b.active_ma.high:g}" if b.active_ma.high else ""
        table.append(
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
    text = render_columns(table) + "\n\nsources\n" + "\n".join(notes)
    show(options, [asdict(b) for b in BOARDS.values()], text)
    return 0


def run_ports(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from tinyml_course.board.ports import list_ports
    from tinyml_course.cli.main import show

    ports = list_ports()
    table = [(p.url, p.board or "", p.description) for p in ports]
    text = render_columns([("port", "board", ""), *table])
    text += "\n\na virtual board wants a sketch: virtual://nano33ble?sketch=recorder"
    show(options, [asdict(p) for p in ports], text)
    return 0


def run_sketch_command(options: argparse.Namespace) -> int:
    from tinyml_course.board.build.sketch import build_sketch, find_sketch
    from tinyml_course.board.run import run_sketch
    from tinyml_course.cli.main import show

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
    run = run_sketch(folder, options.board, options.trace, options.seconds)
    value = {
        "sketch": run.sketch.name,
        "board": options.board,
        "seconds": round(run.seconds, 3),
        "instructions": run.instructions,
        "estimated_cycles": run.cycles,
        "stack_bytes": run.stack_bytes,
        "lines": run.lines,
    }
    show(options, value, run.output.rstrip("\n"))
    return 0


def run_monitor(options: argparse.Namespace) -> int:
    """Lines typed at a terminal go to the board. With --json, a list of the lines at the end."""
    import time

    from tinyml_course.cli.main import show
    from tinyml_course.observe.link import open_link

    url = options.url
    is_watched = not options.json and options.seconds is None
    if url.startswith("virtual:") and "pace=" not in url and is_watched:
        url += "&pace=real" if "?" in url else "?pace=real"  # for the eye, not for a program
    typed = start_reading_keys() if is_watched and sys.stdin.isatty() else None
    lines: list[str] = []
    with open_link(url) as link:
        for text in options.send:
            link.write_line(text)
        begun = time.monotonic()
        try:
            while True:
                board_s = link.board_time_s
                passed_s = time.monotonic() - begun if board_s is None else board_s
                if options.seconds is not None and passed_s >= options.seconds:
                    break
                while typed is not None and not typed.empty():
                    link.write_line(typed.get())
                line = link.read_line(timeout_s=0.2)
                if line is not None:
                    lines.append(line.decode("utf-8", "replace"))
                    if not options.json:
                        print(lines.pop(), flush=True)
        except KeyboardInterrupt:
            print("stopped", file=sys.stderr)
    if options.json:
        show(options, {"url": options.url, "lines": lines}, "")
    return 0


def start_reading_keys() -> Any:
    """A queue of the lines that are typed; the thread that fills it ends with the program."""
    import queue
    import threading

    typed: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for line in sys.stdin:
            typed.put(line.rstrip("\n"))

    threading.Thread(target=read, daemon=True).start()
    return typed


def run_record(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from tinyml_course.cli.main import show
    from tinyml_course.observe.recorder import record_csv

    if options.seconds <= 0:
        raise DataError(f"--seconds {options.seconds:g}: give a time above 0")

    def progress(recording: Any) -> None:
        print(f"\r{recording}   ", end="", file=sys.stderr, flush=True)

    try:
        recording = record_csv(
            options.url,
            options.label,
            options.seconds,
            options.out,
            options.subject,
            on_progress=progress,
        )
    except LinkError:
        print(file=sys.stderr)
        raise
    print(file=sys.stderr)
    show(options, asdict(recording), f"{recording}\n{recording.path}")
    return 0 if recording.state == "complete" else 130


def render_columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows as columns of text, two blanks apart."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _number(value: object) -> str:
    if value is None:
        return "not known"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def _unit(value: float | None, unit: str) -> str:
    return "?" if value is None else f"{value:,.1f} {unit}"
