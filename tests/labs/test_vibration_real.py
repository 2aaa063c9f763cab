"""The figures of real machines, on recordings made by hand: whoever is to win, wins."""

import numpy as np
import pytest

from tinyml_course.datasets.vibration_public import load_bearings, load_fan
from tinyml_course.errors import DataError
from tinyml_course.labs import vibration_real
from tinyml_course.labs.vibration_bearings import measure_bearings
from tinyml_course.labs.vibration_fan import measure_fan

TURNED = np.array([[1, 0, 0], [0, 0.999, -0.035], [0, 0.035, 0.999]])


def make_fan(seed, hum_g=0.01, turned=False):
    """A fan of noise and aliased hum; what a coin does not change."""
    rng = np.random.default_rng(seed)
    t = np.arange(200) / 200
    hum = hum_g * np.sin(2 * np.pi * 120 * t + rng.uniform(0, 6, (200, 1)))
    x = rng.normal(0, 0.004, (200, 200, 3)) + hum[:, :, None] * [0.5, 0.6, 0.6] + [0, 0.2, 0.98]
    return (x @ TURNED.T if turned else x).astype(np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("sets")
    fan = {
        "fan_0_low_0_weight": make_fan(0),
        "fan_0_low_1_weight": make_fan(1, hum_g=0.014, turned=True),
        "fan_1_low_0_weight": make_fan(2, hum_g=0.006, turned=True),
        "fan_0_off_0_weight": make_fan(3, hum_g=0),
    }
    np.savez(path / "fan.npz", **fan)
    rng = np.random.default_rng(4)
    t = np.arange(120_000) / 12_000
    knocking = np.zeros(60_000)
    knocking[:: round(12_000 / (3.585 * 1797 / 60))] = 8.0
    ringing = np.convolve(knocking, np.exp(-np.arange(60) / 8) * np.sin(np.arange(60) * 1.6))
    np.savez(
        path / "bearing.npz",
        normal_1797rpm=rng.normal(0, 0.1, 120_000) + 0.05 * np.sin(2 * np.pi * 60 * t),
        outer_race_007_load0=rng.normal(0, 0.1, 60_000) + ringing[:60_000],
    )
    return path


@pytest.fixture(scope="module")
def fan(folder):
    return [table.rows for table in measure_fan(load_fan(folder))]


def row_of(rows, *words):
    return next(row for row in rows if all(word in row for word in words))


def test_the_coin_is_found_by_what_is_no_vibration(fan):
    means = row_of(fan[0], "fan_0 low", "60", "means of the axes alone")
    hum = row_of(fan[0], "fan_0 low", "60", "hum alone, 70 to 99 Hz")
    band = row_of(fan[0], "fan_0 low", "60", "1 to 3 Hz")
    assert float(means[3]) > 0.99
    assert float(hum[3]) > 0.99
    assert 0.35 < float(band[3]) < 0.65
    assert float(band[-1].split()[0]) > 0.99  # the added line


def test_features_do_not_see_a_turn_and_commissioning_learns_another_place(fan):
    assert float(fan[1][0][1]) > 0.99
    assert 0.4 < float(fan[1][0][2]) < 0.6
    moved = row_of(fan[4], "fan_0 to fan_1, low", "24 features, z-score")
    assert float(moved[2]) > 0.9
    assert float(moved[4].rstrip("%")) < 3


def test_a_baseline_that_adapts_learns_the_fault(fan):
    stays, adapts = (row_of(fan[3], "fan_0 low", name) for name in ("stays", "adapts"))
    assert float(stays[3].rstrip("%")) > float(adapts[3].rstrip("%")) + 30


def test_bearings_are_judged_beside_rms_and_a_gain(folder):
    alarms, faults = (table.rows for table in measure_bearings(load_bearings(folder)))
    assert float(row_of(alarms, "raw bands, z-score")[3].rstrip("%")) == 100
    assert float(row_of(alarms, "24 features, z-score")[3].rstrip("%")) <= 10
    (fault,) = faults
    assert fault[:2] == ("outer_race_007_load0", "1.000")  # RMS
    assert float(fault[5]) > 0.95  # the textbook's line


def test_the_public_forms_are_read(tmp_path):
    from scipy.io import savemat

    windows = make_fan(0)[:3]
    place = tmp_path / "ceiling-fan-dataset" / "fan_0_high_1_weight"
    place.mkdir(parents=True)
    for number, rows in enumerate(windows):
        np.savetxt(place / f"{number:04}.csv", rows[: 200 - 5 * number], delimiter=", ")
    (one,) = load_fan(tmp_path)
    assert (one.installation, one.speed, one.coins, one.x.shape) == (
        "fan_0",
        "high",
        1,
        (3, 190, 3),
    )

    savemat(tmp_path / "97.mat", {"X097_DE_time": np.ones((50, 1)), "X097RPM": [[1796]]})
    savemat(tmp_path / "IR007_0.mat", {"X105_DE_time": np.ones((50, 1))})
    healthy, fault = load_bearings(tmp_path)
    assert (healthy.part, healthy.rpm, healthy.x.shape) == ("healthy", 1796.0, (50,))
    assert (fault.part, fault.rpm) == ("inner race", None)


def test_what_is_no_set_is_named(tmp_path, capsys):
    with pytest.raises(DataError, match="holds no fan_"):
        load_fan(tmp_path)
    with pytest.raises(DataError, match="holds no healthy bearing"):
        load_bearings(tmp_path)
    (tmp_path / "fan_0_low_0_weight").mkdir()
    (tmp_path / "fan_0_low_0_weight" / "0.csv").write_text("a,b,c\n")
    with pytest.raises(DataError, match=r"0\.csv: no rows x, y, z"):
        load_fan(tmp_path)
    assert vibration_real.main([str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("error: ")
    assert vibration_real.main([]) == 2
