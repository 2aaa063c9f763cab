"""What can fail on a stage, tried before anybody is there. One line each, and what to do."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.run import run_sketch
from tinyml_course.bundle import Bundle
from tinyml_course.errors import BoardError, DataError, TinyMLCourseError
from tinyml_course.extras import require
from tinyml_course.live.board import LiveBoard
from tinyml_course.live.recordings import get_movement, get_sound, list_movements

SKETCHES = ("motion", "keywords")
BOARD = "wio_terminal"
BUNDLES = ("motion", "keywords_people", "digits")
RUN_S = 3.0  # of virtual time: a window of two seconds, and an answer
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Tried:
    """A thing of the demonstration, and how it went.

    Attributes:
        thing: its name.
        is_ready: whether it worked.
        found: what it said: a figure, or the reason why it failed.
        remedy: what to do if it failed.
        instead: what is shown, or done, if it fails on the stage.
        is_needed: whether the demonstration is shown with it.
    """

    thing: str
    is_ready: bool
    found: str
    remedy: str = ""
    instead: str = ""
    is_needed: bool = True

    def __str__(self) -> str:
        if self.is_ready:
            return f"{self.thing:<9} ready: {self.found}"
        return f"{self.thing:<9} MISSING: {self.found}. Do: {self.remedy}"


def preflight() -> list[Tried]:
    """Try compiler, emulator, Bundles, recordings, widgets, panel and the page's server, once each.

    Nothing is only looked for: each is used as the demonstration uses it. What fails is in the
    list; nothing is raised. The microphone and the loudspeaker are a browser's, so a person tries
    those.
    """
    trials: tuple[tuple[str, Callable[[], str], str], ...] = (
        ("compiler", _compile, "tinyml doctor says what is missing; the steps show recordings"),
        ("emulator", _emulate, "tinyml doctor says what is missing; the steps show recordings"),
        ("bundles", _answer, "git status data/ in a checkout, or install the package again"),
        ("sounds", _listen, "git status data/ in a checkout, or install the package again"),
        ("widgets", _slide, "install what is named; until then the steps show recordings"),
        ("panel", _touch, "install what is named; until then the steps show recordings"),
        ("page", _serve, "play the notebook in JupyterLab instead: make lab"),
    )
    return [try_once(thing, trial, remedy) for thing, trial, remedy in trials]


def try_once(
    thing: str, trial: Callable[[], str], remedy: str, instead: str = "", *, is_needed: bool = True
) -> Tried:
    """How a trial went: what it returned, or why it failed; its own faults are raised."""
    try:
        return Tried(thing, True, trial(), remedy, instead, is_needed)
    except (TinyMLCourseError, ImportError, OSError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
        return Tried(thing, False, reason, remedy, instead, is_needed)


def _compile() -> str:
    sizes = [f"{name} {build_sketch(name, BOARD).flash_bytes:,} B" for name in SKETCHES]
    return f"{', '.join(sizes)} of flash"


def _emulate() -> str:
    lines = run_sketch("motion", BOARD, [get_movement("walk (p003)")], seconds=RUN_S).lines
    answers = [line for line in lines if "class:" in line]
    if not answers:
        raise BoardError(f"the motion sketch gave no answer in {RUN_S:g} s")
    return f"{RUN_S:g} s of walking, {len(answers)} answer{'s' * (len(answers) != 1)}"


def _answer() -> str:
    for name in BUNDLES:
        golden = Bundle.load_shipped(name).golden
        answers = np.asarray(Bundle.load_shipped(name).predict_scores(golden.windows))
        if (answers.argmax(axis=1) != golden.labels).any():
            raise DataError(f"the Bundle {name} does not know its own golden windows")
    return f"{', '.join(BUNDLES)} know their golden windows"


def _listen() -> str:
    seconds = len(get_sound("yes and no among other words")) / 16_000
    return f"{len(list_movements())} movements, {seconds:.0f} s of words"


def _slide() -> str:
    from tinyml_course.live.explorers import explore_quantizer

    explorer = explore_quantizer()
    before = explorer.words
    explorer.controls["bits"].value = 8
    if explorer.words == before:
        raise BoardError("a slider was moved, and nothing followed")
    return "a slider was moved, and the words followed"


def _touch() -> str:
    require("anywidget", "the board's panel")
    from tinyml_course.live import BoardPanel

    panel = BoardPanel("motion", BOARD)
    panel.close()
    state, _, _ = LiveBoard("motion", BOARD).preview(RUN_S)
    if state.get("error"):
        raise BoardError(str(state["error"]))
    return f"a board ran {RUN_S:g} s on it"


def _serve() -> str:
    require("voila", "the page")
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
    return "its server is installed, and a place to listen is free"
