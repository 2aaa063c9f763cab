"""An explorer of learning on the board: the rate, the labels, and how much is rehearsed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tinyml_course.bundle import Bundle
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.mounted_motion import make_mounted_dataset
from tinyml_course.errors import DataError
from tinyml_course.interpreters.tflm import run_integer_model
from tinyml_course.live.explorers.explorer import Explorer, Shown, int_slider
from tinyml_course.network.rewrite import cut_head
from tinyml_course.observe.figure import LessonFigure, colour_of, in_course_style, new_figure
from tinyml_course.on_device.head import Head
from tinyml_course.on_device.learner import Learner, LearningSpec

ROUNDS = 5  # labels of each class, one of each in a round
PERSON = 222  # one of those who gain most; the lesson has the mean of thirty
RATES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
Curve = list[tuple[float, float]]  # after each round: on the owner, on everybody else


@dataclass(frozen=True)
class Owner:
    """Somebody who turned a board, and those who did not, as features and classes."""

    head: Head
    spec: LearningSpec
    taught: tuple[np.ndarray, np.ndarray]  # by turns, one of each class
    judged: tuple[np.ndarray, np.ndarray]
    others: tuple[np.ndarray, np.ndarray]


def explore_rehearsal(owner: Owner | None = None) -> Explorer:
    """What each label of an owner gains and costs, at a rate, with or without rehearsal. Lesson 18.

    Args:
        owner: who teaches; somebody who turned the board of the course's Bundle, if None.
    """
    given = _somebody() if owner is None else owner
    known: dict[tuple[int, int], Curve] = {}

    def show(rate: int, old: int) -> Shown:
        key = (rate, old)
        if key not in known:
            known[key] = _teach(given, RATES[rate], old)
        curve = known[key]
        (mine, others), (mine_now, others_now) = curve[0], curve[-1]
        with_what = f"{old} old examples of each class" if old else "no old example"
        words = (
            f"A rate of {RATES[rate]}/256, {with_what} rehearsed.\nThe owner: {mine:.2f} right as "
            f"shipped, {mine_now:.2f} after {ROUNDS} labels of each class. Everybody else: "
            f"{others:.2f}, then {others_now:.2f}."
        )
        return Shown(_draw_curves(curve), words)

    return Explorer(
        "What a label gains, and what it costs",
        {
            "rate": int_slider("n of the rate 2^n / 256", 5, 0, len(RATES) - 1),
            "old": int_slider("rehearsed", 0, 0, len(given.spec.old[0]), "examples per class"),
        },
        show,
        letters=(60, 103),
    )


def _somebody() -> Owner:
    bundle = Bundle.load_shipped("personalize")
    if bundle.learning is None:
        raise DataError("the shipped Bundle says nothing about learning")
    mine = make_mounted_dataset(0, 1, first_person=PERSON, hop=100, turned=True)
    others = make_mounted_dataset(0, 20, first_person=300, hop=100)
    body = cut_head(bundle.model)

    def features_of(data: Dataset) -> np.ndarray:
        inputs = body.input.quantize(bundle.preprocessing.apply(data.x))
        return run_integer_model(body, inputs).outputs

    x, y = features_of(mine), mine.y
    by_class = [np.flatnonzero(y == label) for label in range(mine.n_classes)]
    taught = np.array([rows[k] for k in range(ROUNDS) for rows in by_class])
    judged = np.concatenate([rows[ROUNDS:] for rows in by_class])
    return Owner(
        Head.from_model(bundle.model),
        bundle.learning,
        (x[taught], y[taught]),
        (x[judged], y[judged]),
        (features_of(others), others.y),
    )


def _teach(owner: Owner, rate_256: int, old: int) -> Curve:
    examples = tuple(one[:old] for one in owner.spec.old) if old else ()
    learner = Learner(owner.head, replace(owner.spec, rate_256=rate_256, old=examples))

    def judge() -> tuple[float, float]:
        mine, others = (learner.predict(x) == y for x, y in (owner.judged, owner.others))
        return float(mine.mean()), float(others.mean())

    curve = [judge()]
    each = owner.head.classes
    for number, (x, label) in enumerate(zip(*owner.taught, strict=True), 1):
        learner.learn(x, int(label))
        if number % each == 0:
            curve.append(judge())
    return curve


@in_course_style
def _draw_curves(curve: Curve) -> LessonFigure:
    figure = new_figure(7, 3.4)
    ax = figure.subplots()
    for number, name in enumerate(("the owner, who turned the board", "everybody else")):
        values = [row[number] for row in curve]
        ax.plot(range(len(curve)), values, ("-", "--")[number], marker="os"[number],
                color=colour_of(number), label=name)  # fmt: skip
    ax.set(xlabel="labels of each class", ylabel="share of right answers", ylim=(0, 1.03),
           title="Learnt and forgotten", xticks=range(len(curve)))  # fmt: skip
    ax.legend(loc="lower right")
    return figure
