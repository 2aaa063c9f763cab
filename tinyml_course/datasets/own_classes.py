"""Recordings of movements that the course does not know: one's own classes. Lesson 11."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.recordings import make_windows, read_with_gaps
from tinyml_course.errors import DataError

LEAST_TAKES = 3  # of a class: one each to learn from, to choose with, to judge
MOST_CLASSES = 10


def load_own_classes(path: str | Path, class_names: Sequence[str], *, gaps: str = "cut") -> Dataset:
    """A CSV file or a folder of them, with labels of one's own, as a `Dataset`.

    The parts of a split share no person where three or more were recorded. With fewer, they share
    no take: the test part then says how well new takes of the same people are known, and nothing
    about others.

    Raises:
        DataError: as `read_recordings`; no names that can be classes; a class with too few
            recordings.
    """
    names = tuple(class_names)
    if not 2 <= len(names) <= MOST_CLASSES or len(set(names)) != len(names) or not all(names):
        raise DataError(
            f"classes of your own are 2 to {MOST_CLASSES} different names, not {', '.join(names)}"
        )
    recordings, cuts = read_with_gaps(path, gaps, names)
    people = {r.subject for r in recordings}
    has_people = len(people) >= LEAST_TAKES
    least = 1 if has_people else LEAST_TAKES
    takes = {name: len({r.take for r in recordings if r.label == name}) for name in names}
    if poor := [f"{name} ({count})" for name, count in takes.items() if count < least]:
        raise DataError(
            f"{path}: too few recordings of {', '.join(poor)}. With {len(people)} people each "
            f"class needs {least}: run tinyml record again for each, or record {LEAST_TAKES} people"
        )
    if not has_people:
        recordings = [replace(r, subject=f"{r.subject}, take {r.take}") for r in recordings]
    source = f"own recordings in {Path(path).name}"
    data = make_windows(recordings, source=source, class_names=names, gaps=cuts)
    return data if has_people else replace(data, groups_are="takes")
