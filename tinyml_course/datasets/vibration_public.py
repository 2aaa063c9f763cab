"""Two public sets of real machines, read from their own folders: a ceiling fan, and bearings.

- S. Hymel, "TensorFlow Lite Anomaly Detection Example", GitHub: an accelerometer taped to a ceiling
  fan, without and with a coin on a blade; a second a file, about 200 rows `x, y, z` in g, in
  folders such as `fan_0_low_1_weight`.
- Case Western Reserve University Bearing Data Center: the drive end of a motor, 12,000 samples a
  second, healthy and with faults of three parts; MATLAB files such as `97.mat`.

No licence is stated for the first, so the course contains neither; whoever has the folders can
repeat lesson 14's figures:

    python -m tinyml_course.labs.vibration_real FOLDER
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyml_course.datasets.vibration_physics import Bearing
from tinyml_course.errors import DataError
from tinyml_course.extras import require

FAN_SOURCE = "ceiling fan with a coin (S. Hymel, tinyml-example-anomaly-detection)"
BEARING_SOURCE = "bearings (Case Western Reserve University Bearing Data Center)"
FAN_RATE_HZ = 200.0
FAN_WINDOW = 200
LEAST_FAN_ROWS = 190  # "about 200": a shorter file is left out
BEARING_RATE_HZ = 12_000.0
DRIVE_END = Bearing(balls=9, ratio=0.3126 / 1.537)  # SKF 6205, inches, as the center gives them
HEALTHY_FILES = ("97", "98", "99", "100")  # of the center's numbers
_FAN = re.compile(r"^(.*?fan_\d+)_(off|low|med|high)(?:_(\d+)_weight)?$")


@dataclass(frozen=True)
class FanRecording:
    """A folder of the fan: one installation, one speed, with or without coin.

    Attributes:
        installation: "fan_0", or what else the sensor's place is called.
        speed: "off", "low", "med" or "high".
        coins: on a blade.
        x: `(n, 200, 3)` float32 in g, in the order of recording; a second each.
    """

    installation: str
    speed: str
    coins: int
    x: np.ndarray


@dataclass(frozen=True)
class BearingRecording:
    """A recording at the motor's drive end.

    Attributes:
        name: of the file or the array.
        part: "healthy", "inner race", "ball" or "outer race"; empty if the name does not say.
        rpm: of the shaft; None if nobody says.
        x: `(n,)` float32, 12,000 a second.
    """

    name: str
    part: str
    rpm: float | None
    x: np.ndarray


def load_fan(path: str | Path) -> tuple[FanRecording, ...]:
    """The recordings of a folder with `fan_*` folders of CSV files, or of .npz files.

    Raises:
        DataError: nothing of the kind is there, or a file that cannot be read.
    """
    path = Path(path)
    found = [_make_fan(name, x) for name, x in _read_arrays(path) if _FAN.match(name)]
    folders = sorted(p for p in path.rglob("fan_*") if p.is_dir()) if path.is_dir() else []
    several = len({folder.parent for folder in folders}) > 1
    for folder in folders:
        if _FAN.match(folder.name) and (windows := _read_fan_folder(folder)) is not None:
            prefix = f"{folder.parent.name}/" if several else ""
            found.append(_make_fan(prefix + folder.name, windows))
    if not found:
        raise DataError(f"{path} holds no fan_*_SPEED_N_weight folder of .csv files, nor an .npz")
    return tuple(found)


def load_bearings(path: str | Path) -> tuple[BearingRecording, ...]:
    """The recordings of a folder of the center's .mat files, or of .npz files.

    Raises:
        DataError: nothing of the kind is there, or a file that cannot be read.
    """
    path = Path(path)
    found = [
        BearingRecording(name, _part_of(name), _rpm_of(name), x.astype(np.float32))
        for name, x in _read_arrays(path)
        if x.ndim == 1
    ]
    files = sorted(path.rglob("*.mat")) if path.is_dir() else [path] * (path.suffix == ".mat")
    found += [_read_mat(file) for file in files]
    if not any(one.part == "healthy" for one in found):
        raise DataError(
            f"{path} holds no healthy bearing: {', '.join(f'{n}.mat' for n in HEALTHY_FILES)} of "
            "the center, or an .npz with an array normal_*"
        )
    return tuple(found)


def _read_arrays(path: Path) -> Iterator[tuple[str, np.ndarray]]:
    files = sorted(path.rglob("*.npz")) if path.is_dir() else [path] * (path.suffix == ".npz")
    for file in files:
        try:
            with np.load(file, allow_pickle=False) as stored:
                for name in stored.files:
                    yield name, stored[name]
        except (OSError, ValueError) as error:
            raise DataError(f"{file}: no arrays can be read from it ({error})") from error


def _make_fan(name: str, x: np.ndarray) -> FanRecording:
    match = _FAN.match(name)
    if match is None or x.ndim != 3 or x.shape[2] != 3 or x.shape[1] < LEAST_FAN_ROWS:
        raise DataError(f"{name} is {x.shape}: windows of {FAN_WINDOW} samples of 3 axes are read")
    if not np.isfinite(x).all():
        raise DataError(f"{name} holds NaN or infinity: unpack the set again")
    return FanRecording(match[1], match[2], int(match[3] or 0), x.astype(np.float32))


def _read_fan_folder(folder: Path) -> np.ndarray | None:
    windows = []
    for file in sorted(folder.glob("*.csv")):
        try:
            rows = np.loadtxt(file, delimiter=",", ndmin=2, usecols=(0, 1, 2))
        except (OSError, ValueError, IndexError) as error:
            raise DataError(f"{file}: no rows x, y, z ({error}); unpack the set again") from error
        if len(rows) >= LEAST_FAN_ROWS:
            windows.append(rows[:FAN_WINDOW])
    if not windows:
        return None
    shortest = min(map(len, windows))
    return np.stack([rows[:shortest] for rows in windows])


def _part_of(name: str) -> str:
    """What the name says of the part: ours are long, the center's begin with IR, B, OR."""
    low = name.lower()
    for part, pattern in (
        ("healthy", r"normal|^(97|98|99|100)$"),
        ("inner race", r"inner|^ir\d"),
        ("outer race", r"outer|^or\d"),
        ("ball", r"ball|^b\d"),
    ):
        if re.search(pattern, low):
            return part
    return ""


def _rpm_of(name: str) -> float | None:
    """Said in the name, or by the load in horse powers, as the center lists them."""
    if match := re.search(r"(\d{4})rpm", name):
        return float(match[1])
    if match := re.search(r"load([0-3])", name):
        return (1797.0, 1772.0, 1750.0, 1730.0)[int(match[1])]
    return None


def _read_mat(file: Path) -> BearingRecording:
    require("scipy", "MATLAB files of bearings")
    from scipy.io import loadmat

    try:
        stored = loadmat(file)
        names = sorted(name for name in stored if name.endswith("_DE_time"))
        # some of the center's files carry a second recording; the file's number says which is meant
        chosen = next((n for n in names if file.stem.zfill(3) in n), names[0])
        x = np.asarray(stored[chosen], np.float32).ravel()
        speeds = [float(np.ravel(stored[name])[0]) for name in stored if name.endswith("RPM")]
    except (OSError, ValueError, IndexError, NotImplementedError) as error:
        raise DataError(f"{file}: no drive-end recording *_DE_time ({error})") from error
    return BearingRecording(file.stem, _part_of(file.stem), next(iter(speeds), None), x)
