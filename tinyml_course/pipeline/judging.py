"""How a model does on recordings, as a value and in words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.features.targets import Targets
from tinyml_course.interpreters.litert import run_litert
from tinyml_course.pipeline.stages import Log, Trained, convert_to_int8
from tinyml_course.report import Judgement, say_groups
from tinyml_course.training import CLASSES, DEVIATIONS, AnswerKind, rms_errors
from tinyml_course.training.detection import find_commissioning, judge_alarms, pack_answers


def judge_models(
    trained: Mapping[str, Trained], recordings: Dataset, log: Log
) -> dict[str, Judgement]:
    """How each int8 model, trained without `recordings`, does on them."""
    results = {}
    for name, one in trained.items():
        model = convert_to_int8(one.model, one.inputs["train"])
        inputs = one.inputs_of(recordings)
        results[name] = judge(model, inputs, recordings, one.answers, one.targets)
        said = say_judgement(results[name], one.answers.measure)
        log(f"      {name} int8, trained without them: {said}")
    return results


def judge(
    model: bytes,
    x: np.ndarray,
    data: Dataset,
    answers: AnswerKind = CLASSES,
    targets: Targets | None = None,
) -> Judgement:
    """How a .tflite `model` does on `x`: what its kind of answer is measured by, and recalls."""
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
    measured: float | None
    if answers is DEVIATIONS:
        has_faults = bool((data.y != 0).any())
        measured = answers.score(outputs, pack_answers(x, data)) if has_faults else None
        judged = ~find_commissioning(data)
        right = judge_alarms(outputs, x, data)[judged]
        data = data.subset(judged)
    else:
        right = outputs.argmax(axis=1) == data.y
        measured = float(right.mean())
    recall = {
        name: round(float(right[data.y == label].mean()), 4)
        for label, name in enumerate(data.class_names)
        if (data.y == label).any()
    }
    return Judgement(
        windows=len(data),
        groups=len(np.unique(data.groups)),
        groups_are=data.groups_are,
        accuracy=None if measured is None else round(measured, 4),
        balanced_accuracy=round(float(np.mean(list(recall.values()))), 4),
        recall=recall,
    )


def name_errors(data: Dataset, values: np.ndarray) -> dict[str, float]:
    """The root of the mean squared error of each target of a regression, in its unit."""
    errors = rms_errors(values, data.y)
    return {name: round(e, 5) for name, e in zip(data.target_names, errors, strict=True)}


def say_judgement(result: Judgement, measure: str) -> str:
    """A judgement in one line, with what it must be seen beside.

    Args:
        measure: what `result.accuracy` is, as `AnswerKind.measure` has it.

    >>> one = Judgement(6, 1, "sessions", 1.0, 1.0, {"air": 1.0})
    >>> say_judgement(one, "accuracy")
    "accuracy 1.000 on 6 windows of 1 session (air 1.000; to say 'air' always gets 1.000 too)"
    >>> healthy = Judgement(40, 1, "machines", None, 0.975, {"healthy": 0.975})
    >>> say_judgement(healthy, "AUC")
    'no fault recorded, so no AUC, on 40 windows of 1 machine (false alarms 2.5%)'
    """
    figure = (
        "no fault recorded, so no AUC,"
        if result.accuracy is None
        else f"{measure} {result.accuracy:.3f}"
    )
    where = f"on {result.windows:,} windows of {say_groups(result.groups, result.groups_are)}"
    recall = [f"{name} {value:.3f}" for name, value in result.recall.items()]
    if result.errors:
        more = "errors: " + ", ".join(
            f"{name} {value:.3g}" for name, value in result.errors.items()
        )
    elif measure == DEVIATIONS.measure:
        more = f"false alarms {1 - next(iter(result.recall.values())):.1%}"
        if len(recall) > 1:
            more += f"; found at the limit: {', '.join(recall[1:])}"
    else:
        more = ", ".join(recall)
        if len(recall) == 1:  # whoever always says it is right as often
            more += f"; to say {next(iter(result.recall))!r} always gets 1.000 too"
    return f"{figure} {where} ({more})"
