"""A board as a page of its own, served to this computer alone. `tinyml play` is this.

Voila runs a notebook of one cell and shows what it shows. It listens on the loopback address, and
the address of the page carries a token that nobody else knows.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tinyml_course.board.build.sketch import find_sketch
from tinyml_course.confine.guard import Guard, guarded
from tinyml_course.errors import LinkError
from tinyml_course.extras import require
from tinyml_course.files import meant_file
from tinyml_course.interrupts import HeldInterrupt
from tinyml_course.live.board import LiveBoard
from tinyml_course.live.stage.alone import stand_alone

JUPYTER = Path(__file__).parent / "jupyter"  # a data folder of Jupyter's kind: the page's template
START_S = 60.0
LEFT_S = 600  # after so long without a sign of its page a kernel ends
LOOPBACK = "127.0.0.1"


@contextmanager
def serve_page(
    sketch: Path | str,
    board: str,
    traces: Sequence[Path | str] = (),
    port: int | None = None,
) -> Iterator[str]:
    """Serve a board's page while the block runs.

    Args:
        sketch: its folder, or the name of one of the course's own.
        board: one that can be emulated.
        traces: what its sensors feel until a hand does something else.
        port: of the server; a free one if None.

    Yields:
        The page's address, with its token.

    Raises:
        BoardError: no such sketch or board, or it does not build.
        LinkError: the server does not start.
        MissingExtraError: the extra `lab` is not installed.
    """
    require("voila", "the board's page")
    require("anywidget", "the board's page")
    LiveBoard(sketch, board, traces=traces).build()  # what is wrong with it is said here and now
    folder = find_sketch(str(sketch)).absolute()
    wants = [str(Path(trace).absolute()) for trace in traces]
    cell = (
        "from tinyml_course.live import BoardPanel\n"
        f"BoardPanel({str(folder)!r}, {board!r}, {wants!r})"
    )
    text = json.dumps(_notebook(cell, f"{folder.stem} on {board}"))
    with _serve(text, port) as address:
        yield address


@contextmanager
def serve_notebook(notebook: Path, port: int | None = None) -> Iterator[str]:
    """Serve a notebook's texts and what its cells show, without their code; as `serve_page`.

    Cells tagged `off-stage` stay away. Pictures come with it, and a link to a file is its words:
    the page stands alone.

    Raises:
        LinkError: it cannot be read, or the server does not start.
        MissingExtraError: the extra `lab` is not installed.
    """
    require("voila", "a notebook as a page")
    try:
        text = json.dumps(stand_alone(json.loads(notebook.read_text("utf-8")), notebook.parent))
    except OSError as error:
        missing = Path(error.filename or notebook)  # or a picture that it shows
        which = "" if missing == notebook else f"{missing}: "
        raise LinkError(
            f"cannot read the notebook {notebook}: {which}{error.strerror}{meant_file(missing)}"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise LinkError(
            f"{notebook} is no notebook that can be read ({type(error).__name__}: {error}): open "
            "and save it in Jupyter"
        ) from error
    with _serve(text, port) as address:
        yield address


@contextmanager
def _serve(text: str, port: int | None) -> Iterator[str]:
    port = port or _find_port()
    token = secrets.token_urlsafe(24)
    # The guard ends the server and its folder if somebody ends us before we can.
    with guarded() as guard, guard.work_folder() as work:
        notebook = work / "play.ipynb"
        notebook.write_text(text, "utf-8")
        with _server(notebook, port, token, guard) as process:
            address = f"http://{LOOPBACK}:{port}/"
            _wait_for(address, process, work / "voila.log")
            yield f"{address}?token={token}"


def _notebook(cell: str, title: str) -> dict[str, object]:
    code: dict[str, object] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "board",
        "metadata": {},
    }
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {
        "cells": [{**code, "outputs": [], "source": cell}],
        "metadata": {"kernelspec": kernel, "title": title},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _find_port() -> int:
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        number: int = listener.getsockname()[1]
        return number


@contextmanager
def _server(
    notebook: Path, port: int, token: str, guard: Guard
) -> Iterator[subprocess.Popen[bytes]]:
    paths = [str(JUPYTER), *filter(None, [os.environ.get("JUPYTER_PATH")])]
    command = [
        sys.executable,
        *("-m", "voila", notebook.name, "--no-browser", "--template=tinyml"),
        f"--Voila.ip={LOOPBACK}",
        f"--port={port}",
        "--Voila.port_retries=0",
    ]
    # The token goes where other users of this computer cannot read it: not on the command line.
    # An extension of JupyterLab's that has nothing to do here and fails in Voila's frame.
    extensions = ["jupyterlab-jupytext"]
    settings = {
        "Voila": {"token": token},
        "VoilaConfiguration": {"extension_denylist": extensions},
        # A page that was closed leaves its kernel. One that is open says so all the time.
        "MappingKernelManager": {"cull_idle_timeout": LEFT_S, "cull_interval": LEFT_S // 5},
    }
    notebook.with_name("voila.json").write_text(json.dumps(settings), "utf-8")
    env = os.environ | {"JUPYTER_PATH": os.pathsep.join(paths)}
    # Its own temporary files lie in the guarded folder, and go with it.
    env |= dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(notebook.parent))
    with open(notebook.with_name("voila.log"), "wb") as log:
        with HeldInterrupt():  # no process that nobody knows
            process = subprocess.Popen(
                command,
                cwd=notebook.parent,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=os.name == "posix",  # Ctrl-C is for us, and we end it in order
            )
            guard.began(process.pid)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            guard.ended(process.pid)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until the server answers anything at all.

    Raises:
        LinkError: it ended, or it does not answer in time.
    """
    # Directly, whatever proxy a school's network has for the world.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end_s = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < end_s:
        try:
            direct.open(address, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return  # without the token it refuses: it is there
        except OSError:
            time.sleep(0.1)
    said = log.read_text("utf-8", "replace").strip().splitlines()[-1:]
    raise LinkError(f"the page's server did not start at {address}: {' '.join(said)}")
