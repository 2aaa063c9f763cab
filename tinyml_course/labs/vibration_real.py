"""What a real fan and real bearings say of the detector, with every control: lesson 14's figures.

    python -m tinyml_course.labs.vibration_real FOLDER

FOLDER holds one or both of the public sets (`datasets/vibration_public.py`). Nothing is fitted on
a fault; the network is the shipped one, which has met synthetic machines only.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from tinyml_course.datasets.vibration_public import (
    BEARING_SOURCE,
    FAN_SOURCE,
    load_bearings,
    load_fan,
)
from tinyml_course.errors import DataError, TinyMLCourseError
from tinyml_course.labs.vibration_bearings import measure_bearings
from tinyml_course.labs.vibration_fan import measure_fan
from tinyml_course.table import Table


def measure(path: str | Path) -> str:
    """All tables that the folder allows, as text.

    Raises:
        DataError: it holds neither set.
    """
    said, refused = [], []
    for source, tables in ((FAN_SOURCE, _tables_of_fan), (BEARING_SOURCE, _tables_of_bearings)):
        try:
            found = tables(Path(path))
        except DataError as error:
            refused.append(str(error))
            continue
        said += [source, *map(str, found)]
    if not said:
        raise DataError("; ".join(refused))
    return "\n\n".join(said)


def _tables_of_fan(path: Path) -> tuple[Table, ...]:
    return measure_fan(load_fan(path))


def _tables_of_bearings(path: Path) -> tuple[Table, ...]:
    return measure_bearings(load_bearings(path))


def main(arguments: Sequence[str]) -> int:
    """`python -m tinyml_course.labs.vibration_real FOLDER`; exit code 1 with a line on an error."""
    if len(arguments) != 1:
        print("usage: python -m tinyml_course.labs.vibration_real FOLDER", file=sys.stderr)
        return 2
    try:
        print(measure(arguments[0]))
    except TinyMLCourseError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
