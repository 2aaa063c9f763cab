"""A lab as a value: what the pipeline needs to know to take one from signal to board.

A further lab is a further value in a file of its own. Nothing here imports TensorFlow: models are
named by functions that import it when they are called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.splits import Split, split_by_group
from tinyml_course.features.preprocessing import Preprocessing
from tinyml_course.features.streaming import StreamSpec
from tinyml_course.training.kinds import CLASSES, AnswerKind


@dataclass(frozen=True)
class ModelChoice:
    """One model of a lab: how its input is made, how it is built and how long it trains.

    Attributes:
        make_preprocessing: returns an unfitted `Preprocessing`.
        build: `(input_shape, n_answers) -> keras.Model`, uncompiled; its end fits the kind of
            answer: softmax for classes, linear for values.
        epochs, batch_size, learning_rate: handed to `training.fit_model`, or to `fit`.
        accuracy_floor: the least accuracy (or what else measures the kind of answer) on the test
            part that tests and `tinyml run` accept.
        fewer_neurons: hidden sizes of a smaller version, for structured pruning of a network of
            dense layers; None if the lab has none.
        fit: how the model is trained, if not by `training.fit_model`; called like it, and with
            `importance`, one number a training sample or None: how often to draw it. Besides, it
            gets the `fit_options` of the kind of answer.
        vary: `(windows, seed) -> windows`, what becomes of the windows that are trained with and
            chosen by, before any feature, for instance a turn of the sensor.
    """

    make_preprocessing: Callable[[], Preprocessing]
    build: Callable[[tuple[int, ...], int], Any]
    epochs: int
    batch_size: int
    learning_rate: float
    accuracy_floor: float
    fewer_neurons: tuple[int, ...] | None = None
    fit: Callable[..., Any] | None = None
    vary: Callable[[np.ndarray, int], np.ndarray] | None = None


@dataclass(frozen=True)
class TreeChoice:
    """A decision tree or forest of a lab, beside its networks.

    It is trained on the int8 inputs of the lab's default network, so that on a board one
    preprocessing serves both, and its C is verified against scikit-learn's leaves.

    Attributes:
        build: `(seed) -> estimator`, an unfitted classifier that `trees.scikit_learn` can read.
        accuracy_floor: the least accuracy on the test part that tests and `tinyml run` accept.
        form: of its C, "nested" or "table".
    """

    build: Callable[[int], Any]
    accuracy_floor: float
    form: str = "nested"


@dataclass(frozen=True)
class LearningChoice:
    """How the last layer of a lab's default network goes on learning on the board.

    Attributes:
        labels: of each class that a person gives, when the report says what they buy.
        rate_256, passes, recent: as in `on_device.LearningSpec`.
        old: examples of each class of the training part that are rehearsed.
    """

    labels: int = 5
    rate_256: int = 32
    passes: int = 4
    recent: int = 5
    old: int = 5


@dataclass(frozen=True)
class FineTuning:
    """How a trained model learns from your recordings.

    Attributes:
        split: shares of the people that train, that are looked at meanwhile, and that judge.
        epochs_share, learning_rate_share: of those that the model was trained with.
        weight: how often your recordings of a class are drawn, relative to all of the lab's own;
            for models with a `fit` of their own.
        enlarge: `(recordings that train, seed) -> further windows` made of them, or of none; they
            are trained with as a source of their own and judge nothing.
    """

    split: tuple[float, float, float] = (0.6, 0.2, 0.2)
    epochs_share: float = 0.5
    learning_rate_share: float = 0.5
    weight: float = 1.0
    enlarge: Callable[[Dataset, int], Dataset] | None = None


@dataclass(frozen=True)
class Lab:
    """Everything `pipeline.run_lab` needs to take one task along the flow.

    Attributes:
        name: as in `tinyml run NAME`.
        title: one line for a person.
        lesson: the first lesson that teaches it, for instance "01_data_synthesis".
        make_dataset: `(seed) -> Dataset`, synthetic or shipped, no network.
        load_dataset: `(path) -> Dataset`, a learner's own recordings (`--data`).
        load_own: `(path, class_names) -> Dataset`, recordings with classes of one's own
            (`--classes`), or None if the lab's classes are fixed.
        find_classes: `(path) -> class_names`, those that recordings name if they are others than
            the lab's, or none; then `--classes` need not be typed.
        models: choices by name; `default_model` goes on the board.
        split: shares of the people that train, that choose (or are only looked at), and that judge.
        split_seed: draws which people these are; None: the run's seed does. A number fixes them
            where people are few, and what one of them shows decides.
        fine_tuning: how a model goes on with the people in `--data`.
        sketch: the folder in `arduino_sketches/` that carries the model, or None.
        traces: files in data/ that feed the sketch's sensors.
        trees: trees by name; `default_tree` goes on the board beside the default network.
        elsewhere: `(seed) -> Dataset` by name: the same task under other conditions, for instance
            weeks later, on which all that was trained is judged as well.
        board: the virtual board of `tinyml run` if none is named.
        learning: how the board goes on learning; each group of each condition in `elsewhere`
            teaches it by itself. None for a network that stays as it is.
        presses: keys that are pressed while the lab's sketch plays `traces`, by board.
        stream: how a detector listens with the model to sound without end; None for a lab that
            judges one window after the other.
        answers: what the models answer with: `training.CLASSES`, `VALUES` or `DEVIATIONS`.
        change_of: in a regression, for each target the channel whose last sample it is a change
            of, or -1; empty: of none. Networks learn the change.
        controls: in a regression, what else could answer, by name: `(train, test) -> values`,
            `(n, targets)` in units, learnt from the training part. Their errors stand beside the
            networks'.
    """

    name: str
    title: str
    lesson: str
    make_dataset: Callable[[int], Dataset]
    load_dataset: Callable[[Path], Dataset]
    models: Mapping[str, ModelChoice]
    default_model: str
    seed: int = 0
    split: tuple[float, float, float] = (0.6, 0.2, 0.2)
    split_seed: int | None = None
    fine_tuning: FineTuning = field(default_factory=FineTuning)
    sketch: str | None = None
    traces: tuple[str, ...] = ()
    trees: Mapping[str, TreeChoice] = field(default_factory=dict)
    default_tree: str | None = None
    elsewhere: Mapping[str, Callable[[int], Dataset]] = field(default_factory=dict)
    board: str = "nano33ble"
    stream: StreamSpec | None = None
    learning: LearningChoice | None = None
    presses: Mapping[str, Sequence[str]] = field(default_factory=dict)
    load_own: Callable[[Path, Sequence[str]], Dataset] | None = None
    answers: AnswerKind = CLASSES
    change_of: tuple[int, ...] = ()
    controls: Mapping[str, Callable[[Dataset, Dataset], np.ndarray]] = field(default_factory=dict)
    find_classes: Callable[[Path], tuple[str, ...]] | None = None

    def split_people(self, dataset: Dataset, seed: int) -> Split:
        """Who trains, who chooses and who judges in a run with `seed`.

        Raises:
            DataError: as `datasets.split_by_group`.
        """
        return split_by_group(
            dataset, self.split, seed if self.split_seed is None else self.split_seed
        )
