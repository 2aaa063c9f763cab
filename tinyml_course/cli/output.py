"""What every command of `tinyml` needs: its result shown, its model read, its numbers checked."""

from __future__ import annotations

import argparse
import io
import json
import math
import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinyml_course.errors import DataError, ExportError
from tinyml_course.files import meant_file

if TYPE_CHECKING:  # NumPy takes longer to import than most commands to answer
    from tinyml_course.network.model import TfliteModel

MOST_SECONDS = 4_294_967  # as far as millis() counts: 49 days
MOST_SEED = 2**32 - 1  # what NumPy and TensorFlow take
MOST_COUNT = 1_000_000
MOST_PORT = 65_535
MOST_MODEL_BYTES = 1 << 28  # 256 MiB: larger than any chip's flash, and read in a second

# What `commands` of every `add_..._commands` is; argparse keeps the class to itself.
Commands = Any


def show(options: argparse.Namespace, value: object, text: str) -> None:
    """Print the result: JSON if asked for, else the text for a person.

    JSON has no infinity and no NaN; null stands for them.
    """
    print(json.dumps(_finite(value), indent=2, default=str) if options.json else text)


def _finite(value: object) -> object:
    """The same, with None in place of each float that is no finite number."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def take_any_console() -> None:
    """From now on a character that the console does not know is shown as its code.

    A console that is not UTF-8 has no letter for a micro sign, and a sketch may print anything.
    What was closed before we began becomes `os.devnull`: else the next file that is opened, perhaps
    a model's C, would stand where results and errors go.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # it gets the lowest number that is free
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def read_model(path: Path) -> TfliteModel:
    """The model in a file; nothing in it is read yet.

    Raises:
        DataError: it cannot be read, is no file (a device may never end), or is far too large.
        ExportError: it does not begin as a .tflite file does.
    """
    from tinyml_course.network.model import TfliteModel
    from tinyml_course.network.tflite_file import check_mark

    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
            raise DataError(f"{path} is no ordinary file. Give a .tflite file")
        if status.st_size > MOST_MODEL_BYTES:
            raise DataError(
                f"{path} has {status.st_size:,} bytes, a model for a microcontroller at most "
                f"{MOST_MODEL_BYTES:,}. Is it the right file?"
            )
        content = path.read_bytes()
    except OSError as error:
        inside = next(iter(sorted(path.glob("*.tflite"))), None) if path.is_dir() else None
        which = f": {inside}" if inside else ""
        raise DataError(
            f"cannot read {path}: {error.strerror}. Give a .tflite file{which}{meant_file(path)}"
        ) from error
    try:
        check_mark(content)
    except ExportError as error:
        raise ExportError(f"{path}: {error}") from error
    return TfliteModel(content)


def output_path(text: str) -> Path:
    """Where a result is written, for argparse: an empty name would be the folder one stands in."""
    if not text:
        raise argparse.ArgumentTypeError("it is empty: name a folder or file, or . for this folder")
    return Path(text)


def seconds(text: str) -> float:
    """A time above 0 that a board's clock can count, for argparse."""
    try:
        value = float(text) if "_" not in text else math.nan  # Python reads 1_0 as 10
    except ValueError:
        value = math.nan
    if not 0 < value <= MOST_SECONDS:
        comma = ", with a decimal point" if "," in text else ""
        raise argparse.ArgumentTypeError(
            f"{text[:40]} is no time: give seconds above 0, at most {MOST_SECONDS:,}{comma}"
        )
    return value


def seed(text: str) -> int:
    """A whole number from 0, for argparse."""
    return _whole_number(text, "seed", 0, MOST_SEED)


def count(text: str) -> int:
    """A whole number from 1, for argparse."""
    return _whole_number(text, "count", 1, MOST_COUNT)


def port(text: str) -> int:
    """A port's number, for argparse."""
    return _whole_number(text, "port", 1, MOST_PORT)


def _whole_number(text: str, name: str, least: int, most: int) -> int:
    try:
        value = int(text) if "_" not in text else -1
    except ValueError:  # also of thousands of digits
        value = -1
    if not least <= value <= most:
        raise argparse.ArgumentTypeError(
            f"{text[:40]} is no {name}: give a whole number from {least} to {most:,}"
        )
    return value
