"""Recordings in CSV files: read row by row with checks, written whole or not at all.

The format, one row a sample, is described in `data/README.md`:

    t_ms,ax_g,ay_g,az_g,label,subject
    0,0.01171875,-0.0234375,1.00390625,still,ann

A recording ends where the label or the subject changes, where `t_ms` is 0 again (the next take of
one file), and where samples are missing; windows never reach across such an end. What a phone's app
exports is read too, see `phone.py`. Lesson 01 records,
writes and reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from tinyml_course.datasets.csv_rows import fail_at
from tinyml_course.datasets.dataset import Dataset, Gap, describe_gaps, refuse_gaps
from tinyml_course.datasets.folders import list_files
from tinyml_course.datasets.motion import (
    CHANNEL_NAMES,
    CLASS_NAMES,
    SAMPLE_RATE_HZ,
    UNIT,
    WINDOW,
    cut_windows,
    make_person,
    synthesize_recording,
)
from tinyml_course.datasets.recording_rows import COLUMNS, read_rows
from tinyml_course.datasets.resample import resample
from tinyml_course.errors import DataError
from tinyml_course.files import meant_file, write_text

MIN_RATE_HZ = 18.0  # below, the shock of a step is lost
MAX_RATE_HZ = 2000.0
MEDIAN_G = (0.3, 3.5)  # what the median magnitude of any recording of a person lies between
GAP_PERIODS = 1.75  # a distance of so many sample periods means that a sample is missing
JUDGED_SAMPLES = 25  # a shorter take says too little about its unit and its rate


@dataclass(frozen=True)
class Recording:
    """One stretch of one activity of one person.

    Attributes:
        x: `(n, 3)` float32 in g.
        label, subject: what and who.
        sample_rate_hz: from the median distance of the time stamps.
        file, line: where it begins, for messages.
        take: which recording of the files it is a part of: a gap cuts one in two.
    """

    x: np.ndarray
    label: str
    subject: str
    sample_rate_hz: float
    file: str = ""
    line: int = 0
    take: int = 0


def _finish(
    file: Path, lines: list[int], rows: list[list[float]], label: str, subject: str
) -> tuple[list[Recording], list[Gap]]:
    """One take to the recordings between its gaps: its clock and unit are checked."""
    values = np.array(rows)
    t_ms, x = values[:, 0], values[:, 1:].astype(np.float32)
    steps = np.diff(t_ms)
    if (steps <= 0).any():
        i = int((steps <= 0).argmax())
        raise fail_at(
            file,
            lines[i + 1],
            f"t_ms goes from {t_ms[i]:g} back to {t_ms[i + 1]:g}",
            "time must rise within a recording: keep each recording in a file of its own, or let "
            "each begin with t_ms 0",
        )
    median_g = float(np.median(np.linalg.norm(x, axis=1)))
    period_ms = _find_period(steps)
    if len(x) >= JUDGED_SAMPLES:
        _check_unit_and_rate(file, lines[0], median_g, period_ms)
    elif not (_is_g(median_g) and _is_known_rate(period_ms)):
        return [], []  # a moment of a fall, or three samples of a torn cable
    is_gap = steps > GAP_PERIODS * period_ms
    gaps = [
        Gap(str(file), lines[i + 1], float(steps[i]) / 1000, period_ms / 1000)
        for i in np.flatnonzero(is_gap)
    ]
    found = []
    for a, b in pairwise([0, *(np.flatnonzero(is_gap) + 1), len(x)]):
        if b - a < 2:
            continue
        exact = 1000 * (b - a - 1) / (t_ms[b - 1] - t_ms[a])  # whole milliseconds round 119 Hz
        found.append(Recording(x[a:b], label, subject, float(exact), str(file), lines[a]))
    return found, gaps


def _find_period(steps_ms: np.ndarray) -> float:
    """The distance of samples: the median, or if most of them are lost, that of the closest."""
    if not len(steps_ms):
        return np.inf
    median, near = np.quantile(steps_ms, (0.5, 0.1))
    return float(near if not _is_known_rate(median) and _is_known_rate(near) else median)


def _is_known_rate(period_ms: float) -> bool:
    return MIN_RATE_HZ <= 1000 / period_ms <= MAX_RATE_HZ


def _is_g(median_g: float) -> bool:
    return MEDIAN_G[0] <= median_g <= MEDIAN_G[1]


def _check_unit_and_rate(file: Path, line: int, median_g: float, period_ms: float) -> None:
    if not _is_g(median_g):
        raise fail_at(
            file,
            line,
            f"the median length of the acceleration is {median_g:.3g}, "
            "which cannot be g with gravity in it (about 1 on any person)",
            "divide m/s2 by 9.80665, mg by 1000, raw counts by the counts per g, and "
            "do not subtract gravity",
        )
    if not _is_known_rate(period_ms):
        raise fail_at(
            file,
            line,
            f"one sample every {period_ms:g} ms is {1000 / period_ms:.3g} Hz",
            f"record at {MIN_RATE_HZ:g} to {MAX_RATE_HZ:g} Hz, best at "
            f"{SAMPLE_RATE_HZ:g} Hz; t_ms is in milliseconds",
        )


def _list_recordings(path: Path) -> list[Path]:
    if not path.exists():
        said = f"{path}: there is no such file or folder; check the path{meant_file(path)}"
        raise DataError(said)
    if not path.is_dir():
        return [path]
    files = list_files(path, ".csv")
    if not files:
        raise DataError(f"{path}: the folder holds no .csv file; record some, or name another one")
    return files


def read_recordings(
    path: str | Path, *, gaps: str = "refuse", class_names: Sequence[str] = CLASS_NAMES
) -> list[Recording]:
    """Every recording of a CSV file, or of all `*.csv` of a folder in the order of their names.

    Args:
        gaps: "refuse" a recording in which samples are missing, or "cut" it there.
        class_names: the labels that are known.

    Raises:
        DataError: with file, line and remedy: an unreadable or empty file or folder, a wrong
            column, text or NaN for a number, an unknown label, a unit that cannot be g, time that
            goes backwards, a gap if they are refused.
    """
    return read_with_gaps(path, gaps, class_names)[0]


def read_with_gaps(
    path: str | Path, gaps: str, class_names: Sequence[str]
) -> tuple[list[Recording], list[Gap]]:
    """As `read_recordings`, and where recordings were cut."""
    if gaps not in ("refuse", "cut"):
        raise DataError(f"gaps={gaps!r}: choose 'refuse' or 'cut'")
    found, cuts, number = [], [], 0
    for file in _list_recordings(Path(path)):
        takes = list(_split_takes(file, class_names))
        if not takes:
            raise DataError(f"{file}: the file has a header and no rows; record something into it")
        for lines, rows, label, subject in takes:
            recordings, between = _finish(file, lines, rows, label, subject)
            found += [replace(recording, take=number) for recording in recordings]
            number += 1
            cuts += between
    if gaps == "refuse":
        refuse_gaps(cuts)
    return found, cuts


def _split_takes(
    file: Path, class_names: Sequence[str]
) -> Iterator[tuple[list[int], list[list[float]], str, str]]:
    """Line numbers and rows of each take: it ends where label or subject change or t_ms is 0."""
    lines: list[int] = []
    rows: list[list[float]] = []
    current = None
    for line, numbers, label, subject in read_rows(file, class_names):
        if rows and ((label, subject) != current or numbers[0] == 0):
            yield lines, rows, *current
            lines, rows = [], []
        current = (label, subject)
        lines.append(line)
        rows.append(numbers)
    if rows:
        yield lines, rows, *current


def make_windows(
    recordings: Sequence[Recording],
    *,
    source: str,
    window: int = WINDOW,
    hop: int = WINDOW // 2,
    class_names: Sequence[str] = CLASS_NAMES,
    gaps: Sequence[Gap] = (),
) -> Dataset:
    """Recordings of any rate to windows at 50 Hz, `Dataset` with x `(n, window, 3)` in g.

    Recordings within 1 % of 50 Hz are taken as they are, others are resampled. Those shorter than
    a window are left out.

    Raises:
        DataError: no recording is long enough for one window.
    """
    x, y, groups = [], [], []
    for r in recordings:
        samples = r.x
        if abs(r.sample_rate_hz / SAMPLE_RATE_HZ - 1) > 0.01:
            samples = resample(samples, r.sample_rate_hz, SAMPLE_RATE_HZ)
        windows = cut_windows(samples, window, hop)
        x.append(windows)
        y += [list(class_names).index(r.label)] * len(windows)
        groups += [r.subject] * len(windows)
    if not y:
        longest = max((len(r.x) / r.sample_rate_hz for r in recordings), default=0.0)
        raise DataError(
            f"{source}: the longest of {len(recordings)} recordings lasts {longest:.2f} s, a "
            f"window needs {window / SAMPLE_RATE_HZ:g} s: record longer"
        )
    return Dataset(
        np.concatenate(x),
        np.array(y),
        np.array(groups),
        SAMPLE_RATE_HZ,
        tuple(class_names),
        CHANNEL_NAMES,
        UNIT,
        source,
        gaps=tuple(gaps),
    )


def load_recordings(
    path: str | Path,
    *,
    hop: int = WINDOW // 2,
    gaps: str = "cut",
    class_names: Sequence[str] = CLASS_NAMES,
) -> Dataset:
    """A CSV file or a folder of them as a `Dataset`; see `read_recordings` for what is refused.

    Gaps that were cut stand in the Dataset's `gaps`, and in words in its `source`.
    """
    recordings, cuts = read_with_gaps(path, gaps, class_names)
    return make_windows(
        recordings,
        source=f"recordings in {Path(path).name}{describe_gaps(cuts)}",
        hop=hop,
        class_names=class_names,
        gaps=cuts,
    )


def _shorten(number: str) -> str:
    number = number.rstrip("0")
    return number + "0" if number.endswith(".") else number


def format_rows(x: np.ndarray, label: str, subject: str, sample_rate_hz: float = 50.0) -> str:
    r"""The rows of one recording as text, without the header; time starts at 0.

    Nine decimals hold the 12-bit grid of 1/512 g exactly: what the sensor gave is what is read.

    >>> format_rows([[0.001953125, -1.0, 0.5]], "still", "ann")
    '0,0.001953125,-1.0,0.5,still,ann\n'
    """
    for name, value in (("label", label), ("subject", subject)):
        if not value.strip() or set(value) & set(',"\r\n'):
            raise DataError(f"{name} {value!r}: use a name without commas, quotes or line ends")
    lines = []
    for i, sample in enumerate(np.asarray(x, dtype=np.float64)):
        t_ms = f"{1000 * i / sample_rate_hz:.3f}".rstrip("0").rstrip(".")
        values = ",".join(_shorten(f"{v:.9f}") for v in sample)
        lines.append(f"{t_ms},{values},{label},{subject}\n")
    return "".join(lines)


def write_recordings(path: str | Path, recordings: Iterable[Recording]) -> Path:
    """Write recordings into one CSV file, whole or not at all.

    Raises:
        OutputError: a full disk, a read-only folder; nothing is left half-written.
    """
    path = Path(path)
    rows = [format_rows(r.x, r.label, r.subject, r.sample_rate_hz) for r in recordings]
    return write_text(path, ",".join(COLUMNS) + "\n" + "".join(rows))


def write_example_recordings(
    folder: str | Path, *, people: int = 6, seconds: float = 8.0, seed: int = 2026
) -> list[Path]:
    """The files of `data/`, byte for byte: one a person, each activity once.

    Returns:
        The files written.
    """
    files = []
    for number in range(people):
        person = make_person(seed, number)
        takes = [
            Recording(
                synthesize_recording(person, activity, seconds, [seed, number, label]),
                activity,
                person.name,
                SAMPLE_RATE_HZ,
            )
            for label, activity in enumerate(CLASS_NAMES)
        ]
        files.append(write_recordings(Path(folder) / f"motion_{person.name}.csv", takes))
    return files
