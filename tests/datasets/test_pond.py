"""Ponds from physics: what must hold of any pond, and what a file of one's own may hold."""

import numpy as np
import pytest

from tinyml_course.datasets.pond import AHEAD, WINDOW, cut_windows, make_pond_dataset, make_readings
from tinyml_course.datasets.pond_physics import ph_of, saturated_oxygen, toxic_share
from tinyml_course.datasets.pond_recordings import COLUMNS, load_pond, write_example_trace
from tinyml_course.datasets.splits import check_no_leakage, split_by_group
from tinyml_course.errors import DataError


@pytest.fixture(scope="module")
def readings():
    return make_readings(0, 20, 4)


def test_the_same_seed_gives_the_same_ponds_and_others_are_others():
    one, again = make_readings(3, 2, 1), make_readings(3, 2, 1)
    assert np.array_equal(one, again)
    assert not np.array_equal(one, make_readings(4, 2, 1))
    assert np.array_equal(make_readings(3, 1, 1, first_pond=1)[0], one[1])


def test_day_and_night_are_seen(readings):
    """Oxygen and pH are high in the afternoon and low before sunrise."""
    by_hour = readings.reshape(20, 4, 24, 6, 4).mean(axis=(0, 1, 3))
    ph, temperature, oxygen, _ = by_hour.T
    for signal in (ph, temperature, oxygen):
        assert 13 <= signal.argmax() <= 19
        assert 4 <= signal.argmin() <= 9
    # more light, more photosynthesis: carbon dioxide leaves, and pH rises with the oxygen
    changes = np.diff(readings[..., [0, 2]], axis=1).reshape(-1, 2)
    assert np.corrcoef(changes.T)[0, 1] > 0.4


def test_oxygen_really_falls_low_in_some_ponds_and_stays_possible(readings):
    low = (readings[..., 2] < 3).mean(axis=1)
    assert 0.02 < low.mean() < 0.3
    assert (low == 0).any()
    assert readings[..., 2].min() >= 0
    assert readings[..., 2].max() < 20
    assert 6 < readings[..., 0].min() < readings[..., 0].max() < 11


def test_an_oxygen_probe_in_saturated_water_and_ammonia_at_equal_shares():
    """Tables of Standard Methods: 14.62, 9.09, 7.56 mg/L; half is toxic where pH is pK."""
    table = saturated_oxygen(np.array([0.0, 20.0, 30.0]))
    assert np.allclose(table, [14.62, 9.09, 7.56], atol=0.02)
    assert toxic_share(np.array(9.245), np.array(25.0)) == pytest.approx(0.5, abs=0.01)


def test_carbon_dioxide_makes_water_sour():
    alkalinity, warm = np.full(3, 2.0), np.full(3, 20.0)
    ph = ph_of(np.array([1.8, 2.0, 2.4]), alkalinity, warm)
    assert (np.diff(ph) < -0.5).all()
    assert ph[1] == pytest.approx(8.4, abs=0.2)  # nothing but bicarbonate


def test_windows_are_a_day_and_what_came_three_hours_later():
    rows = np.arange(2 * WINDOW, dtype=np.float32)[:, None] * np.ones(4, np.float32)
    x, y = cut_windows(rows, every=6, first=1)
    assert x.shape[1:] == (WINDOW, 4)
    assert (x[0, 0] == 1).all()
    assert (y - x[:, -1] == AHEAD).all()


def test_a_pond_is_a_group():
    data = make_pond_dataset(ponds=6, days=2)
    split = split_by_group(data, seed=1)
    check_no_leakage(split)
    assert [len(np.unique(part.groups)) for _, part in split.items()] == [4, 1, 1]
    assert data.answers_are_values
    assert data.subset(np.arange(3)).y.shape == (3, 4)


def test_the_example_is_read_back(tmp_path):
    data = load_pond(write_example_trace(tmp_path))
    known = make_pond_dataset(ponds=1, days=2)
    for what in ("target_names", "target_units", "channel_names", "unit", "sample_rate_hz"):
        assert getattr(data, what) == getattr(known, what)
    assert data.x.shape == (22, WINDOW, 4)
    assert set(data.groups) == {"example"}


GOOD = "7.80,25.1,6.10,0.020"


def make_file(tmp_path, lines):
    path = tmp_path / "pond.csv"
    path.write_text("\n".join([",".join(COLUMNS), *lines]) + "\n")
    return path


def test_a_missing_reading_ends_a_run(tmp_path):
    times = [600_000 * k for k in range(400) if k != 180]
    live = [GOOD.replace("25.1", f"25.{k % 3}") for k in range(400)]  # no probe stands still
    data = load_pond(make_file(tmp_path, [f"{t},{live[t // 600_000]},a" for t in times]))
    assert len(data.gaps) == 1
    assert data.gaps[0].missing_s == 600
    assert data.gaps[0].line == 182
    assert data.source.endswith("pond.csv, cut at 1 gap in which samples of 600.00 s are missing")


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ([f"0,{GOOD},a"], "the longest run has 1 readings"),
        ([f"0,{GOOD}"], "line 2: 5 values instead of 6"),
        (["0,15,25,6,0.02,a"], "ph is '15', not a number of 0 to 14"),
        (["0,7,nan,6,0.02,a"], "temperature_c is 'nan'"),
        (["0,7,25,1_0,0.02,a"], "oxygen_mg_l is '1_0'"),
        (["0,7,25,6,-1,a"], "ammonia_mg_l is '-1'"),
        (["x,7,25,6,0.02,a"], "t_ms is 'x'"),
        (["0,7,25,6,0.02, "], "pond is ' '"),
        ([f"600000,{GOOD},a", f"0,{GOOD},a"], "line 3: t_ms does not grow"),
        (
            [f"{600_000 * k},{GOOD},a" for k in range(200)],
            "line 2: the probes are stuck after here: a day",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, lines, what):
    with pytest.raises(DataError, match=what):
        load_pond(make_file(tmp_path, lines))


def test_another_header_and_an_empty_folder_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"holds no \.csv file"):
        load_pond(tmp_path)
    (tmp_path / "a.csv").write_text("time,ph\n1,2\n")
    with pytest.raises(DataError, match="the first line must be t_ms,ph"):
        load_pond(tmp_path)
