"""Gas sensors from physics: laws that hold, groups that hold, and recordings that are refused."""

import numpy as np
import pytest

from tinyml_course.datasets import gas_physics as physics
from tinyml_course.datasets.gas import (
    CLASS_NAMES,
    IN_AIR,
    make_gas_dataset,
    make_room,
    synthesize_sniff,
)
from tinyml_course.datasets.gas_recordings import COLUMNS, load_gas, write_example_trace
from tinyml_course.errors import DataError
from tinyml_course.shipped import DATA


def test_a_dataset_holds_whole_counts_of_sessions():
    data = make_gas_dataset(1, 2, sessions=2)
    assert data.x.shape == (2 * 2 * 5 * 6, 32, 4)
    assert 0 <= data.x.min() < data.x.max() <= 1023
    assert np.array_equal(data.x, np.rint(data.x))
    assert data.groups_are == "sessions"
    assert len(set(data.groups)) == 4
    assert np.bincount(data.y).tolist() == [24] * 5
    again = make_gas_dataset(1, 2, sessions=2)
    assert np.array_equal(data.x, again.x)
    assert not np.array_equal(data.x, make_gas_dataset(2, 2, sessions=2).x)


def test_conductance_follows_the_power_law():
    sensor = physics.make_sensor(0, 0)
    ppm = np.array([[0.0, 0, 0], [1e5, 0, 0], [2e5, 0, 0]])
    air, once, twice = physics.conductance(sensor, ppm, np.full(3, 10.0), 20.0)
    assert np.allclose(air, sensor.air)
    assert np.allclose(np.log2(twice / once), sensor.exponent, atol=1e-3)
    wet = physics.conductance(sensor, ppm[:1], np.array([20.0]), 20.0)
    assert np.allclose(np.log2(wet / air), physics.WATER_EXPONENT)


def test_an_older_sensor_is_the_same_one_further_on_its_way():
    young, older, old = (physics.make_sensor(3, 1, week) for week in (0, 4, 16))
    assert young.name == older.name == old.name
    drift = np.log(np.array([physics.make_sensor(s, 0, 16).air for s in range(200)]))
    drift -= np.log(np.array([physics.make_sensor(s, 0).air for s in range(200)]))
    assert drift.std() == pytest.approx(physics.DRIFT_A_WEEK * 4, rel=0.1)
    assert np.array_equal(young.exponent, old.exponent)


def test_a_sniff_begins_in_air_and_ethanol_rises_with_strength():
    rng = np.random.default_rng(0)
    sensor, room = physics.make_sensor(0, 0), make_room(rng)
    late = {}
    for drink in CLASS_NAMES:
        sniffs = np.stack([synthesize_sniff(sensor, drink, room, rng) for _ in range(20)])
        assert sniffs[:, :IN_AIR].std(axis=1).max() < 15
        late[drink] = (sniffs[:, 20:].mean(axis=1) - sniffs[:, :IN_AIR].mean(axis=1)).mean(axis=0)
    assert abs(late["air"]).max() < 5
    assert late["beer"][1] < late["wine"][1] < late["spirit"][1]
    assert late["coffee"][3] > late["beer"][3]


def test_what_cannot_be_made_is_refused():
    with pytest.raises(DataError, match="unknown drink"):
        synthesize_sniff(
            physics.make_sensor(0, 0), "milk", physics.Room(20, 8), np.random.default_rng(0)
        )
    with pytest.raises(DataError, match="at least one"):
        make_gas_dataset(0, 0)


def test_the_example_trace_is_what_the_generator_writes(tmp_path):
    written = write_example_trace(tmp_path)
    assert written.read_bytes() == (DATA / "gas/sniffs.csv").read_bytes()
    data = load_gas(tmp_path)
    assert data.y.tolist() == [0, 1, 2, 3, 4]
    assert data.x.shape == (5, 32, 4)


def rows(n=32, step=1000, label="wine", session="me_monday", counts="100,200,300,400"):
    live = [counts.replace("100", f"{100 + k % 3}", 1) for k in range(n)]  # no sensor stands still
    return [f"{k * step},{live[k]},{label},{session}" for k in range(n)]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["t_ms,a,b"], "first line must be t_ms,no2"),
        ([], "no rows under the header"),
        (rows(31), "line 2: a sniff of 31 rows"),
        (rows(40), "line 34: a sniff of 8 rows"),
        (rows(step=500), "line 3: 500 ms after"),
        (rows(label="milk"), "unknown label 'milk'"),
        (rows(counts="100,200,300,1024"), "co is '1024'"),
        (rows(counts="100,200,300,-1"), "co is '-1'"),
        (rows(counts="100,200,3.5,4"), "voc is '3.5'"),
        (rows(counts="100,200,300"), "6 values instead of 7"),
        (rows(session=" "), "name sensor and day"),
        (rows(counts="7,7,7,7"), "line 2: the sensor is stuck: all 32 rows"),
    ],
)
def test_bad_recordings_are_refused_with_their_line(lines, message, tmp_path):
    if not lines or not lines[0].startswith("t_ms"):
        lines = [",".join(COLUMNS), *lines]
    (tmp_path / "mine.csv").write_text("\n".join(lines) + "\n")
    with pytest.raises(DataError, match=message):
        load_gas(tmp_path)


def test_a_missing_file_and_an_empty_folder_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"no \.csv file"):
        load_gas(tmp_path)
    with pytest.raises(DataError, match="there is no such file"):
        load_gas(tmp_path / "none.csv")
    (tmp_path / "odd.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="UTF-8"):
        load_gas(tmp_path)
