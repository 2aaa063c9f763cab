"""The gestures lab: what a wrist does, from two seconds of accelerometer and gyroscope.

One network serves boards with a gyroscope and without. In training half of the windows lose it, so
the network learns to do without; on a board that has none, its channels stand at 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.wrist_gestures import make_wrist_dataset
from tinyml_course.features import KeepChannels, Preprocessing, Standardize
from tinyml_course.labs.lab import Lab, ModelChoice

ACCELEROMETER, GYROSCOPE = (0, 1, 2), (3, 4, 5)
FILTERS = (8, 12, 16)
PEOPLE, REPEATS = 90, 4
SAMPLES_AN_EPOCH = 1792
MILD = {"most_shift": 0.05, "most_size": 0.15, "noise": 0.02}


def build_flatten(input_shape: tuple[int, ...], n_classes: int, seed: int = 0) -> Any:
    """Three convolutions, and a last layer that sees every place of the last map."""
    from tinyml_course.training import build_conv1d

    window, channels = input_shape
    return build_conv1d(
        (window, channels), n_classes, filters=FILTERS, flatten=True, dropout=0.2, seed=seed
    )


def build_pooling(input_shape: tuple[int, ...], n_classes: int) -> Any:
    """The same convolutions, and a last layer that sees their average over time: the control."""
    from tinyml_course.training import build_conv1d

    window, channels = input_shape
    return build_conv1d((window, channels), n_classes, filters=FILTERS)


def fit_gestures(
    model: Any,
    *parts: np.ndarray,
    without_gyroscope: float,
    **options: Any,
) -> Any:
    """`training.fit_augmented` with gestures moved, larger or smaller, some without a gyroscope.

    Args:
        model, parts, options: as for `fit_augmented`.
        without_gyroscope: the share of windows that lose it.
    """
    from tinyml_course.features.motion_augment import vary_gestures
    from tinyml_course.training.augmented import fit_augmented

    def vary(x: np.ndarray, _: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return vary_gestures(x, rng, without_gyroscope=without_gyroscope, **MILD)

    return fit_augmented(model, *parts, augment=vary, samples_an_epoch=SAMPLES_AN_EPOCH, **options)


def _load(path: Path) -> Dataset:
    from tinyml_course.datasets.gesture_recordings import load_gestures

    return load_gestures(path)


def _load_own(path: Path, class_names: Sequence[str]) -> Dataset:
    from tinyml_course.datasets.gesture_recordings import load_gestures

    return load_gestures(path, class_names)


def _find_classes(path: Path) -> tuple[str, ...]:
    from tinyml_course.datasets.gesture_recordings import find_own_classes

    return find_own_classes(path)


def make_whole_preprocessing() -> Preprocessing:
    """Windows `(n, 100, 6)`, each channel scaled."""
    return Preprocessing((Standardize(),))


def make_partial_preprocessing(channels: tuple[int, ...]) -> Preprocessing:
    """The same with some of the channels."""
    return Preprocessing((KeepChannels(channels), Standardize()))


def _choose(make_preprocessing: Any, build: Any, floor: float, without: float) -> ModelChoice:
    return ModelChoice(
        make_preprocessing=make_preprocessing,
        build=build,
        epochs=20,
        batch_size=32,
        learning_rate=3e-3,
        accuracy_floor=floor,
        fit=partial(fit_gestures, without_gyroscope=without),
    )


GESTURES_LAB = Lab(
    name="gestures",
    title="What a wrist does, from two seconds of accelerometer and gyroscope",
    lesson="17_gestures",
    make_dataset=partial(make_wrist_dataset, people=PEOPLE, repeats=REPEATS),
    load_dataset=_load,
    load_own=_load_own,
    find_classes=_find_classes,
    models={
        "flatten": _choose(make_whole_preprocessing, build_flatten, 0.95, without=0.5),
        "pooling": _choose(make_whole_preprocessing, build_pooling, 0.0, without=0.5),
        "accelerometer": _choose(
            partial(make_partial_preprocessing, ACCELEROMETER), build_flatten, 0.9, without=0.0
        ),
        "gyroscope": _choose(
            partial(make_partial_preprocessing, GYROSCOPE), build_flatten, 0.9, without=0.0
        ),
    },
    default_model="flatten",
    elsewhere={
        "no gyroscope": partial(
            make_wrist_dataset, people=20, repeats=4, first_person=1000, has_gyroscope=False
        ),
        "other people": partial(make_wrist_dataset, people=20, repeats=4, first_person=1000),
    },
    sketch="gestures",
    traces=("gestures/wrist.csv",),
)
