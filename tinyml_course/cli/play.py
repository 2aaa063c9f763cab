"""The `tinyml play` command: a board as a page in the browser."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from tinyml_course.cli.helping import (
    add_board_option,
    add_command,
    add_named,
    find_sketches,
    find_virtual_boards,
)
from tinyml_course.cli.output import Commands, port, show
from tinyml_course.errors import BoardError


def add_play_commands(commands: Commands) -> None:
    """Add `play` to the parser."""
    play = add_command(
        commands,
        "play",
        "a sketch on a board to touch, as a page",
        "tinyml play motion --board wio_terminal",
        "tinyml play my_sketch --trace data/motion_p003.csv",
    )
    says = "its folder, a notebook, or one of %(names)s"
    add_named(play, "sketch", find_sketches, metavar="SKETCH", help=says)
    add_board_option(play, find_virtual_boards)
    play.add_argument(
        "--trace",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="what the sensors feel until you do something else: CSV or WAV",
    )
    play.add_argument("--port", type=port, metavar="N", help="of the page's server [a free one]")
    play.add_argument("--no-browser", action="store_true", help="only print the page's address")
    play.set_defaults(run=run_play)


def run_play(options: argparse.Namespace) -> int:
    """`tinyml play`; ends with Ctrl-C."""
    import webbrowser

    from tinyml_course.live.page_server import serve_notebook, serve_page

    if options.sketch.endswith(".ipynb"):
        if options.trace:
            raise BoardError("--trace: for a sketch; a notebook's boards have traces of their own")
        page = serve_notebook(Path(options.sketch), options.port)
    else:
        page = serve_page(options.sketch, options.board, options.trace, options.port)
    with page as address:
        text = f"{address}\nCtrl-C ends it"
        show(options, {"url": address, "board": options.board}, text)
        print(end="", flush=True)
        if not options.no_browser:
            webbrowser.open(address)
        try:
            while True:
                time.sleep(1)
        except KeyboardInterrupt:
            return 0
