"""Lesson 17, Gestures: an angle from a gyroscope, a receptive field, the begin of a gesture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tinyml_course.exercises import Exercise, Mistake

Array = np.ndarray


def _angle(rate_dps: Array, sample_rate_hz: float) -> float:
    return float(np.sum(rate_dps) / sample_rate_hz)


def _turns() -> Sequence[tuple[Any, ...]]:
    rng = np.random.default_rng(17)
    return [
        (rng.normal(40, 90, 80), 50.0),
        (rng.normal(-20, 60, 119), 119.0),
        (np.array([0.0, 100.0, 200.0, 100.0, 0.0]), 10.0),
    ]


def _field(kernels: Sequence[int], strides: Sequence[int]) -> int:
    field, step = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        field += (kernel - 1) * step
        step *= stride
    return field


def _field_without_strides(kernels: Sequence[int], strides: Sequence[int]) -> int:
    return 1 + sum(kernel - 1 for kernel in kernels)


def _field_step_first(kernels: Sequence[int], strides: Sequence[int]) -> int:
    field, step = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        step *= stride
        field += (kernel - 1) * step
    return field


def _field_last_stride_only(kernels: Sequence[int], strides: Sequence[int]) -> int:
    field, step = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        field += (kernel - 1) * step
        step = stride
    return field


def _field_whole_kernels(kernels: Sequence[int], strides: Sequence[int]) -> int:
    field, step = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        field += kernel * step
        step *= stride
    return field


def _begin(energy: Sequence[float], floor: float, confirm: int) -> int:
    loud = 0
    for at, value in enumerate(energy):
        loud = loud + 1 if value > floor else 0
        if loud == confirm:
            return at
    return -1


def _first_loud(energy: Sequence[float], floor: float, confirm: int) -> int:
    return _begin(energy, floor, 1)


def _begin_of_the_run(energy: Sequence[float], floor: float, confirm: int) -> int:
    at = _begin(energy, floor, confirm)
    return at - confirm + 1 if at >= 0 else -1


def _never_forgets(energy: Sequence[float], floor: float, confirm: int) -> int:
    loud = 0
    for at, value in enumerate(energy):
        loud += value > floor
        if loud == confirm:
            return at
    return -1


def _one_more(energy: Sequence[float], floor: float, confirm: int) -> int:
    return _begin(energy, floor, confirm + 1)


def _at_the_floor_too(energy: Sequence[float], floor: float, confirm: int) -> int:
    return _begin([value + 1e-9 for value in energy], floor, confirm)


def _last_if_none(energy: Sequence[float], floor: float, confirm: int) -> int:
    at = _begin(energy, floor, confirm)
    return at if at >= 0 else len(energy) - 1


def _energies() -> Sequence[tuple[Any, ...]]:
    knock = [0.0, 0.9, 0.0, 0.0, 0.3, 0.5, 0.8, 0.9, 0.4, 0.0]
    return [
        (knock, 0.04, 2),
        (knock, 0.25, 3),
        (knock, 0.25, 1),
        (knock, 0.04, 6),
        ([0.5, 0.0, 0.5, 0.0, 0.5, 0.5], 0.25, 2),
        ([0.0, 0.25, 0.25, 0.5, 0.5], 0.25, 2),
        ([0.0] * 5, 0.04, 1),
        ([0.5, 0.5, 0.0], 0.25, 2),  # loud from the first sample on
    ]


EXERCISES = (
    Exercise(
        "17.1",
        _angle,
        _turns,
        (
            Mistake(
                lambda rate_dps, sample_rate_hz: float(np.sum(rate_dps)),
                "Each sample lasts only 1 / sample_rate_hz seconds: degrees a second times "
                "seconds are degrees.",
            ),
            Mistake(
                lambda rate_dps, sample_rate_hz: float(np.sum(rate_dps) * sample_rate_hz),
                "More samples a second make each one shorter: divide by the rate.",
            ),
            Mistake(
                lambda rate_dps, sample_rate_hz: float(np.mean(rate_dps)),
                "This is the mean speed of the turn. How long did it last?",
            ),
            Mistake(
                lambda rate_dps, sample_rate_hz: float(np.sum(np.abs(rate_dps)) / sample_rate_hz),
                "A turn back counts as negative: leave the signs.",
            ),
            Mistake(
                lambda rate_dps, sample_rate_hz: np.cumsum(rate_dps) / sample_rate_hz,
                "These are the angles all along. The last one is asked.",
            ),
            Mistake(
                lambda rate_dps, sample_rate_hz: float(np.max(rate_dps) / sample_rate_hz),
                "This is one sample's share, the fastest one's. All of them add up.",
            ),
        ),
        ("a speed times the time that it lasts, added up", "a sample lasts 1 / sample_rate_hz"),
    ),
    Exercise(
        "17.2",
        _field,
        lambda: [
            ((7, 5, 5), (2, 2, 2)),
            ((3,), (2,)),
            ((3, 3, 3, 3), (1, 1, 1, 1)),
            ((5, 3, 9), (3, 2, 4)),
        ],
        (
            Mistake(
                _field_without_strides,
                "After a stride of 2, two neighbours in the map are two samples apart.",
            ),
            Mistake(
                _field_step_first,
                "A layer's own stride moves apart what comes after it, not its own kernel.",
            ),
            Mistake(
                _field_last_stride_only,
                "Strides multiply: after two layers of stride 2 the places are 4 samples apart.",
            ),
            Mistake(
                _field_whole_kernels,
                "A kernel of 3 adds two neighbours to the place that is there already.",
            ),
            Mistake(
                lambda kernels, strides: sum(kernels),
                "Kernels overlap, and strides move them apart. Draw two layers of size 3.",
            ),
        ),
        (
            "begin with a field of 1 and a step of 1",
            "each layer adds (kernel - 1) * step, then the step grows by its stride",
        ),
    ),
    Exercise(
        "17.3",
        _begin,
        _energies,
        (
            Mistake(
                _first_loud,
                "This is the first loud sample. A knock is one too: wait for `confirm` of them.",
            ),
            Mistake(
                _begin_of_the_run,
                "A board cannot look ahead: it knows at the last of the confirming samples.",
            ),
            Mistake(
                _never_forgets,
                "The loud samples must follow each other: a quiet one begins the count anew.",
            ),
            Mistake(
                _at_the_floor_too,
                "A value that equals the floor is not above it: `>`, as in the C.",
            ),
            Mistake(
                _one_more,
                "This waits for one sample too many.",
            ),
            Mistake(
                _last_if_none,
                "If no gesture begins, the answer is -1.",
            ),
        ),
        ("count the loud samples, and set the count to 0 at a quiet one", "-1 behind the loop"),
    ),
)
