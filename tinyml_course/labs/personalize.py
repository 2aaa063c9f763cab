"""The lab that learns on: still, walk or run, on a board that its owner has turned."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.mounted_motion import make_mounted_dataset, turn_windows
from tinyml_course.features import AxisFeatures, Preprocessing, Standardize
from tinyml_course.labs.lab import Lab, LearningChoice, ModelChoice

# Of the trace's first round: three labels of each class, while it is done.
_TAUGHT_AT_S = ((5, 7, 9), (15, 17, 19), (25, 27, 29))
_KEYS = {"wio_terminal": ("KEY_C", "KEY_B", "KEY_A"), "nano33ble": ("D2", "D3", "D4")}


def _build_dense(input_shape: tuple[int, ...], n_classes: int) -> Any:
    from tinyml_course.training import build_dense

    return build_dense(input_shape, n_classes)


def _load(path: Path) -> Dataset:
    from tinyml_course.datasets.motion_sources import load_motion

    return load_motion(path)


def make_axis_preprocessing() -> Preprocessing:
    """Windows `(n, 100, 3)` in g to `(n, 6)`: mean and deviation of each axis, standardized."""
    return Preprocessing((AxisFeatures(), Standardize()))


PERSONALIZE = Lab(
    name="personalize",
    title="Still, walk or run, with a last layer that its owner teaches",
    lesson="18_training_on_the_device",
    make_dataset=make_mounted_dataset,
    load_dataset=_load,
    models={
        "dense": ModelChoice(
            make_preprocessing=make_axis_preprocessing,
            build=_build_dense,
            epochs=40,
            batch_size=64,
            learning_rate=2e-3,
            accuracy_floor=0.93,
            fewer_neurons=(16, 8),
        ),
        # the control: what training can do about mounting before anybody labels anything
        "dense_turned": ModelChoice(
            make_preprocessing=make_axis_preprocessing,
            build=_build_dense,
            epochs=40,
            batch_size=64,
            learning_rate=2e-3,
            accuracy_floor=0.9,
            vary=turn_windows,
        ),
    },
    default_model="dense",
    learning=LearningChoice(),
    elsewhere={
        "new people": partial(make_mounted_dataset, people=30, first_person=200, hop=100),
        "a turned board": partial(
            make_mounted_dataset, people=30, first_person=200, hop=100, turned=True
        ),
    },
    sketch="personalize",
    traces=("personalize/turned.csv",),
    presses={
        board: tuple(
            f"{key}@{at}" for key, times in zip(keys, _TAUGHT_AT_S, strict=True) for at in times
        )
        for board, keys in _KEYS.items()
    },
    board="wio_terminal",
)
