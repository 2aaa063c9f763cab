"""Distillation: a small network learns from a large one's answers. Lesson 06 teaches it.

Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015). The student needs
no labels, only inputs and a teacher. So it gains where labels are few and inputs many; where the
student may see the same labels as the teacher, a small network on a small task gains nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from tinyml_course.errors import TinyMLCourseError
from tinyml_course.table import Table
from tinyml_course.training import (
    TrainingHistory,
    accuracy,
    fit_model,
    predict_scores,
)


def soften(scores: np.ndarray, temperature: float) -> np.ndarray:
    """Probabilities at a higher temperature: the same order, less sure of itself.

    softmax(z / T) follows from p = softmax(z) alone, because z is log p up to a constant.

    Args:
        scores: `(n, n_classes)` probabilities.
        temperature: 1 changes nothing; the higher, the more the unlikely classes count.

    >>> soften(np.array([[0.9, 0.1]]), 2.0).round(2)
    array([[0.75, 0.25]])
    """
    if temperature <= 0:
        raise TinyMLCourseError(f"temperature {temperature} is not positive: take 1 to 10")
    softened = np.maximum(scores, 1e-12) ** (1 / temperature)
    return softened / softened.sum(axis=1, keepdims=True)


def distill(
    teacher: Any,
    student: Any,
    x_train: np.ndarray,
    x_val: np.ndarray,
    y_val: np.ndarray,
    *,
    temperature: float = 2.0,
    epochs: int = 20,
    batch_size: int = 64,
    learning_rate: float = 2e-3,
    seed: int = 0,
    log_every: int = 0,
    keep_best: bool = True,
) -> TrainingHistory:
    """Train `student` in place to answer like `teacher`. No label of the training part is used.

    Args:
        teacher: a trained `tf_keras` model that ends in softmax.
        student: a model with the same classes.
        x_train: `(n, *input_shape)`; need not be labelled.
        x_val, y_val: labelled, for choosing the best epoch and for progress.
        temperature: at which student and teacher are compared.
        keep_best: False keeps the last epoch's weights, and then no label is used at all.
    """
    targets = soften(predict_scores(teacher, x_train), temperature).astype(np.float32)
    return fit_model(
        student,
        x_train,
        targets,
        x_val,
        y_val,
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        seed=seed,
        log_every=log_every,
        loss=partial(softened_cross_entropy, temperature=temperature),
        keep_best=keep_best,
    )


def softened_cross_entropy(targets: Any, scores: Any, temperature: float) -> Any:
    """Cross-entropy of the student's answer at `temperature`, times T squared.

    The factor keeps the gradients as large as they are at temperature 1 (Hinton et al., section 2).

    Args:
        targets, scores: `(n, n_classes)` tensors; the scores are probabilities at temperature 1.

    Returns:
        `(n,)` nats.
    """
    import tensorflow as tf

    logits = tf.math.log(tf.maximum(scores, 1e-7)) / temperature
    return temperature**2 * tf.nn.softmax_cross_entropy_with_logits(targets, logits)


@dataclass(frozen=True)
class DistillationComparison:
    """The two cases side by side, as accuracies on the samples given.

    Attributes:
        teacher: the large network, trained on all labels.
        all_labels: the student, trained on the same labels. Case one: `distilled` against this.
        few_labels: the student, trained on `labels` of them. Case two: `distilled` against this.
        distilled: the student, trained on the teacher's answers for all inputs and on no label.
    """

    teacher: float
    all_labels: float
    few_labels: float
    distilled: float
    labels: int
    inputs: int
    samples: int

    def table(self) -> Table:
        """The same as text cells."""
        few, every = f"{self.labels:,}", f"{self.inputs:,}"
        cells = (
            ("teacher, on labels", every, every, self.teacher),
            ("student, on labels", every, every, self.all_labels),
            ("student, on labels", few, few, self.few_labels),
            ("student, on the teacher's answers", every, "0", self.distilled),
        )
        return Table(
            ("network", "inputs", "labels", "accuracy"),
            tuple((*texts, f"{value:.3f}") for *texts, value in cells),
            f"float models on {self.samples} samples",
        )

    def __str__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def compare_distillation(
    build_teacher: Callable[[], Any],
    build_student: Callable[[], Any],
    x_train: np.ndarray,
    y_train: np.ndarray,
    x_val: np.ndarray,
    y_val: np.ndarray,
    *,
    labels: int = 120,
    epochs: int = 20,
    batch_size: int = 32,
    learning_rate: float = 2e-3,
    temperature: float = 2.0,
    seed: int = 0,
) -> DistillationComparison:
    """Where distillation gains nothing, and where it gains: the same labels, and few labels.

    The situation behind the second case: somebody's large network exists, and you have many inputs
    and hardly any labels. Every student starts from the same weights, takes about the same number
    of steps, and keeps its last weights, so that only what it learns from differs and no further
    labels slip in through the choice of an epoch.

    Args:
        build_teacher, build_student: return a new untrained model.
        x_val, y_val: on which the accuracies are measured.
        labels: how many labels the student has in the second case.
        epochs: of a training on all inputs.
    """
    options = {
        "batch_size": batch_size,
        "learning_rate": learning_rate,
        "seed": seed,
        "keep_best": False,
        "log_every": 0,
    }

    def train_on_labels(model: Any, chosen: np.ndarray) -> float:
        # Few samples again and again, so that every epoch has as many steps as the others'.
        chosen = np.resize(chosen, len(x_train))
        fit_model(model, x_train[chosen], y_train[chosen], x_val, y_val, epochs=epochs, **options)
        return accuracy(predict_scores(model, x_val), y_val)

    every = np.arange(len(x_train))
    few = np.random.default_rng(seed).permutation(every)[:labels]
    teacher, student = build_teacher(), build_student()
    teacher_accuracy = train_on_labels(teacher, every)
    distill(teacher, student, x_train, x_val, y_val,
            temperature=temperature, epochs=epochs, **options)  # fmt: skip
    return DistillationComparison(
        teacher=teacher_accuracy,
        all_labels=train_on_labels(build_student(), every),
        few_labels=train_on_labels(build_student(), few),
        distilled=accuracy(predict_scores(student, x_val), y_val),
        labels=len(few),
        inputs=len(every),
        samples=len(x_val),
    )
