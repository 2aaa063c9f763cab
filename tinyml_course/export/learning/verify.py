"""Does the C learn what Python learns? Compares every weight after every label. Lesson 18."""

from __future__ import annotations

import ctypes
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.export.check.host_build import STRICT_FLAGS, compile_c
from tinyml_course.export.learning.source import HeadC, generate_head_c
from tinyml_course.on_device.head import Head
from tinyml_course.on_device.learner import Learner, LearningSpec

TEST_NAME = "head"


@dataclass(frozen=True)
class Taught:
    """What somebody answered before each label, and knew after it.

    Attributes:
        answers: `(labels,)` int64.
        states: `(labels, bytes)` uint8, the C struct: weights, bias, counts, memory.
    """

    answers: np.ndarray
    states: np.ndarray


@dataclass(frozen=True)
class LearningVerification:
    """What a comparison found.

    Attributes:
        labels: how many were given.
        steps: of SGD that they made.
        weights_compared, weights_differing: all of them, after every label.
        answers_differing: before every label.
        memory_differing: bytes of counts and examples, after every label.
        target: where the C ran.
    """

    labels: int
    steps: int
    weights_compared: int
    weights_differing: int
    answers_differing: int
    memory_differing: int
    target: str

    @property
    def passed(self) -> bool:
        """Not one bit differs."""
        return not (self.weights_differing or self.answers_differing or self.memory_differing)


@dataclass(frozen=True)
class LearningRunner:
    """A place where the C can learn, and its name, for instance "host"."""

    name: str
    run: Callable[[HeadC, np.ndarray, np.ndarray], Taught]


def driver_text(name: str) -> str:
    """C that teaches `n` labels and keeps what it knows after each: `NAME_run_all`."""
    m = name.upper()
    return f"""#include "{name}.h"

#include <string.h>

void {name}_run_all({name}_state_t *state, const int8_t *x, const uint8_t *labels, int32_t n,
                    uint8_t *answers, uint8_t *states);

void {name}_run_all({name}_state_t *state, const int8_t *x, const uint8_t *labels, int32_t n,
                    uint8_t *answers, uint8_t *states)
{{
    for (int32_t i = 0; i < n; i++) {{
        answers[i] = (uint8_t){name}_predict(state, &x[i * {m}_FEATURES]);
        {name}_learn(state, &x[i * {m}_FEATURES], labels[i]);
        memcpy(&states[i * (int32_t)sizeof *state], state, sizeof *state);
    }}
}}
"""


def run_on_host(code: HeadC, x: np.ndarray, labels: np.ndarray) -> Taught:
    """The C, compiled for this computer with every warning an error."""
    name = code.name
    state = np.zeros(code.state_bytes, np.uint8)
    answers = np.zeros(len(x), np.uint8)
    states = np.zeros((len(x), code.state_bytes), np.uint8)
    with tempfile.TemporaryDirectory(prefix="tinyml-", ignore_cleanup_errors=True) as folder:
        files = {
            f"{name}.h": code.header,
            f"{name}.c": code.source,
            "driver.c": driver_text(name),
        }
        library = ctypes.CDLL(str(compile_c(files, Path(folder), f"{name}.so", STRICT_FLAGS)))
        forget, run_all = (getattr(library, f"{name}_{what}") for what in ("forget", "run_all"))
        forget.restype = run_all.restype = None
        given = [ctypes.c_void_p(a.ctypes.data) for a in (state, x, labels, answers, states)]
        forget(given[0])
        run_all(*given[:3], ctypes.c_int32(len(x)), *given[3:])
    return Taught(answers.astype(np.int64), states)


HOST = LearningRunner("host", run_on_host)


def state_of(learner: Learner, state_bytes: int) -> np.ndarray:
    """What a learner knows as the bytes of the C struct, `(bytes,)` uint8."""
    parts = (
        learner.weights.astype("<i4"),
        learner.bias.astype("<i4"),
        learner.seen.astype("<u2"),
        learner.recent,
    )
    content = b"".join(part.tobytes() for part in parts)
    return np.frombuffer(content.ljust(state_bytes, b"\0"), np.uint8)


def verify_learning(
    head: Head,
    spec: LearningSpec,
    x: np.ndarray,
    labels: np.ndarray,
    *,
    runner: LearningRunner = HOST,
) -> LearningVerification:
    """Teach the C and Python the same labels, and compare what they know after each.

    Args:
        x: `(n, features)` int8.
        labels: `(n,)`.
        runner: where the C learns; `board.learning_cores.learning_runner` has processors.

    Raises:
        DataError: features or labels that the head has not.
        ExportError: no compiler.
        BoardError: an emulated processor that the C does not fit.
    """
    labels = np.asarray(labels)
    if x.ndim != 2 or labels.shape != (len(x),) or not len(x):
        raise DataError(f"features {x.shape} and labels {labels.shape}: one label for each row")
    code = generate_head_c(head, spec, TEST_NAME)
    learner = Learner(head, spec)
    answers, states, steps = [], [], 0
    for features, label in zip(x, labels.tolist(), strict=True):
        answers.append(int(learner.predict(features)))
        learner.learn(features, label)
        steps += spec.passes * sum(1 for _ in learner.remembered())
        states.append(state_of(learner, code.state_bytes))
    taught = runner.run(code, np.ascontiguousarray(x), np.ascontiguousarray(labels, np.uint8))
    wanted = np.stack(states)
    weights = 4 * (head.weights.size + head.bias.size)
    differing = (taught.states[:, :weights] != wanted[:, :weights]).reshape(len(x), -1, 4)
    return LearningVerification(
        labels=len(x),
        steps=steps,
        weights_compared=int(differing.shape[0] * differing.shape[1]),
        weights_differing=int(np.count_nonzero(differing.any(axis=2))),
        answers_differing=int(np.count_nonzero(taught.answers != np.array(answers))),
        memory_differing=int(np.count_nonzero(taught.states[:, weights:] != wanted[:, weights:])),
        target=runner.name,
    )
