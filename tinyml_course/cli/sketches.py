"""`tinyml sketch build`, `run` and `dump`: Arduino sketches on emulated boards, and their flash."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from tinyml_course.cli.helping import (
    add_board_option,
    add_command,
    add_named,
    find_sketches,
    find_virtual_boards,
)
from tinyml_course.cli.output import Commands, output_path, seconds, show

if TYPE_CHECKING:
    from tinyml_course.board.run import SketchRun

OF_A_RUN = ("trace", "seconds", "press", "voltage", "set", "send", "storage", "screen")


def add_sketch_commands(commands: Commands) -> None:
    """Add `sketch` to the parser."""
    sketch = add_command(
        commands,
        "sketch",
        "compile an Arduino sketch, run it, read its flash",
        "tinyml sketch run motion --trace data/motion_p003.csv",
        "tinyml sketch build my_sketch --board wio_terminal",
        "tinyml sketch run my_sketch --seconds 5 --press D2@1.5 --voltage A0=1.2",
    )
    sketch.add_argument(
        "action",
        choices=["build", "run", "dump"],
        help="compile it; run it on an emulated board; look for models in the board's flash",
    )
    says = "its folder, or one of %(names)s"
    add_named(sketch, "sketch", find_sketches, metavar="SKETCH", help=says)
    add_board_option(sketch, find_virtual_boards)
    sketch.add_argument(
        "--trace",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="what the sensors feel: CSV or WAV; may be given several times",
    )
    sketch.add_argument("--seconds", type=seconds, metavar="S", help="virtual time [the trace's]")
    sketch.add_argument(
        "--press",
        action="append",
        default=[],
        metavar="KEY@T",
        help="press a key at T seconds, for 0.1 s or as long as KEY@T+HOLD says: KEY_A@1.5, D2@3",
    )
    sketch.add_argument(
        "--voltage",
        action="append",
        default=[],
        metavar="PIN=V",
        help="volts at an analogue pin, from the start or from PIN=V@T on: A0=1.2",
    )
    sketch.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="what a smaller sensor feels: temperature_c=30, proximity=20@2, gesture=left@1",
    )
    sketch.add_argument(
        "--send", default="", metavar="TEXT", help=r"what waits in the serial port; \n ends a line"
    )
    sketch.add_argument(
        "--storage",
        type=Path,
        metavar="FILE",
        help="what the board keeps without power: read if it is there, written at the end",
    )
    sketch.add_argument(
        "--screen", type=Path, metavar="PNG", help="write the screen's last picture to this file"
    )
    sketch.add_argument(
        "--out",
        type=output_path,
        metavar="FILE",
        help="dump: where the board's whole flash is written",
    )
    sketch.set_defaults(run=run_sketch_command)


def run_sketch_command(options: argparse.Namespace) -> int:
    """`tinyml sketch build`, `tinyml sketch run` and `tinyml sketch dump`."""
    from tinyml_course.board.build.sketch import find_sketch

    _refuse_options_of_another_action(options)
    folder = find_sketch(options.sketch)
    actions = {"build": _build, "run": _run, "dump": _dump}
    return actions[options.action](options, folder)


def _refuse_options_of_another_action(options: argparse.Namespace) -> None:
    """An option that changes nothing would look as if it had."""
    from tinyml_course.errors import BoardError

    given = [f"--{name}" for name in OF_A_RUN if getattr(options, name) not in (None, "", [])]
    if given and options.action != "run":
        reason = {"build": "building a sketch", "dump": "reading a board's flash"}[options.action]
        raise BoardError(f"{', '.join(given)}: for tinyml sketch run; {reason} runs nothing")
    if options.out is not None and options.action != "dump":
        raise BoardError(
            "--out: for tinyml sketch dump; tinyml sketch run takes --screen PNG and --storage FILE"
        )


def _build(options: argparse.Namespace, folder: Path) -> int:
    from tinyml_course.board.build.sketch import build_sketch

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
        f"RAM {built.ram_bytes:,} B; free beside the board's Arduino core and libraries: "
        f"flash {built.fit.flash_free_bytes:,} B, RAM {built.fit.ram_free_bytes:,} B\n"
        f"{built.program.elf}"
    )
    show(options, value, text)
    return 0


def _dump(options: argparse.Namespace, folder: Path) -> int:
    """What a cable reads of the board, and which models are in it."""
    from tinyml_course.attacks.readout import find_images, find_tflite_models
    from tinyml_course.board.build.sketch import build_sketch
    from tinyml_course.board.virtual.debug_port import ERASED, flash_image
    from tinyml_course.errors import OutputError
    from tinyml_course.files import write_bytes

    if options.out is not None and not options.out.parent.is_dir():
        raise OutputError(
            f"{options.out}: there is no folder {options.out.parent}; make it, or name another file"
        )
    built = build_sketch(folder, options.board)
    dump = flash_image(built.program)
    start = built.model.memory.flash_start
    images = [
        {"address": start + at, "format": "image", "bytes": len(image.to_bytes())}
        for at, image in find_images(dump)
    ]
    files = [
        {"address": start + at, "format": "tflite", "bytes": len(bytes(model))}
        for at, model in find_tflite_models(dump)
    ]
    found = images + files
    used = len(dump.rstrip(bytes([ERASED])))
    if options.out is not None:
        write_bytes(options.out, dump)
    value = {
        "sketch": built.name,
        "board": options.board,
        "flash_start": start,
        "flash_bytes": len(dump),
        "used_bytes": used,
        "models": found,
        "out": str(options.out) if options.out else None,
    }
    lines = [f"{len(dump):,} bytes of flash from {start:#010x} on, {used:,} of them used"]
    lines += [
        f"a model at {m['address']:#010x}: {m['format']}, {m['bytes']:,} bytes" for m in found
    ]
    if not found:
        lines.append("no model as data; the course's C has its numbers in tables (lesson 19)")
    show(options, value, "\n".join(lines + ([str(options.out)] if options.out else [])))
    return 0


def _run(options: argparse.Namespace, folder: Path) -> int:
    from tinyml_course.board.models import get_model
    from tinyml_course.board.run import run_sketch
    from tinyml_course.board.virtual.storage_file import read_storage, write_storage
    from tinyml_course.errors import BoardError

    if options.screen and not get_model(options.board).has_screen:
        raise BoardError(f"{options.board} has no screen for --screen; the wio_terminal has one")
    last = "\n"

    def show_at_once(text: str) -> None:
        nonlocal last
        last = text
        print(text, end="", flush=True)

    storage: Path | None = options.storage
    board = get_model(options.board).board.name
    stored = b"" if storage is None else read_storage(storage, board)

    # What it printed before it crashed is there when the error comes.
    try:
        run = run_sketch(
            folder,
            options.board,
            options.trace,
            options.seconds,
            send=options.send.replace("\\n", "\n"),
            presses=options.press,
            voltages=options.voltage,
            settings=options.set,
            stored=stored,
            keep=None if storage is None else lambda kept: write_storage(storage, board, kept),
            show=None if options.json else show_at_once,
        )
    except BoardError as error:
        if options.json and error.printed:
            value = {"sketch": folder.resolve().stem, "board": options.board}
            show(options, {**value, "lines": error.printed.splitlines(), "error": str(error)}, "")
        raise
    finally:
        if not last.endswith("\n"):
            print(flush=True)
    if options.screen and run.board.screen is not None:
        run.board.screen.save_png(options.screen)
    lines = [f"lamps: {times.words}" for times in run.pins if times.is_lamp]
    lines += [f"pins: {times.words}" for times in run.pins if not times.is_lamp]
    lines += _colour_lines(run) + _servo_lines(run) + _tone_lines(run)
    lines += [f"note: {note}" for note in run.notes]
    if storage is not None and not run.board.storage.content:
        lines.append(f"note: the sketch kept nothing: {storage} is as after an upload")
    if options.json or lines:
        show(options, _as_value(run, options), "\n".join(lines))
    return 0


def _colour_lines(run: SketchRun) -> list[str]:
    from tinyml_course.board.virtual.pins import name_pin

    found = []
    for pin in sorted({pin for _, pin, _ in run.board.gpio.colours}):
        shown = [rgb for _, of_pin, rgb in run.board.gpio.colours if of_pin == pin]
        times = "once" if len(shown) == 1 else f"{len(shown)} times, the last"
        red, green, blue = shown[-1] >> 16, shown[-1] >> 8 & 255, shown[-1] & 255
        name = name_pin(run.sketch.model.board.name, pin)
        found.append(f"colours: {name}: {times} red {red}, green {green}, blue {blue}")
    return found


def _servo_lines(run: SketchRun) -> list[str]:
    found = []
    for pin in sorted({pin for _, pin, _ in run.board.gpio.servos}):
        widths = [width_us for _, of_pin, width_us in run.board.gpio.servos if of_pin == pin]
        found.append(f"servo: pin {pin}: {len(widths)} positions, the last pulse {widths[-1]} us")
    return found


def _tone_lines(run: SketchRun) -> list[str]:
    found = []
    for pin in sorted({pin for _, pin, _, _ in run.board.gpio.tones}):
        heard = [hz for _, of_pin, hz, _ in run.board.gpio.tones if of_pin == pin and hz > 0]
        if heard:
            span = f"{min(heard)} Hz" if len({*heard}) == 1 else f"{min(heard)} to {max(heard)} Hz"
            count = "once" if len(heard) == 1 else f"{len(heard)} times"
            found.append(f"tones: pin {pin}: {count}, {span}")
    return found


def _as_value(run: SketchRun, options: argparse.Namespace) -> dict[str, object]:
    screen = run.board.screen
    return {
        "sketch": run.sketch.name,
        "board": options.board,
        "seconds": round(run.seconds, 3),
        "instructions": run.instructions,
        "estimated_cycles": run.cycles,
        "stack_bytes": run.stack_bytes,
        "lines": run.lines,
        "pins": [times.as_dict() for times in run.pins],
        "tones": [
            {"time_s": time_us / 1e6, "pin": pin, "hz": hz, "ms": ms}
            for time_us, pin, hz, ms in run.board.gpio.tones
        ],
        "colours": [
            {"time_s": time_us / 1e6, "pin": pin, "rgb": [rgb >> 16, rgb >> 8 & 255, rgb & 255]}
            for time_us, pin, rgb in run.board.gpio.colours
        ],
        "servos": [
            {"time_s": time_us / 1e6, "pin": pin, "pulse_us": width_us}
            for time_us, pin, width_us in run.board.gpio.servos
        ],
        "screen": None
        if screen is None
        else {
            "width": screen.image.shape[1],
            "height": screen.image.shape[0],
            "texts": screen.texts,
            "png": str(options.screen) if options.screen else None,
        },
        "power": run.power.as_dict(),
        "notes": list(run.notes),
    }
