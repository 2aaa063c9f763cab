"""People who stand still, walk and run with a board at the waist: mounted alike, or turned.

The people and their movements are those of `datasets/motion`. Here the board is always at the
waist, and the same way up, as the instructions say; or every person has turned it, and keeps it so.
Lesson 18 asks what the board can learn about that by itself.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from tinyml_course.datasets import motion_physics as physics
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.motion import (
    CHANNEL_NAMES,
    CLASS_NAMES,
    SAMPLE_RATE_HZ,
    UNIT,
    WINDOW,
    cut_windows,
    make_mounting,
    make_person,
    synthesize_recording,
)
from tinyml_course.errors import DataError
from tinyml_course.files import write_text

SECONDS = 10.0
RECORDINGS = 2  # of each activity: what is labelled and what is judged lie in different ones
SLACK_RAD = 0.1  # nobody fastens a belt twice at the same angle
TRACE_SECONDS = 10  # of each activity, twice
TRACE_PERSON = 403  # whose turn takes everything for standing still


def small_turn(rng: np.random.Generator) -> np.ndarray:
    """A turn by some degrees about each axis, `(3, 3)`."""
    turn = np.eye(3)
    for axis, angle in enumerate(rng.normal(0, SLACK_RAD, 3)):
        one, other = (axis + 1) % 3, (axis + 2) % 3
        about = np.eye(3)
        about[[one, other], [one, other]] = np.cos(angle)
        about[one, other], about[other, one] = -np.sin(angle), np.sin(angle)
        turn = turn @ about
    return turn


def turn_windows(x: np.ndarray, seed: int) -> np.ndarray:
    """Each window `(window, 3)` turned any way, by itself: what training can do about mounting.

    >>> x = np.ones((2, 4, 3), np.float32)
    >>> turned = turn_windows(x, 0)
    >>> bool(np.allclose(np.linalg.norm(turned, axis=2), 3**0.5)), turned.dtype.name
    (True, 'float32')
    """
    rng = np.random.default_rng([seed, 18])
    turns = np.stack([physics.random_rotation(rng) for _ in range(len(x))])
    result: np.ndarray = np.einsum("ntc,ndc->ntd", x, turns).astype(np.float32)
    return result


def make_mounted_dataset(
    seed: int = 0,
    people: int = 60,
    *,
    turned: bool = False,
    first_person: int = 0,
    hop: int = WINDOW // 2,
) -> Dataset:
    """Windows of `people` with a board at the waist, `Dataset` with x `(n, 100, 3)` in g.

    Everybody stands or sits, walks and runs for ten seconds, twice; of each person, class by class,
    the first recording's windows come before the second's. With `turned`, each person wears the
    board at an angle of their own, both times the same.

    >>> data = make_mounted_dataset(people=2, hop=100)
    >>> data.x.shape, data.unit, sorted(set(data.groups.tolist()))
    ((60, 100, 3), 'g', ['p000', 'p001'])
    """
    if people < 1:
        raise DataError(f"{people} people: ask for at least one")
    x, y, groups = [], [], []
    for number in range(first_person, first_person + people):
        person = make_person(seed, number)
        for label, activity in enumerate(CLASS_NAMES):
            for take in range(RECORDINGS):
                recording = _record(seed, number, activity, take, turned)
                windows = cut_windows(recording, hop=hop)
                x.append(windows)
                y += [label] * len(windows)
                groups += [person.name] * len(windows)
    how = "turned by each of them" if turned else "worn the same way"
    return Dataset(
        np.concatenate(x),
        np.array(y),
        np.array(groups),
        SAMPLE_RATE_HZ,
        CLASS_NAMES,
        CHANNEL_NAMES,
        UNIT,
        source=f"synthetic motion from physics, {people} people, a board {how}, seed {seed}",
    )


def _record(
    seed: int, number: int, activity: str, take: int, turned: bool, seconds: float = SECONDS
) -> np.ndarray:
    """One recording of a person, `(50 * seconds, 3)` in g."""
    rng = np.random.default_rng([seed, number, 3, take])
    turn = small_turn(rng)
    if turned:
        turn = turn @ physics.random_rotation(np.random.default_rng([seed, number, 4]))
    mounting = replace(make_mounting(rng, "waist"), rotation=tuple(turn.ravel().tolist()))
    label = CLASS_NAMES.index(activity)
    key = [seed, number, 5, take, label]
    return synthesize_recording(make_person(seed, number), activity, seconds, key, mounting)


def write_turned_trace(folder: Path | str) -> Path:
    """`turned.csv`: somebody unknown, with a board that is turned, stands, walks and runs, twice.

    The first round is for teaching a board, the second for judging it. The sketch's trace.
    """
    rounds = [
        _record(0, TRACE_PERSON, activity, take, turned=True, seconds=TRACE_SECONDS)
        for take in range(2)
        for activity in CLASS_NAMES
    ]
    lines = ["t_ms,ax_g,ay_g,az_g"]
    for t, row in enumerate(np.concatenate(rounds)):
        values = ",".join(f"{value:.4f}" for value in row)
        lines.append(f"{round(1000 * t / SAMPLE_RATE_HZ)},{values}")
    return write_text(Path(folder) / "turned.csv", "\n".join(lines) + "\n")
