"""Machines from physics: laws that hold, groups that hold, and recordings that are refused."""

import numpy as np
import pytest

from tinyml_course.datasets import vibration_physics as physics
from tinyml_course.datasets.dataset import refuse_gaps
from tinyml_course.datasets.vibration import (
    CLASS_NAMES,
    SAMPLE_RATE_HZ,
    make_vibration_dataset,
    synthesize_window,
)
from tinyml_course.datasets.vibration_recordings import (
    COLUMNS,
    PERIOD_MS,
    load_vibration,
    write_example_trace,
)
from tinyml_course.errors import DataError
from tinyml_course.shipped import DATA


def test_a_dataset_is_one_of_machines_healthy_first():
    data = make_vibration_dataset(1, 2, healthy=4, faulty=2)
    assert data.x.shape == (2 * (4 + 5 * 2), 120, 3)
    assert data.groups_are == "machines"
    assert data.y[:4].tolist() == [0] * 4
    assert np.bincount(data.y).tolist() == [8, 4, 4, 4, 4, 4]
    assert np.allclose(np.linalg.norm(data.x.mean(axis=1), axis=1), 1, atol=0.02)
    assert np.array_equal(data.x, make_vibration_dataset(1, 2, healthy=4, faulty=2).x)
    assert not np.array_equal(data.x, make_vibration_dataset(2, 2, healthy=4, faulty=2).x)


def test_defect_rates_follow_from_geometry():
    """The drive-end bearing of the Case Western rig: 6205, as its data sheet lists it."""
    bearing = physics.Bearing(9, 0.3126 / 1.537)
    assert bearing.outer == pytest.approx(3.5848, abs=0.001)
    assert bearing.inner == pytest.approx(5.4152, abs=0.001)
    assert bearing.cage == pytest.approx(0.39828, abs=0.001)
    assert bearing.ball == pytest.approx(4.7135, abs=0.002)
    assert bearing.outer + bearing.inner == pytest.approx(bearing.balls)


def test_an_imbalance_pulls_with_the_square_of_the_speed():
    machine = physics.make_machine(0, 0)
    times, rng = np.arange(1200) / 119, np.random.default_rng(0)
    sizes = [
        physics.add_fault(rng, machine, "imbalance", times, k * machine.rotation_hz, 1.0).std()
        for k in (1, 2)
    ]
    assert sizes[1] / sizes[0] == pytest.approx(4, rel=0.02)


def test_knocks_come_at_the_rate_of_the_part_but_never_exactly():
    knocks = physics.knock_times(np.random.default_rng(0), 12.0, 0.0, 100.0)
    steps = np.diff(knocks)
    assert steps.mean() == pytest.approx(1 / 12, rel=0.01)
    assert steps.std() == pytest.approx(physics.SLIP / 12, rel=0.1)


def test_a_mode_rings_at_its_frequency_and_dies_out():
    mode = physics.Mode(30.0, 0.05, np.array([0.0, 0, 1]))
    t = np.arange(1200) / 119 - 1
    rung = physics.ring(t, np.array([0.0]), np.array([1.0]), mode)
    assert np.abs(rung[t <= 0]).max() == 0
    assert np.abs(rung[t > 3]).max() < 1e-6
    lines = np.abs(np.fft.rfft(rung[:, 2]))
    assert np.fft.rfftfreq(1200, 1 / 119)[lines.argmax()] == pytest.approx(30, abs=1)


def test_hum_that_is_sampled_too_slowly_stands_elsewhere():
    machine = physics.make_machine(0, 0)
    loud = physics.Machine(**{**vars(machine), "hum_g": 0.05, "hum_hz": 100.0})
    felt = physics.feel(np.random.default_rng(0), loud, np.zeros((1190, 3)), SAMPLE_RATE_HZ)
    lines = np.abs(np.fft.rfft(felt - felt.mean(axis=0), axis=0)).sum(axis=1)
    at = np.fft.rfftfreq(1190, 1 / SAMPLE_RATE_HZ)[lines.argmax()]
    assert at == pytest.approx(119 - 100, abs=0.2)


def test_a_tilt_turns_by_so_many_degrees():
    turn = physics.random_turn(np.random.default_rng(0))
    moved = physics.tilt(turn, 10, np.random.default_rng(1)) @ turn.T
    assert np.degrees(np.arccos((np.trace(moved) - 1) / 2)) == pytest.approx(10)


def test_what_cannot_be_made_is_refused():
    with pytest.raises(DataError, match="unknown fault 'rust'"):
        synthesize_window(physics.make_machine(0, 0), "rust", np.random.default_rng(0))
    with pytest.raises(DataError, match="at least one machine"):
        make_vibration_dataset(0, 0)


def test_the_example_trace_is_what_the_generator_writes(tmp_path):
    written = write_example_trace(tmp_path)
    assert written.read_bytes() == (DATA / "vibration/fan.csv").read_bytes()
    data = load_vibration(tmp_path)
    assert np.bincount(data.y).tolist() == [65, 8]
    assert data.class_names == CLASS_NAMES


def rows(n=240, step=PERIOD_MS, label="healthy", machine="my_fan_low", g="0.1,0.2,0.97"):
    live = [g.replace("0.1", f"0.1{k % 7}", 1) for k in range(n)]  # no sensor stands still
    return [f"{k * step:.3f},{live[k]},{label},{machine}" for k in range(n)]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["t_ms,a,b"], "first line must be t_ms,ax_g"),
        ([], "no rows under the header"),
        (rows(100), "no whole window of 120 samples"),
        (rows(label="rusty"), "line 2: unknown label"),
        (rows(machine=" "), "line 2: machine is"),
        (rows(g="0.1,0.2,40"), "line 2: az_g is .*40.*, not a number of -16.5 to 16.5"),
        (rows(g="0.1,0.2"), "line 2: 5 values instead of 6"),
        (rows(step=12.0), "samples come every 12 ms.*record 119 or 100 a second"),
        (rows(step=20.0), "samples come every 20 ms.*record 119 or 100 a second"),
        ([*rows(120), *rows(120, step=10.016)], "line 122: my_fan_low was recorded with 119"),
    ],
)
def test_recordings_that_cannot_be_are_named(tmp_path, lines, message):
    path = tmp_path / "fan.csv"
    head = [] if lines and lines[0].startswith("t_ms") else [",".join(COLUMNS)]
    path.write_text("\n".join(head + lines) + "\n")
    with pytest.raises(DataError, match=message):
        load_vibration(path)


def test_a_gap_ends_a_recording(tmp_path):
    path = tmp_path / "fan.csv"
    later = [f"{5000 + k * PERIOD_MS:.3f},0,0.0{k % 7},1,healthy,fan" for k in range(130)]
    path.write_text("\n".join([",".join(COLUMNS), *rows(130, machine="fan"), *later]) + "\n")
    data = load_vibration(path)
    assert len(data) == 2  # 260 rows, but no window across the gap
    assert [gap.line for gap in data.gaps] == [132]
    assert data.source.endswith(", cut at 1 gap in which samples of 3.91 s are missing")
    with pytest.raises(DataError, match="line 132: a gap of 3915"):
        refuse_gaps(data.gaps)


def test_one_lost_sample_is_a_gap_and_a_trembling_clock_is_none(tmp_path):
    path = tmp_path / "fan.csv"
    lost = rows(250)
    del lost[130]
    path.write_text("\n".join([",".join(COLUMNS), *lost]) + "\n")
    assert len(load_vibration(path).gaps) == 1
    whole = [f"{round(k * PERIOD_MS)}{row[row.index(',') :]}" for k, row in enumerate(rows(240))]
    path.write_text("\n".join([",".join(COLUMNS), *whole]) + "\n")
    data = load_vibration(path)
    assert (len(data), data.gaps) == (2, ())


def test_what_no_sensor_on_a_machine_says_is_refused(tmp_path):
    path = tmp_path / "fan.csv"
    live = [row.replace(",0.2,0.97,", ",0.2,9.5,") for row in rows(240)]
    path.write_text("\n".join([",".join(COLUMNS), *live]) + "\n")
    with pytest.raises(DataError, match=r"line 2: .* is 9\.5, which cannot be g.*divide m/s2"):
        load_vibration(path)
    stuck = [f"{k * PERIOD_MS:.3f},0,0,1,healthy,fan" for k in range(240)]
    path.write_text("\n".join([",".join(COLUMNS), *rows(60), *stuck]) + "\n")
    with pytest.raises(DataError, match="line 62: after here the sensor is stuck: 240 samples"):
        load_vibration(path)


def test_what_the_sketch_prints_goes_in_as_it_is(tmp_path):
    path = tmp_path / "outer-race_my_fan.csv"
    said = [f"t_ms:{9 * k},ax_g:0.0{k % 7}000,ay_g:-0.2,az_g:0.97083" for k in range(121)]
    said.insert(60, "learning:12,of:60,speed:0")
    said[70] = f"12:31:05.114 -> {said[70]}"  # as the Serial Monitor may show it
    path.write_text("\n".join(["# vibration 1 nano33ble", *said]) + "\n")
    data = load_vibration(path)
    assert data.x.shape == (1, 120, 3)
    assert data.x[0, 1].tolist() == pytest.approx([0.01, -0.2, 0.97083])
    assert data.class_names[data.y[0]] == "outer race"
    assert set(data.groups) == {"my_fan"}
    with pytest.raises(DataError, match="named after what was wrong and the machine"):
        load_vibration(path.rename(tmp_path / "fan.csv"))


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(DataError, match=r"holds no \.csv file"):
        load_vibration(tmp_path)
