"""The public set "Human Activity Recognition Using Smartphones", read from its own folder.

Anguita et al., "A Public Domain Dataset for Human Activity Recognition Using Smartphones", ESANN
2013: 30 people with a phone at the waist, 50 Hz, windows of 128 samples, CC BY 4.0. The course
contains none of it; whoever has the folder can name it with `tinyml run motion --data FOLDER`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.motion import (
    CHANNEL_NAMES,
    CLASS_NAMES,
    SAMPLE_RATE_HZ,
    UNIT,
    WINDOW,
)
from tinyml_course.errors import DataError

SOURCE = "UCI HAR (Anguita et al., ESANN 2013, CC BY 4.0)"
WINDOW_IN_FILE = 128
ACTIVITIES = {
    1: "walk",
    2: "stairs",  # up
    3: "stairs",  # down
    4: "still",  # sitting
    5: "still",  # standing
    6: "still",  # lying
}


def is_uci_har(folder: Path) -> bool:
    """Whether `folder` looks like the unpacked set (it has `train` or `test` with signals)."""
    return any((folder / part / "Inertial Signals").is_dir() for part in ("train", "test"))


def _read_numbers(file: Path, columns: int) -> np.ndarray:
    """`(rows, columns)` float64 from a text file of numbers between blanks."""
    rows = []
    try:
        with open(file, encoding="ascii") as stream:
            for line, text in enumerate(stream, 1):
                try:
                    values = [float(word) for word in text.split()]
                except ValueError as error:
                    raise DataError(f"{file}, line {line}: {error}; unpack the set again") from None
                if len(values) != columns or not np.isfinite(values).all():
                    raise DataError(
                        f"{file}, line {line}: {len(values)} values, {columns} finite numbers "
                        "are needed; unpack the set again"
                    )
                rows.append(values)
    except UnicodeDecodeError as error:
        raise DataError(f"{file}: no text file; unpack the set again") from error
    except OSError as error:
        raise DataError(
            f"{file}: cannot be read ({error.strerror}); the folder of UCI HAR holds "
            "it, so unpack the set again"
        ) from error
    if not rows:
        raise DataError(f"{file}: the file is empty; unpack the set again")
    return np.array(rows)


def _read_part(folder: Path, part: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    signals = folder / part / "Inertial Signals"
    files = [signals / f"total_acc_{axis}_{part}.txt" for axis in "xyz"]
    axes = [_read_numbers(file, WINDOW_IN_FILE) for file in files]
    activity = _read_numbers(folder / part / f"y_{part}.txt", 1)[:, 0]
    subject = _read_numbers(folder / part / f"subject_{part}.txt", 1)[:, 0]
    lengths = [len(values) for values in (*axes, activity, subject)]
    if len(set(lengths)) > 1:
        raise DataError(
            f"{folder / part}: signals, labels and subjects have {lengths} rows, they must agree; "
            "unpack the set again"
        )
    unknown = sorted(set(activity.tolist()) - set(map(float, ACTIVITIES)))
    if unknown:
        raise DataError(
            f"{folder / part / f'y_{part}.txt'}: activity {unknown[0]:g} is none of "
            "1 to 6; is this another version of the set?"
        )
    return np.stack(axes, axis=2), activity.astype(int), subject.astype(int)


def load_uci_har(
    folder: str | Path, *, parts: Sequence[str] = ("train", "test"), stairs: str = "drop"
) -> Dataset:
    """The set's windows as still and walk; there is no running in it.

    The first 100 of a window's 128 samples (2 s) are taken. Groups are "uci01" to "uci30". Sitting,
    standing and lying are "still". Lesson 02 quotes what a model of synthetic people makes of them.

    Args:
        folder: where `train/Inertial Signals/total_acc_x_train.txt` and its like are.
        parts: the authors' own division by people; both are read unless one is named.
        stairs: "drop" the windows on stairs, or count them as "walk".

    Raises:
        DataError: a file that is missing, damaged or does not fit the others, with its name.
    """
    folder = Path(folder)
    if stairs not in ("drop", "walk"):
        raise DataError(f"stairs={stairs!r}: choose 'drop' or 'walk'")
    found = [part for part in parts if (folder / part / "Inertial Signals").is_dir()]
    if not found:
        raise DataError(
            f"{folder}: no folder 'train/Inertial Signals' or 'test/Inertial Signals'; "
            "name the folder 'UCI HAR Dataset' of the unpacked set"
        )
    x, activity, subject = (
        np.concatenate(values)
        for values in zip(*(_read_part(folder, part) for part in found), strict=True)
    )
    names = np.array([ACTIVITIES[a] for a in activity])
    names[names == "stairs"] = "walk" if stairs == "walk" else "drop"
    keep = names != "drop"
    return Dataset(
        x[keep, :WINDOW],
        np.array([CLASS_NAMES.index(name) for name in names[keep]], dtype=np.int64),
        np.array([f"uci{s:02d}" for s in subject[keep]], dtype=str),
        SAMPLE_RATE_HZ,
        CLASS_NAMES,
        CHANNEL_NAMES,
        UNIT,
        SOURCE,
    )
