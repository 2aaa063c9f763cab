"""What kinds of answer there are: how each is trained, and what says how good it is.

A lab answers with a class unless it says otherwise. A further kind is a further value here, and a
`score` that takes a network's real outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tinyml_course.training.detection import score_detection
from tinyml_course.training.scores import accuracy, skill


@dataclass(frozen=True)
class AnswerKind:
    """A kind of answer.

    Attributes:
        name: "classes", "values" or "deviations".
        measure: what `score` gives, as reports and tables head it.
        score: `(outputs, answers) -> float`, higher is better: real outputs `(n, outputs)` of a
            network, and what it was to answer, as it was trained on it.
        fit_options: what `training.fit_model` needs besides, also where QAT and pruning train on.
    """

    name: str
    measure: str
    score: Callable[[np.ndarray, np.ndarray], float]
    fit_options: Mapping[str, Any] = field(default_factory=dict)


CLASSES = AnswerKind("classes", "accuracy", accuracy)
VALUES = AnswerKind("values", "skill", skill, {"loss": "mse", "classifies": False})
DEVIATIONS = AnswerKind("deviations", "AUC", score_detection, {"loss": "mse", "classifies": False})
