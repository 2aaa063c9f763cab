"""Rules and residuals on series made by hand, and the figures of a real week on a week made up."""

import numpy as np
import pytest

from tinyml_course.datasets.pond_real import load_pond_weeks
from tinyml_course.errors import DataError
from tinyml_course.labs import pond_real
from tinyml_course.labs.pond_faults import (
    FAULTS,
    HISTORY,
    cut_histories,
    fault_table,
    jump,
    measure_faults,
    rate,
    residual_of,
    unchanged,
)

DAY = 144


def make_series(n, seed=0):
    """A day's wave whose height walks, with a little noise."""
    rng = np.random.default_rng(seed)
    t = np.arange(n)
    height = 2 + 0.02 * np.cumsum(rng.normal(0, 1, n))
    return 20 + height * np.sin(2 * np.pi * t / DAY) + rng.normal(0, 0.01, n)


def test_each_fault_is_what_it_says():
    calm = cut_histories(np.arange(float(HISTORY)))
    assert calm.shape == (1, HISTORY)
    changed = {name: make(calm, 5.0)[0] - calm[0] for name, make in FAULTS.items()}
    assert np.diff(FAULTS["stuck"](calm, 5.0)[0, -36:]).max() == 0
    assert changed["spike"][-1] == 5
    assert np.count_nonzero(changed["spike"]) == 1
    assert changed["offset"][-6:].tolist() == [5] * 6
    assert np.count_nonzero(changed["offset"]) == 6
    assert changed["drift"][-1] == 5
    assert np.diff(changed["drift"][-DAY:]).max() == pytest.approx(5 / DAY)


def test_rules_count_what_they_say():
    calm = np.arange(float(HISTORY))[None]
    assert jump(calm).tolist() == [1]
    assert rate(calm).tolist() == [18]
    assert unchanged(FAULTS["stuck"](calm, 0)).tolist() == [36]


def test_a_perfect_forecaster_is_surprised_by_a_spike_and_by_nothing_else():
    calm = np.arange(float(HISTORY))[None]
    residual = residual_of(lambda seen: seen[:, -1] + 6)
    assert residual(calm).tolist() == [0]
    assert residual(FAULTS["spike"](calm, 5.0)).tolist() == [5]


def test_a_forecaster_loves_a_dead_sensor_and_does_not_see_a_drift():
    histories = cut_histories(make_series(6 * DAY), every=5)
    slope_goes_on = residual_of(lambda seen: 2 * seen[:, -1] - seen[:, -7])
    found = measure_faults(
        histories, {"unchanged": unchanged, "jump": jump, "residual": slope_goes_on}, 1.0
    )
    assert found["stuck"]["unchanged"] == 1
    assert found["stuck"]["residual"] < 0.2
    assert found["spike"]["jump"] > 0.95
    assert found["offset"]["residual"] > 0.95
    assert 0.4 < found["drift"]["residual"] < 0.6
    assert "drift" in str(fault_table(found, "a wave"))


def test_too_short_a_series_has_no_history():
    with pytest.raises(DataError, match="a history takes 192"):
        cut_histories(np.zeros(100))


def write_week(path, days=6, minutes=5, stamps=None):
    """A file as the set's: a clock, temperature, pH and turbidity."""
    n = int(days * 24 * 60 / minutes)
    warm, ph = make_series(n // 2 + 1, 1), make_series(n // 2 + 1, 2)
    lines = ["time,temperature_c,ph,turbidity_ntu"]
    for k in range(n):
        minute = k * minutes
        stamp = f"2020-01-{15 + minute // 1440:02d} {minute // 60 % 24:02d}:{minute % 60:02d}:00"
        stamp = (stamps or {}).get(k, stamp)
        if stamp is not None:
            lines.append(f"{stamp},{warm[k // 2]:.2f},{ph[k // 2] / 3:.2f},200")
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_clock_that_steps_back_and_a_gap(tmp_path):
    back = {100: "2020-01-15 06:00:00"}
    gap = {k: None for k in range(300, 312)}  # an hour
    long_gap = {k: None for k in range(600, 640)}
    (week,) = load_pond_weeks(write_week(tmp_path / "30cm.csv", stamps=back | gap | long_gap))
    assert week.name == "30cm"
    assert week.dropped == 1
    assert (~week.is_read).sum() == 6 + 20
    assert np.isnan(week.values[:, 0]).sum() == 20  # the hour is bridged, the long gap is not
    assert week.days == pytest.approx(6, abs=0.01)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("when,how warm\n1,2\n", "no column for time"),
        ("time,temperature_c,ph\nnoon,20,7\n", "time is 'noon'"),
        ("time,temperature_c,ph\n2020-01-15 10:00:00,20,70\n", "ph is '70'"),
        ("time,temperature_c,ph\n2020-01-15 10:00:00,20\n", "line 2: 2 values under 3 names"),
        ("time,temperature_c,ph\n", "0 readings"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, text, what):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(DataError, match=what):
        load_pond_weeks(tmp_path)


def test_a_week_is_measured_against_every_control(tmp_path, monkeypatch):
    monkeypatch.setattr(pond_real, "SYNTHETIC_PONDS", 3)
    monkeypatch.setattr(pond_real, "HOURS", (1, 3))
    (week,) = load_pond_weeks(write_week(tmp_path / "30cm.csv"))
    warm, _ = pond_real.measure_week(week, seeds=1)
    row = warm.errors[1]
    assert set(row) >= {"persistence", "yesterday", "ridge", "network"}
    assert row["ridge"] < 0.7 * row["persistence"]
    assert warm.gain(1, "persistence") == 0
    assert warm.areas["stuck"]["unchanged"] > 0.95
    assert warm.judged[1] > 400
    errors, areas = map(str, warm.tables())
    assert "ridge learnt from synthetic ponds" in errors
    assert "drift" in areas


def test_the_command_ends_with_one_line_on_an_error(tmp_path, capsys):
    assert pond_real.main([str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("error: ")
    assert pond_real.main([]) == 2
    write_week(tmp_path / "short.csv", days=3)
    assert pond_real.main([str(tmp_path)]) == 1
    assert "at least 2 are learnt from" in capsys.readouterr().err
