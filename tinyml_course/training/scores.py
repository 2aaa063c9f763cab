"""How good a classifier is, as values that a lesson can print. scikit-learn does the counting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.extras import require
from tinyml_course.table import Table


def accuracy(scores: np.ndarray, y: np.ndarray) -> float:
    """The share of samples whose highest score stands at the right class.

    Args:
        scores: `(n, n_classes)`, floats or the raw integers of a quantized model.
        y: `(n,)` integer labels.

    >>> accuracy(np.array([[0.9, 0.1], [0.3, 0.7]]), np.array([0, 0]))
    0.5
    """
    scores, y = _check(scores, y)
    return float(np.mean(scores.argmax(axis=1) == y))


def confusion_matrix(scores: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Counts of samples, `(n_classes, n_classes)` int64: row = true class, column = answer.

    >>> confusion_matrix(np.array([[0.9, 0.1], [0.3, 0.7]]), np.array([0, 0]))
    array([[1, 1],
           [0, 0]])
    """
    require("sklearn", "a confusion matrix")
    from sklearn import metrics

    scores, y = _check(scores, y)
    return metrics.confusion_matrix(y, scores.argmax(axis=1), labels=np.arange(scores.shape[1]))


def skill(outputs: np.ndarray, targets: np.ndarray) -> float:
    """How much of the squared error of answering 0 a regression takes away, the mean over targets.

    1 is without error, 0 is what answering 0 everywhere gets, below 0 is worse than that. Where the
    targets are a standardized change since the last sample (`features.Targets`), answering 0 is
    about persistence, so this is the skill score of weather forecasters (Murphy, Monthly Weather
    Review 116, 1988).

    Args:
        outputs, targets: `(n, targets)`, as the network learns them.

    >>> skill(np.array([[1.0], [-1.0]]), np.array([[1.0], [-2.0]]))
    0.8
    """
    outputs, targets = np.asarray(outputs, float), np.asarray(targets, float)
    if targets.ndim != 2 or outputs.shape != targets.shape or not len(targets):
        raise DataError(
            f"outputs have shape {outputs.shape} and targets {targets.shape}; give both as "
            "(n, targets) of the same n, at least 1"
        )
    asked = (targets**2).mean(axis=0)
    missed = ((outputs - targets) ** 2).mean(axis=0)
    return float(np.mean(1 - missed / np.maximum(asked, 1e-12)))


def rms_errors(values: np.ndarray, truth: np.ndarray) -> tuple[float, ...]:
    """The root of the mean squared error of each column, in its unit.

    >>> rms_errors(np.array([[1.0], [1.0]]), np.array([[1.0], [3.0]]))
    (1.4142135623730951,)
    """
    errors = np.asarray(values, float) - np.asarray(truth, float)
    return tuple(np.sqrt((errors**2).mean(axis=0)).tolist())


def area_under_curve(scores: np.ndarray, is_positive: np.ndarray) -> float:
    """The chance that a positive sample scores higher than a negative one; 0.5 is guessing.

    The area under the ROC curve, by ranks (Mann and Whitney, 1947). Equal scores count half.

    Args:
        scores: `(n,)`, higher where a positive is likelier.
        is_positive: `(n,)` bool.

    Raises:
        DataError: no positive or no negative sample.

    >>> area_under_curve(np.array([1.0, 2.0, 3.0, 4.0]), np.array([False, True, False, True]))
    0.75
    """
    scores, is_positive = np.asarray(scores, float), np.asarray(is_positive, bool)
    positives = int(is_positive.sum())
    negatives = len(is_positive) - positives
    if not positives or not negatives:
        raise DataError(
            f"an area under a curve needs samples of both kinds; these are {positives} positive "
            f"and {negatives} negative"
        )
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    wins = ranks[is_positive].sum() - positives * (positives + 1) / 2
    return float(wins / (positives * negatives))


@dataclass(frozen=True)
class ClassReport:
    """Precision, recall and F1 for each class. Printed, it is an aligned table."""

    class_names: tuple[str, ...]
    precision: tuple[float, ...]
    recall: tuple[float, ...]
    f1: tuple[float, ...]
    samples: tuple[int, ...]
    accuracy: float

    def table(self) -> Table:
        """One row a class."""
        columns = zip(
            self.class_names, self.precision, self.recall, self.f1, self.samples, strict=True
        )
        return Table(
            ("class", "precision", "recall", "F1", "samples"),
            tuple(
                (name, f"{p:.3f}", f"{r:.3f}", f"{f:.3f}", str(n)) for name, p, r, f, n in columns
            ),
            f"accuracy {self.accuracy:.3f} on {sum(self.samples)} samples",
        )

    def __str__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def class_report(scores: np.ndarray, y: np.ndarray, class_names: Sequence[str]) -> ClassReport:
    """Precision, recall, F1 and number of samples for each class.

    Precision: of the answers "walk", how many were right. Recall: of the true walks, how many were
    found. A class that never occurs, or is never answered, counts as 0.

    Args:
        scores: `(n, n_classes)`.
        y: `(n,)` integer labels.
        class_names: one name a column of `scores`.
    """
    require("sklearn", "a class report")
    from sklearn import metrics

    scores, y = _check(scores, y)
    if len(class_names) != scores.shape[1]:
        raise DataError(
            f"{scores.shape[1]} scores a sample and {len(class_names)} class names: give one name "
            "a class"
        )
    precision, recall, f1, samples = metrics.precision_recall_fscore_support(
        y, scores.argmax(axis=1), labels=np.arange(scores.shape[1]), zero_division=0
    )
    return ClassReport(
        class_names=tuple(class_names),
        precision=tuple(map(float, precision)),
        recall=tuple(map(float, recall)),
        f1=tuple(map(float, f1)),
        samples=tuple(map(int, samples)),
        accuracy=accuracy(scores, y),
    )


def _check(scores: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scores, y = np.asarray(scores), np.asarray(y)
    if scores.ndim != 2 or y.shape != scores.shape[:1] or not len(y):
        raise DataError(
            f"scores have shape {scores.shape} and labels {y.shape}; give scores (n, n_classes) "
            "and labels (n,) of the same n, at least 1"
        )
    return scores, y
