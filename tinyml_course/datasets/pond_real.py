"""The public week of a real fish pond, read from its own files and put on a grid of ten minutes.

"Real-time evaluation of water quality for aquaculture applications", Mendeley Data, set
34rczh25kc: temperature, pH and turbidity, about a reading a minute, each depth in a file of its
own. There is no oxygen in it. The course contains none of it; whoever has it can repeat lesson
16's figures:

    python -m tinyml_course.labs.pond_real FOLDER
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np

from tinyml_course.datasets.csv_rows import (
    as_number,
    check_length,
    decimal_comma,
    fail_at,
    read_csv,
    refuse_separators,
    refuse_twice,
    shorten,
)
from tinyml_course.errors import DataError

SOURCE = (
    "Real-time evaluation of water quality for aquaculture applications (Mendeley Data, 34rczh25kc)"
)
SIGNALS = ("temperature", "ph")
UNITS = ("C", "pH")
GRID_S = 600
LONGEST_BRIDGE = 6  # empty places of the grid, an hour, that a straight line may bridge
_COLUMNS = {
    "time": re.compile(r"\b(time|date)", re.I),
    "temperature": re.compile(r"^temp", re.I),
    "ph": re.compile(r"^ph\b", re.I),
}
_TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M")


@dataclass(frozen=True)
class PondWeek:
    """One file of the set.

    Attributes:
        name: of the file, for instance "30cm".
        values: `(n, 2)` float64, temperature in C and pH, the mean of every ten minutes.
        is_read: `(n,)` bool; False where a straight line bridges a gap. NaN where a gap was longer.
        start: of the first place of the grid, by the clock in the file.
        dropped: readings that were stamped before one that came earlier.
    """

    name: str
    values: np.ndarray
    is_read: np.ndarray
    start: datetime
    dropped: int

    @property
    def days(self) -> float:
        """How long it is."""
        return len(self.values) * GRID_S / 86400


def load_pond_weeks(path: str | Path) -> tuple[PondWeek, ...]:
    """Every CSV file of a folder, or the one that is named.

    Raises:
        DataError: no such file, no column of a name that is needed, or a value that cannot be.
    """
    path = Path(path)
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    if not files:
        raise DataError(f"{path} holds no .csv file: unpack the set and name its folder")
    return tuple(_read_week(file) for file in files)


def _read_week(file: Path) -> PondWeek:
    rows = read_csv(file)
    places = _find_columns(file, rows[0][1] if rows else [])
    times, values, dropped = [], [], 0
    for line, row in rows[1:]:
        if not any(cell.strip() for cell in row):
            continue
        check_length(file, line, row, rows[0][1], max(places))
        when, pair = _parse(file, line, row, places)
        if times and when <= times[-1]:
            dropped += 1  # a clock that was set back: what it says of the order cannot be
            continue
        times.append(when)
        values.append(pair)
    if len(times) < 2:
        raise DataError(f"{file}: {len(times)} readings; a week of them is needed")
    grid, is_read = _on_the_grid(np.array([t.timestamp() for t in times]), np.array(values))
    return PondWeek(file.stem, grid, is_read, times[0], dropped)


def _find_columns(file: Path, header: list[str]) -> list[int]:
    refuse_separators(file, 1, header)
    places = []
    for name, pattern in _COLUMNS.items():
        found = [k for k, cell in enumerate(header) if pattern.search(cell.strip())]
        if not found:
            raise DataError(
                f"{file}: the first line has no column for {name} ({shorten(','.join(header))}); "
                "name them time, temperature_c, ph"
            )
        refuse_twice(file, 1, header, [header[found[0]]])
        places.append(found[0])
    return places


def _parse(
    file: Path, line: int, row: list[str], places: list[int]
) -> tuple[datetime, tuple[float, float]]:
    stamp = row[places[0]].strip()
    when = next((t for t in (_as_time(stamp, form) for form in _TIMES) if t is not None), None)
    if when is None:
        raise fail_at(file, line, f"time is {shorten(stamp)}", "write it as 2020-01-15 16:00:35")
    pair = []
    for name, place, most in zip(SIGNALS, places[1:], (60.0, 14.0), strict=True):
        value = as_number(row[place])
        if not 0 <= value <= most:
            raise fail_at(
                file,
                line,
                f"{name} is {shorten(row[place])}, not 0 to {most:g}",
                f"drop the row{decimal_comma(row[place])}",
            )
        pair.append(value)
    return when, (pair[0], pair[1])


def _as_time(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def _on_the_grid(seconds: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means of ten minutes; short gaps bridged, long ones NaN."""
    place = ((seconds - seconds[0]) // GRID_S).astype(int)
    n = int(place[-1]) + 1
    counts = np.bincount(place, minlength=n)
    grid = np.full((n, values.shape[1]), np.nan)
    for k in range(values.shape[1]):
        sums = np.bincount(place, weights=values[:, k], minlength=n)
        grid[:, k] = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    is_read = counts > 0
    at = np.flatnonzero(is_read)
    for before, after in pairwise(at):
        if 1 < after - before <= LONGEST_BRIDGE + 1:
            share = (np.arange(before + 1, after) - before)[:, None] / (after - before)
            grid[before + 1 : after] = grid[before] * (1 - share) + grid[after] * share
    return grid, is_read
