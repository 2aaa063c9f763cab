"""The vibration lab: is this fan or motor as it was, from a second of an accelerometer?"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.vibration import make_vibration_dataset
from tinyml_course.features import Preprocessing, Standardize, VibrationFeatures
from tinyml_course.labs.lab import Lab, ModelChoice
from tinyml_course.training.kinds import DEVIATIONS

OTHER_MACHINES = {"machines": 4, "healthy": 120, "faulty": 10}


def _build(input_shape: tuple[int, ...], n_outputs: int) -> Any:
    from tinyml_course.training import build_autoencoder

    return build_autoencoder(input_shape, n_outputs)


def _load(path: Path) -> Dataset:
    from tinyml_course.datasets.vibration_recordings import load_vibration

    return load_vibration(path)


def make_vibration_preprocessing() -> Preprocessing:
    """Windows `(n, 120, 3)` in g to `(n, 24)` features, relative to an installation."""
    return Preprocessing((VibrationFeatures(), Standardize()))


VIBRATION = Lab(
    name="vibration",
    title="Is this fan or motor as it was, from a second of an accelerometer",
    lesson="14_anomaly_detection",
    make_dataset=make_vibration_dataset,
    load_dataset=_load,
    models={
        "autoencoder": ModelChoice(
            make_preprocessing=make_vibration_preprocessing,
            build=_build,
            epochs=40,
            batch_size=64,
            learning_rate=3e-3,
            accuracy_floor=0.93,
        ),
    },
    default_model="autoencoder",
    answers=DEVIATIONS,
    elsewhere={
        "a sensor of 99.84 Hz": partial(
            make_vibration_dataset, first_machine=100, rate_hz=99.84, **OTHER_MACHINES
        ),
    },
    sketch="vibration",
    traces=("vibration/fan.csv",),
)
