"""The rows of a recording's CSV file, each checked by itself. `recordings` joins them."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from tinyml_course.datasets.phone import (
    find_phone_format,
    name_of_recording,
    read_phone_rows,
)
from tinyml_course.errors import DataError

COLUMNS = ("t_ms", "ax_g", "ay_g", "az_g", "label", "subject")
MAX_AXIS_G = 16.0  # the widest range of the sensors in the course's boards


def fail_at(file: str | Path, line: int, what: str, remedy: str) -> DataError:
    """The error of a line, in the words that all of them have."""
    return DataError(f"{file}, line {line}: {what}; {remedy}")


def shorten(text: str) -> str:
    """Text from a file as it may stand in a message: one line, and not 5,000 characters.

    >>> shorten("9" * 5000)
    "'99999999999999999999' and 4,980 characters more"
    """
    most = 20
    more = f" and {len(text) - most:,} characters more" if len(text) > most else ""
    return repr(text[:most]) + more


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
        try:
            value = float(text) if "_" not in text else float("none")  # Python reads 1_0 as 10
        except ValueError:
            raise fail_at(
                file,
                line,
                f"{name} is {shorten(text)}, which is no number",
                "write numbers with a decimal point, without units",
            ) from None
        if not math.isfinite(value):
            raise fail_at(
                file,
                line,
                f"{name} is {shorten(text)}",
                "delete the row, or record again: a sensor that fails is no sample",
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
    try:
        with open(file, newline="", encoding="utf-8-sig") as stream:
            reader = csv.reader(stream)
            header = next(reader, None)
            if header is None:
                raise DataError(
                    f"{file}: the file is empty; its first line must be {','.join(COLUMNS)}"
                )
            names = tuple(name.strip() for name in header)
            if form := find_phone_format(file, names):
                label, subject = name_of_recording(file, class_names)
                numbered = ((reader.line_num, row) for row in reader if row)
                for line, numbers in read_phone_rows(file, form, names, numbered):
                    yield line, numbers, label, subject
                return
            if names != COLUMNS:
                wrong = [name for name in names if name not in COLUMNS] or ["another order"]
                what = f"columns {','.join(names)} (wrong: {', '.join(wrong)})"
                is_text = what.isprintable() and len(what) < 300
                raise fail_at(
                    file,
                    1,
                    what if is_text else f"no names of columns but {shorten(header[0])}",
                    f"the first line must be {','.join(COLUMNS)}, accelerations in g",
                )
            for row in reader:
                if not row:
                    continue
                line = reader.line_num
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
