"""The rows of a recording's CSV file, each checked by itself. `recordings` joins them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from tinyml_course.datasets.csv_rows import (
    as_number,
    check_header,
    fail_at,
    read_csv,
    refuse_twice,
    shorten,
)
from tinyml_course.datasets.phone import (
    find_phone_format,
    name_of_recording,
    read_phone_rows,
)

COLUMNS = ("t_ms", "ax_g", "ay_g", "az_g", "label", "subject")
MAX_AXIS_G = 16.0  # the widest range of the sensors in the course's boards


def parse_row(file: Path, line: int, row: list[str]) -> tuple[list[float], str, str]:
    """The numbers, the label and the subject of one row, each of them checked.

    Raises:
        DataError: with file, line and remedy.
    """
    if len(row) != len(COLUMNS):
        raise fail_at(
            file,
            line,
            f"{len(row)} values instead of {len(COLUMNS)}",
            f"each row needs {','.join(COLUMNS)}",
        )
    numbers = []
    for name, text in zip(COLUMNS[:4], row[:4], strict=True):
        value = as_number(text)
        if not math.isfinite(value):
            raise fail_at(
                file,
                line,
                f"{name} is {shorten(text)}, which is no number",
                "write numbers with a decimal point, without units; where a sensor failed, delete "
                "the row",
            )
        numbers.append(value)
    worst = max(numbers[1:], key=abs)
    if abs(worst) > MAX_AXIS_G:
        raise fail_at(
            file,
            line,
            f"an acceleration of {worst:g} g is beyond +-{MAX_AXIS_G:g} g",
            "are these m/s2, mg or raw counts? Divide by 9.80665, by 1000, or by the "
            "sensor's counts per g",
        )
    label, subject = row[4].strip(), row[5].strip()
    if not label or not subject:
        raise fail_at(file, line, "label or subject is empty", "say what was done and by whom")
    if not (label + subject).isprintable() or len(subject) > 100:
        raise fail_at(file, line, "label or subject cannot be shown", "use letters and digits")
    return numbers, label, subject


def read_rows(file: Path, class_names: Sequence[str]) -> Iterator[tuple[int, list, str, str]]:
    """Line number, numbers, label and subject of each row of a file, in order.

    Raises:
        DataError: with file, line and remedy.
    """
    rows = ((line, row) for line, row in read_csv(file) if row)
    line, header = next(rows, (1, []))
    names = [name.strip() for name in header]
    if form := find_phone_format(file, names):
        label, subject = name_of_recording(file, class_names)
        refuse_twice(file, line, names, (form.time, *form.axes))
        for line, numbers in read_phone_rows(file, form, names, rows):
            yield line, numbers, label, subject
        return
    check_header(file, line, header, COLUMNS, ", accelerations in g")
    for line, row in rows:
        numbers, label, subject = parse_row(file, line, row)
        if label not in class_names:
            raise fail_at(
                file,
                line,
                f"unknown label {shorten(label)}",
                f"known labels: {', '.join(class_names)}; for classes of your own, all of "
                "them: tinyml run motion --data PATH --classes NAME,NAME,...",
            )
        yield line, numbers, label, subject
