"""Gradient descent in the open: softmax regression in NumPy, step by step. Lesson 03.

A network without a hidden layer has a loss with a single valley, so what a learning rate does to it
can be watched without anything else getting in the way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyml_course.errors import DataError


@dataclass(frozen=True)
class Descent:
    """What happened on the way down.

    Attributes:
        losses: `(steps + 1,)` mean cross-entropy before each step and after the last.
        accuracy: on the same samples, at the end.
        turns: steps that went against the step before them: to the other side of the valley.
    """

    losses: np.ndarray
    accuracy: float
    turns: int = 0


def largest_safe_rate(x: np.ndarray) -> float:
    """Up to this learning rate no step of `descend` can raise the loss; above it one may.

    A step is safe up to 2 / L, where L bounds how strongly the loss bends (Nesterov, "Lectures on
    Convex Optimization", 2018, 1.2.3). Softmax bends by at most 1/2 (Boehning, "Multinomial
    logistic regression algorithm", 1992), so L is half the largest eigenvalue of the inputs'
    second moments.

    Args:
        x: `(n, features)` as for `descend`.

    >>> largest_safe_rate(np.array([[-1.0], [1.0]]))
    4.0
    """
    inputs = np.hstack([np.asarray(x, float), np.ones((len(x), 1))])
    return float(4 / np.linalg.eigvalsh(inputs.T @ inputs / len(x))[-1])


def descend(x: np.ndarray, y: np.ndarray, learning_rate: float, steps: int) -> Descent:
    """Train softmax regression on all samples at once, from zero weights.

    Args:
        x: `(n, features)` floats; standardized, or the valley may be a ravine.
        y: `(n,)` integer labels from 0.
        learning_rate: of plain gradient descent.

    Raises:
        DataError: shapes that do not fit, or no samples.

    >>> x, y = np.array([[-1.0], [1.0]]), np.array([0, 1])
    >>> descend(x, y, 1.0, 3).losses.round(3).tolist()
    [0.693, 0.313, 0.195, 0.14]
    """
    x, y = np.asarray(x, float), np.asarray(y)
    if x.ndim != 2 or y.shape != x.shape[:1] or not len(y):
        raise DataError(
            f"descend got x {x.shape} and y {y.shape}: give x (n, features), y (n,), n at least 1"
        )
    inputs = np.hstack([x, np.ones((len(x), 1))])  # the bias is a weight of a constant input
    targets = np.eye(int(y.max()) + 1)[y]
    weights = np.zeros((inputs.shape[1], targets.shape[1]))
    losses, turns, before = [], 0, np.zeros_like(weights)
    for step in range(steps + 1):
        logits = inputs @ weights
        logits -= logits.max(axis=1, keepdims=True)
        log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        losses.append(-(targets * log_p).sum(axis=1).mean())
        if step < steps:
            move = -learning_rate * inputs.T @ (np.exp(log_p) - targets) / len(x)
            turns += int((move * before).sum() < 0)
            weights, before = weights + move, move
    right = (inputs @ weights).argmax(axis=1) == y
    return Descent(np.array(losses), float(right.mean()), turns)
