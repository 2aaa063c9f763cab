"""A model that says "this is not as it was": commissioned on each machine, judged beside controls.

Class 0 of the data is healthy, all others are faults that no model learns from. The first healthy
windows of each group are its commissioning: they fit the features' means and scales, and the
score's level and spread, and are not judged. Lesson 14.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.errors import DataError
from tinyml_course.features.commissioning import (
    LEAST_WINDOWS,
    LIMIT,
    Centre,
    count_commissioning,
    learn_level,
    learn_normal,
    running_median,
    score_residuals,
)
from tinyml_course.features.preprocessing import Preprocessing
from tinyml_course.features.standardize import Standardize
from tinyml_course.report import DetectorMethod, DetectorResult
from tinyml_course.training.scores import area_under_curve

SHRINKAGE = 0.3  # of the covariance towards its diagonal: sixty windows are few for 24 features
# From the indices of a group's commissioning, and of all its windows, to a row a window of it.
Measure = Callable[[np.ndarray, np.ndarray], np.ndarray]


def find_commissioning(data: Dataset) -> np.ndarray:
    """`(n,)` bool: the first healthy windows of each group.

    Raises:
        DataError: a group with too few of them.
    """
    chosen = np.zeros(len(data), bool)
    for group in np.unique(data.groups):
        healthy = np.flatnonzero((data.groups == group) & (data.y == 0))
        count = count_commissioning(len(healthy))
        if count < LEAST_WINDOWS:
            raise DataError(
                f"{group} has {len(healthy)} windows of {data.class_names[0]!r}; "
                f"{2 * LEAST_WINDOWS} are the least: half of them to learn from, half to judge by. "
                "Record a minute or two more of it"
            )
        chosen[healthy[:count]] = True
    return chosen


def measure_by_group(groups: np.ndarray, learnt: np.ndarray, measure: Measure) -> np.ndarray:
    """What `measure` finds in each group, put back in the order of the windows.

    Raises:
        DataError: no windows.
    """
    rows = None
    for group in np.unique(groups):
        every = np.flatnonzero(groups == group)
        found = measure(every[learnt[every]], every)
        if rows is None:
            rows = np.empty((len(groups), *found.shape[1:]), np.float32)
        rows[every] = found
    if rows is None:
        raise DataError("no windows: a detector needs some healthy ones to learn from")
    return rows


def commission_features(preprocessing: Preprocessing, data: Dataset) -> np.ndarray:
    """`(n, features)`: of each window, in scales of its own group's commissioning."""
    features = Preprocessing(preprocessing.steps[:-1]).apply(data.x)

    def measure(learnt: np.ndarray, every: np.ndarray) -> np.ndarray:
        mean, scale = learn_normal(features[learnt])
        return np.asarray((features[every] - mean) / scale)

    return measure_by_group(data.groups, find_commissioning(data), measure)


def commission_example(
    preprocessing: Preprocessing, data: Dataset
) -> tuple[Preprocessing, np.ndarray]:
    """The preprocessing of one installation, the first group of `data`, for a Bundle.

    Returns:
        It, and which windows are that group's, `(n,)` bool.
    """
    is_example = np.asarray(data.groups == np.unique(data.groups)[0])
    features = Preprocessing(preprocessing.steps[:-1])
    mean, scale = learn_normal(features.apply(data.x[is_example & find_commissioning(data)]))
    step = Standardize(mean=tuple(mean.tolist()), scale=tuple(scale.tolist()))
    return Preprocessing((*features.steps, step)), is_example


def deviate(scores: np.ndarray, groups: np.ndarray, learnt: np.ndarray) -> np.ndarray:
    """`(n,)` log2 scores as spreads above the level of the group's own commissioning."""

    def measure(first: np.ndarray, every: np.ndarray) -> np.ndarray:
        level, spread = learn_level(scores[first])
        return Centre(np.empty(0), np.empty(0), level, spread).deviations(scores[every])

    return measure_by_group(groups, learnt, measure)


def pack_answers(z: np.ndarray, data: Dataset) -> np.ndarray:
    """All that `score_detection` must know of windows, `(n, features + 3)` float32.

    The inputs, then the class, the group's number, and whether the window is commissioning.
    """
    _, group = np.unique(data.groups, return_inverse=True)
    more = np.stack([data.y, group, find_commissioning(data)], axis=1)
    return np.concatenate([z, more], axis=1).astype(np.float32)


def score_detection(outputs: np.ndarray, answers: np.ndarray) -> float:
    """The area under the ROC curve of an autoencoder, healthy windows against all faults.

    Args:
        outputs: `(n, features)`, real.
        answers: as `pack_answers` makes them.
    """
    z, y, group, learnt = answers[:, :-3], answers[:, -3], answers[:, -2], answers[:, -1] > 0
    strays = deviate(score_residuals(z, outputs), group, learnt)
    return area_under_curve(strays[~learnt], y[~learnt] > 0)


def judge_alarms(outputs: np.ndarray, z: np.ndarray, data: Dataset) -> np.ndarray:
    """`(n,)` bool: an alarm on a fault, none on a healthy window."""
    strays = deviate(score_residuals(z, outputs), data.groups, find_commissioning(data))
    return np.asarray((strays >= LIMIT) == (data.y != 0))


def mahalanobis(z: np.ndarray, groups: np.ndarray, learnt: np.ndarray) -> np.ndarray:
    """`(n,)` log2 scores: distances that know which features go together. A control."""

    def measure(first: np.ndarray, every: np.ndarray) -> np.ndarray:
        covariance = np.cov(z[first].T)
        shrunk = (1 - SHRINKAGE) * covariance + SHRINKAGE * np.diag(np.diag(covariance))
        inverse = np.linalg.inv(shrunk + 1e-6 * np.eye(len(shrunk)))
        distance = np.einsum("ni,ij,nj->n", z[every], inverse, z[every])
        return np.asarray(np.log2(distance / z.shape[1] + 1e-6))

    return measure_by_group(groups, learnt, measure)


def stray_in_loudness(x: np.ndarray, groups: np.ndarray, learnt: np.ndarray) -> np.ndarray:
    """`(n,)` deviations of the root mean square from the group's usual, either way. A control."""
    energy = np.log2(x.var(axis=1).sum(axis=1) + 1e-12)

    def measure(first: np.ndarray, every: np.ndarray) -> np.ndarray:
        mean, scale = energy[first].mean(), max(float(energy[first].std()), 0.01)
        return np.asarray(np.abs(energy[every] - mean) / scale)

    return measure_by_group(groups, learnt, measure)


def deviations_by_method(
    z: np.ndarray, data: Dataset, outputs: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """How far each window strays, by method: the network if there is one, then the controls.

    Args:
        z: `(n, features)` of `commission_features`.
        outputs: what the network makes of them.
    """
    groups, learnt = data.groups, find_commissioning(data)
    scores = {
        "autoencoder": None if outputs is None else score_residuals(z, outputs),
        "z-score": score_residuals(z),
        "Mahalanobis": mahalanobis(z, groups, learnt),
    }
    strays = {k: deviate(one, groups, learnt) for k, one in scores.items() if one is not None}
    return strays | {"RMS": stray_in_loudness(data.x, groups, learnt)}


def compare_methods(
    z: np.ndarray, data: Dataset, outputs: np.ndarray | None = None
) -> DetectorResult:
    """The network beside z-score, Mahalanobis distance and RMS. Arguments as above."""
    strays = deviations_by_method(z, data, outputs)
    return DetectorResult({name: judge_method(one, data) for name, one in strays.items()})


def judge_method(strays: np.ndarray, data: Dataset) -> DetectorMethod:
    """AUC by fault, and false alarms of single windows and of medians of five, of one method."""
    healthy = ~find_commissioning(data) & (data.y == 0)
    auc = {}
    for label, name in enumerate(data.class_names):
        fault = data.y == label
        if label and fault.any():
            both = healthy | fault
            auc[name] = round(area_under_curve(strays[both], fault[both]), 4)
    medians = np.concatenate(
        [running_median(strays[healthy & (data.groups == g)]) for g in np.unique(data.groups)]
    )
    return DetectorMethod(
        auc=auc,
        false_alarms=round(float(np.mean(strays[healthy] >= LIMIT)), 4),
        false_alarms_of_five=round(float(np.mean(medians >= LIMIT)), 4) if len(medians) else 0.0,
    )
