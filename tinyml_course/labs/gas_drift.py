"""What months do to real gas sensors, and what 20 labels of a new month buy: lesson 15's figures.

    python -m tinyml_course.labs.gas_drift FOLDER

FOLDER holds the public set (`datasets/gas_drift.py`). Everything learns from the set's first batch,
the first two months; every later batch is a new month. Nothing is tuned on a later batch.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinyml_course.datasets.gas_drift import GASES, SOURCE, DriftBatch, load_gas_drift, squash
from tinyml_course.errors import TinyMLCourseError
from tinyml_course.export.trees.verify import verify_forest
from tinyml_course.table import Table
from tinyml_course.trees.integer_scale import IntegerScale
from tinyml_course.trees.scikit_learn import read_forest

LABELS = 20
DRAWS = 10
WEIGHT = 10  # of a new sample among the old ones
# old x, old y, the 20's x and y: to a fitted classifier
Method = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], Any]


def make_tree(seed: int = 0) -> Any:
    """A tree, grown to its end."""
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(random_state=seed)


def make_forest(seed: int = 0) -> Any:
    """Fifty trees."""
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(50, random_state=seed)


def make_last_layer(seed: int = 0) -> Any:
    """A single layer with softmax: logistic regression."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(max_iter=300)


def make_dense(seed: int = 0) -> Any:
    """A dense network with one hidden layer of 32."""
    from sklearn.neural_network import MLPClassifier

    return MLPClassifier((32,), max_iter=300, random_state=seed)


MAKERS = {
    "tree": make_tree,
    "forest": make_forest,
    "last layer": make_last_layer,
    "dense": make_dense,
}


def class_shift(
    old_x: np.ndarray, old_y: np.ndarray, new_x: np.ndarray, new_y: np.ndarray
) -> np.ndarray:
    """How far the labelled classes have moved on average, `(features,)`.

    >>> class_shift(np.zeros((2, 1)), np.array([0, 1]), np.array([[3.0]]), np.array([1])).tolist()
    [3.0]
    """
    both = [label for label in np.unique(new_y) if (old_y == label).any()]
    moves = [new_x[new_y == k].mean(axis=0) - old_x[old_y == k].mean(axis=0) for k in both]
    return np.mean(moves, axis=0) if moves else np.zeros(old_x.shape[1])


def _with_the_20(maker: Callable[[], Any], shifts: bool) -> Method:
    def fit(old_x: np.ndarray, old_y: np.ndarray, new_x: np.ndarray, new_y: np.ndarray) -> Any:
        moved = old_x + class_shift(old_x, old_y, new_x, new_y) if shifts else old_x
        weights = np.concatenate([np.ones(len(old_y)), np.full(len(new_y), float(WEIGHT))])
        return maker().fit(
            np.concatenate([moved, new_x]),
            np.concatenate([old_y, new_y]),
            sample_weight=weights,
        )

    return fit


def _moved_only(old_x: np.ndarray, old_y: np.ndarray, new_x: np.ndarray, new_y: np.ndarray) -> Any:
    return make_last_layer().fit(old_x + class_shift(old_x, old_y, new_x, new_y), old_y)


def _alone(old_x: np.ndarray, old_y: np.ndarray, new_x: np.ndarray, new_y: np.ndarray) -> Any:
    if len(np.unique(new_y)) > 1:
        return make_last_layer().fit(new_x, new_y)
    return make_tree().fit(new_x, new_y)  # one class: whoever learns from it knows no other


METHODS: dict[str, Method] = {
    "tree, old and the 20": _with_the_20(make_tree, shifts=False),
    "forest, old and the 20": _with_the_20(make_forest, shifts=False),
    "last layer, old moved by the 20's classes": _moved_only,
    "last layer, old and the 20": _with_the_20(make_last_layer, shifts=False),
    "last layer, old moved, and the 20": _with_the_20(make_last_layer, shifts=True),
    "last layer, the 20 alone (control)": _alone,
}


@dataclass(frozen=True)
class DriftFigures:
    """What was measured, each number an accuracy.

    Attributes:
        same_months: by model, half of batch 1 judged by the other half, the mean of the draws.
        later: by model, then by batch: learnt from batch 1 alone.
        random_labels: by method, then by batch: mean and least over the draws of 20 labels.
        first_labels: by method, then by batch: with the batch's first 20.
        first_classes: by batch, how many gases are among its first 20.
        leaves: by dtype, leaves compared and differing, over all vectors of all batches.
    """

    same_months: dict[str, float]
    later: dict[str, dict[int, float]]
    random_labels: dict[str, dict[int, tuple[float, float]]]
    first_labels: dict[str, dict[int, float]]
    first_classes: dict[int, int]
    leaves: dict[str, tuple[int, int]]

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.tables()))

    def tables(self) -> tuple[Table, Table]:
        """Without help, and with 20 labels: one row a model or method, one column a batch."""
        numbers = list(self.first_classes)
        without = [
            (name, f"{self.same_months[name]:.3f}", *(f"{row[n]:.3f}" for n in numbers))
            for name, row in self.later.items()
        ]
        heads = tuple(f"batch {n}" for n in numbers)
        rows = [
            (
                name,
                *(f"{row[n][0]:.3f} ({row[n][1]:.3f})" for n in numbers),
                *(f"{self.first_labels[name][n]:.3f}" for n in numbers),
            )
            for name, row in self.random_labels.items()
        ]
        firsts = tuple(f"first of {n}: {self.first_classes[n]} gases" for n in numbers)
        align = "l" + "r" * len(numbers)
        return (
            Table(
                ("learnt from batch 1", "batch 1", *heads),
                tuple(without),
                align=align + "r",
                rule=True,
            ),
            Table(
                (f"{LABELS} labels at random, mean (least)", *heads, *firsts),
                tuple(rows),
                align=align + "r" * len(numbers),
                rule=True,
            ),
        )


def scaled(batches: Sequence[DriftBatch]) -> list[np.ndarray]:
    """The features of each batch, squashed, then scaled by the first batch's mean and deviation."""
    first = squash(batches[0].x)
    mean, deviation = first.mean(axis=0), first.std(axis=0)
    return [(squash(b.x) - mean) / np.where(deviation > 0, deviation, 1) for b in batches]


def measure_drift(batches: Sequence[DriftBatch], draws: int = DRAWS) -> DriftFigures:
    """All figures of lesson 15 about real drift: about a minute for three batches.

    Args:
        batches: the first is learnt from; the others are the later months.
        draws: how often 20 labels, and halves of the first batch, are drawn; seeds 0, 1, ...
    """
    xs = scaled(batches)
    old_x, old_y = xs[0], batches[0].y
    later = list(zip(batches[1:], xs[1:], strict=True))
    return DriftFigures(
        same_months={
            name: float(np.mean([_halves(maker, old_x, old_y, s) for s in range(draws)]))
            for name, maker in MAKERS.items()
        },
        later={
            name: {b.number: float(model.score(x, b.y)) for b, x in later}
            for name, model in ((n, m().fit(old_x, old_y)) for n, m in MAKERS.items())
        },
        random_labels={
            name: {
                b.number: _spread(
                    [_judge(fit, old_x, old_y, x, b.y, seed) for seed in range(draws)]
                )
                for b, x in later
            }
            for name, fit in METHODS.items()
        },
        first_labels={
            name: {b.number: _judge(fit, old_x, old_y, x, b.y, None) for b, x in later}
            for name, fit in METHODS.items()
        },
        first_classes={b.number: len(np.unique(b.y[:LABELS])) for b, _ in later},
        leaves={dtype: compare_leaves(batches, dtype) for dtype in ("int8", "int16")},
    )


def compare_leaves(batches: Sequence[DriftBatch], dtype: str) -> tuple[int, int]:
    """A tree and a forest of the first batch, as C: leaves compared with scikit-learn's, differing.

    The features are squashed and quantized by the first batch's scale; every vector of every batch
    is sent through both forms of the C on this computer.
    """
    scale = IntegerScale.fit(squash(batches[0].x), dtype)
    every = np.concatenate([scale.apply(squash(batch.x)) for batch in batches])
    compared = differing = 0
    for maker in (make_tree, make_forest):
        estimator = maker().fit(every[: len(batches[0].y)], batches[0].y)
        forest = read_forest(estimator, dtype, classes=len(GASES))
        for form in ("nested", "table"):
            found = verify_forest(forest, every, estimator.apply(every), form=form)
            compared += found.leaves_compared
            differing += found.leaves_differing
    return compared, differing


def _halves(maker: Callable[[], Any], x: np.ndarray, y: np.ndarray, seed: int) -> float:
    order = np.random.default_rng(seed).permutation(len(y))
    one, other = order[: len(y) // 2], order[len(y) // 2 :]
    return float(maker().fit(x[one], y[one]).score(x[other], y[other]))


def _judge(
    fit: Method,
    old_x: np.ndarray,
    old_y: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    seed: int | None,
) -> float:
    """Accuracy on what is not among the 20: drawn by `seed`, or the first ones if None."""
    order = np.arange(len(y)) if seed is None else np.random.default_rng(seed).permutation(len(y))
    known, rest = order[:LABELS], order[LABELS:]
    return float(fit(old_x, old_y, x[known], y[known]).score(x[rest], y[rest]))


def _spread(values: list[float]) -> tuple[float, float]:
    return float(np.mean(values)), min(values)


def main(arguments: Sequence[str]) -> int:
    """`python -m tinyml_course.labs.gas_drift FOLDER`; exit code 1 with one line on an error."""
    if len(arguments) != 1:
        print("usage: python -m tinyml_course.labs.gas_drift FOLDER", file=sys.stderr)
        return 2
    try:
        figures = measure_drift(load_gas_drift(arguments[0]))
    except TinyMLCourseError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{SOURCE}\n\n{figures}\n")
    for dtype, (compared, differing) in figures.leaves.items():
        print(f"trees in C, {dtype}: {differing} of {compared:,} leaves differ from scikit-learn's")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
