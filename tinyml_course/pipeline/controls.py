"""Networks beside what else could answer: the controls of a regression, and those of a detector."""

from __future__ import annotations

from collections.abc import Mapping

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.splits import Split
from tinyml_course.interpreters.litert import run_litert
from tinyml_course.labs.lab import Lab
from tinyml_course.pipeline.judging import name_errors
from tinyml_course.pipeline.stages import Trained, convert_to_int8
from tinyml_course.report import DetectorResult
from tinyml_course.training.detection import compare_methods
from tinyml_course.training.kinds import DEVIATIONS


def measure_errors(
    lab: Lab, trained: Trained, files: Mapping[str, bytes], split: Split
) -> dict[str, dict[str, float]]:
    """Of a regression, each target's error on the test part: networks and controls."""
    if trained.targets is None:
        return {}
    test = split.test
    errors = {
        name: name_errors(
            test, trained.targets.decode(test.x, run_litert(files[name], trained.inputs["test"]))
        )
        for name in ("fp32", "int8")
    }
    for name, control in lab.controls.items():
        errors[name] = name_errors(test, control(split.train, test))
    return errors


def measure_detector(trained: Trained, model: bytes, test: Dataset) -> DetectorResult | None:
    """A detector's int8 model on the test part, beside z-score, Mahalanobis distance and RMS."""
    if trained.answers is not DEVIATIONS:
        return None
    inputs = trained.inputs["test"]
    return compare_methods(inputs, test, run_litert(model, inputs))


def compare_with_controls(trained: Trained, recordings: Dataset) -> DetectorResult | None:
    """A detector's int8 model on your recordings, beside the same controls; None for others."""
    if trained.answers is not DEVIATIONS:
        return None
    model = convert_to_int8(trained.model, trained.inputs["train"])
    inputs = trained.inputs_of(recordings)
    return compare_methods(inputs, recordings, run_litert(model, inputs))
