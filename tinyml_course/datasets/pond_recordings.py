"""Your own pond from CSV files, for `tinyml run pond --data PATH`, and the lab's example trace.

A row is a reading every ten minutes: `t_ms,ph,temperature_c,oxygen_mg_l,ammonia_mg_l,pond`. A run
of 27 hours or more without a gap gives windows; where readings are missing, or the pond changes, a
new run begins. Lesson 16 records some.
"""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path

import numpy as np

from tinyml_course.datasets.csv_rows import (
    as_number,
    decimal_comma,
    fail_at,
    read_table,
    shorten,
)
from tinyml_course.datasets.dataset import Dataset, Gap, describe_gaps
from tinyml_course.datasets.folders import list_csv_files
from tinyml_course.datasets.pond import (
    AHEAD,
    LEAST,
    MOST,
    PERIOD_S,
    WINDOW,
    cut_windows,
    make_readings,
    pond_windows,
)
from tinyml_course.datasets.stuck import REMEDY, find_stuck
from tinyml_course.errors import DataError
from tinyml_course.files import write_text

PROBES = ("ph", "temperature_c", "oxygen_mg_l", "ammonia_mg_l")
COLUMNS = ("t_ms", *PROBES, "pond")
PERIOD_MS = round(1000 * PERIOD_S)
LATEST_MS = 2**53  # a time in milliseconds that a number holds exactly
EVERY = 6  # readings from one window to the next
EXAMPLE_TRACE = "two_days.csv"
EXAMPLE_SEED = 2037
PROBE_TRACE = "probes.csv"
FAST_TRACE = "probes_fast.csv"  # the same, a reading a second
FAST_MS = 1000
# What the sketch's probes read at 0 V and at 3 V (arduino_sketches/pond/sensor_probes.h).
PROBE_LEAST = np.array([0.0, 0.0, 0.0, 0.0])
PROBE_MOST = np.array([14.0, 50.0, 20.0, 1.0])
STUCK_FROM = 230  # readings
SPIKE_AT = 215
PROBE_FAULTS = ("stuck", "spike")


def load_pond(path: str | Path) -> Dataset:
    """The windows of a CSV file, or of all in a folder: x `(n, 144, 4)`, y `(n, 4)` in units.

    Raises:
        DataError: no such file, columns or values that cannot be, or no run of 27 hours. The
            message names the file and the line.
    """
    path = Path(path)
    files = list_csv_files(path, "a pond")
    x, y, groups, gaps = [], [], [], []
    longest = 0
    for file in files:
        for line, rows, pond in _read_runs(file, gaps):
            if find_stuck(np.array(rows))[1] >= WINDOW:
                what = (
                    f"the probes are stuck after here: a day of {WINDOW} readings is the very same"
                )
                raise fail_at(file, line, what, REMEDY)
            longest = max(longest, len(rows))
            if len(rows) >= WINDOW + AHEAD:
                windows, targets = cut_windows(np.array(rows, np.float32), EVERY)
                x.append(windows)
                y.append(targets)
                groups += [pond] * len(windows)
    if not x:
        raise DataError(
            f"{path}: the longest run has {longest} readings, a window and what came after it need "
            f"{WINDOW + AHEAD}: record for 27 hours, a reading every ten minutes, without a gap"
        )
    source = f"{path}{describe_gaps(gaps)}"
    data = pond_windows(np.concatenate(x), np.concatenate(y), np.array(groups), source)
    return Dataset(**{**vars(data), "gaps": tuple(gaps)})


def write_example_trace(folder: str | Path) -> Path:
    """Write `two_days.csv`: two days of a pond that no lab was trained with."""
    lines = [",".join(COLUMNS)]
    for number, reading in enumerate(make_readings(EXAMPLE_SEED, 1, 2)[0]):
        ph, warm, oxygen, ammonia = reading
        values = f"{ph:.2f},{warm:.1f},{oxygen:.2f},{ammonia:.3f}"
        lines.append(f"{number * PERIOD_MS},{values},example")
    path = Path(folder) / EXAMPLE_TRACE
    write_text(path, "\n".join(lines) + "\n")
    return path


def write_probe_trace(
    folder: str | Path,
    name: str = PROBE_TRACE,
    period_ms: int = PERIOD_MS,
    faults: Collection[str] = PROBE_FAULTS,
) -> Path:
    """The same two days as volts at A0 to A3, as the sketch's probes give them: 0 to 3 V.

    A little more happens to these probes than to the example's: from the second afternoon on, the
    pH probe is stuck; at noon of the second day, one reading of the temperature is far off.

    Args:
        faults: which of the two happen: "stuck", "spike".

    Raises:
        ValueError: another fault.
    """
    if unknown := set(faults) - set(PROBE_FAULTS):
        raise ValueError(f"no fault {sorted(unknown)}; there are {', '.join(PROBE_FAULTS)}")
    readings = make_readings(EXAMPLE_SEED, 1, 2)[0].astype(np.float64)
    if "stuck" in faults:
        readings[STUCK_FROM:, 0] = readings[STUCK_FROM, 0]
    if "spike" in faults:
        readings[SPIKE_AT, 1] += 8
    volts = 3 * (readings - PROBE_LEAST) / (PROBE_MOST - PROBE_LEAST)
    lines = ["t_ms,a0_v,a1_v,a2_v,a3_v"]
    for number, row in enumerate(np.clip(volts, 0, 3.3)):
        lines.append(f"{number * period_ms},{','.join(f'{v:.4f}' for v in row)}")
    path = Path(folder) / name
    write_text(path, "\n".join(lines) + "\n")
    return path


def _read_runs(file: Path, gaps: list[Gap]) -> list[tuple[int, list[list[float]], str]]:
    """Each run without a gap: its first line, its readings and its pond."""
    runs: list[tuple[int, list[list[float]], str]] = []
    before = None
    for line, row in read_table(file, COLUMNS):
        t_ms, values, pond = _parse(file, line, row)
        step = None if before is None else t_ms - before
        if step is not None and step <= 0 and runs[-1][2] == pond:
            raise fail_at(
                file, line, "t_ms does not grow", "is it a clock that was set back? Cut the file"
            )
        goes_on = (
            step is not None and runs[-1][2] == pond and abs(step - PERIOD_MS) <= PERIOD_MS / 4
        )
        if goes_on:
            runs[-1][1].append(values)
        else:
            if step is not None and runs[-1][2] == pond:
                gaps.append(Gap(str(file), line, step / 1000, PERIOD_S))
            runs.append((line, [values], pond))
        before = t_ms
    return runs


def _parse(file: Path, line: int, row: list[str]) -> tuple[int, list[float], str]:
    if len(row) != len(COLUMNS):
        raise fail_at(
            file, line, f"{len(row)} values instead of {len(COLUMNS)}", f"write {','.join(COLUMNS)}"
        )
    time, pond = row[0], row[-1].strip()
    if not (time.isascii() and time.isdigit() and len(time) <= 16 and int(time) <= LATEST_MS):
        raise fail_at(
            file, line, f"t_ms is {shorten(time)}", "write whole milliseconds since the start"
        )
    values = []
    for name, text, least, most in zip(PROBES, row[1:-1], LEAST, MOST, strict=True):
        value = as_number(text)
        if not least <= value <= most:
            raise fail_at(
                file,
                line,
                f"{name} is {shorten(text)}, not a number of {least:g} to {most:g}",
                "write readings in the column's unit; leave a row out where a probe failed"
                f"{decimal_comma(text)}",
            )
        values.append(value)
    if not pond or not pond.isprintable():
        raise fail_at(file, line, f"pond is {shorten(row[-1])}", "name the pond")
    return int(time), values, pond


if __name__ == "__main__":
    place = sys.argv[1]
    for written in (
        write_example_trace(place),
        write_probe_trace(place),
        write_probe_trace(place, FAST_TRACE, FAST_MS),
    ):
        print(written)
