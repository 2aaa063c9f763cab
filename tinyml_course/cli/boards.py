"""The `tinyml` commands about boards: the catalogue and the ports."""

from __future__ import annotations

import argparse

from tinyml_course.cli.helping import add_command
from tinyml_course.cli.output import Commands, show
from tinyml_course.table import Table


def add_board_commands(commands: Commands) -> None:
    """Add `boards` and `ports` to the parser."""
    boards = add_command(commands, "boards", "the catalogue of boards, with sources")
    boards.set_defaults(run=run_boards)

    ports = add_command(commands, "ports", "serial ports and virtual boards")
    ports.set_defaults(run=run_ports)


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
