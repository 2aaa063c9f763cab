"""What the sensors of a virtual board feel: recordings, played back in virtual time.

A trace begins when the sketch first asks its sensor for a sample, so that the sketch sees every row
once and in order. It begins again when it has ended.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyml_course.datasets.csv_rows import (
    as_number,
    check_length,
    decimal_comma,
    read_csv,
    refuse_separators,
    refuse_twice,
    shorten,
)
from tinyml_course.datasets.wav import CONVERT, read_wav
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
ALL_COLUMNS = ("t_ms", *ACCELERATION_COLUMNS, *GAS_COLUMNS, *ANALOG_COLUMNS, *QUANTITIES)
OTHER_SOUNDS = (".mp3", ".m4a", ".aac", ".flac", ".ogg", ".opus", ".aiff", ".wma")
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
        if path.suffix.lower() in OTHER_SOUNDS:
            raise BoardError(f"the trace {path} is a sound, but no WAV: {CONVERT}")
        (line, names), *rows = [(n, row) for n, row in read_csv(path) if row] or [(1, [])]
        names = [name.strip() for name in names]
        refuse_separators(path, line, names)
        refuse_twice(path, line, names, ALL_COLUMNS)
        kinds = _kinds_in(names)
        last = max((names.index(name) for columns in kinds.values() for name in columns), default=0)
        for line, row in rows:
            check_length(path, line, row, names, last)
    except OSError as error:
        raise BoardError(f"cannot read the trace {path}: {error.strerror or error}") from error
    except DataError as error:
        raise BoardError(f"the trace {error}") from error
    if "t_ms" not in names or not kinds:
        raise BoardError(
            f"{path} is no trace: its first line {_describe(names)}; it needs t_ms and "
            f"{','.join(ACCELERATION_COLUMNS)}, {','.join(GAS_COLUMNS)}, {ANALOG_COLUMNS[0]} to "
            f"{ANALOG_COLUMNS[-1]} or any of {','.join(QUANTITIES)}"
        )
    if len(rows) < 2:
        raise BoardError(f"{path} is no trace: at least two rows are needed under the first line")
    return [_read_columns(path, names, rows, kind, columns) for kind, columns in kinds.items()]


def _describe(names: Sequence[str]) -> str:
    text = ",".join(names)
    return f"names {text}" if text and len(text) < 300 and text.isprintable() else "names nothing"


def _kinds_in(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Which traces a file with these columns holds, each with the columns it is read from."""
    kinds = {
        "acceleration": ACCELERATION_COLUMNS,
        "gas": GAS_COLUMNS,
        "analog": tuple(name for name in ANALOG_COLUMNS if name in names),
        "surroundings": tuple(name for name in QUANTITIES if name in names),
    }
    return {kind: cols for kind, cols in kinds.items() if cols and {*cols} <= {*names}}


def _read_columns(
    path: Path,
    names: Sequence[str],
    rows: Sequence[tuple[int, list[str]]],
    kind: str,
    columns: tuple[str, ...],
) -> Trace:
    """The trace of one kind in a file's rows."""
    wanted = ("t_ms", *columns)
    places = [names.index(name) for name in wanted]
    table = np.array([[as_number(row[place]) for place in places] for _, row in rows])
    lows, highs = _limits(kind, columns)
    lows, highs = np.r_[0.0, lows], np.r_[GREATEST_T_MS, highs]
    if (beyond := ~((table >= lows) & (table <= highs))).any():  # nan is beyond too
        at, column = (int(place) for place in np.argwhere(beyond)[0])
        text = rows[at][1][places[column]]
        raise BoardError(
            f"the trace {path}, line {rows[at][0]}: {wanted[column]} is {shorten(text)}, not a "
            f"number from {lows[column]:g} to {highs[column]:.10g}{decimal_comma(text)}"
        )
    step_ms = float(np.median(np.diff(table[:, 0])))
    if step_ms <= 0:
        raise BoardError(f"{path} is no trace: its rows must stand in the order of time, by t_ms")
    dtype = np.uint32 if kind == "gas" else np.float32
    return Trace(kind, table[:, 1:].astype(dtype), 1000.0 / step_ms, columns)


def _limits(kind: str, columns: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The least and the greatest value of each column that a sensor could give."""
    both: list[tuple[float, float]]
    if kind == "surroundings":
        both = [(QUANTITIES[name].low, QUANTITIES[name].high) for name in columns]
    else:
        limits = {"gas": (0.0, 2.0**32 - 1), "analog": (0.0, GREATEST_V)}
        both = [limits.get(kind, (-GREATEST_G, GREATEST_G))] * len(columns)
    return np.array([low for low, _ in both]), np.array([high for _, high in both])


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
