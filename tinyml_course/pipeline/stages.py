"""The stages of the pipeline, one function each: named values in, one value out.

Nothing here knows a lab by name. `pipeline.run_lab` calls them in order; lessons call them one by
one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from tinyml_course.datasets.splits import Split, check_no_leakage, split_by_group
from tinyml_course.errors import DataError
from tinyml_course.export.check.verify import verify_model
from tinyml_course.features.preprocessing import Preprocessing
from tinyml_course.features.targets import Targets
from tinyml_course.interpreters.litert import run_litert
from tinyml_course.interpreters.tflm import is_available
from tinyml_course.labs.lab import FineTuning, ModelChoice
from tinyml_course.network.model import TfliteModel
from tinyml_course.report import HeldOutJudgement, Judgement, Verification
from tinyml_course.training import CLASSES, DEVIATIONS, AnswerKind, fit_model, rms_errors
from tinyml_course.training.detection import (
    commission_features,
    find_commissioning,
    judge_alarms,
    pack_answers,
)

# Fewer people than this cannot be split into three honest parts.
LEAST_GROUPS_TO_TRAIN = 5
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


def check_same_task(known: Dataset, recordings: Dataset, lab_name: str) -> None:
    """Refuse recordings that a model trained on `known` cannot read.

    Raises:
        DataError: other classes, channels or rate.
    """
    for what in (
        "class_names",
        "target_names",
        "target_units",
        "channel_names",
        "unit",
        "sample_rate_hz",
        "window",
    ):
        theirs, ours = getattr(recordings, what), getattr(known, what)
        if theirs != ours:
            raise DataError(
                f"the recordings have {what} {theirs}, the {lab_name} lab has {ours}: "
                "record or convert them to match"
            )


def judge_models(
    trained: Mapping[str, Trained], recordings: Dataset, log: Log
) -> dict[str, Judgement]:
    """How each int8 model, trained without `recordings`, does on them."""
    results = {}
    for name, one in trained.items():
        model = convert_to_int8(one.model, one.inputs["train"])
        results[name] = judge(
            model, one.inputs_of(recordings), recordings, one.answers, one.targets
        )
        log(
            f"      {name} int8, trained without them: {one.answers.measure} "
            f"{results[name].accuracy:.3f}"
        )
    return results


def learn_from_recordings(
    trained: Trained,
    recordings: Dataset,
    seed: int,
    log: Log,
    tuning: FineTuning | None = None,
) -> tuple[Trained, HeldOutJudgement | None]:
    """Train on with some of the people in `recordings`, and judge on the others.

    The scaler stays as it was fitted, so that the weights keep their meaning. A model with a `fit`
    of its own is told how often to draw the recordings.

    Returns:
        The model as it is now, and how it does on people it has not met; with too few people the
        model as it was, and None.
    """
    people = len(np.unique(recordings.groups))
    if people < LEAST_GROUPS_TO_TRAIN:
        log(
            f"      {people} people: too few to train and judge honestly "
            f"(at least {LEAST_GROUPS_TO_TRAIN}), so the model stays as it is"
        )
        return trained, None

    tuning = tuning or FineTuning()
    own = split_by_group(recordings, tuning.split, seed)
    check_no_leakage(own)
    parts = {name: trained.inputs_of(data) for name, data in own.items()}
    both, labels = dict(trained.inputs), dict(trained.labels)
    for name in ("train", "val"):
        data = getattr(own, name)
        if trained.answers is DEVIATIONS:
            parts[name] = new = parts[name][data.y == 0]
        else:
            new = trained.answers_of(data, parts[name])
        both[name] = np.concatenate([both[name], parts[name]])
        labels[name] = np.concatenate([labels[name], new])
    known = len(trained.labels["train"])
    sources = [trained.labels["train"], own.train.y]
    if trained.answers is not CLASSES:  # values are one class to it
        sources = [np.zeros(known, int), np.zeros(len(parts["train"]), int)]
    further = tuning.enlarge(own.train, seed) if tuning.enlarge is not None else None
    if further is not None and len(further):
        both["train"] = np.concatenate([both["train"], trained.inputs_of(further)])
        labels["train"] = np.concatenate([labels["train"], further.y])
        sources.append(further.y)
        log(f"      {len(further):,} further windows made of those that train")
    importance = weigh_alike(*sources)
    importance[known:] *= tuning.weight
    history = fit_choice(
        trained.choice,
        trained.model,
        (both["train"], labels["train"], both["val"], labels["val"]),
        seed=seed,
        tuning=tuning,
        importance=importance,
        answers=trained.answers,
    )
    tuned = replace(trained, history=history, inputs=both, labels=labels)
    int8 = convert_to_int8(tuned.model, both["train"])
    judged = judge(int8, parts["test"], own.test, tuned.answers, tuned.targets)
    log(f"      {trained.name} trained on with some of them: {judged.accuracy:.3f} on the others")
    held_out = tuple(sorted(set(own.test.groups.tolist())))
    return tuned, HeldOutJudgement(**vars(judged), held_out=held_out)


def weigh_alike(*labels: np.ndarray) -> np.ndarray:
    """One number a sample, so that in each class every one of the sources has the same sum.

    >>> weigh_alike(np.array([0, 0, 1]), np.array([0])).tolist()
    [0.5, 0.5, 1.0, 1.0]
    """
    weights = [1 / np.bincount(y)[y] for y in labels]
    return np.concatenate(weights)


def judge(
    model: bytes,
    x: np.ndarray,
    data: Dataset,
    answers: AnswerKind = CLASSES,
    targets: Targets | None = None,
) -> Judgement:
    """How a .tflite `model` does on `x`: accuracy and recall of each class, or skill and errors."""
    outputs = run_litert(model, x)
    if targets is not None:
        gained = round(answers.score(outputs, targets.encode(data.x, data.y)), 4)
        return Judgement(
            windows=len(data),
            groups=len(np.unique(data.groups)),
            groups_are=data.groups_are,
            accuracy=gained,
            balanced_accuracy=gained,
            recall={},
            errors=name_errors(data, targets.decode(data.x, outputs)),
        )
    if answers is DEVIATIONS:
        judged = ~find_commissioning(data)
        right = judge_alarms(outputs, x, data)[judged]
        data = data.subset(judged)
    else:
        right = outputs.argmax(axis=1) == data.y
    recall = {
        name: round(float(right[data.y == label].mean()), 4)
        for label, name in enumerate(data.class_names)
        if (data.y == label).any()
    }
    return Judgement(
        windows=len(data),
        groups=len(np.unique(data.groups)),
        groups_are=data.groups_are,
        accuracy=round(float(right.mean()), 4),
        balanced_accuracy=round(float(np.mean(list(recall.values()))), 4),
        recall=recall,
    )


def name_errors(data: Dataset, values: np.ndarray) -> dict[str, float]:
    """The root of the mean squared error of each target of a regression, in its unit."""
    errors = rms_errors(values, data.y)
    return {name: round(e, 5) for name, e in zip(data.target_names, errors, strict=True)}


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
