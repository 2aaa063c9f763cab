"""The vibration sketch, unmodified, on the virtual Nano: it learns and judges as Python does."""

from functools import cache

import numpy as np
import pytest

from tests.board.test_course_sketches import GOLDEN
from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.board.virtual.traces import Trace, read_trace
from tinyml_course.bundle import Bundle
from tinyml_course.datasets.vibration_recordings import load_vibration
from tinyml_course.features.commissioning import (
    COMMISSIONING,
    LIMIT,
    MEDIAN_OF,
    Centre,
    learn_level,
    learn_normal,
    score_residuals,
)
from tinyml_course.features.vibration_features import VibrationFeatures
from tinyml_course.interpreters.tflm import run_integer_model
from tinyml_course.shipped import DATA, SKETCHES

SKETCH = SKETCHES / "vibration"
TRACE = DATA / "vibration/fan.csv"
SECONDS = 73.7


# The Nano stands still for 85 ms while it erases the page that it stores to: so many samples.
LOST_WHILE_STORING = 11


def deviations():
    """What Python says of each window after the commissioning, and after what storing costs."""
    bundle, values = Bundle.load_shipped("vibration"), read_trace(TRACE).values
    learnt, later = np.split(values, [COMMISSIONING * 120])
    later = later[LOST_WHILE_STORING:]
    later = later[: len(later) // 120 * 120]
    x = np.concatenate([learnt, later]).reshape(-1, 120, 3)
    features = VibrationFeatures().apply(x)
    mean, scale = learn_normal(features[:COMMISSIONING])
    z = (features - mean) / scale
    outputs = run_integer_model(bundle.model, bundle.model.input.quantize(z)).outputs
    scores = score_residuals(z, bundle.model.output.dequantize(outputs))
    level, spread = learn_level(scores[:COMMISSIONING])
    return Centre(mean, scale, level, spread).deviations(scores)[COMMISSIONING:]


@pytest.fixture(scope="module")
def run_of():
    """A minute of learning and some seconds more on each board; it takes seconds, so once."""
    return cache(lambda board: run_sketch(SKETCH, board, [TRACE], seconds=SECONDS))


@pytest.fixture(scope="module")
def lines(run_of):
    return run_of("nano33ble").lines


def records(lines):
    return [dict(f.split(":") for f in line.split(",")) for line in lines if "window:" in line]


def test_every_window_strays_as_far_as_python_says(lines):
    found, expected = records(lines), deviations()
    said = [float(r["deviation"]) for r in found][: len(expected)]
    assert len(said) == len(expected)
    assert np.abs(np.array(said) - expected).max() <= 0.00006  # four digits are printed
    medians = [
        float(np.median(expected[max(0, k - MEDIAN_OF + 1) : k + 1])) for k in range(len(expected))
    ]
    alarms = [int(r["alarm"]) for r in found][: len(expected)]
    full = [k >= MEDIAN_OF - 1 and medians[k] >= LIMIT for k in range(len(expected))]
    assert alarms == [int(one) for one in full]
    assert sum(alarms[:5]) == 0  # healthy
    assert alarms[7:] == [1] * 5  # three windows after the imbalance begins


def test_golden_serial_lines(lines):
    """The exact lines; latencies aside, which every change of the kernels moves."""
    golden = GOLDEN / "vibration_nano33ble.txt"
    kept = [line.split(",latency_us")[0] for line in lines]
    assert kept == golden.read_text().splitlines(), f"if that is right, write them to {golden}"


def test_it_learns_further_speeds_and_forgets_them():
    machine = VirtualBoard(build_sketch(SKETCH, "nano33ble"), [read_trace(TRACE)])
    machine.run(62.0)
    machine.uart.give(b"l")
    machine.run(61.0)
    text = machine.uart.sent.decode()
    assert "learning:60,of:60,speed:1" in text
    machine.uart.give(b"f")
    machine.run(2.0)
    assert machine.uart.sent.decode().splitlines()[-1].endswith(",speed:0")


def test_it_prints_every_sample_of_a_recording(tmp_path):
    trace = read_trace(TRACE)
    machine = VirtualBoard(build_sketch(SKETCH, "nano33ble"), [trace])
    machine.uart.give(b"r")
    machine.run(6.0)
    lines = [line for line in machine.uart.sent.decode().splitlines() if line.startswith("t_ms:")]
    rows = [[field.split(":")[1] for field in line.split(",")] for line in lines]
    felt = np.array([row[1:] for row in rows], float)
    assert np.abs(felt[1:500] - trace.values[1:500]).max() < 1e-5
    path = tmp_path / "mine.csv"
    text = [",".join([*row, "healthy", "mine"]) for row in rows]
    path.write_text("\n".join(["t_ms,ax_g,ay_g,az_g,label,machine", *text]) + "\n")
    assert len(load_vibration(path)) == len(rows) // 120


@pytest.mark.parametrize(("board", "key"), [("nano33ble", "D5"), ("wio_terminal", "KEY_C")])
def test_the_power_goes_and_what_was_learnt_stays(board, key, run_of):
    """A board that learnt anew whenever it starts would call a broken machine healthy."""
    kept = run_of(board).board.storage.content
    stored = next(one for one in run_of(board).lines if one.startswith("# stored; speeds: 1, sum "))
    again = run_sketch(SKETCH, board, [TRACE], seconds=1.7, stored=kept).lines
    assert again[1] == stored.replace("stored", "known from before")
    assert again[2].startswith("window:0,speed:0,deviation:")
    damaged = bytearray(kept)
    damaged[-10] ^= 1
    for other in (bytes(damaged), bytes(65536)):
        lines = run_sketch(SKETCH, board, [TRACE], seconds=1.7, stored=other).lines
        assert lines[1] == "# nothing stored"
        assert lines[-1] == "learning:1,of:60,speed:0"
    held = run_sketch(SKETCH, board, [TRACE], seconds=0.5, stored=kept, presses=[f"{key}@0+1"])
    assert held.lines[1].startswith("# forgotten; speeds: 0, sum ")
    anew = held.board.storage.content
    lines = run_sketch(SKETCH, board, [TRACE], seconds=0.5, stored=anew).lines
    assert lines[1] == "# nothing stored"


@pytest.mark.parametrize("board", ["nano33ble", "wio_terminal"])
def test_a_record_that_was_not_written_whole_leaves_the_one_before_it(board, run_of):
    """A second speed is learnt, and the power goes while it is stored: the first is still known."""
    first = run_of(board)
    known = next(one for one in first.lines if one.startswith("# stored; speeds: 1, sum "))
    kept = first.board.storage.content
    if board == "nano33ble":  # the other page has been written before: to erase it is a change
        kept = kept.ljust(0xF000, b"\xff") + bytes(100)
    sketch, trace = build_sketch(SKETCH, board), read_trace(TRACE)
    machine = VirtualBoard(sketch, [trace], kept)
    machine.run(1)
    machine.uart.give(b"l")
    machine.run({"nano33ble": 60, "wio_terminal": 69}[board])
    during = kept
    while during == kept and machine.time_s < 80:  # until the writing has begun
        machine.run(0.01)
        during = machine.storage.content
    machine.run(3)
    after = machine.storage.content
    assert "# stored; speeds: 2, sum " in machine.uart.sent.decode()
    cut_off = bytearray(after)
    pairs = enumerate(zip(kept.ljust(len(after), b"\xff"), after, strict=True))
    written = [at for at, (old, new) in pairs if old != new and new != 0xFF]
    cut_off[written[-1]] = 0xFF  # this byte did not come any more
    # The Nano erases first, which takes 85 ms; the Wio's library writes at one go.
    unfinished = [bytes(cut_off), *([during] if board == "nano33ble" else [])]
    for stored in unfinished:
        again = VirtualBoard(sketch, [trace], stored)
        again.run(0.5)
        said = again.uart.sent.decode().splitlines()[1]
        assert said == known.replace("stored", "known from before")
    again = VirtualBoard(sketch, [trace], after)
    again.run(0.5)
    assert "# known from before; speeds: 2" in again.uart.sent.decode()


def test_what_was_forgotten_does_not_come_back_from_the_other_place(run_of):
    kept = run_of("nano33ble").board.storage.content
    machine = VirtualBoard(build_sketch(SKETCH, "nano33ble"), [read_trace(TRACE)], kept)
    machine.uart.give(b"f")
    machine.run(1)
    again = VirtualBoard(machine.sketch, [read_trace(TRACE)], machine.storage.content)
    again.run(0.5)
    assert again.uart.sent.decode().splitlines()[1] == "# nothing stored"


def copy_with(folder, old, new):
    """The sketch in `folder`, with a text of it changed."""
    folder.mkdir()
    for path in SKETCH.iterdir():
        (folder / path.name).write_text(path.read_text().replace(old, new))
    return folder


def test_what_another_network_has_learnt_is_not_taken(tmp_path, run_of):
    other = copy_with(
        tmp_path / "vibration", "VIBRATION_CENTRE_ID 0x", "VIBRATION_CENTRE_ID 1 + 0x"
    )
    kept = run_of("nano33ble").board.storage.content
    assert run_sketch(other, "nano33ble", [TRACE], 0.5, stored=kept).lines[1] == "# nothing stored"


def test_a_sensor_without_news_is_said(tmp_path):
    """A bus that has let go may say "nothing new" for ever; silence must not look like health."""
    alive = "return IMU.accelerationAvailable();"
    folder = copy_with(
        tmp_path / "vibration", alive, alive.replace("return", "return millis() < 3000 &&")
    )
    lines = run_sketch(folder, "nano33ble", [TRACE], seconds=6).lines
    assert "learning:2,of:60,speed:0" in lines
    assert lines[-1] == "# error the accelerometer has gone silent"
    assert lines.count(lines[-1]) == 3  # once a second


def test_without_a_sensor_or_with_a_dead_one_it_says_so():
    still = Trace("acceleration", np.tile(np.float32([[0, 0, 1]]), (400, 1)), 119.0)
    said = run_sketch(SKETCH, "nano33ble", [still], seconds=3).lines
    assert "# error the accelerometer is stuck: it repeats itself" in said


def test_rev2_runs_the_same_sketch():
    built = build_sketch(SKETCH, "nano33ble", defines={"NANO_REVISION": 2})
    machine = VirtualBoard(built, [read_trace(TRACE)])
    machine.run(3.0)
    said = machine.uart.sent.decode().splitlines()
    assert said[0] == "# vibration 1 nano33ble_rev2"
    assert "learning:2,of:60,speed:0" in said


@pytest.mark.parametrize("board", ["nano33ble", "wio_terminal"])
def test_what_it_prints_after_an_r_is_a_recording_of_this_machine(board, tmp_path):
    """As data/README.md says: all lines, in a file that is named after fault and machine."""
    printed = run_sketch(SKETCH, board, [TRACE], seconds=6, send="r").lines
    path = tmp_path / "healthy_fan.csv"
    path.write_text("\n".join(printed) + "\n")
    data = load_vibration(path)
    assert data.gaps == ()
    assert len(data) == {"nano33ble": 5, "wio_terminal": 4}[board]  # the Wio's takes 100 a second
    felt = read_trace(TRACE).values[: 5 * 120].reshape(5, 120, 3)
    if board == "nano33ble":
        assert np.abs(data.x - felt).max() <= 0.00001  # the digits that are printed
    assert np.abs(data.x.mean(axis=(0, 1)) - felt.mean(axis=(0, 1))).max() <= 0.002  # a Wio's step
