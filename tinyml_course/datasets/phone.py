"""Recordings of a phone: what Phyphox and Sensor Logger export, in the course's units.

Neither file says what was done or by whom: its name does, `LABEL_SUBJECT.csv` or
`LABEL_SUBJECT_2.csv`. Units are read from the column's name where it has one, and checked by the
length of gravity in any case. Lesson 11 uses it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyml_course.datasets.csv_rows import as_number, check_length
from tinyml_course.errors import DataError

STANDARD_GRAVITY = 9.80665  # m/s2
ALONE = "me"  # the subject of a file whose name has none
# What the median length of an acceleration with gravity in it lies between, in g.
LEAST_G, MOST_G = 0.3, 3.5


@dataclass(frozen=True)
class PhoneFormat:
    """What an app calls its columns.

    Attributes:
        time: the column of seconds.
        axes: x, y and z.
        unit_g: a unit of the columns in g; None where their name does not say.
    """

    app: str
    time: str
    axes: tuple[str, str, str]
    unit_g: float | None = None


_METRES = 1 / STANDARD_GRAVITY
FORMATS = (
    PhoneFormat(
        "Phyphox",
        "Time (s)",
        ("Acceleration x (m/s^2)", "Acceleration y (m/s^2)", "Acceleration z (m/s^2)"),
        _METRES,
    ),
    PhoneFormat(
        "Phyphox",
        "Time (s)",
        ("Absolute acceleration x (m/s^2)", "Absolute acceleration y (m/s^2)",
         "Absolute acceleration z (m/s^2)"),
        _METRES,
    ),
    PhoneFormat("Sensor Logger", "seconds_elapsed", ("x", "y", "z")),
)  # fmt: skip


def find_phone_format(file: str | Path, columns: Sequence[str]) -> PhoneFormat | None:
    """Which app wrote a file with these columns; None for none that is known.

    >>> find_phone_format("walk_ann.csv", ["time", "seconds_elapsed", "z", "y", "x"]).app
    'Sensor Logger'

    Raises:
        DataError: the app has subtracted gravity.
    """
    if any(name.startswith("Linear Acceleration") for name in columns):
        raise DataError(
            f"{file}, line 1: gravity was subtracted (Linear Acceleration); in Phyphox choose "
            "'Acceleration (with g)' and record again"
        )
    for form in FORMATS:
        if {form.time, *form.axes} <= set(columns):
            return form
    return None


def name_of_recording(file: Path, class_names: Sequence[str]) -> tuple[str, str]:
    """Label and subject, from the file's name.

    >>> name_of_recording(Path("phone/walk_ann_2.csv"), ("still", "walk"))
    ('walk', 'ann')

    Raises:
        DataError: the name does not begin with a known label.
    """
    label, _, rest = file.stem.partition("_")
    if label not in class_names:
        raise DataError(
            f"{file}: a phone's file is named by what was done and by whom, LABEL_SUBJECT.csv; "
            f"known labels: {', '.join(class_names)}"
        )
    return label, rest.split("_")[0] or ALONE


def read_phone_rows(
    file: Path, form: PhoneFormat, columns: Sequence[str], rows: Iterator[tuple[int, list[str]]]
) -> Iterator[tuple[int, list[float]]]:
    """Line numbers, and `[t_ms, ax_g, ay_g, az_g]`, of a phone's file.

    Raises:
        DataError: with file and line: no number; or, for the whole file, a unit that cannot be.
    """
    places = [columns.index(name) for name in (form.time, *form.axes)]
    lines, values = [], []
    for line, row in rows:
        check_length(file, line, row, columns, max(places))
        numbers = [as_number(row[place]) for place in places]
        if not all(math.isfinite(number) for number in numbers):
            raise DataError(
                f"{file}, line {line}: {', '.join((form.time, *form.axes))} must be numbers; "
                "export again, with a decimal point"
            )
        lines.append(line)
        values.append(numbers)
    if not values:
        raise DataError(f"{file}: the file has a header and no rows; record something")
    table = np.array(values)
    unit_g = _find_unit(file, form, float(np.median(np.linalg.norm(table[:, 1:], axis=1))))
    table[:, 0] = (table[:, 0] - table[0, 0]) * 1000.0
    table[:, 1:] *= unit_g
    yield from zip(lines, table.tolist(), strict=True)


def _find_unit(file: Path, form: PhoneFormat, median: float) -> float:
    """What one unit of the file is in g, by its name and by the length of gravity."""
    for unit_g in (1.0, _METRES) if form.unit_g is None else (form.unit_g,):
        if LEAST_G <= median * unit_g <= MOST_G and (form.unit_g or _is_likely(median, unit_g)):
            return unit_g
    raise DataError(
        f"{file}: the median length of the acceleration is {median:.3g}, which is neither m/s2 nor "
        "g with gravity in it; in Sensor Logger record 'Total Acceleration' (with gravity), in "
        "Phyphox 'Acceleration (with g)'"
    )


def _is_likely(median: float, unit_g: float) -> bool:
    """Of two units that both could be, the one whose gravity is nearer to 1."""
    other = _METRES if unit_g == 1.0 else 1.0
    return abs(math.log(median * unit_g)) <= abs(math.log(median * other))
