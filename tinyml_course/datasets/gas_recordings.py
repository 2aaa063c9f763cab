"""Your own sniffs from CSV files, for `tinyml run gas --data PATH`, and the lab's example trace.

A row is a second: `t_ms,no2,c2h5oh,voc,co,label,session`, counts as `measure_NO2()` and its like
return them. A sniff is 32 rows, eight in the room's air and 24 over the drink; the next one begins
where `t_ms` is 0 again, or label or session change. Lesson 15 records some.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tinyml_course.datasets.csv_rows import fail_at, read_table, shorten
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.folders import list_csv_files
from tinyml_course.datasets.gas import (
    CHANNEL_NAMES,
    CLASS_NAMES,
    FULL_SCALE,
    SAMPLE_RATE_HZ,
    UNIT,
    WINDOW,
    make_room,
    synthesize_sniff,
)
from tinyml_course.datasets.gas_physics import make_sensor
from tinyml_course.datasets.stuck import REMEDY, find_stuck
from tinyml_course.errors import DataError
from tinyml_course.files import write_text

COLUMNS = ("t_ms", *CHANNEL_NAMES, "label", "session")
PERIOD_MS = 1000 / SAMPLE_RATE_HZ
EXAMPLE_TRACE = "sniffs.csv"
EXAMPLE_SEED = 2027


def load_gas(path: str | Path) -> Dataset:
    """The sniffs of a CSV file, or of all in a folder: x `(n, 32, 4)` in counts.

    Raises:
        DataError: no such file, columns or values that cannot be, a sniff that is too short or was
            not recorded once a second. The message names the file and the line.
    """
    path = Path(path)
    files = list_csv_files(path, "sniffs")
    x, y, groups = [], [], []
    for file in files:
        for line, rows, label, session in _read_sniffs(file):
            x.append(_check_sniff(file, line, rows))
            y.append(CLASS_NAMES.index(label))
            groups.append(session)
    return Dataset(
        x=np.stack(x),
        y=np.array(y),
        groups=np.array(groups),
        sample_rate_hz=SAMPLE_RATE_HZ,
        class_names=CLASS_NAMES,
        channel_names=CHANNEL_NAMES,
        unit=UNIT,
        source=str(path),
        groups_are="sessions",
    )


def write_example_trace(folder: str | Path) -> Path:
    """Write `sniffs.csv`: each drink once, by a sensor that no lab was trained with."""
    rng = np.random.default_rng(EXAMPLE_SEED)
    sensor, room = make_sensor(EXAMPLE_SEED, 0), make_room(rng)
    lines, t_ms = [",".join(COLUMNS)], 0
    for drink in CLASS_NAMES:
        for counts in synthesize_sniff(sensor, drink, room, rng).astype(int):
            lines.append(f"{t_ms},{','.join(map(str, counts))},{drink},{sensor.name}_example")
            t_ms += round(PERIOD_MS)
    path = Path(folder) / EXAMPLE_TRACE
    write_text(path, "\n".join(lines) + "\n")
    return path


def _read_sniffs(file: Path) -> list[tuple[int, list[list[float]], str, str]]:
    """Each sniff with its first line, its rows of t_ms and counts, its label and session."""
    sniffs: list[tuple[int, list[list[float]], str, str]] = []
    for line, row in read_table(file, COLUMNS):
        numbers, label, session = _parse(file, line, row)
        last = sniffs[-1] if sniffs else None
        is_next = (
            last is None
            or (label, session) != last[2:]
            or numbers[0] <= last[1][-1][0]
            or len(last[1]) == WINDOW
        )
        if is_next:
            sniffs.append((line, [numbers], label, session))
        else:
            sniffs[-1][1].append(numbers)
    if not sniffs:
        raise DataError(f"{file}: no rows under the header; record a sniff of {WINDOW} s")
    return sniffs


def _parse(file: Path, line: int, row: list[str]) -> tuple[list[float], str, str]:
    if len(row) != len(COLUMNS):
        raise fail_at(
            file, line, f"{len(row)} values instead of {len(COLUMNS)}", f"write {','.join(COLUMNS)}"
        )
    numbers = []
    for name, text in zip(COLUMNS[:5], row[:5], strict=True):
        most = FULL_SCALE if name != "t_ms" else 2**32 - 1
        if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= most):
            raise fail_at(
                file,
                line,
                f"{name} is {shorten(text)}, not a whole number of 0 to {most:,}",
                "write the counts that the sensor's library returns",
            )
        numbers.append(float(text))
    label, session = row[5].strip(), row[6].strip()
    if label not in CLASS_NAMES:
        raise fail_at(
            file, line, f"unknown label {shorten(label)}", f"known: {', '.join(CLASS_NAMES)}"
        )
    if not session or not session.isprintable():
        raise fail_at(file, line, f"session is {shorten(row[6])}", "name sensor and day")
    return numbers, label, session


def _check_sniff(file: Path, line: int, rows: list[list[float]]) -> np.ndarray:
    values = np.array(rows)
    if len(values) != WINDOW:
        raise fail_at(
            file,
            line,
            f"a sniff of {len(values)} rows",
            f"{WINDOW} are needed, one a second: 8 in the room's air, 24 over the drink",
        )
    steps = np.diff(values[:, 0])
    wrong = np.abs(steps - PERIOD_MS) > 0.25 * PERIOD_MS
    if wrong.any():
        at = int(wrong.argmax())
        raise fail_at(
            file,
            line + at + 1,
            f"{steps[at]:g} ms after the row before",
            f"a row every {PERIOD_MS:g} ms is needed",
        )
    if find_stuck(values[:, 1:])[1] == WINDOW:
        raise fail_at(
            file,
            line,
            f"the sensor is stuck: all {WINDOW} rows of a sniff are the very same",
            REMEDY,
        )
    return values[:, 1:].astype(np.float32)
