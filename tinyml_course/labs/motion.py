"""The motion lab: still, walk or run, from two seconds of a phone's accelerometer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.motion import make_motion_dataset
from tinyml_course.features import AddMagnitude, MotionFeatures, Preprocessing, Standardize
from tinyml_course.labs.lab import Lab, ModelChoice


def _build_dense(input_shape: tuple[int, ...], n_classes: int) -> Any:
    from tinyml_course.training import build_dense

    return build_dense(input_shape, n_classes)


def _build_conv1d(input_shape: tuple[int, ...], n_classes: int) -> Any:
    from tinyml_course.training import build_conv1d

    window, channels = input_shape
    return build_conv1d((window, channels), n_classes)


def _load(path: Path) -> Dataset:
    from tinyml_course.datasets.motion_sources import load_motion

    return load_motion(path)


def _load_own(path: Path, class_names: Sequence[str]) -> Dataset:
    from tinyml_course.datasets.own_classes import load_own_classes

    return load_own_classes(path, class_names)


def make_feature_preprocessing() -> Preprocessing:
    """Windows `(n, 100, 3)` in g to `(n, 8)` standardized features."""
    return Preprocessing((MotionFeatures(), Standardize()))


def make_window_preprocessing() -> Preprocessing:
    """Windows `(n, 100, 3)` in g to `(n, 100, 4)`: the magnitude added, each channel scaled."""
    return Preprocessing((AddMagnitude(), Standardize()))


MOTION = Lab(
    name="motion",
    title="Still, walk or run, from two seconds of a phone's accelerometer",
    lesson="01_data_synthesis",
    make_dataset=make_motion_dataset,
    load_dataset=_load,
    load_own=_load_own,
    models={
        "dense": ModelChoice(
            make_preprocessing=make_feature_preprocessing,
            build=_build_dense,
            epochs=40,
            batch_size=64,
            learning_rate=2e-3,
            accuracy_floor=0.95,
            fewer_neurons=(16, 8),
        ),
        "conv1d": ModelChoice(
            make_preprocessing=make_window_preprocessing,
            build=_build_conv1d,
            epochs=25,
            batch_size=64,
            learning_rate=2e-3,
            accuracy_floor=0.94,
        ),
    },
    default_model="dense",
    sketch="motion",
    traces=("motion_p003.csv",),
)
