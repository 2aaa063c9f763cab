"""The pond sketch, unmodified, on the virtual boards: what it prints is what Python computes."""

from functools import cache

import numpy as np
import pytest

from tests.board.test_course_sketches import GOLDEN
from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.board.virtual.traces import Trace, read_trace, read_traces
from tinyml_course.bundle import Bundle
from tinyml_course.datasets import pond_recordings
from tinyml_course.datasets.pond import FINE_OXYGEN_MG_L, LOW_OXYGEN_MG_L
from tinyml_course.errors import BoardError
from tinyml_course.features.hysteresis import alarm_below
from tinyml_course.shipped import DATA, SKETCHES

TRACE = DATA / "pond/probes.csv"
FAST = DATA / "pond/probes_fast.csv"
SIGNALS = ("ph", "temperature", "oxygen", "ammonia")


@pytest.fixture(scope="module")
def lines_of():
    """What each board prints over the fast trace, a reading a second."""
    return cache(
        lambda board: run_sketch(SKETCHES / "pond", board, [FAST], seconds=289, send="f").lines
    )


def records_of(lines):
    return [dict(f.split(":") for f in line.split(",")) for line in lines if "t_min:" in line]


@pytest.mark.parametrize("board", ["wio_terminal", "nano33ble"])
def test_every_forecast_is_what_python_says(board, lines_of):
    records = records_of(lines_of(board))[:288]
    read = np.array([[float(r[name]) for name in SIGNALS] for r in records], np.float32)
    forecasts = [r for r in records if "ph_3h" in r]
    assert len(forecasts) == 288 - 143
    windows = np.stack([read[k : k + 144] for k in range(len(forecasts))])
    expected = Bundle.load_shipped("pond").predict_values(windows)
    said = np.array([[float(r[f"{name}_3h"]) for name in SIGNALS] for r in forecasts])
    # a printed digit, and one step of int8 where LiteRT's fast kernels round another way
    assert (np.abs(said - expected) < [0.03, 0.11, 0.08, 0.003]).all()
    volts = read_trace(FAST).values[: len(read)]
    assert np.abs(read - volts / 3 * [14, 50, 20, 1]).max() < 0.1


def test_a_key_that_is_clicked_is_answered_within_two_seconds():
    """The sketch sleeps two seconds at a time; a click is shorter."""
    run = run_sketch(SKETCHES / "pond", "wio_terminal", [FAST], 7, presses=["KEY_C@2.5+0.1"])
    at = run.lines.index("# a reading a second")
    assert at == 2  # behind the reading at the start
    assert len(run.lines) >= 5


def test_golden_serial_lines(lines_of):
    """The exact lines; latencies aside, which every change of the kernels moves."""
    golden = GOLDEN / "pond_wio_terminal.txt"
    kept = [line.split(",latency_us")[0] for line in lines_of("wio_terminal")]
    expected = golden.read_text().splitlines()
    assert kept == expected, f"if that is right, write the new lines to {golden}"


def test_alarms_come_where_something_is_wrong(lines_of):
    records = records_of(lines_of("wio_terminal"))[:288]
    alarms = np.array([int(r["alarms"]) for r in records])  # from the first reading on
    at = np.array([int(r["t_min"]) // 10 for r in records])
    oxygen = np.array([float(r["oxygen"]) for r in records], np.float32)
    low = alarm_below(oxygen, LOW_OXYGEN_MG_L, FINE_OXYGEN_MG_L)
    assert np.array_equal((alarms & 1) > 0, low)
    assert low.any()
    first_low, first_ahead = at[low][0], at[(alarms & 2) > 0][0]
    assert first_ahead < first_low  # it was foretold
    assert at[(alarms & 8) > 0].tolist() == [
        pond_recordings.SPIKE_AT,
        pond_recordings.SPIKE_AT + 1,
    ]
    stuck = at[(alarms & 4) > 0]
    assert stuck[0] == pond_recordings.STUCK_FROM + 35
    assert stuck[-1] == 287


def test_the_low_alarms_do_not_flicker(lines_of):
    """With one limit the forecast's alarm came three times in one night."""
    forecasts = [r for r in records_of(lines_of("wio_terminal"))[:288] if "oxygen_3h" in r]
    said = np.array([float(r["oxygen_3h"]) for r in forecasts], np.float32)
    shown = np.array([int(r["alarms"]) & 2 for r in forecasts]) > 0
    expected = alarm_below(said, LOW_OXYGEN_MG_L, FINE_OXYGEN_MG_L)
    assert np.array_equal(shown, expected)
    flickering = alarm_below(said, LOW_OXYGEN_MG_L, LOW_OXYGEN_MG_L)
    assert np.diff(shown).sum() < np.diff(flickering).sum()
    text = (SKETCHES / "pond" / "alarms.h").read_text()
    assert f"LOW_OXYGEN = {LOW_OXYGEN_MG_L:.1f}f" in text
    assert f"FINE_OXYGEN = {FINE_OXYGEN_MG_L:.1f}f" in text


def test_the_rules_do_not_wait_for_a_day_to_be_full():
    """Oxygen of 2 mg/L, a probe that jumps and one that is stuck, after the power was away."""
    rows = np.array([[1.6, 1.5, 0.3, 0.05]] * 60)
    rows += np.random.default_rng(0).normal(0, 0.01, rows.shape)
    rows[20, 1] += 0.5  # 8 C
    rows[10:50, 0] = 1.6
    trace = Trace("analog", rows.astype(np.float32), 1.0, ("a0_v", "a1_v", "a2_v", "a3_v"))
    run = run_sketch(SKETCHES / "pond", "wio_terminal", [trace], seconds=58, send="f")
    alarms = np.array([int(r["alarms"]) for r in records_of(run.lines)])
    assert (alarms & 1).all()
    assert np.flatnonzero(alarms & 8).tolist() == [20, 21]
    assert np.flatnonzero(alarms & 4)[0] == 10 + 35
    assert run.lines[2].endswith("alarms:1")
    assert run.board.screen.texts[-1] == "OXYGEN IS LOW"


def test_readings_come_every_ten_minutes_until_somebody_is_in_a_hurry():
    wio = VirtualBoard(build_sketch(SKETCHES / "pond", "wio_terminal"), [read_trace(TRACE)])
    wio.run(1300)
    assert bytes(wio.uart.sent).count(b"t_min:") == 3
    wio.uart.received += b"f"
    wio.run(12)
    assert b"# a reading a second" in bytes(wio.uart.sent)
    assert bytes(wio.uart.sent).count(b"t_min:") >= 12


def test_the_screen_shows_readings_forecast_and_alarm():
    wio = VirtualBoard(build_sketch(SKETCHES / "pond", "wio_terminal"), [read_trace(FAST)])
    wio.uart.received += b"f"
    wio.run(100)
    assert "pond" in wio.screen.texts
    assert any(text.startswith("forecast in") for text in wio.screen.texts)
    wio.run(80)
    texts = wio.screen.texts
    assert {"in 3 h", "oxygen, one day", "pH", "O2"} <= set(texts)
    assert texts[-1] in ("OXYGEN IS LOW", "LOW OXYGEN IN 3 H")


def test_the_committed_traces_are_what_the_generator_writes(tmp_path):
    written = [
        pond_recordings.write_example_trace(tmp_path),
        pond_recordings.write_probe_trace(tmp_path),
        pond_recordings.write_probe_trace(
            tmp_path, pond_recordings.FAST_TRACE, pond_recordings.FAST_MS
        ),
    ]
    for path in written:
        assert path.read_bytes() == (DATA / "pond" / path.name).read_bytes()


def test_each_fault_of_the_probes_can_be_had_alone(tmp_path):
    both, stuck, spike, none = (
        np.loadtxt(
            pond_recordings.write_probe_trace(tmp_path, faults=faults), delimiter=",", skiprows=1
        )
        for faults in (("stuck", "spike"), ("stuck",), ("spike",), ())
    )
    assert len(np.unique(stuck[230:, 1])) == 1 < len(np.unique(none[230:, 1]))
    assert np.argwhere(spike != none).tolist() == [[215, 2]]
    assert np.array_equal(both[:, 1], stuck[:, 1])
    assert np.array_equal(both[:, 2], spike[:, 2])
    assert np.array_equal(stuck[:, 2:], none[:, 2:])
    with pytest.raises(ValueError, match=r"no fault \['drift'\]; there are stuck, spike"):
        pond_recordings.write_probe_trace(tmp_path, faults=("drift",))


def test_a_trace_of_volts_is_played_at_its_pins_and_checked(tmp_path):
    path = tmp_path / "volts.csv"
    path.write_text("t_ms,a1_v,label\n0,0.5,x\n1000,2.5,y\n")
    (trace,) = read_traces(path)
    assert (trace.kind, trace.columns, trace.rate_hz) == ("analog", ("a1_v",), 1.0)
    path.write_text("t_ms,a1_v\n0,0.5\n1000,12\n")
    with pytest.raises(BoardError, match="not a number from 0 to 5"):
        read_traces(path)
