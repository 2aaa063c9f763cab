"""Your own machine from CSV files, for `tinyml run vibration --data PATH`, and the example trace.

A row is a sample: `t_ms,ax_g,ay_g,az_g,label,machine`, 119 a second, as the sketch prints them
after an `r`. `label` is `healthy` or what you broke on purpose. Cut into windows of
120 samples; the healthy ones of a machine come first and are its commissioning. Lesson 14.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tinyml_course.datasets.csv_rows import (
    as_number,
    decimal_comma,
    fail_at,
    read_table,
    shorten,
)
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.folders import list_csv_files
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
RATE_TOLERANCE = 0.1  # of the rate; a sensor's own clock is off by some per cent
GAP = 2.5  # periods: more than that between two samples, and a recording ends
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
    x, y, groups = [], [], []
    for file in files:
        for first, rows, label, machine in _read_pieces(file):
            _check_rate(file, first, rows)
            count = len(rows) // WINDOW
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
        source=str(path),
        groups_are="machines",
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


def _read_pieces(file: Path) -> list[Piece]:
    """Each stretch without a gap: its first line, rows of t_ms and g, its label and machine."""
    pieces: list[Piece] = []
    for line, row in read_table(file, COLUMNS):
        numbers, label, machine = _parse(file, line, row)
        if pieces and pieces[-1][2:] == (label, machine):
            step = numbers[0] - pieces[-1][1][-1][0]
            if 0 < step <= GAP * PERIOD_MS:
                pieces[-1][1].append(numbers)
                continue
        pieces.append((line, [numbers], label, machine))
    if not pieces:
        raise DataError(f"{file}: no rows under the header; record a machine for some minutes")
    return pieces


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


def _check_rate(file: Path, line: int, rows: list[list[float]]) -> None:
    if len(rows) < WINDOW:
        return
    step = float(np.median(np.diff([row[0] for row in rows])))
    if abs(step - PERIOD_MS) > RATE_TOLERANCE * PERIOD_MS:
        raise fail_at(
            file,
            line,
            f"samples come every {step:.3g} ms",
            f"record {SAMPLE_RATE_HZ:g} a second, one every {PERIOD_MS:.3g} ms",
        )
