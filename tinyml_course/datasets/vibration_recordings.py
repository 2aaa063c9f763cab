"""Your own machine from CSV files, for `tinyml run vibration --data PATH`, and the example trace.

Two forms are read, a file at a time:

- what the `vibration` sketch prints after an `r`, `t_ms:8123,ax_g:0.01221,...`, in a file that is
  named after what was wrong and the machine: `healthy_fan.csv`, `outer-race_fan.csv`. Its other
  lines may stand between.
- rows under the names `t_ms,ax_g,ay_g,az_g,label,machine`.

A sample comes 119 times a second, or 100 times from a Nano Rev2 or a Wio Terminal: each machine is
compared with itself, at its sensor's own rate. `label` is `healthy` or what you broke on purpose.
Cut into windows of 120 samples; the healthy ones of a machine come first and are its commissioning.
Lesson 14.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tinyml_course.datasets.csv_rows import (
    as_number,
    decimal_comma,
    fail_at,
    read_csv,
    read_table,
    shorten,
)
from tinyml_course.datasets.dataset import Dataset, Gap, describe_gaps
from tinyml_course.datasets.folders import list_csv_files
from tinyml_course.datasets.recordings import MEDIAN_G
from tinyml_course.datasets.stuck import REMEDY, find_stuck
from tinyml_course.datasets.vibration import (
    CHANNEL_NAMES,
    CLASS_NAMES,
    SAMPLE_RATE_HZ,
    UNIT,
    WINDOW,
    synthesize_session,
)
from tinyml_course.datasets.vibration_physics import make_machine
from tinyml_course.errors import DataError
from tinyml_course.files import write_text

COLUMNS = ("t_ms", "ax_g", "ay_g", "az_g", "label", "machine")
PERIOD_MS = 1000 / SAMPLE_RATE_HZ
MOST_G = 16.5
RATES_HZ = (SAMPLE_RATE_HZ, 100.0)  # the Nano's; the Rev2's (99.84) and the Wio's
RATE_TOLERANCE = 0.1  # of the rate; a sensor's own clock is off by some per cent
GAP = 1.75  # periods: more than that between two samples, and some are missing
STUCK_SAMPLES = 100  # as in the sketches' sensor_check.h: a live sensor has noise in its last digit
_VALUE = r"(-?\d{1,10}(?:\.\d{1,10})?)"
# at the end of a line: the Serial Monitor may put the time before it
_RECORD = re.compile(",".join(f"{name}:{_VALUE}" for name in COLUMNS[:4]) + r"\s*$")
EXAMPLE_TRACE = "fan.csv"
EXAMPLE_SEED = 2028
EXAMPLE_HEALTHY, EXAMPLE_FAULTY = 65, 8  # windows: a minute to learn, some to judge, a fault


def load_vibration(path: str | Path) -> Dataset:
    """The windows of a CSV file, or of all in a folder: x `(n, 120, 3)` in g.

    Raises:
        DataError: no such file, columns or values that cannot be, another rate, or no whole
            window. The message names the file and the line.
    """
    path = Path(path)
    files = list_csv_files(path, "a machine")
    x, y, groups, gaps = [], [], [], []
    rates: dict[str, float] = {}
    for file in files:
        for first, rows, label, machine in _read_pieces(file, gaps):
            count = len(rows) // WINDOW
            if not count:
                continue
            rate = _find_rate(file, first, rows)
            if rate != rates.setdefault(machine, rate):
                what = f"{machine} was recorded with {rates[machine]:g} a second, here {rate:g}"
                raise fail_at(file, first, what, "call it another machine with another sensor")
            _check_sensor(file, first, rows)
            whole = np.array(rows, np.float32)[: count * WINDOW, 1:]
            x.append(whole.reshape(count, WINDOW, len(CHANNEL_NAMES)))
            y += [CLASS_NAMES.index(label)] * count
            groups += [machine] * count
    if not y:
        raise DataError(
            f"{path}: no whole window of {WINDOW} samples; record a minute or more without a gap"
        )
    return Dataset(
        x=np.concatenate(x),
        y=np.array(y),
        groups=np.array(groups),
        sample_rate_hz=SAMPLE_RATE_HZ,
        class_names=CLASS_NAMES,
        channel_names=CHANNEL_NAMES,
        unit=UNIT,
        source=f"{path}{describe_gaps(gaps)}",
        groups_are="machines",
        gaps=tuple(gaps),
    )


def write_example_trace(folder: str | Path) -> Path:
    """Write `fan.csv`: a fan that no lab learnt from, a minute healthy, then out of balance."""
    machine = make_machine(EXAMPLE_SEED, 0)
    parts = (("healthy", EXAMPLE_HEALTHY), ("imbalance", EXAMPLE_FAULTY))
    lines, row = [",".join(COLUMNS)], 0
    for number, (fault, windows) in enumerate(parts):
        rng = np.random.default_rng([EXAMPLE_SEED, number])
        session = synthesize_session(machine, fault, windows, rng, severities=(1.5, 2.0))
        for g in session.reshape(-1, len(CHANNEL_NAMES)):
            values = ",".join(f"{value:.4f}" for value in g)
            lines.append(f"{row * PERIOD_MS:.4f},{values},{fault},example")
            row += 1
    path = Path(folder) / EXAMPLE_TRACE
    write_text(path, "\n".join(lines) + "\n")
    return path


Piece = tuple[int, list[list[float]], str, str]


def _read_pieces(file: Path, gaps: list[Gap]) -> list[Piece]:
    """Each stretch without a gap: its first line, rows of t_ms and g, its label and machine."""
    rows = list(_read_rows(file))
    if not rows:
        raise DataError(f"{file}: no rows under the header; record a machine for some minutes")
    steps = np.diff([numbers[0] for _, numbers, _, _ in rows])
    period_ms = float(np.median(steps[steps > 0])) if (steps > 0).any() else PERIOD_MS
    pieces: list[Piece] = []
    for line, numbers, label, machine in rows:
        if pieces and pieces[-1][2:] == (label, machine):
            step = numbers[0] - pieces[-1][1][-1][0]
            if 0 < step <= GAP * period_ms:
                pieces[-1][1].append(numbers)
                continue
            if step > 0:
                gaps.append(Gap(str(file), line, step / 1000, period_ms / 1000))
        pieces.append((line, [numbers], label, machine))
    return pieces


def _read_rows(file: Path) -> Iterator[tuple[int, list[float], str, str]]:
    """Line, numbers, label and machine of each sample."""
    lines = read_csv(file)
    if not any(_RECORD.search(",".join(row)) for _, row in lines):
        for line, row in read_table(file, COLUMNS):
            yield line, *_parse(file, line, row)
        return
    label, machine = _name_of(file)
    for line, row in lines:
        if found := _RECORD.search(",".join(row)):
            yield line, *_parse(file, line, [*found.groups(), label, machine])


def _name_of(file: Path) -> tuple[str, str]:
    """What was wrong, and the machine, of a file as the sketch prints it."""
    label, _, machine = file.stem.partition("_")
    if (label := label.replace("-", " ")) in CLASS_NAMES and machine:
        return label, machine
    known = ", ".join(name.replace(" ", "-") for name in CLASS_NAMES)
    raise DataError(
        f"{file}: a recording as the sketch prints it is named after what was wrong and the "
        f"machine, for instance healthy_fan.csv; the first word is one of {known}"
    )


def _parse(file: Path, line: int, row: list[str]) -> tuple[list[float], str, str]:
    if len(row) != len(COLUMNS):
        raise fail_at(
            file, line, f"{len(row)} values instead of {len(COLUMNS)}", f"write {','.join(COLUMNS)}"
        )
    numbers = []
    for name, text in zip(COLUMNS[:4], row[:4], strict=True):
        low, high = (0.0, 2.0**32) if name == "t_ms" else (-MOST_G, MOST_G)
        value = as_number(text)
        if not low <= value <= high:
            raise fail_at(
                file,
                line,
                f"{name} is {shorten(text)}, not a number of {low:g} to {high:g}",
                f"write milliseconds, and accelerations in g{decimal_comma(text)}",
            )
        numbers.append(value)
    label, machine = row[4].strip(), row[5].strip()
    if label not in CLASS_NAMES:
        raise fail_at(
            file, line, f"unknown label {shorten(label)}", f"known: {', '.join(CLASS_NAMES)}"
        )
    if not machine or not machine.isprintable():
        raise fail_at(file, line, f"machine is {shorten(row[5])}", "name the machine and its speed")
    return numbers, label, machine


def _find_rate(file: Path, line: int, rows: list[list[float]]) -> float:
    """Which of the sensors' rates it is."""
    times = [row[0] for row in rows]
    step = (times[-1] - times[0]) / (len(times) - 1)  # a sketch prints whole milliseconds
    nearest = min(RATES_HZ, key=lambda rate: abs(1000 / rate - step))
    if abs(step * nearest / 1000 - 1) > RATE_TOLERANCE:
        known = " or ".join(f"{rate:g}" for rate in RATES_HZ)
        raise fail_at(
            file,
            line,
            f"samples come every {step:.3g} ms",
            f"record {known} a second, as the boards' sensors do",
        )
    return nearest


def _check_sensor(file: Path, line: int, rows: list[list[float]]) -> None:
    """Refuse a unit that cannot be g, and a sensor that repeats itself."""
    g = np.array(rows)[:, 1:]
    median_g = float(np.median(np.linalg.norm(g, axis=1)))
    if not MEDIAN_G[0] <= median_g <= MEDIAN_G[1]:
        raise fail_at(
            file,
            line,
            f"the median length of the acceleration is {median_g:.3g}, which cannot be g with "
            "gravity in it (about 1 on any machine)",
            "divide m/s2 by 9.80665, mg by 1000, and do not subtract gravity",
        )
    _, same = find_stuck(g)
    if same >= STUCK_SAMPLES:
        raise fail_at(
            file, line, f"after here the sensor is stuck: {same} samples are the very same", REMEDY
        )
