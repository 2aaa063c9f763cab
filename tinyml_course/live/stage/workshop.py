"""All that ten minutes on a stage touch, tried for real: `tinyml doctor --workshop`.

The page of lesson 20 is served and opened with its token, so each of its steps is run as the
audience will see it. Whatever fails has a line, a remedy, and what is shown in its stead.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import tempfile
import time
import urllib.request
import webbrowser
from collections.abc import Iterator
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path

from tinyml_course.board.cache import cache_dir
from tinyml_course.datasets.speech import Utterance, synthesize
from tinyml_course.errors import BoardError, DataError, LinkError, OutputError, TinyMLCourseError
from tinyml_course.extras import require
from tinyml_course.files import write_text
from tinyml_course.live.page_server import LOOPBACK, serve_notebook
from tinyml_course.live.stage.checks import Tried, preflight, try_once
from tinyml_course.live.stage.recorded import RECORDING, find_recording

PAGE_S = 240.0  # the page is there after its last step; a quiet laptop takes a tenth of it
# The page's server and kernel took 0.22 GB when this was measured, a browser takes the rest.
FREE_MEMORY_BYTES = 1_000_000_000
FREE_DISK_BYTES = 300_000_000  # what sketches compile to, and the compiler's own files
_STEP = re.compile(r'on_stage\(\s*"(\w+)"')
_FAILED = re.compile(r"(\w+): not here, because (.*?)\. This was recorded:")
_PICTURES = "the recorded picture of the step, in notebooks/solutions/20_workshop_demo.ipynb"
_LINES = "tinyml sketch run motion --board nano33ble --trace FILE: the same board's lines"


def rehearse() -> Iterator[Tried]:
    """Try everything, and yield each line as soon as it is known; nothing is raised.

    First this computer (memory, disk, a port of the loopback address, a browser), then what
    `preflight` tries, then the page of lesson 20 with each of its steps, its recordings, and what
    the demonstration can do without: a voice for new words.
    """
    yield try_once("memory", _memory, "close other programs, above all browsers' tabs", _PICTURES)
    yield try_once(
        "disk", _disk, "free some, or set TINYML_CACHE_DIR to a disk with room", _PICTURES
    )
    yield try_once("port", _port, "let programs of this computer talk to 127.0.0.1", _LINES)
    yield try_once("browser", _browser, "install Firefox or Chromium, on a desktop", _PICTURES)
    for each in preflight():
        if each.thing != "page":  # it is opened below, which says more
            yield Tried(each.thing, each.is_ready, each.found, each.remedy, _PICTURES)
    yield from _page()
    yield try_once("recorded", _recordings, "git status notebooks/, or install the package again")
    yield try_once(
        "voice",
        _voice,
        "it needs the extra speech; the demonstration does not need it",
        "the recorded words of data/keywords, which the page plays",
        is_needed=False,
    )
    yield Tried(
        "microphone",
        False,
        "only you can try it: step 2, 'Use this computer's microphone', say yes",
        "let the browser use it when it asks",
        "'Play' below it: recorded words",
        is_needed=False,
    )


def _memory() -> str:
    require("psutil", "a look at the memory")
    import psutil

    free = psutil.virtual_memory().available
    found = f"{free / 1e9:.1f} GB free"
    if free < FREE_MEMORY_BYTES:
        raise BoardError(f"{found}, {FREE_MEMORY_BYTES / 1e9:g} GB are needed")
    return found


def _disk() -> str:
    folders = {"sketches": cache_dir(), "temporary files": Path(tempfile.gettempdir())}
    for what, folder in folders.items():
        probe = folder / "tinyml_rehearsal.txt"
        write_text(probe, "tried")
        probe.unlink()
        free = shutil.disk_usage(folder).free
        if free < FREE_DISK_BYTES:
            raise OutputError(f"{free / 1e6:.0f} MB free for {what} in {folder}")
    least = min(shutil.disk_usage(folder).free for folder in folders.values())
    return f"{least / 1e9:.1f} GB free, written and removed"


def _port() -> str:
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen(1)
        with socket.create_connection(listener.getsockname(), timeout=5) as caller:
            answerer, _ = listener.accept()
            with answerer:
                caller.sendall(b"here")
                if answerer.recv(4) != b"here":
                    raise LinkError("what was sent did not arrive")
    return f"{LOOPBACK} listens and answers"


def _browser() -> str:
    try:
        found = webbrowser.get()
    except webbrowser.Error as error:
        for name in ("firefox", "chromium", "google-chrome"):
            if shutil.which(name):
                raise LinkError(
                    f"{name} is installed, and there is no desktop to show it"
                ) from error
        raise LinkError("this computer has none that a program can open") from error
    return str(getattr(found, "name", type(found).__name__))


def _page() -> Iterator[Tried]:
    """The page of lesson 20, opened as a browser does, and each of its steps."""
    remedy = "play the notebook in JupyterLab instead: make lab"
    begun = time.monotonic()
    try:
        steps, body = list_steps(), _open_page()
    except (TinyMLCourseError, OSError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
        yield Tried("page", False, reason, remedy, _PICTURES)
        return
    seconds = time.monotonic() - begun
    yield Tried("page", True, f"opened with its token, whole after {seconds:.0f} s", remedy, _LINES)
    failed = dict(_FAILED.findall(unescape(body)))
    for step in steps:
        found = failed.get(step, "shown on the page")
        yield Tried(step, step not in failed, found, "see the lines above", _PICTURES)


def _open_page() -> str:
    require("voila", "the page")
    plain = urllib.request.ProxyHandler({})  # this computer, whatever the network's settings say
    cookies = urllib.request.HTTPCookieProcessor(CookieJar())
    opener = urllib.request.build_opener(plain, cookies)
    with serve_notebook(RECORDING) as address, opener.open(address, timeout=PAGE_S) as answer:
        body = str(answer.read().decode("utf-8", "replace"))
    if "widget-view+json" not in body:
        raise LinkError("the page came without a board on it")
    return body


def list_steps() -> list[str]:
    """The names of the demonstration's steps, in order.

    Raises:
        DataError: the notebook cannot be read.
    """
    try:
        cells = json.loads(RECORDING.read_text(encoding="utf-8"))["cells"]
        return _STEP.findall("\n".join("".join(cell["source"]) for cell in cells))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"the notebook {RECORDING} cannot be read: {error}") from error


def _recordings() -> str:
    steps = list_steps()
    without = [step for step in steps if not find_recording(step).png]
    if without or not steps:
        raise DataError(f"no recorded picture of {', '.join(without) or 'any step'}")
    return f"a picture of each of the {len(steps)} steps, should one fail"


def _voice() -> str:
    (samples,) = synthesize([Utterance("yes", "en-us", "f3")])
    return f"it spoke a word of {len(samples) / 16_000:.1f} s"
