"""The gestures sketch, unmodified, on virtual boards: what it prints is what Python computes."""

import re
from functools import cache

import numpy as np
import pytest

from tests.board.test_course_sketches import GOLDEN
from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.board.virtual.traces import read_traces
from tinyml_course.bundle import Bundle
from tinyml_course.datasets.gesture_recordings import load_gestures
from tinyml_course.features.onset import OnsetSpec, cut_gestures, find_onsets
from tinyml_course.shipped import DATA, SKETCHES

TRACE = DATA / "gestures" / "wrist.csv"
SECONDS = 22
MADE = ["left", "right", "circle", "shake", "twist"]
BOARDS = [("nano33ble", {}), ("nano33ble", {"NANO_REVISION": 2}), ("wio_terminal", {})]


@pytest.fixture(scope="module")
def bundle():
    return Bundle.load_shipped("gestures")


@pytest.fixture(scope="module")
def stream():
    """What the trace says, `(n, 6)`: the accelerometer's and the gyroscope's part."""
    return np.concatenate([trace.values for trace in read_traces(TRACE)], axis=1)


@pytest.fixture(scope="module")
def run_of():
    def run(board, revision):
        defines = {"NANO_REVISION": revision} if revision else {}
        built = build_sketch(SKETCHES / "gestures", board, defines=defines)
        machine = VirtualBoard(built, read_traces(TRACE))
        machine.run(SECONDS)
        return machine, machine.uart.sent.decode().splitlines()

    return cache(run)


@pytest.mark.parametrize(("board", "defines"), BOARDS, ids=["nano", "nano rev2", "wio"])
def test_every_gesture_is_what_python_says(board, defines, bundle, stream, run_of):
    _, lines = run_of(board, defines.get("NANO_REVISION"))
    felt = stream.copy()
    if board == "wio_terminal":
        felt[:, 3:] = 0.0
        assert "# no gyroscope on this board: its three channels stand at 0" in lines
    spec = OnsetSpec.of(bundle.channel_names, bundle.window, bundle.sample_rate_hz)
    windows = cut_gestures(felt, spec)
    scores = bundle.predict_scores(windows)
    records = [dict(f.split(":") for f in line.split(",")) for line in lines if "gesture:" in line]
    assert len(records) == len(windows) == len(MADE)
    assert [int(r["class"]) for r in records] == scores.argmax(axis=1).tolist()
    if board != "wio_terminal":  # which has no gyroscope, and takes the twist for a swipe
        assert [bundle.class_names[int(r["class"])] for r in records] == MADE
    said = np.array([[float(r[name]) for name in bundle.class_names] for r in records])
    assert np.abs(said - scores).max() < 0.02  # LiteRT's fast kernels may differ by a few steps
    begun_s = [int(t) / 1000 for t in re.findall(r"t_ms:(\d+)", "\n".join(lines))]
    steps = np.diff(begun_s) * 50 - np.diff(find_onsets(felt, spec).begun)
    assert np.abs(steps).max() < 1


@pytest.mark.parametrize("board", ["nano33ble", "wio_terminal"])
def test_golden_serial_lines(board, run_of):
    """The exact lines; latencies aside, which every change of the kernels moves."""
    golden = GOLDEN / f"gestures_{board}.txt"
    kept = [line.split(",latency_us")[0] for line in run_of(board, None)[1]]
    expected = golden.read_text().splitlines()
    assert kept == expected, f"if that is right, write the new lines to {golden}"


def test_the_lamp_counts_and_the_screen_writes_the_gesture(run_of):
    nano, _ = run_of("nano33ble", None)
    rises = [change.time_us / 1e6 for change in nano.gpio.changes if change.value == 1]
    # on while a gesture is taken; then once for left, ... five times for twist
    groups = np.split(rises, np.flatnonzero(np.diff(rises) > 1.0) + 1)
    flashes = [len(group) for group in groups if len(group)]
    assert sum(flashes) == 5 + (1 + 2 + 3 + 4 + 5)
    wio, _ = run_of("wio_terminal", None)
    words = [text for text in wio.screen.texts if text not in ("gestures", "ready", "...")]
    assert words == [*MADE[:-1], "left"]


def test_what_it_prints_while_it_records_is_read_back(tmp_path, bundle, stream):
    lines = run_sketch(SKETCHES / "gestures", "nano33ble", [TRACE], seconds=12, send="r").lines
    (tmp_path / "left.csv").write_text("\n".join(lines) + "\n")
    data = load_gestures(tmp_path)
    assert data.x.shape == (2, 100, 6)
    spec = OnsetSpec.of(bundle.channel_names, bundle.window, bundle.sample_rate_hz)
    # printing takes longer than a sample: after each gesture the trigger begins anew
    assert np.abs(data.x[0] - cut_gestures(stream, spec)[0]).max() < 1e-3
    assert not any(line.startswith("gesture:") for line in lines)


def test_it_says_what_is_wrong_and_classifies_nothing():
    built = build_sketch(SKETCHES / "gestures", "nano33ble")
    machine = VirtualBoard(built, [])
    machine.accelerometer.set_g((9.0, 0.0, 1.0))
    machine.run(3.0)
    lines = machine.uart.sent.decode().splitlines()
    assert lines[1:3] == ["# error the accelerometer is out of range"] * 2
    assert not any(line.startswith(("gesture", "onset")) for line in lines)


def test_another_model_makes_another_sketch_of_its_own_size(tmp_path, bundle):
    from dataclasses import replace

    from tinyml_course.export.firmware.sketch_folder import write_sketch

    folder = write_sketch(replace(bundle, sample_rate_hz=119.0), "gestures", tmp_path)
    trigger = (folder / "gestures_trigger.h").read_text()
    assert "#define GESTURES_TRIGGER_BEFORE 29 " in trigger
    assert "#define GESTURES_SAMPLE_RATE_HZ 119" in (folder / "gestures_classify.h").read_text()
