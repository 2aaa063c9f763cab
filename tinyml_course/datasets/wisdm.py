"""The public set WISDM v1.1, read from its own raw file.

Kwapisz, Weiss and Moore, "Activity Recognition using Cell Phone Accelerometers", SIGKDD
Explorations 12(2), 2010: 36 people with a phone in a trouser pocket, 20 Hz, m/s2. The course
contains none of it; whoever has the folder can name it with `tinyml run motion --data FOLDER`.

The file is known for its damage: records without their semicolon, with two semicolons, with an
empty last value, two records on one line, time stamps of 0. What cannot be read for certain is
skipped and counted, and the recording ends there. A record written twice is taken once.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.motion_physics import GRAVITY_MS2
from tinyml_course.datasets.recordings import Recording, make_windows
from tinyml_course.errors import DataError

FILE_NAME = "WISDM_ar_v1.1_raw.txt"
SOURCE = "WISDM v1.1 (Kwapisz et al., SIGKDD Explorations 2010)"
RATE_HZ = 20.0
ACTIVITIES = {
    "Walking": "walk",
    "Jogging": "run",
    "Sitting": "still",
    "Standing": "still",
    "Upstairs": "stairs",
    "Downstairs": "stairs",
}
MAX_MALFORMED = 0.02  # more is no longer an accident of writing
MAX_STEP_NS = 125e6  # 2.5 sample periods: the phone's clock trembles, but a sample was not lost
MAX_MS2 = 16 * GRAVITY_MS2

_NUMBER = r"(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
_RECORD = re.compile(rf"(\d+),([A-Za-z]+),(\d+),{_NUMBER},{_NUMBER},{_NUMBER},?")


def find_wisdm(path: Path) -> Path | None:
    """The raw file if `path` is it, or a folder that holds it."""
    if path.is_file():
        return path if path.name == FILE_NAME else None
    file = path / FILE_NAME
    return file if file.is_file() else None


class _Record(NamedTuple):
    user: str
    activity: str
    at_ns: int
    xyz_ms2: tuple[float, float, float]

    def follows(self, last: _Record) -> bool:
        """Whether this record goes on where `last` stopped."""
        return (
            self.user == last.user
            and self.activity == last.activity
            and 0 < self.at_ns - last.at_ns <= MAX_STEP_NS
        )


def _read_records(file: Path) -> list[_Record | None]:
    """Every record of the file in order; None for what cannot be read."""
    records: list[_Record | None] = []
    try:
        with open(file, encoding="ascii", errors="replace") as stream:
            for line in stream:
                for text in line.split(";"):
                    if text.strip() not in ("", ","):
                        records.append(_parse_record(text.strip()))
    except OSError as error:
        raise DataError(
            f"{file}: cannot be read ({error.strerror}); check the path and its permissions"
        ) from error
    return records


def _parse_record(text: str) -> _Record | None:
    match = _RECORD.fullmatch(text)
    if not match or match[2] not in ACTIVITIES or int(match[3]) == 0:
        return None
    x, y, z = (float(value) for value in match.groups()[3:])
    if max(abs(x), abs(y), abs(z)) > MAX_MS2:
        return None
    return _Record(match[1], match[2], int(match[3]), (x, y, z))


def _join_records(records: list[_Record | None]) -> list[list[_Record]]:
    """Records that follow one another, as one list a stretch."""
    stretches: list[list[_Record]] = []
    last = None
    for record in records:
        if record is not None and record == last:
            continue  # written twice
        if record is not None:
            if last is None or not record.follows(last):
                stretches.append([])
            stretches[-1].append(record)
        last = record
    return stretches


def load_wisdm(path: str | Path, *, stairs: str = "drop") -> Dataset:
    """The set's recordings as windows of still, walk and run at 50 Hz, in g.

    A recording ends where user or activity change, where time does not rise, after a gap and at a
    record that cannot be read. 20 Hz become 50 Hz by band-limited interpolation (`resample`):
    nothing above 10 Hz is invented. Groups are "wisdm01" to "wisdm36".

    Args:
        path: `WISDM_ar_v1.1_raw.txt`, or the folder it lies in.
        stairs: "drop" the recordings on stairs, or count them as "walk".

    Raises:
        DataError: no such file, one that cannot be read, or one with more than 2 % damage.
    """
    if stairs not in ("drop", "walk"):
        raise DataError(f"stairs={stairs!r}: choose 'drop' or 'walk'")
    file = find_wisdm(Path(path))
    if file is None:
        raise DataError(f"{path}: no {FILE_NAME}; name the folder of the unpacked set")

    records = _read_records(file)
    malformed = records.count(None)
    if not records or malformed > MAX_MALFORMED * len(records):
        raise DataError(
            f"{file}: {malformed} of {len(records)} records cannot be read as "
            f"user,activity,timestamp,x,y,z; more than {MAX_MALFORMED:.0%} is not the genuine "
            "file's damage. Is this the raw file of WISDM v1.1?"
        )
    recordings = []
    for stretch in _join_records(records):
        label = ACTIVITIES[stretch[0].activity]
        if label == "stairs":
            if stairs == "drop":
                continue
            label = "walk"
        x = np.array([record.xyz_ms2 for record in stretch]) / GRAVITY_MS2
        subject = f"wisdm{int(stretch[0].user):02d}"
        recordings.append(Recording(x.astype(np.float32), label, subject, RATE_HZ, str(file)))
    skipped = f", {malformed} records skipped" if malformed else ""
    return make_windows(recordings, source=SOURCE + skipped)
