"""Your own gestures from CSV files, for `tinyml run gestures --data PATH`, and the example trace.

Two forms are read, a file at a time:

- a file a class, `NAME.csv` or `NAME_WHO.csv`, as the `gestures` sketch prints it while it records,
  and as the Arduino examples for the Nano do: six columns `aX,aY,aZ,gX,gY,gZ` in g and degrees a
  second, a sample after the other, an empty line between them. Without a note `# rate_hz:50` a
  sample is 119 readings at 119 Hz, as in "Magic Wand Data" (nanguoyu, MIT licence).
- a recording with time and labels, `t_ms,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps,label,subject`, 50
  rows a second. It is cut into slots of two seconds, a gesture each.

Lesson 17 records and reads some.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyml_course.datasets.csv_rows import (
    as_number,
    check_header,
    decimal_comma,
    fail_at,
    read_csv,
    shorten,
)
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.folders import list_files
from tinyml_course.datasets.motion import SAMPLE_RATE_HZ, WINDOW, cut_windows
from tinyml_course.datasets.own_classes import LEAST_TAKES, MOST_CLASSES
from tinyml_course.datasets.recording_rows import MAX_AXIS_G
from tinyml_course.datasets.stuck import REMEDY, find_stuck
from tinyml_course.datasets.wrist_gestures import (
    CHANNEL_NAMES,
    FULL_SCALE_DPS,
    GESTURES,
    UNIT,
    make_wrist,
    synthesize_wrist_gesture,
)
from tinyml_course.errors import DataError
from tinyml_course.files import meant_file, write_text

SAMPLE_COLUMNS = ("aX", "aY", "aZ", "gX", "gY", "gZ")
STREAM_COLUMNS = (
    *("t_ms", "ax_g", "ay_g", "az_g", "gx_dps", "gy_dps", "gz_dps"),
    *("label", "subject"),
)
PLAIN_RATE_HZ, PLAIN_WINDOW = 119.0, 119  # of a file that does not say its rate
EXAMPLE_TRACE = "wrist.csv"
EXAMPLE_SEED = 2027
MOST = (*[MAX_AXIS_G] * 3, *[FULL_SCALE_DPS] * 3)
_SAID = re.compile(r"#|[a-z_0-9]+:")  # a sketch's notes and answers, which are no samples
_NOTE = re.compile(r"# ?rate_hz: ?([0-9.]{1,8})")


@dataclass(frozen=True)
class GestureSample:
    """One gesture, and where it was read.

    Attributes:
        x: `(window, 6)` float32 in g and degrees a second.
        rate_hz: readings a second.
    """

    x: np.ndarray
    label: str
    subject: str
    rate_hz: float
    file: Path
    line: int


def find_own_classes(path: str | Path) -> tuple[str, ...]:
    """The classes in files that are named after them, if they are not the lab's own; else none.

    Raises:
        DataError: a file that cannot be read.
    """
    names = {sample.label for sample in read_gestures(path)}
    return () if names <= set(GESTURES) else tuple(sorted(names))


def load_gestures(path: str | Path, class_names: Sequence[str] = GESTURES) -> Dataset:
    """The gestures of a file or a folder: x `(n, window, 6)`.

    A group is a person where three or more are named, and a sample where not: then the parts of a
    split share hands, and the test part says nothing about other people.

    Raises:
        DataError: no such file, columns or values that cannot be, an unknown class, one with fewer
            than three samples, samples of different length. The message names file and line.
    """
    names = tuple(class_names)
    if not 2 <= len(names) <= MOST_CLASSES or len(set(names)) != len(names) or not all(names):
        raise DataError(
            f"classes of your own are 2 to {MOST_CLASSES} different names, not {', '.join(names)}"
        )
    samples = read_gestures(path)
    first = samples[0]
    for sample in samples:
        if sample.label not in names:
            raise fail_at(
                sample.file,
                sample.line,
                f"unknown gesture {shorten(sample.label)}",
                f"known: {', '.join(names)}",
            )
        if sample.x.shape != first.x.shape or sample.rate_hz != first.rate_hz:
            raise fail_at(
                sample.file,
                sample.line,
                f"a sample of {len(sample.x)} readings at {sample.rate_hz:g} Hz, the first one of "
                f"{first.file.name} has {len(first.x)} at {first.rate_hz:g} Hz",
                "record all classes with the same sketch",
            )
    people = {sample.subject for sample in samples}
    has_people = len(people) >= LEAST_TAKES
    if names != GESTURES:
        _check_enough(Path(path), names, samples)
    groups = [s.subject if has_people else f"sample {k:04d}" for k, s in enumerate(samples)]
    return Dataset(
        x=np.stack([sample.x for sample in samples]),
        y=np.array([names.index(sample.label) for sample in samples]),
        groups=np.array(groups),
        sample_rate_hz=first.rate_hz,
        class_names=names,
        channel_names=CHANNEL_NAMES,
        unit=UNIT,
        source=f"own recordings in {Path(path).name}",
        groups_are="people" if has_people else "samples",
    )


def _check_enough(path: Path, names: Sequence[str], samples: Sequence[GestureSample]) -> None:
    counts = {name: sum(s.label == name for s in samples) for name in names}
    if poor := [f"{name} ({count})" for name, count in counts.items() if count < LEAST_TAKES]:
        raise DataError(
            f"{path}: too few samples of {', '.join(poor)}: record {LEAST_TAKES} of each class at "
            "least, better 20"
        )


def read_gestures(path: str | Path) -> list[GestureSample]:
    """Every gesture of a CSV file, or of all in a folder, in the order of their names.

    Raises:
        DataError: as `load_gestures`.
    """
    path = Path(path)
    if not path.exists():
        said = f"{path}: there is no such file or folder; check the path{meant_file(path)}"
        raise DataError(said)
    files = list_files(path, ".csv") if path.is_dir() else [path]
    samples = [sample for file in files for sample in _read_file(Path(file))]
    for sample in samples:
        if find_stuck(sample.x)[1] == len(sample.x) > 1:
            what = "the sensor is stuck: all readings of a sample are the very same"
            raise fail_at(sample.file, sample.line, what, REMEDY)
    if not samples:
        raise DataError(f"{path} holds no gestures in .csv files: record some, see data/README.md")
    return samples


def _read_file(file: Path) -> list[GestureSample]:
    lines = read_csv(file)
    notes = [row[0] for _, row in lines if row and row[0].startswith("#")]
    rows = [(n, row) for n, row in lines if not (row and _SAID.match(row[0]))]
    while rows and not any(cell.strip() for cell in rows[0][1]):
        rows.pop(0)
    line, header = rows[0] if rows else (1, [])
    header = [cell.strip() for cell in header]
    if any(name.startswith("t_ms") for name in header):
        check_header(file, line, header, STREAM_COLUMNS, f", or {','.join(SAMPLE_COLUMNS)}")
        return _cut_stream(file, rows[1:])
    check_header(file, line, header, SAMPLE_COLUMNS, f" or {','.join(STREAM_COLUMNS)}")
    return _read_samples(file, rows[1:], notes)


def _read_samples(
    file: Path, rows: list[tuple[int, list[str]]], notes: Sequence[str]
) -> list[GestureSample]:
    """Samples with an empty line between them, or each of 119 readings."""
    stated = [as_number(found[1]) for note in notes if (found := _NOTE.match(note))]
    rate_hz = stated[0] if stated else PLAIN_RATE_HZ
    if not 10 <= rate_hz <= 2000:
        raise DataError(f"{file}: a rate of {rate_hz:g} Hz; record at 10 to 2000 Hz")
    label, _, subject = file.stem.partition("_")
    taken: list[list[tuple[int, list[float]]]] = [[]]
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            taken.append([])
            continue
        if not stated and len(taken[-1]) == PLAIN_WINDOW:
            taken.append([])
        taken[-1].append((line, _parse(file, line, row, SAMPLE_COLUMNS, MOST)))
    taken = [readings for readings in taken if readings]
    window = len(taken[0]) if stated and taken else PLAIN_WINDOW
    for readings in taken:
        if len(readings) != window:
            raise fail_at(
                file,
                readings[0][0],
                f"a sample of {len(readings)} readings instead of {window}",
                "leave an empty line between samples, and delete one that is not whole",
            )
    return [
        GestureSample(
            np.array([values for _, values in readings], np.float32),
            label,
            subject or "unknown",
            rate_hz,
            file,
            readings[0][0],
        )
        for readings in taken
    ]


def _cut_stream(file: Path, rows: list[tuple[int, list[str]]]) -> list[GestureSample]:
    """The slots of two seconds of each take: a gesture each."""
    rows = [(line, row) for line, row in rows if row]
    most = (2**32, *MOST)
    parsed = [(line, _parse(file, line, row, STREAM_COLUMNS, most)) for line, row in rows]
    said = [(row[7].strip(), row[8].strip()) for _, row in rows]
    takes: list[list[int]] = []
    for at, (_, values) in enumerate(parsed):
        if at == 0 or said[at] != said[at - 1] or values[0] <= parsed[at - 1][1][0]:
            takes.append([])
        takes[-1].append(at)
    samples = []
    for take in takes:
        values = np.array([parsed[at][1] for at in take])
        _check_clock(file, [parsed[at][0] for at in take], values[:, 0])
        windows = cut_windows(values[:, 1:].astype(np.float32), WINDOW, WINDOW)
        samples += [
            GestureSample(one, *said[take[0]], SAMPLE_RATE_HZ, file, parsed[take[WINDOW * k]][0])
            for k, one in enumerate(windows)
        ]
    return samples


def _check_clock(file: Path, lines: Sequence[int], t_ms: np.ndarray) -> None:
    period = 1000 / SAMPLE_RATE_HZ
    wrong = np.abs(np.diff(t_ms) - period) > 0.5 * period
    if wrong.any():
        at = int(wrong.argmax())
        raise fail_at(
            file,
            lines[at + 1],
            f"{np.diff(t_ms)[at]:g} ms after the row before",
            f"a row every {period:g} ms is needed; record again",
        )


def _parse(
    file: Path, line: int, row: list[str], columns: Sequence[str], most: Sequence[float]
) -> list[float]:
    if len(row) != len(columns):
        raise fail_at(
            file, line, f"{len(row)} values instead of {len(columns)}", f"write {','.join(columns)}"
        )
    numbers = []
    for name, text, limit in zip(columns, row, most, strict=False):
        value = as_number(text)
        if not abs(value) <= limit:
            raise fail_at(
                file,
                line,
                f"{name} is {shorten(text)}, not a number up to {limit:g}",
                f"accelerations are in g, turns in degrees a second{decimal_comma(text)}",
            )
        numbers.append(value)
    return numbers


def write_example_trace(folder: str | Path) -> Path:
    """Write `wrist.csv`: each gesture once, rests between, by a wrist that no lab has met."""
    rng = np.random.default_rng(EXAMPLE_SEED)
    wrist = make_wrist(EXAMPLE_SEED, 0)
    order = [name for gesture in GESTURES[1:] for name in (gesture, "rest")]
    lines, t_ms = [",".join(STREAM_COLUMNS)], 0
    for gesture in ("rest", *order):
        for row in synthesize_wrist_gesture(wrist, gesture, rng, idle="nothing"):
            numbers = ",".join(f"{value:.6g}" for value in row)
            lines.append(f"{t_ms},{numbers},{gesture},{wrist.hand.name}_example")
            t_ms += round(1000 / SAMPLE_RATE_HZ)
    path = Path(folder) / EXAMPLE_TRACE
    write_text(path, "\n".join(lines) + "\n")
    return path
