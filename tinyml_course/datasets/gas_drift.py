"""The public set "Gas Sensor Array Drift", read from its own folder.

Vergara et al., "Chemical gas sensor drift compensation using classifier ensembles", Sensors and
Actuators B 166 (2012); UCI Machine Learning Repository, CC BY 4.0: 16 metal oxides, eight features
each, six gases, ten batches over 36 months. By the table on the set's page batch 1 holds months 1
and 2, batch 4 months 14 and 15, batch 5 month 16. The course contains none of it; whoever has the
folder with `batch1.dat` and so on can repeat lesson 15's figures:

    python -m tinyml_course.labs.gas_drift FOLDER
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyml_course.errors import DataError

SOURCE = "Gas Sensor Array Drift (Vergara et al., 2012, UCI, CC BY 4.0)"
GASES = (
    "Ethanol",
    "Ethylene",
    "Ammonia",
    "Acetaldehyde",
    "Acetone",
    "Toluene",
)  # as numbered there
FEATURES = 128


@dataclass(frozen=True)
class DriftBatch:
    """Some months of the set, in the order of measurement.

    Attributes:
        number: of the batch, 1 to 10.
        x: `(n, 128)` float64, as published.
        y: `(n,)` int64, indices into `GASES`.
    """

    number: int
    x: np.ndarray
    y: np.ndarray


def squash(x: np.ndarray) -> np.ndarray:
    """`sign(x) log(1 + |x|)`: the features span six powers of ten and both signs."""
    return np.sign(x) * np.log1p(np.abs(x))


def load_gas_drift(path: str | Path) -> tuple[DriftBatch, ...]:
    """The batches of a folder with `batchN.dat`, or of an .npz with `batchN_x` and `batchN_gas`.

    Raises:
        DataError: nothing of the kind is there, or a line that cannot be.
    """
    path = Path(path)
    if path.suffix == ".npz":
        return _load_npz(path)
    files = sorted(path.glob("batch*.dat"), key=lambda f: int("0" + re.sub(r"\D", "", f.stem)))
    if not files:
        raise DataError(
            f"{path} holds no batch*.dat: unpack the set of the UCI repository and name its folder"
        )
    return tuple(_read_batch(file) for file in files)


def _load_npz(path: Path) -> tuple[DriftBatch, ...]:
    try:
        with np.load(path, allow_pickle=False) as stored:
            numbers = sorted(int(k[5:-2]) for k in stored.files if re.fullmatch(r"batch\d+_x", k))
            batches = tuple(
                DriftBatch(
                    number,
                    stored[f"batch{number}_x"].astype(np.float64),
                    np.array([GASES.index(str(gas)) for gas in stored[f"batch{number}_gas"]]),
                )
                for number in numbers
            )
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{path}: no batches of the set ({error})") from error
    if not batches or any(b.x.shape != (len(b.y), FEATURES) for b in batches):
        raise DataError(f"{path}: no batches of {FEATURES} features")
    return batches


def _read_batch(file: Path) -> DriftBatch:
    """Lines such as `1;10.000000 1:15596.162100 2:1.868245 ...`, or without the concentration."""
    x, y = [], []
    try:
        lines = file.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file}: cannot be read ({error}); unpack the set again") from error
    for line, text in enumerate(lines, 1):
        if not (words := text.split()):
            continue
        try:
            gas = int(words[0].split(";")[0])
            pairs = dict(word.split(":") for word in words[1:])
            row = [float(pairs[str(k)]) for k in range(1, FEATURES + 1)]
        except (ValueError, KeyError) as error:
            raise DataError(f"{file}, line {line}: {error}; unpack the set again") from error
        if not 1 <= gas <= len(GASES) or not np.isfinite(row).all():
            raise DataError(f"{file}, line {line}: gas {gas} or a value that is not finite")
        x.append(row)
        y.append(gas - 1)
    if not x:
        raise DataError(f"{file}: the file is empty; unpack the set again")
    return DriftBatch(int(re.sub(r"\D", "", file.stem)), np.array(x), np.array(y))
