"""The keyword sketch, unmodified, on the virtual boards: it hears what Python hears."""

from dataclasses import replace

import numpy as np
import pytest

from tests.board.test_course_sketches import GOLDEN
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.traces import read_trace
from tinyml_course.bundle import Bundle
from tinyml_course.datasets.keywords_shipped import SHIPPED_SOUND
from tinyml_course.datasets.wav import read_wav
from tinyml_course.features.streaming import detect_keywords
from tinyml_course.interpreters.tflm import run_integer_model
from tinyml_course.shipped import SKETCHES


@pytest.fixture(scope="module", params=["nano33ble", "wio_terminal"])
def board(request):
    return request.param


@pytest.fixture(scope="module")
def heard(board):
    """What Python hears in the shipped sound: (milliseconds, class) of each keyword."""
    bundle = Bundle.load_shipped("keywords_people")
    samples, _ = read_wav(SHIPPED_SOUND)
    if board == "wio_terminal":
        samples = samples >> 4 << 4  # its converter has 12 bits

    def invoke(pictures):
        return run_integer_model(bundle.model, np.ascontiguousarray(pictures[..., None])).outputs

    result = detect_keywords(
        samples,
        bundle.stream,
        bundle.preprocessing.steps[0].spec,
        bundle.window,
        invoke,
    )
    return [(round(1000 * d.time_s), d.keyword) for d in result.detections]


def records(lines):
    found = [dict(field.split(":") for field in line.split(",")) for line in lines[1:]]
    return [(int(r["time_ms"]), int(r["class"])) for r in found]


@pytest.fixture(scope="module")
def run(board):
    return run_sketch(SKETCHES / "keywords", board, [SHIPPED_SOUND])


def test_the_board_hears_what_python_hears(run, heard):
    assert records(run.lines) == heard
    assert {keyword for _, keyword in heard} == {0, 1}


def test_golden_lines(run, board):
    golden = GOLDEN / f"keywords_{board}.txt"
    kept = [line.split(",latency_us")[0] for line in run.lines]
    assert kept == golden.read_text().splitlines(), f"if that is right, write them to {golden}"


def test_the_word_is_shown(run, heard):
    pins = {change.pin for change in run.board.gpio.changes if change.value == 1}
    assert 13 in pins  # LED_BUILTIN
    if run.board.screen is not None:
        said = {0: "yes", 1: "no"}
        words = [text for text in run.board.screen.texts if text in said.values()]
        assert words == [said[keyword] for _, keyword in heard]


def test_silence_is_silent():
    quiet = read_trace(SHIPPED_SOUND)
    quiet = replace(quiet, values=quiet.values * 0)
    done = run_sketch(SKETCHES / "keywords", "nano33ble", [quiet], seconds=3)
    assert done.lines == ["# keywords 1 nano33ble"]
