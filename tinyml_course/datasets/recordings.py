"""Recordings in CSV files: read row by row with checks, written whole or not at all.

The format, one row a sample, is described in `data/README.md`:

    t_ms,ax_g,ay_g,az_g,label,subject
    0,0.01171875,-0.0234375,1.00390625,still,ann

A recording ends where the label or the subject changes, and windows never reach across such an
end. Lesson 01 records, writes and reads.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from tinyml_course.datasets.dataset import Dataset
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
from tinyml_course.datasets.resample import resample
from tinyml_course.errors import DataError
from tinyml_course.files import write_text

COLUMNS = ("t_ms", "ax_g", "ay_g", "az_g", "label", "subject")
MAX_AXIS_G = 16.0  # the widest range of the sensors in the course's boards
MIN_RATE_HZ = 18.0  # below, the shock of a step is lost
MAX_RATE_HZ = 2000.0
MEDIAN_G = (0.3, 3.5)  # what the median magnitude of any recording of a person lies between
GAP_PERIODS = 1.75  # a distance of so many sample periods means that a sample is missing


@dataclass(frozen=True)
class Recording:
    """One stretch of one activity of one person.

    Attributes:
        x: `(n, 3)` float32 in g.
        label, subject: what and who.
        sample_rate_hz: from the median distance of the time stamps.
        file, line: where it begins, for messages.
    """

    x: np.ndarray
    label: str
    subject: str
    sample_rate_hz: float
    file: str = ""
    line: int = 0


def _fail(file: str | Path, line: int, what: str, remedy: str) -> DataError:
    return DataError(f"{file}, line {line}: {what}; {remedy}")


def _parse_row(file: Path, line: int, row: list[str]) -> tuple[list[float], str, str]:
    if len(row) != len(COLUMNS):
        raise _fail(
            file,
            line,
            f"{len(row)} values instead of {len(COLUMNS)}",
            f"each row needs {','.join(COLUMNS)}",
        )
    numbers = []
    for name, text in zip(COLUMNS[:4], row[:4], strict=True):
        try:
            value = float(text) if "_" not in text else float("none")  # Python reads 1_0 as 10
        except ValueError:
            raise _fail(
                file,
                line,
                f"{name} is {text!r}, which is no number",
                "write numbers with a decimal point, without units",
            ) from None
        if not math.isfinite(value):
            raise _fail(
                file,
                line,
                f"{name} is {text.strip()}",
                "delete the row, or record again: a sensor that fails is no sample",
            )
        numbers.append(value)
    worst = max(numbers[1:], key=abs)
    if abs(worst) > MAX_AXIS_G:
        raise _fail(
            file,
            line,
            f"an acceleration of {worst:g} g is beyond +-{MAX_AXIS_G:g} g",
            "are these m/s2, mg or raw counts? Divide by 9.80665, by 1000, or by the "
            "sensor's counts per g",
        )
    label, subject = row[4].strip(), row[5].strip()
    if not label or not subject:
        raise _fail(file, line, "label or subject is empty", "say what was done and by whom")
    return numbers, label, subject


def _read_rows(file: Path, class_names: Sequence[str]) -> Iterable[tuple[int, list, str, str]]:
    try:
        with open(file, newline="", encoding="utf-8-sig") as stream:
            reader = csv.reader(stream)
            header = next(reader, None)
            if header is None:
                raise DataError(
                    f"{file}: the file is empty; its first line must be {','.join(COLUMNS)}"
                )
            names = tuple(name.strip() for name in header)
            if names != COLUMNS:
                wrong = [name for name in names if name not in COLUMNS] or ["another order"]
                raise _fail(
                    file,
                    1,
                    f"columns {','.join(names)} (wrong: {', '.join(wrong)})",
                    f"the first line must be {','.join(COLUMNS)}, accelerations in g",
                )
            for row in reader:
                if not row:
                    continue
                line = reader.line_num
                numbers, label, subject = _parse_row(file, line, row)
                if label not in class_names:
                    raise _fail(
                        file,
                        line,
                        f"unknown label {label!r}",
                        f"known labels: {', '.join(class_names)}",
                    )
                yield line, numbers, label, subject
    except UnicodeDecodeError as error:
        raise DataError(
            f"{file}: not a text file in UTF-8 ({error.reason} at byte "
            f"{error.start}); save it as CSV, UTF-8"
        ) from error
    except csv.Error as error:
        raise DataError(f"{file}: not readable as CSV ({error}); save it as CSV, UTF-8") from error
    except OSError as error:
        raise DataError(
            f"{file}: cannot be read ({error.strerror}); check the path and its permissions"
        ) from error


def _finish(
    file: Path, lines: list[int], rows: list[list[float]], label: str, subject: str, gaps: str
) -> list[Recording]:
    """One stretch of equal label and subject to recordings: its clock and unit are checked."""
    values = np.array(rows)
    t_ms, x = values[:, 0], values[:, 1:].astype(np.float32)
    steps = np.diff(t_ms)
    if (steps <= 0).any():
        i = int((steps <= 0).argmax())
        raise _fail(
            file,
            lines[i + 1],
            f"t_ms goes from {t_ms[i]:g} back to {t_ms[i + 1]:g}",
            "time must rise within a recording: keep each recording in a file of its own",
        )
    median_g = float(np.median(np.linalg.norm(x, axis=1)))
    if not MEDIAN_G[0] <= median_g <= MEDIAN_G[1]:
        raise _fail(
            file,
            lines[0],
            f"the median length of the acceleration is {median_g:.3g}, "
            "which cannot be g with gravity in it (about 1 on any person)",
            "divide m/s2 by 9.80665, mg by 1000, raw counts by the counts per g, and "
            "do not subtract gravity",
        )
    if len(x) < 2:
        return []
    period_ms = float(np.median(steps))
    rate = 1000 / period_ms
    if not MIN_RATE_HZ <= rate <= MAX_RATE_HZ:
        raise _fail(
            file,
            lines[0],
            f"one sample every {period_ms:g} ms is {rate:.3g} Hz",
            f"record at {MIN_RATE_HZ:g} to {MAX_RATE_HZ:g} Hz, best at "
            f"{SAMPLE_RATE_HZ:g} Hz; t_ms is in milliseconds",
        )
    is_gap = steps > GAP_PERIODS * period_ms
    if is_gap.any() and gaps == "refuse":
        i = int(is_gap.argmax())
        raise _fail(
            file,
            lines[i + 1],
            f"a gap of {steps[i]:g} ms, samples come every {period_ms:g} ms",
            "record again, or read with gaps='cut', which ends the recording at each gap",
        )
    ends = [0, *(np.flatnonzero(is_gap) + 1), len(x)]
    found = []
    for a, b in pairwise(ends):
        if b - a < 2:
            continue
        exact = 1000 * (b - a - 1) / (t_ms[b - 1] - t_ms[a])  # whole milliseconds round 119 Hz
        found.append(Recording(x[a:b], label, subject, float(exact), str(file), lines[a]))
    return found


def _list_files(path: Path) -> list[Path]:
    if not path.exists():
        raise DataError(f"{path}: there is no such file or folder; check the path")
    if path.is_file():
        return [path]
    files = sorted(path.glob("*.csv"))
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
            goes backwards, a gap.
    """
    if gaps not in ("refuse", "cut"):
        raise DataError(f"gaps={gaps!r}: choose 'refuse' or 'cut'")
    found = []
    for file in _list_files(Path(path)):
        lines: list[int] = []
        rows: list[list[float]] = []
        current = None
        for line, numbers, label, subject in _read_rows(file, class_names):
            if (label, subject) != current and current is not None:
                found += _finish(file, lines, rows, *current, gaps)
                lines, rows = [], []
            current = (label, subject)
            lines.append(line)
            rows.append(numbers)
        if current is None:
            raise DataError(f"{file}: the file has a header and no rows; record something into it")
        found += _finish(file, lines, rows, *current, gaps)
    return found


def make_windows(
    recordings: Sequence[Recording],
    *,
    source: str,
    window: int = WINDOW,
    hop: int = WINDOW // 2,
    class_names: Sequence[str] = CLASS_NAMES,
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
    )


def load_recordings(
    path: str | Path,
    *,
    hop: int = WINDOW // 2,
    gaps: str = "refuse",
    class_names: Sequence[str] = CLASS_NAMES,
) -> Dataset:
    """A CSV file or a folder of them as a `Dataset`; see `read_recordings` for what is refused."""
    recordings = read_recordings(path, gaps=gaps, class_names=class_names)
    return make_windows(
        recordings, source=f"recordings in {Path(path).name}", hop=hop, class_names=class_names
    )


def _shorten(number: str) -> str:
    number = number.rstrip("0")
    return number + "0" if number.endswith(".") else number


def format_rows(x: np.ndarray, label: str, subject: str, sample_rate_hz: float = 50.0) -> str:
    """The rows of one recording as text, without the header; time starts at 0.

    Nine decimals hold the 12-bit grid of 1/512 g exactly: what the sensor gave is what is read.

    >>> format_rows([[0.001953125, -1.0, 0.5]], "still", "ann")
    '0,0.001953125,-1.0,0.5,still,ann\\n'
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
