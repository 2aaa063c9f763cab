"""The stages of the pipeline, one function each: named values in, one value out.

Nothing here knows a lab by name. `pipeline.run_lab` calls them in order; lessons call them one by
one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tinyml_course.compress.prune import prune_magnitude, remove_neurons
from tinyml_course.compress.qat import train_qat
from tinyml_course.compress.quantize import (
    convert_dynamic_range,
    convert_fp16,
    convert_fp32,
    convert_int8,
    convert_int16x8,
    representative_dataset,
)
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.splits import Split
from tinyml_course.export.check.verify import verify_model
from tinyml_course.features.preprocessing import Preprocessing
from tinyml_course.features.targets import Targets
from tinyml_course.interpreters.tflm import is_available
from tinyml_course.labs.lab import FineTuning, ModelChoice
from tinyml_course.network.model import TfliteModel
from tinyml_course.report import Verification, say_groups
from tinyml_course.training import CLASSES, DEVIATIONS, AnswerKind, fit_model
from tinyml_course.training.detection import (
    commission_features,
    pack_answers,
)

PRUNED_SPARSITY = 0.8
TUNING_EPOCHS = 6

Log = Callable[[str], None]
# x and y of training, then of validation
Parts = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Trained:
    """A trained model of a lab with the inputs it was trained and chosen on.

    Attributes:
        inputs, labels: `x` after preprocessing and `y` of each part, by "train", "val", "test".
            With your recordings, "train" and "val" hold some of them as well. In a regression
            the labels are what the network is to answer, `targets.encode(x, y)`. A detector's
            are the healthy inputs themselves, and of the test part `detection.pack_answers`.
        answers: what kind of answer it gives.
        targets: in a regression, from its outputs to values in units.
    """

    name: str
    choice: ModelChoice
    preprocessing: Preprocessing
    model: Any
    history: Any
    inputs: dict[str, np.ndarray]
    labels: dict[str, np.ndarray]
    answers: AnswerKind = CLASSES
    targets: Targets | None = None

    def inputs_of(self, data: Dataset) -> np.ndarray:
        """The network's float inputs for `data`."""
        return prepare_inputs(self.preprocessing, data, self.answers)

    def answers_of(self, data: Dataset, inputs: np.ndarray) -> np.ndarray:
        """What the network is judged by on `data`: labels, targets encoded, or what to detect."""
        if self.answers is DEVIATIONS:
            return pack_answers(inputs, data)
        return data.y if self.targets is None else self.targets.encode(data.x, data.y)


def train_choice(
    name: str,
    choice: ModelChoice,
    split: Split,
    seed: int,
    log: Log,
    answers: AnswerKind = CLASSES,
    change_of: Sequence[int] = (),
) -> Trained:
    """Fit the preprocessing on the training part, then the model; validation picks the epoch."""
    parts_of = dict(split.items())
    if choice.vary is not None:
        for part in ("train", "val"):
            varied = choice.vary(parts_of[part].x, seed)
            parts_of[part] = replace(parts_of[part], x=varied)
    preprocessing = choice.make_preprocessing().fit(parts_of["train"].x)
    inputs = {part: prepare_inputs(preprocessing, data, answers) for part, data in parts_of.items()}
    train = split.train
    targets = None
    if train.answers_are_values:
        targets = Targets.fit(train.x, train.y, train.target_names, train.target_units, change_of)
    outputs = len(train.answer_names) if answers is not DEVIATIONS else inputs["train"].shape[1]
    model = choice.build(inputs["train"].shape[1:], outputs)
    log(f"      {name}: {model.count_params():,} parameters, {choice.epochs} epochs")
    labels = {
        part: data.y if targets is None else targets.encode(data.x, data.y)
        for part, data in split.items()
    }
    if answers is DEVIATIONS:
        for part in ("train", "val"):
            inputs[part] = labels[part] = inputs[part][labels[part] == 0]
        labels["test"] = pack_answers(inputs["test"], split.test)
    parts = (inputs["train"], labels["train"], inputs["val"], labels["val"])
    history = fit_choice(choice, model, parts, seed=seed, answers=answers)
    return Trained(name, choice, preprocessing, model, history, inputs, labels, answers, targets)


def prepare_inputs(preprocessing: Preprocessing, data: Dataset, answers: AnswerKind) -> np.ndarray:
    """A network's float inputs; a detector's are relative to each group's own commissioning."""
    if answers is DEVIATIONS:
        return commission_features(preprocessing, data)
    return preprocessing.apply(data.x)


def fit_choice(
    choice: ModelChoice,
    model: Any,
    parts: Parts,
    *,
    seed: int,
    tuning: FineTuning | None = None,
    importance: np.ndarray | None = None,
    answers: AnswerKind = CLASSES,
) -> Any:
    """Train `model` as its choice says."""
    epochs_share, rate_share = (
        (tuning.epochs_share, tuning.learning_rate_share) if tuning is not None else (1, 1)
    )
    options: dict[str, Any] = {
        "epochs": max(1, int(choice.epochs * epochs_share)),
        "batch_size": choice.batch_size,
        "learning_rate": choice.learning_rate * rate_share,
        "seed": seed,
        "log_every": 10,
        **answers.fit_options,
    }
    if choice.fit is None:
        return fit_model(model, *parts, **options)
    return choice.fit(model, *parts, **options, importance=importance)


def describe_split(split: Split) -> str:
    """Windows and groups of each part, in one line."""
    return ", ".join(
        f"{name} {len(data):,} windows of "
        f"{say_groups(len(np.unique(data.groups)), data.groups_are)}"
        for name, data in split.items()
    )


def convert_to_int8(model: Any, x_train: np.ndarray) -> TfliteModel:
    """Full int8, calibrated on the training part."""
    return convert_int8(model, representative_dataset(x_train))


def make_formats(trained: Trained, seed: int) -> dict[str, bytes]:
    """The chosen model as .tflite files, by stage: number formats, then what training can save."""
    samples = representative_dataset(trained.inputs["train"])
    files: dict[str, bytes] = {
        "fp32": convert_fp32(trained.model),
        "fp16": convert_fp16(trained.model),
        "dynamic_range": convert_dynamic_range(trained.model),
        "int8": convert_int8(trained.model, samples),
        "int16x8": convert_int16x8(trained.model, samples),
    }
    x, y = trained.inputs, trained.labels
    parts = (x["train"], y["train"], x["val"], y["val"])
    more = dict(trained.answers.fit_options)
    options: dict[str, Any] = {"batch_size": trained.choice.batch_size, "seed": seed}
    qat = train_qat(trained.model, *parts, fit_options=more, **options)
    pruned = prune_magnitude(
        trained.model, *parts, sparsity=PRUNED_SPARSITY, fit_options=more, **options
    )
    files["qat_int8"] = convert_int8(qat, samples)
    files["pruned_int8"] = convert_int8(pruned, samples)
    if trained.choice.fewer_neurons:
        smaller = remove_neurons(trained.model, trained.choice.fewer_neurons)
        rate = trained.choice.learning_rate / 2
        options |= {"learning_rate": rate, "log_every": 0, **more}
        fit_model(smaller, *parts, epochs=TUNING_EPOCHS, **options)
        files["fewer_neurons_int8"] = convert_int8(smaller, samples)
    return files


def verify_on_test(model: bytes, x_test: np.ndarray) -> Verification | None:
    """Generated C against TFLM over the whole test part; None where TFLM has no wheel."""
    if not is_available():
        return None
    inputs = TfliteModel.of(model).input.quantize(x_test)
    return verify_model(model, inputs=[[window[None]] for window in inputs])
