"""A CSV file as rows with their lines, its header checked, and what a person can do if it is wrong.

All files of recordings are read here: commas between columns, points in numbers, UTF-8. What a
spreadsheet in German writes, semicolons and decimal commas, is named with the way out.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path

from tinyml_course.errors import DataError
from tinyml_course.files import meant_file

SEPARATORS = {";": ("semicolons", "semicolon"), "\t": ("tabs", "tab"), "|": ("bars", "bar")}
LONGEST_LIST = 300  # characters of names in a message
_BEGINS = {
    b"PK": "a spreadsheet or another archive: open it and save it as CSV, UTF-8",
    b"RIFF": "a sound: name it .wav",
    b"ID3": "a sound: convert it to WAV",
    b"OggS": "a sound: convert it to WAV",
    b"fLaC": "a sound: convert it to WAV",
    b"\xff\xfe": "text in UTF-16: save it as CSV, UTF-8",
    b"\xfe\xff": "text in UTF-16: save it as CSV, UTF-8",
}


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


def as_number(text: str) -> float:
    """The number that a person wrote: NaN for what is none, Python's own 1_0 among it.

    >>> as_number("-1.5e3"), as_number(" 2 "), as_number("1_0"), as_number("0,5")
    (-1500.0, 2.0, nan, nan)
    """
    try:
        return float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        return math.nan


def decimal_comma(text: str) -> str:
    """The remedy for a number with a comma, for the end of a message; nothing for another.

    >>> decimal_comma("7,2"), decimal_comma("fast")
    ('; write a decimal point, not a comma', '')
    """
    is_meant = text.count(",") == 1 and math.isfinite(as_number(text.replace(",", ".")))
    return "; write a decimal point, not a comma" if is_meant else ""


def read_csv(file: Path) -> list[tuple[int, list[str]]]:
    """Each row with the line it ends on, the header among them; empty lines as empty rows.

    Raises:
        DataError: no file, one that cannot be read, or one that is no CSV in UTF-8.
    """
    if file.exists() and not file.is_file():
        raise DataError(f"{file} is no ordinary file: name a .csv file")
    try:
        with open(file, newline="", encoding="utf-8-sig") as stream:
            reader = csv.reader(stream)
            return [(reader.line_num, row) for row in reader]
    except UnicodeDecodeError as error:
        raise DataError(
            f"{file}: no CSV in UTF-8: {_what_it_is(file)} (byte {error.start}: {error.reason})"
        ) from error
    except csv.Error as error:
        raise DataError(f"{file}: not readable as CSV ({error}); save it as CSV, UTF-8") from error
    except OSError as error:
        raise DataError(
            f"{file}: cannot be read ({error.strerror}); check the path and its permissions"
            f"{meant_file(file)}"
        ) from error


def _what_it_is(file: Path) -> str:
    with open(file, "rb") as stream:
        begins = stream.read(4)
    found = (f"it is {what}" for mark, what in _BEGINS.items() if begins.startswith(mark))
    return next(found, "save it as CSV, UTF-8")


def read_table(file: Path, columns: Sequence[str]) -> list[tuple[int, list[str]]]:
    """The rows under a header that must be exactly `columns`, with their lines; none is empty.

    Raises:
        DataError: as `read_csv`, or as `check_header`.
    """
    rows = read_csv(file)
    line, header = next(((line, row) for line, row in rows if row), (1, []))
    check_header(file, line, header, columns)
    return [(n, row) for n, row in rows if n > line and row]


def check_header(
    file: Path, line: int, header: Sequence[str], columns: Sequence[str], remedy: str = ""
) -> None:
    """Refuse a first line that is not `columns`, and say what is wrong with it.

    Args:
        remedy: what else the reader should know, after the names.

    Raises:
        DataError: with file, line and remedy.
    """
    names = [name.strip() for name in header]
    if names == list(columns):
        return
    wanted = f"the first line must be {','.join(columns)}{remedy}"
    if not any(names):
        raise DataError(f"{file}: the file is empty; {wanted}")
    refuse_separators(file, line, header)
    refuse_twice(file, line, names, columns)
    raise fail_at(file, line, _what_differs(names, columns), wanted)


def _what_differs(names: Sequence[str], columns: Sequence[str]) -> str:
    unknown = [name for name in names if name not in columns]
    missing = [name for name in columns if name not in names]
    what = f"columns {','.join(names)}"
    if len(what) > LONGEST_LIST or not what.isprintable():
        return f"no names of columns but {shorten(names[0])}"
    if math.isfinite(as_number(names[0])):
        return f"a row of numbers and no names of columns ({shorten(','.join(names))})"
    parts = [f"{word} {', '.join(some)}" for word, some in (
        ("unknown:", unknown), ("missing:", missing)) if some]  # fmt: skip
    return f"{what} ({'; '.join(parts) or 'in another order'})"


def check_length(
    file: Path, line: int, row: Sequence[str], names: Sequence[str], last: int
) -> None:
    """Refuse a row that has more values than the header names, or ends before place `last`.

    Raises:
        DataError: with file, line and remedy. A decimal comma makes two values of a number.
    """
    if len(row) <= last or any(cell.strip() for cell in row[len(names) :]):
        raise fail_at(
            file,
            line,
            f"{len(row)} values under {len(names)} names",
            "write one for each column, with commas between them and a decimal point in them",
        )


def refuse_separators(file: Path, line: int, header: Sequence[str]) -> None:
    """Refuse a header whose names stand between semicolons, tabs or bars.

    Raises:
        DataError: with file, line and what to replace.
    """
    text = ",".join(header)
    found = max(SEPARATORS, key=text.count)
    if text.count(found) <= text.count(","):
        return
    many, one = SEPARATORS[found]
    raise fail_at(
        file,
        line,
        f"{many} between the columns, where commas are expected, and points in numbers",
        "save it with commas; or in a text editor replace first each comma by a point, then each "
        f"{one} by a comma",
    )


def refuse_twice(
    file: Path, line: int, names: Sequence[str], wanted: Sequence[str] | None = None
) -> None:
    """Refuse a name that two columns have: which of them is meant?

    Args:
        wanted: the names that are read; all of them if None.

    Raises:
        DataError: with file, line, name and both places.
    """
    for name in dict.fromkeys(names):
        places = [place for place, other in enumerate(names, 1) if other == name]
        if len(places) > 1 and name and (wanted is None or name in wanted):
            where = f"columns {', '.join(map(str, places[:-1]))} and {places[-1]}"
            raise fail_at(
                file,
                line,
                f"{where} are both called {shorten(name)}",
                "rename one or take it away",
            )
