"""What a last layer learns on the board: who gains, what is forgotten, and what it costs.

Each group of each condition teaches by itself, with the first labels of each class, and is judged
on its other windows. The test part, which nobody taught, is asked again afterwards. Lesson 18.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from tinyml_course.board.learning_cores import learning_runner, measure_learning
from tinyml_course.board.models import get_model
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.splits import Split
from tinyml_course.errors import ExportError
from tinyml_course.export.check.verify import verify_model
from tinyml_course.export.learning.verify import verify_learning
from tinyml_course.interpreters.tflm import run_integer_model
from tinyml_course.labs.lab import LearningChoice
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.rewrite import cut_head
from tinyml_course.on_device.head import Head
from tinyml_course.on_device.learner import Learner, LearningSpec
from tinyml_course.pipeline.stages import Log, Trained
from tinyml_course.report import HeldOutJudgement, LearnedCondition, LearningResult


def choose_old_examples(
    features: np.ndarray, labels: np.ndarray, count: int, seed: int
) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """`count` examples of each class, drawn by `seed`, as `LearningSpec.old` wants them.

    >>> choose_old_examples(np.array([[1], [2]], np.int8), np.array([1, 0]), 1, seed=0)
    (((2,),), ((1,),))
    """
    rng = np.random.default_rng([seed, 18])
    return tuple(
        tuple(
            tuple(features[row].tolist())
            for row in rng.choice(np.flatnonzero(labels == label), count, replace=False)
        )
        for label in range(int(labels.max()) + 1)
    )


def lesson_of(labels: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Which rows are labelled, `count` of each class by turns, and which are left to judge.

    >>> [rows.tolist() for rows in lesson_of(np.array([0, 0, 0, 1, 1, 1]), 2)]
    [[0, 3, 1, 4], [2, 5]]
    """
    by_class = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    given = [rows[k] for k in range(count) for rows in by_class if k < len(rows)]
    rest = [rows[count:] for rows in by_class]
    return np.array(given, np.int64), np.concatenate(rest)


def own_lesson(recordings: Dataset, count: int, held_out: Sequence[str] = ()) -> Dataset | None:
    """Those of your recordings by which people teach a board; None where nobody can.

    A person needs `count` windows to label and two more, of two classes at least. The window
    after the labelled ones is left out: half of it may have been labelled with the one before.

    Args:
        held_out: the people that the model has not learnt from, if it has from others.
    """
    chosen = np.zeros(len(recordings), bool)
    for person in held_out or np.unique(recordings.groups):
        mine = np.flatnonzero(recordings.groups == person)
        by_class = [mine[recordings.y[mine] == k] for k in np.unique(recordings.y[mine])]
        if len(by_class) < 2 or min(map(len, by_class)) < count + 2:
            continue
        for rows in by_class:
            chosen[np.delete(rows, count)] = True
    return recordings.subset(chosen) if chosen.any() else None


def own_condition(
    recordings: Dataset, count: int, after: HeldOutJudgement | None, log: Log
) -> dict[str, Dataset]:
    """Your recordings as one more condition under which boards are taught, if anybody can."""
    lesson = own_lesson(recordings, count, after.held_out if after else ())
    if lesson is not None:
        return {"your recordings": lesson}
    log(
        f"      your recordings: nobody has {count + 2} windows of two classes, so what labels buy "
        "is not measured on them; record longer"
    )
    return {}


def make_learning(
    choice: LearningChoice,
    trained: Trained,
    model: bytes,
    split: Split,
    conditions: Mapping[str, Dataset],
    board: str,
    seed: int,
    log: Log,
) -> tuple[LearningSpec, LearningResult]:
    """The spec that goes into the Bundle, and what was found with it.

    Raises:
        UnsupportedOperatorError: a model whose end cannot learn.
        ExportError: the C of body or head differs from TFLM or from Python.
        BoardError: no such board, or it does not fit.
    """
    body, head = cut_head(model), Head.from_model(model)

    def features_of(x: np.ndarray) -> np.ndarray:
        inputs = body.input.quantize(trained.preprocessing.apply(x))
        return run_integer_model(body, inputs).outputs.reshape(len(x), head.features)

    old = choose_old_examples(features_of(split.train.x), split.train.y, choice.old, seed)
    spec = LearningSpec(choice.rate_256, choice.passes, choice.recent, old)
    _verify_body(body, trained, split)
    test = features_of(split.test.x)
    found, taught = {}, []
    for name, data in conditions.items():
        features = features_of(data.x)
        rows = [
            _teach(head, spec, features[of], data.y[of], choice.labels, test, split.test.y)
            for of in (np.flatnonzero(data.groups == group) for group in np.unique(data.groups))
        ]
        found[name] = _condition(rows)
        order, _ = lesson_of(data.y[data.groups == data.groups[0]], choice.labels)
        mine = np.flatnonzero(data.groups == data.groups[0])[order]
        taught.append((features[mine], data.y[mine]))
        one = found[name]
        log(
            f"      {name}: {one.before:.3f}, after {choice.labels} labels a class "
            f"{one.plain:.3f}, with rehearsal {one.rehearsed:.3f}; the test part "
            f"{one.test_before:.3f}, {one.test_plain:.3f}, {one.test_rehearsed:.3f}"
        )
    x, y = np.concatenate([t[0] for t in taught]), np.concatenate([t[1] for t in taught])
    return spec, _measure(head, spec, choice, found, x, y, board)


def _verify_body(body: TfliteModel, trained: Trained, split: Split) -> None:
    """The frozen part's C on the whole test part, on this computer."""
    inputs = body.input.quantize(trained.preprocessing.apply(split.test.x))
    verified = verify_model(body, inputs=[[one[None]] for one in inputs])
    if not verified.passed:
        raise ExportError(
            f"{verified.bytes_differing} bytes of the body's C differ from TFLM: this is a fault "
            "of the exporter, please report it with the model"
        )


def _teach(
    head: Head,
    spec: LearningSpec,
    features: np.ndarray,
    labels: np.ndarray,
    count: int,
    test: np.ndarray,
    test_labels: np.ndarray,
) -> tuple[float, ...]:
    """One person: before, plain, rehearsed; the test part before, plain, rehearsed."""
    given, rest = lesson_of(labels, count)
    here, there = [], []
    learners = [Learner(head, replace(spec, old=())), Learner(head, spec)]
    for learner in (Learner(head, spec), *learners):
        if learner in learners:
            for row in given:
                learner.learn(features[row], int(labels[row]))
        here.append(float((learner.predict(features[rest]) == labels[rest]).mean()))
        there.append(float((learner.predict(test) == test_labels).mean()))
    return (*here, *there)


def _condition(rows: list[tuple[float, ...]]) -> LearnedCondition:
    values = [round(float(v), 4) for v in np.mean(rows, axis=0)]
    return LearnedCondition(len(rows), *values)


def _measure(
    head: Head,
    spec: LearningSpec,
    choice: LearningChoice,
    found: Mapping[str, LearnedCondition],
    x: np.ndarray,
    y: np.ndarray,
    board: str,
) -> LearningResult:
    on_board = get_model(board)
    verified = verify_learning(head, spec, x, y, runner=learning_runner(on_board.target))
    if not verified.passed:
        raise ExportError(
            f"{verified.weights_differing} of {verified.weights_compared:,} weights that the C "
            "learnt differ from Python's: this is a fault of the exporter, please report it"
        )
    cost = measure_learning(head, spec, x, y, target=on_board.target)
    us = 1e6 / on_board.board.clock_hz
    return LearningResult(
        labels=choice.labels,
        conditions=found,
        labels_compared=verified.labels,
        steps=verified.steps,
        weights_compared=verified.weights_compared,
        weights_differing=verified.weights_differing,
        flash_bytes=cost.flash_bytes,
        ram_bytes=cost.ram_bytes,
        stack_bytes=cost.stack_bytes,
        step_us=round(cost.step_cycles * us, 2),
        label_us=round(cost.label_cycles * us, 1),
        answer_us=round(cost.answer_cycles * us, 2),
    )
