"""The pond lab: what four probes will read in three hours, from a day of readings."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.pond import AHEAD, CHANNEL_NAMES, WINDOW, make_pond_dataset
from tinyml_course.features import PondFeatures, Preprocessing, Standardize
from tinyml_course.labs.lab import Lab, ModelChoice
from tinyml_course.training.kinds import VALUES

RIDGE_ALPHA = 10.0  # 1 to 100 give the same errors


def _build(input_shape: tuple[int, ...], n_targets: int) -> Any:
    from tinyml_course.training import build_regressor

    return build_regressor(input_shape, n_targets, hidden=(48, 24))


def _fit(
    model: Any, *parts: np.ndarray, importance: np.ndarray | None = None, **options: Any
) -> Any:
    """`fit_model`, with a rate that falls; every window counts the same."""
    from tinyml_course.training import fit_model

    return fit_model(model, *parts, rate_falls=True, **options)


def _load(path: Path) -> Dataset:
    from tinyml_course.datasets.pond_recordings import load_pond

    return load_pond(path)


def make_preprocessing() -> Preprocessing:
    """A day of readings `(n, 144, 4)` to `(n, 36)` features, standardized."""
    return Preprocessing((PondFeatures(), Standardize()))


def persistence(train: Dataset, test: Dataset) -> np.ndarray:
    """In three hours as it is now: the last reading, `(n, 4)`."""
    return test.x[:, -1]


def yesterday(train: Dataset, test: Dataset) -> np.ndarray:
    """In three hours as it was a day before then, `(n, 4)`."""
    return test.x[:, WINDOW - 1 + AHEAD - WINDOW]


def yesterdays_change(train: Dataset, test: Dataset) -> np.ndarray:
    """From now as it went yesterday from this hour on, `(n, 4)`."""
    return np.asarray(test.x[:, -1] + test.x[:, AHEAD] - test.x[:, 0])


def ridge(train: Dataset, test: Dataset) -> np.ndarray:
    """A straight line through the network's own features, `(n, 4)`."""
    from sklearn.linear_model import Ridge

    before = make_preprocessing().fit(train.x)
    change = train.y - train.x[:, -1]
    size = change.std(axis=0)
    model = Ridge(alpha=RIDGE_ALPHA).fit(before.apply(train.x), change / size)
    return np.asarray(test.x[:, -1] + model.predict(before.apply(test.x)) * size)


POND = Lab(
    name="pond",
    title="pH, temperature, oxygen and ammonia of a pond, three hours ahead",
    lesson="16_pond_monitor",
    make_dataset=make_pond_dataset,
    load_dataset=_load,
    models={
        "dense": ModelChoice(
            make_preprocessing=make_preprocessing,
            build=_build,
            epochs=30,
            batch_size=64,
            learning_rate=3e-3,
            accuracy_floor=0.85,
            fewer_neurons=(24, 12),
            fit=_fit,
        ),
    },
    default_model="dense",
    elsewhere={"other ponds": partial(make_pond_dataset, ponds=30, first_pond=1000)},
    sketch="pond",
    traces=("pond/probes.csv",),
    board="wio_terminal",
    answers=VALUES,
    change_of=tuple(range(len(CHANNEL_NAMES))),
    controls={
        "persistence": persistence,
        "yesterday": yesterday,
        "yesterday's change": yesterdays_change,
        "ridge": ridge,
    },
)
