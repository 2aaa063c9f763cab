"""Reads decision trees from scikit-learn, so that integers take exactly the same way.

scikit-learn casts features to float32, which holds every integer up to 2^24, and goes left if
`x <= t` with t a double. For an integer x that is `x <= floor(t)`: no rounding, no `<`. A threshold
beyond the type's ends asks nothing; its node is replaced by the child that every value reaches.
Lesson 15 shows what `x < round(t)` does instead.

The attributes that are read: `sklearn.tree._tree.Tree` (`children_left`, `feature`, `threshold`,
`value`), documented at scikit-learn.org under "Understanding the decision tree structure".
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.trees.forest import GREATEST_VOTE, INTEGER_TYPES, LEAF, Forest, Tree

TREES = ("DecisionTreeClassifier", "ExtraTreeClassifier")
FORESTS = ("RandomForestClassifier", "ExtraTreesClassifier")


def read_forest(estimator: Any, dtype: str, *, classes: int | None = None) -> Forest:
    """The trees of a fitted classifier, for features of type `dtype`.

    A single tree's leaf votes for its most frequent class: `predict` is scikit-learn's. In a forest
    scikit-learn adds the shares of the classes in each leaf; here a share is a number of 0 to 255,
    rounded. Where all leaves are pure the answers are the same; elsewhere they can differ if two
    classes are within a 255th of each other. The leaves are the same always.

    Args:
        estimator: DecisionTreeClassifier, ExtraTreeClassifier, RandomForestClassifier or
            ExtraTreesClassifier, trained on labels 0, 1, ...
        dtype: "int8" or "int16", the type of the features that it was trained on.
        classes: how many there are, if the training part may lack the last.

    Raises:
        DataError: another estimator, one that was not fitted, labels that are no classes, a
            threshold that is no number, or more than a `Forest` can hold.
    """
    kind = type(estimator).__name__
    if kind not in TREES + FORESTS:
        raise DataError(f"{kind} cannot be read as trees: take one of {', '.join(TREES + FORESTS)}")
    if dtype not in INTEGER_TYPES:
        raise DataError(
            f"features of type {dtype} cannot be: quantize them to int8 or int16. scikit-learn "
            "computes in float32, which does not hold every integer beyond 2^24"
        )
    members = [estimator] if kind in TREES else getattr(estimator, "estimators_", [])
    if not members or not hasattr(members[0], "tree_"):
        raise DataError(f"this {kind} was not fitted: call fit(x, y) first")
    if getattr(estimator, "n_outputs_", 1) != 1:
        raise DataError(f"this {kind} answers several questions at once: train one a question")
    labels = _labels(estimator.classes_, classes)
    n_classes = classes or int(labels.max()) + 1
    return Forest(
        dtype=dtype,
        features=int(estimator.n_features_in_),
        classes=n_classes,
        trees=tuple(
            _read_tree(member.tree_, dtype, labels, n_classes, kind in TREES) for member in members
        ),
        kind=kind,
    )


def integer_threshold(threshold: float) -> float:
    """The greatest integer that goes left at `threshold`; an infinite one stays what it is.

    >>> [integer_threshold(t) for t in (0.5, 1.0, -0.5, -1.0, -1.5)]
    [0, 1, -1, -1, -2]
    """
    return threshold if math.isinf(threshold) else math.floor(threshold)


def _labels(found: Any, classes: int | None) -> np.ndarray:
    labels = np.asarray(found)
    if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= (classes or 1 << 30):
        raise DataError(
            f"the classes {labels[:5].tolist()} are not numbers of 0 to "
            f"{'the last class' if classes is None else classes - 1}: train on class indices"
        )
    return labels.astype(np.int64)


def _read_tree(tree: Any, dtype: str, labels: np.ndarray, n_classes: int, is_alone: bool) -> Tree:
    """One `sklearn.tree._tree.Tree`, its nodes in the order of a walk that goes left first."""
    limits = np.iinfo(dtype)
    feature: list[int] = []
    threshold: list[int] = []
    right: list[int] = []
    votes: list[tuple[int, ...]] = []
    origin: list[int] = []
    # nodes still to visit, with the node whose right child each is; a loop, as trees may be deep
    waiting: list[tuple[int, int | None]] = [(0, None)]
    while waiting:
        at, parent = waiting.pop()
        while (only := _only_child(tree, at, limits)) is not None:
            at = only
        if parent is not None:
            right[parent] = len(feature)
        if tree.children_left[at] < 0:
            feature.append(LEAF)
            threshold.append(0)
            right.append(len(votes))
            votes.append(_read_votes(tree.value[at, 0], labels, n_classes, is_alone))
            origin.append(at)
        else:
            waiting.append((int(tree.children_right[at]), len(feature)))
            waiting.append((int(tree.children_left[at]), None))
            feature.append(int(tree.feature[at]))
            threshold.append(int(integer_threshold(float(tree.threshold[at]))))
            right.append(-1)
    return Tree(tuple(feature), tuple(threshold), tuple(right), tuple(votes), tuple(origin))


def _only_child(tree: Any, at: int, limits: np.iinfo) -> int | None:
    """The child that every value of the type reaches; None for a leaf and for a real question."""
    if tree.children_left[at] < 0:
        return None
    threshold = float(tree.threshold[at])
    if math.isnan(threshold):
        raise DataError(
            f"node {at} has a threshold that is no number: train without missing values"
        )
    if integer_threshold(threshold) >= limits.max:
        return int(tree.children_left[at])
    return int(tree.children_right[at]) if integer_threshold(threshold) < limits.min else None


def _read_votes(
    value: np.ndarray, labels: np.ndarray, n_classes: int, is_alone: bool
) -> tuple[int, ...]:
    votes = np.zeros(n_classes, np.int64)
    if is_alone or np.count_nonzero(value) == 1:
        votes[labels[int(value.argmax())]] = 1 if is_alone else GREATEST_VOTE
    else:
        votes[labels] = np.rint(GREATEST_VOTE * value / value.sum()).astype(np.int64)
    return tuple(votes.tolist())
