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
ANALOG_COLUMNS = tuple(f"a{pin}_v" for pin in range(8))  # volts at A0, A1 ...


@dataclass(frozen=True)
class Quantity:
    """What one of the smaller sensors feels: without anybody's doing, and its range."""

    at_rest: float
    low: float
    high: float


# Turning in degrees a second, magnetism in microtesla (as in central Europe), a room, a lamp above
# the table (counts of the colour sensor), nothing near (255; 0 is a touch), no gesture.
QUANTITIES: dict[str, Quantity] = {
    "gx_dps": Quantity(0.0, -2000, 2000),
    "gy_dps": Quantity(0.0, -2000, 2000),
    "gz_dps": Quantity(0.0, -2000, 2000),
    "mx_ut": Quantity(20.0, -400, 400),
    "my_ut": Quantity(0.0, -400, 400),
    "mz_ut": Quantity(-43.0, -400, 400),
    "temperature_c": Quantity(22.0, -40, 120),
    "humidity_pct": Quantity(45.0, 0, 100),
    "pressure_kpa": Quantity(101.325, 26, 126),
    "red": Quantity(60.0, 0, 4097),
    "green": Quantity(65.0, 0, 4097),
    "blue": Quantity(50.0, 0, 4097),
    "clear": Quantity(170.0, 0, 4097),
    "proximity": Quantity(255.0, 0, 255),
    "gesture": Quantity(-1.0, -1, 3),
}
MOST_TRACE_BYTES = 1 << 28  # 256 MiB: a day of accelerations, or an hour of sound
GREATEST_G = 1000.0  # beyond any sensor that a sketch could ask for
GREATEST_V = 5.0  # a pin reads its supply at most
GREATEST_T_MS = 2**32 - 1  # as far as millis() counts


@dataclass(frozen=True)
class Trace:
    """Samples at a fixed rate.

    Attributes:
        kind: "acceleration" (g), "gas" (raw counts), "sound" (int16), "analog" (volts at pins) or
            "surroundings".
        values: `(n, channels)`, float32, uint32 or int16.
        rate_hz: samples a second.
        columns: names of the channels; "surroundings" and "analog" need them.
    """

    kind: str
    values: np.ndarray
    rate_hz: float
    columns: tuple[str, ...] = ()

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
    """The first trace in a file; see `read_traces`."""
    return read_traces(path)[0]


def read_traces(path: Path | str) -> list[Trace]:
    """The traces in a file: a WAV (16 bit, mono), or a CSV with columns for one sensor or several.

    A CSV needs `t_ms` and `ax_g,ay_g,az_g`, `no2,c2h5oh,voc,co`, any of `a0_v` to `a7_v` (volts at
    A0 to A7), or names of QUANTITIES, such as `gx_dps,gy_dps,gz_dps` or `temperature_c`; further
    columns (label, subject) are ignored. Its rate is the median step of `t_ms`; gaps are played
    without a pause.

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
            return [_read_wav(path)]
        with open(path, newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise BoardError(f"cannot read the trace {path}: {error.strerror or error}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise BoardError(f"the trace {path} is no CSV in UTF-8 ({error})") from error
    found = _read_columns(path, rows) if len(rows) > 1 and "t_ms" in rows[0] else []
    if not found:
        raise BoardError(
            f"{path} is no trace: it needs a header with t_ms and {','.join(ACCELERATION_COLUMNS)},"
            f" {','.join(GAS_COLUMNS)}, {ANALOG_COLUMNS[0]} to {ANALOG_COLUMNS[-1]} or any of "
            f"{','.join(QUANTITIES)}, and at least two rows in the order of time"
        )
    return found


def _read_columns(path: Path, rows: list[dict[str, str]]) -> list[Trace]:
    names = set(rows[0])
    others = tuple(name for name in QUANTITIES if name in names)
    volts = tuple(name for name in ANALOG_COLUMNS if name in names)
    found = []
    for kind, columns, dtype in (
        ("acceleration", ACCELERATION_COLUMNS, np.float32),
        ("gas", GAS_COLUMNS, np.uint32),
        ("analog", volts, np.float32),
        ("surroundings", others, np.float32),
    ):
        if not columns or not {*columns} <= names:
            continue
        wanted = ("t_ms", *columns)
        table = np.array([_as_numbers(path, n, row, wanted) for n, row in enumerate(rows)])
        t_ms = table[:, 0]
        lows, highs = _limits(kind, columns)
        values = _as_values(path, t_ms, table[:, 1:], lows, highs).astype(dtype)
        step_ms = float(np.median(np.diff(t_ms)))
        if step_ms > 0:
            found.append(Trace(kind, values, 1000.0 / step_ms, columns))
    return found


def _limits(kind: str, columns: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The least and the greatest value of each column that a sensor could give."""
    both: list[tuple[float, float]]
    if kind == "surroundings":
        both = [(QUANTITIES[name].low, QUANTITIES[name].high) for name in columns]
    else:
        limits = {"gas": (0.0, 2.0**32 - 1), "analog": (0.0, GREATEST_V)}
        both = [limits.get(kind, (-GREATEST_G, GREATEST_G))] * len(columns)
    return np.array([low for low, _ in both]), np.array([high for _, high in both])


def _as_numbers(path: Path, place: int, row: dict[str, str], columns: Sequence[str]) -> list[float]:
    try:
        return [float(row[column] or "") for column in columns]
    except ValueError as error:
        line = place + 2  # the header is line 1
        raise BoardError(
            f"the trace {path}, line {line}: {', '.join(columns)} must be numbers"
        ) from error


def _as_values(
    path: Path, t_ms: np.ndarray, numbers: np.ndarray, lows: np.ndarray, highs: np.ndarray
) -> np.ndarray:
    """The numbers of a CSV; refused where no sensor could give them."""
    beyond = ~((numbers >= lows) & (numbers <= highs))  # nan is beyond too
    wrong = beyond.any(axis=1) | ~((t_ms >= 0) & (t_ms <= GREATEST_T_MS))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        column = int(beyond[row].argmax())
        raise BoardError(
            f"the trace {path}, line {row + 2}: values go from {lows[column]:g} to "
            f"{highs[column]:g}, t_ms from 0 to {GREATEST_T_MS:,}"
        )
    return numbers


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
