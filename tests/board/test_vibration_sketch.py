"""The vibration sketch, unmodified, on the virtual Nano: it learns and judges as Python does."""

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

TRACE = DATA / "vibration/fan.csv"
SECONDS = 73.7


def deviations():
    """What Python says of each window after the commissioning."""
    bundle, x = Bundle.load_shipped("vibration"), load_vibration(TRACE).x
    features = VibrationFeatures().apply(x)
    mean, scale = learn_normal(features[:COMMISSIONING])
    z = (features - mean) / scale
    outputs = run_integer_model(bundle.model, bundle.model.input.quantize(z)).outputs
    scores = score_residuals(z, bundle.model.output.dequantize(outputs))
    level, spread = learn_level(scores[:COMMISSIONING])
    return Centre(mean, scale, level, spread).deviations(scores)[COMMISSIONING:]


@pytest.fixture(scope="module")
def lines():
    return run_sketch(SKETCHES / "vibration", "nano33ble", [TRACE], seconds=SECONDS).lines


def records(lines):
    return [dict(f.split(":") for f in line.split(",")) for line in lines if "window:" in line]


def test_every_window_strays_as_far_as_python_says(lines):
    found, expected = records(lines), deviations()
    said = [float(r["deviation"]) for r in found][: len(expected)]
    assert len(said) == len(expected)
    assert np.abs(np.array(said) - expected).max() <= 0.00006  # four digits are printed
    medians = [float(np.median(expected[max(0, k - MEDIAN_OF + 1) : k + 1])) for k in range(13)]
    alarms = [int(r["alarm"]) for r in found][:13]
    full = [k >= MEDIAN_OF - 1 and medians[k] >= LIMIT for k in range(13)]
    assert alarms == [int(one) for one in full]
    assert sum(alarms[:5]) == 0  # healthy
    assert alarms[8:] == [1] * 5  # three windows after the imbalance begins


def test_golden_serial_lines(lines):
    """The exact lines; latencies aside, which every change of the kernels moves."""
    golden = GOLDEN / "vibration_nano33ble.txt"
    kept = [line.split(",latency_us")[0] for line in lines]
    assert kept == golden.read_text().splitlines(), f"if that is right, write them to {golden}"


def test_it_learns_further_speeds_and_forgets_them():
    machine = VirtualBoard(build_sketch(SKETCHES / "vibration", "nano33ble"), [read_trace(TRACE)])
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
    machine = VirtualBoard(build_sketch(SKETCHES / "vibration", "nano33ble"), [trace])
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


def test_without_a_sensor_or_with_a_dead_one_it_says_so():
    still = Trace("acceleration", np.tile(np.float32([[0, 0, 1]]), (400, 1)), 119.0)
    said = run_sketch(SKETCHES / "vibration", "nano33ble", [still], seconds=3).lines
    assert "# error the accelerometer is stuck: it repeats itself" in said


def test_rev2_runs_the_same_sketch():
    built = build_sketch(SKETCHES / "vibration", "nano33ble", defines={"NANO_REVISION": 2})
    machine = VirtualBoard(built, [read_trace(TRACE)])
    machine.run(3.0)
    said = machine.uart.sent.decode().splitlines()
    assert said[0] == "# vibration 1 nano33ble_rev2"
    assert "learning:2,of:60,speed:0" in said
