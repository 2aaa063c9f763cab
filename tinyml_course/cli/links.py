"""The `tinyml` commands that talk to a board, real or virtual: monitor and record."""

from __future__ import annotations

import argparse
import sys
from queue import Queue
from typing import TYPE_CHECKING

from tinyml_course.cli.helping import add_command
from tinyml_course.cli.output import Commands, output_path, seconds, show

if TYPE_CHECKING:
    from tinyml_course.observe.recorder import Recording

PORT = (
    "the board's port: COM5, /dev/ttyACM0 (tinyml ports lists them), or virtual://BOARD?sketch=NAME"
)


def add_link_commands(commands: Commands) -> None:
    """Add `monitor` and `record` to the parser."""
    monitor = add_command(
        commands,
        "monitor",
        "what a board prints; typed lines go to it",
        "tinyml monitor /dev/ttyACM0",
        'tinyml monitor "virtual://nano33ble?sketch=motion&trace=data/motion_p003.csv"',
    )
    monitor.add_argument("url", metavar="URL", help=PORT)
    monitor.add_argument("--seconds", type=seconds, metavar="S", help="stop after so long [Ctrl-C]")
    monitor.add_argument(
        "--send",
        action="append",
        default=[],
        metavar="LINE",
        help="a line for the board at the start",
    )
    monitor.set_defaults(run=run_monitor)

    record = add_command(
        commands,
        "record",
        "a labelled recording from a board",
        "tinyml record COM5 --label walk --subject ann --seconds 20 --out mine/ann.csv",
        'tinyml record "virtual://nano33ble?sketch=recorder&trace=data/motion_p003.csv" \\',
        "      --label walk --seconds 8 --out mine/me.csv",
    )
    record.add_argument("url", metavar="URL", help=PORT)
    record.add_argument("--label", required=True, metavar="L", help="what is done: walk")
    record.add_argument("--seconds", type=seconds, required=True, metavar="S", help="for how long")
    record.add_argument(
        "--out",
        type=output_path,
        required=True,
        metavar="CSV",
        help="a new file, or a recording that this one is appended to",
    )
    record.add_argument("--subject", default="me", metavar="WHO", help="who does it [me]")
    record.set_defaults(run=run_record)


def run_monitor(options: argparse.Namespace) -> int:
    """Lines typed at a terminal go to the board. With --json, a list of the lines at the end."""
    from tinyml_course.observe.link import open_link

    url = options.url
    is_watched = not options.json and options.seconds is None
    if url.startswith("virtual:") and "pace=" not in url and is_watched:
        url += "&pace=real" if "?" in url else "?pace=real"  # for the eye, not for a program
    typed = start_reading_keys() if is_watched and sys.stdin.isatty() else None
    lines: list[str] = []
    code = 0
    with open_link(url) as link:
        for text in options.send:
            link.write_line(text)
        begun_s = 0.0 if link.board_time_s is not None else link.time_s()
        try:
            while options.seconds is None or link.time_s() - begun_s < options.seconds:
                while typed is not None and not typed.empty():
                    link.write_line(typed.get())
                line = link.read_line(timeout_s=0.2)
                if line is not None:
                    lines.append(line.decode("utf-8", "replace"))
                    if not options.json:
                        print(lines.pop(), flush=True)
        except KeyboardInterrupt:
            code = 130
        if link.pending:
            what = f"{len(link.pending):,} bytes at the end have no line end and are not shown"
            print(f"tinyml monitor: {what}", file=sys.stderr)
    if code:
        print("tinyml monitor: stopped", file=sys.stderr)
    if options.json:
        show(options, {"url": options.url, "lines": lines}, "")
    return code


def start_reading_keys() -> Queue[str]:
    """A queue of the lines that are typed; the thread that fills it ends with the program."""
    import threading

    typed: Queue[str] = Queue()

    def read() -> None:
        for line in sys.stdin:
            typed.put(line.rstrip("\n"))

    threading.Thread(target=read, daemon=True).start()
    return typed


def run_record(options: argparse.Namespace) -> int:
    """`tinyml record`."""
    from dataclasses import asdict

    from tinyml_course.observe.recorder import record_csv

    has_begun = False

    def progress(recording: Recording) -> None:
        nonlocal has_begun
        has_begun = True
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
    finally:
        if has_begun:
            print(file=sys.stderr)
    show(options, asdict(recording), f"{recording}\n{recording.path}")
    return 0 if recording.state == "complete" else 130
