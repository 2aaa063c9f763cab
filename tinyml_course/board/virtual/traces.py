"""What the sensors of a virtual board feel: recordings, played back in virtual time.

A trace begins when the sketch first asks its sensor for a sample, so that the sketch sees every row
once and in order. It begins again when it has ended.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyml_course.datasets.wav import read_wav
from tinyml_course.errors import BoardError, DataError

ACCELERATION_COLUMNS = ("ax_g", "ay_g", "az_g")
GAS_COLUMNS = ("no2", "c2h5oh", "voc", "co")
MOST_TRACE_BYTES = 1 << 28  # 256 MiB: a day of accelerations, or an hour of sound
GREATEST_G = 1000.0  # beyond any sensor that a sketch could ask for
GREATEST_T_MS = 2**32 - 1  # as far as millis() counts


@dataclass(frozen=True)
class Trace:
    """Samples at a fixed rate.

    Attributes:
        kind: "acceleration" (g), "gas" (raw counts) or "sound" (int16).
        values: `(n, channels)`, float32, uint32 or int16.
        rate_hz: samples a second.
    """

    kind: str
    values: np.ndarray
    rate_hz: float

    @property
    def seconds(self) -> float:
        """Its length in time."""
        return len(self.values) / self.rate_hz


class Player:
    """A trace's position in virtual time; begins at the first question."""

    def __init__(self, trace: Trace, now_us: Callable[[], int]) -> None:
        self.trace = trace
        self._now_us = now_us
        self._start_us: int | None = None

    @property
    def has_begun(self) -> bool:
        """Whether the sketch has asked for a sample."""
        return self._start_us is not None

    def index(self) -> int:
        """How many sample periods have passed since the first question, rounded.

        Rounding puts the questions of a sketch that samples at the trace's own rate into the
        middle of a period, so that a question a little early or late still finds its row.
        """
        if self._start_us is None:
            self._start_us = self._now_us()
        return math.floor((self._now_us() - self._start_us) * self.trace.rate_hz / 1e6 + 0.5)

    def row(self) -> np.ndarray:
        """The newest sample."""
        return self.trace.values[self.index() % len(self.trace.values)]


def read_trace(path: Path | str) -> Trace:
    """A trace from a file: a WAV (16 bit, mono) or a CSV of accelerations or gas counts.

    A CSV needs `t_ms` and either `ax_g,ay_g,az_g` or `no2,c2h5oh,voc,co`; further columns (label,
    subject) are ignored. Its rate is the median step of `t_ms`; gaps are played without a pause.

    Raises:
        BoardError: another kind of file, or one that cannot be read.
    """
    path = Path(path)
    if path.exists() and not path.is_file():
        raise BoardError(f"{path} is no ordinary file: a trace is a CSV or a WAV")
    try:
        if path.exists() and path.stat().st_size > MOST_TRACE_BYTES:
            raise BoardError(f"{path} is larger than {MOST_TRACE_BYTES:,} bytes: cut the trace")
        if path.suffix.lower() == ".wav":
            return _read_wav(path)
        with open(path, newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise BoardError(f"cannot read the trace {path}: {error.strerror or error}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise BoardError(f"the trace {path} is no CSV in UTF-8 ({error})") from error
    names = set(rows[0]) if rows else set()
    for kind, columns, dtype in (
        ("acceleration", ACCELERATION_COLUMNS, np.float32),
        ("gas", GAS_COLUMNS, np.uint32),
    ):
        if {"t_ms", *columns} <= names and len(rows) > 1:
            wanted = ("t_ms", *columns)
            table = np.array([_as_numbers(path, n, row, wanted) for n, row in enumerate(rows)])
            t_ms = table[:, 0]
            values = _as_values(path, t_ms, table[:, 1:], dtype)
            step_ms = float(np.median(np.diff(t_ms)))
            if step_ms > 0:
                return Trace(kind, values, 1000.0 / step_ms)
    raise BoardError(
        f"{path} is no trace: it needs a header with t_ms and {','.join(ACCELERATION_COLUMNS)} or "
        f"{','.join(GAS_COLUMNS)}, and at least two rows in the order of time"
    )


def _as_numbers(path: Path, place: int, row: dict[str, str], columns: Sequence[str]) -> list[float]:
    try:
        return [float(row[column] or "") for column in columns]
    except ValueError as error:
        line = place + 2  # the header is line 1
        raise BoardError(
            f"the trace {path}, line {line}: {', '.join(columns)} must be numbers"
        ) from error


def _as_values(path: Path, t_ms: np.ndarray, numbers: np.ndarray, dtype: type) -> np.ndarray:
    """The numbers of a CSV as a sensor gives them; refused where no sensor could."""
    low, high = (0, 2**32 - 1) if dtype is np.uint32 else (-GREATEST_G, GREATEST_G)
    wrong = ~((numbers >= low) & (numbers <= high)).all(axis=1)  # nan is wrong too
    wrong |= ~((t_ms >= 0) & (t_ms <= GREATEST_T_MS))
    if wrong.any():
        line = int(np.flatnonzero(wrong)[0]) + 2  # the header is line 1
        raise BoardError(
            f"the trace {path}, line {line}: values go from {low:g} to {high:g}, t_ms from 0 to "
            f"{GREATEST_T_MS:,}"
        )
    return numbers.astype(dtype)


def acceleration_trace(values_g: Sequence, rate_hz: float = 50.0) -> Trace:
    """A trace from an array `(n, 3)` in g."""
    values = np.ascontiguousarray(values_g, np.float32)
    if values.ndim != 2 or values.shape[1] != 3 or not len(values):
        raise BoardError(f"an acceleration trace is (n, 3) in g, not {values.shape}")
    return Trace("acceleration", values, rate_hz)


def _read_wav(path: Path) -> Trace:
    try:
        samples, rate_hz = read_wav(path, most_channels=1)
    except DataError as error:
        raise BoardError(f"the trace {error}") from error
    return Trace("sound", samples.reshape(-1, 1), float(rate_hz))
