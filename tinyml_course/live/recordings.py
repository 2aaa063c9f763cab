"""Recorded movements and sounds that a live board can feel and hear, from the course's own data."""

from __future__ import annotations

import csv
from functools import cache
from itertools import groupby

import numpy as np

from tinyml_course.board.virtual.traces import Trace, acceleration_trace
from tinyml_course.datasets.wav import read_wav
from tinyml_course.errors import BoardError
from tinyml_course.shipped import DATA

PEOPLE = ("p003", "p005")
SOUNDS = {"yes and no among other words": DATA / "keywords" / "yes_no.wav"}
_COLUMNS = ("ax_g", "ay_g", "az_g")


@cache
def list_movements() -> dict[str, Trace]:
    """Movements by name, for instance "walk (p003)": three classes from two people."""
    found: dict[str, Trace] = {}
    for person in PEOPLE:
        with open(DATA / f"motion_{person}.csv", newline="", encoding="utf-8") as file:
            for label, rows in groupby(csv.DictReader(file), key=lambda row: row["label"]):
                values = np.array([[float(row[c]) for c in _COLUMNS] for row in rows])
                found.setdefault(f"{label} ({person})", acceleration_trace(values.tolist()))
    return found


def get_movement(name: str) -> Trace:
    """The movement called `name`.

    Raises:
        BoardError: there is none; the message lists those there are.
    """
    movements = list_movements()
    if name not in movements:
        raise BoardError(f"no movement is called {name!r}; known: {', '.join(movements)}")
    return movements[name]


def get_sound(name: str) -> np.ndarray:
    """The sound called `name`, int16 at 16,000 Hz.

    Raises:
        BoardError: there is none; the message lists those there are.
    """
    if name not in SOUNDS:
        raise BoardError(f"no sound is called {name!r}; known: {', '.join(SOUNDS)}")
    samples, _ = read_wav(SOUNDS[name], 16_000)
    return samples
