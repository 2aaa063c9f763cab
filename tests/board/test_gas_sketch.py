"""The gas sketch, unmodified, on the virtual boards: what it prints is what Python computes."""

import re
from functools import cache

import numpy as np
import pytest

from tests.board.test_course_sketches import GOLDEN
from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.board.virtual.traces import Trace, read_trace
from tinyml_course.bundle import Bundle
from tinyml_course.datasets.gas_recordings import load_gas
from tinyml_course.shipped import DATA, SKETCHES

TRACE = DATA / "gas/sniffs.csv"
SECONDS = 161


@pytest.fixture(scope="module")
def bundle():
    return Bundle.load_shipped("gas")


@pytest.fixture(scope="module")
def lines_of():
    """What each board prints over the whole trace; it takes seconds, so once."""
    return cache(lambda board: run_sketch(SKETCHES / "gas", board, [TRACE], seconds=SECONDS).lines)


@pytest.mark.parametrize("board", ["wio_terminal", "nano33ble"])
def test_every_sniff_is_what_python_says(board, bundle, lines_of):
    lines = lines_of(board)
    sniffs = load_gas(TRACE)
    inputs = bundle.model.input.quantize(bundle.preprocessing.apply(sniffs.x))
    scores = bundle.predict_scores(sniffs.x)
    records = [dict(f.split(":") for f in line.split(",")) for line in lines if "sniff:" in line]
    assert [int(r["class"]) for r in records] == scores.argmax(axis=1).tolist()
    assert [int(r["class"]) for r in records] == sniffs.y.tolist()
    assert [int(r["tree"]) for r in records] == bundle.forest.predict(inputs).tolist()
    said = np.array([[float(r[name]) for name in bundle.class_names] for r in records])
    assert np.abs(said - scores).max() < 0.02  # LiteRT's fast kernels may differ by a few steps
    counts = [re.findall(r":(\d+)", line)[1:] for line in lines if line.startswith("t_ms:")]
    assert np.array_equal(np.array(counts[:160], float), sniffs.x.reshape(-1, 4))


def test_golden_serial_lines(lines_of):
    """The exact lines; latencies aside, which every change of the kernels moves."""
    golden = GOLDEN / "gas_wio_terminal.txt"
    kept = [line.split(",latency_us")[0] for line in lines_of("wio_terminal")]
    expected = golden.read_text().splitlines()
    assert kept == expected, f"if that is right, write the new lines to {golden}"


def test_the_screen_says_what_to_do_and_what_it_smelt():
    trace = read_trace(TRACE)
    wio = VirtualBoard(build_sketch(SKETCHES / "gas", "wio_terminal"), [trace])
    wio.run(33.5)
    texts = wio.screen.texts
    assert texts[:3] == ["gas", "in the air", "8 s"]
    assert {"over the drink", "24 s"} <= set(texts)
    assert texts[texts.index("the tree says") - 1] == "air"


def test_without_a_sensor_it_says_so_once_a_second():
    lines = run_sketch(SKETCHES / "gas", "wio_terminal", seconds=3).lines
    assert lines[:3] == [
        "# gas 1 wio_terminal",
        *["# error the gas sensor does not answer at address 0x08"] * 2,
    ]


def test_a_saturated_sensor_is_no_division_by_zero(bundle):
    for counts in (1, 1023):
        trace = Trace("gas", np.full((40, 4), counts, np.uint32), 1.0)
        lines = run_sketch(SKETCHES / "gas", "wio_terminal", [trace], seconds=33).lines
        record = next(line for line in lines if line.startswith("sniff:"))
        window = np.full((1, 32, 4), counts, np.float32)
        assert f"class:{bundle.predict_scores(window).argmax()}," in record


@pytest.mark.parametrize("dead", [0, 0xFFFF_FFFF, 1024])
def test_a_sensor_that_dies_in_a_sniff_is_said_and_nothing_is_smelt(dead):
    """A cable that slips off after ten seconds: the bus gives zeros, ones, or junk."""
    counts = np.full((45, 4), 300, np.uint32)
    counts[10:] = dead
    lines = run_sketch(
        SKETCHES / "gas", "wio_terminal", [Trace("gas", counts, 1.0)], seconds=14
    ).lines
    assert "# error the gas sensor does not answer at address 0x08" in lines[11:]
    assert sum(line.startswith("t_ms:") for line in lines) == 10
    assert not any(line.startswith("sniff:") for line in lines)
