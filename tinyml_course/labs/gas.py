"""The gas lab: which drink stands under the sensor, from 32 seconds of four metal oxides."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.gas import make_gas_dataset
from tinyml_course.features import GasFeatures, Preprocessing, RawLevels, Standardize
from tinyml_course.labs.lab import Lab, ModelChoice, TreeChoice


def _build_dense(input_shape: tuple[int, ...], n_classes: int) -> Any:
    from tinyml_course.training import build_dense

    return build_dense(input_shape, n_classes)


def _build_tree(seed: int) -> Any:
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(max_depth=8, min_samples_leaf=4, random_state=seed)


def _build_forest(seed: int) -> Any:
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(10, max_depth=8, min_samples_leaf=3, random_state=seed)


def _load(path: Path) -> Dataset:
    from tinyml_course.datasets.gas_recordings import load_gas

    return load_gas(path)


def make_referenced_preprocessing() -> Preprocessing:
    """Sniffs `(n, 32, 4)` in counts to `(n, 11)`: against the air before each, standardized."""
    return Preprocessing((GasFeatures(), Standardize()))


def make_raw_preprocessing() -> Preprocessing:
    """Sniffs `(n, 32, 4)` in counts to `(n, 4)` mean counts, standardized: the control."""
    return Preprocessing((RawLevels(), Standardize()))


GAS = Lab(
    name="gas",
    title="Which drink, from 32 seconds of a gas sensor with four channels",
    lesson="15_trees_and_gas",
    make_dataset=make_gas_dataset,
    load_dataset=_load,
    models={
        "dense": ModelChoice(
            make_preprocessing=make_referenced_preprocessing,
            build=_build_dense,
            epochs=40,
            batch_size=32,
            learning_rate=3e-3,
            accuracy_floor=0.85,
            fewer_neurons=(16, 8),
        ),
        "dense_raw": ModelChoice(
            make_preprocessing=make_raw_preprocessing,
            build=_build_dense,
            epochs=40,
            batch_size=32,
            learning_rate=3e-3,
            accuracy_floor=0.0,  # nobody is to use it
        ),
    },
    default_model="dense",
    trees={
        "tree": TreeChoice(_build_tree, accuracy_floor=0.85),
        "forest": TreeChoice(_build_forest, accuracy_floor=0.85, form="table"),
    },
    default_tree="tree",
    elsewhere={
        "4 weeks later": partial(make_gas_dataset, week=4, sessions=6),
        "16 weeks later": partial(make_gas_dataset, week=16, sessions=6),
        "other sensors": partial(make_gas_dataset, sensors=4, first_sensor=50, sessions=6),
    },
    sketch="gas",
    traces=("gas/sniffs.csv",),
    board="wio_terminal",
)
