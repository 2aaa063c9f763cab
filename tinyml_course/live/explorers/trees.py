"""An explorer of a decision tree: deeper, larger, and when that stops to pay. Lesson 15."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tinyml_course.datasets.gas import make_gas_dataset
from tinyml_course.datasets.splits import split_by_group
from tinyml_course.export.trees.table import table_bytes
from tinyml_course.extras import require
from tinyml_course.features.gas_features import GasFeatures
from tinyml_course.live.explorers.explorer import Explorer, Shown, int_slider
from tinyml_course.observe.figure import LessonFigure, colour_of, in_course_style, new_figure
from tinyml_course.trees.integer_scale import IntegerScale

DEPTHS = tuple(range(1, 13))
LEARNT = "learnt from"
Judged = tuple[int, dict[str, float], int, int]

_DASHES = ("-", "--", "-.", ":")


def explore_tree(parts: Mapping[str, tuple[np.ndarray, np.ndarray]] | None = None) -> Explorer:
    """Depth and smallest leaf of a tree, against its accuracy and its bytes. Lesson 15.

    Args:
        parts: features `(n, features)` and classes `(n,)` by name; the tree learns from the first
            and is judged on all. The drinks of the gas lab if None: train, same week, 16 weeks
            later, other sensors.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    require("sklearn", "explore_tree")
    given = _drinks() if parts is None else dict(parts)
    names = list(given)
    scale = IntegerScale.fit(given[names[0]][0], "int8")
    integers = {name: (scale.apply(x), y) for name, (x, y) in given.items()}
    known: dict[tuple[int, int], Judged] = {}

    def judge(depth: int, leaf: int) -> Judged:
        if (depth, leaf) not in known:
            known[depth, leaf] = _grow(integers, names[0], depth, leaf)
        return known[depth, leaf]

    def show(depth: int, leaf: int) -> Shown:
        rows = [judge(each, leaf) for each in DEPTHS]
        _, shares, leaves, size = judge(depth, leaf)
        said = ", ".join(f"{name} {share:.3f}" for name, share in shares.items())
        best = max(rows, key=lambda row: row[1][names[-1]])
        questions = "1 question" if depth == 1 else f"{depth} questions"
        words = (
            f"At most {questions}, at least {leaf} in each leaf: {leaves} leaves, "
            f"{size:,} bytes as a table.\nRight answers: {said}. "
            f"For {names[-1]}, {best[0]} questions are best: {best[1][names[-1]]:.3f}."
        )
        return Shown(_draw_depths(rows, names, depth), words)

    return Explorer(
        "How deep should a tree be?",
        {
            "depth": int_slider("depth", 8, DEPTHS[0], DEPTHS[-1], "questions"),
            "leaf": int_slider("smallest leaf", 4, 1, 60, "samples"),
        },
        show,
    )


def _drinks() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    split = split_by_group(make_gas_dataset(seed=0), seed=0)
    parts = {
        LEARNT: split.train,
        "same week": split.test,
        "16 weeks later": make_gas_dataset(0, week=16, sessions=6),
        "other sensors": make_gas_dataset(0, 4, first_sensor=50, sessions=6),
    }
    return {name: (GasFeatures().apply(part.x), part.y) for name, part in parts.items()}


def _grow(
    parts: Mapping[str, tuple[np.ndarray, np.ndarray]], taught: str, depth: int, leaf: int
) -> Judged:
    from sklearn.tree import DecisionTreeClassifier

    from tinyml_course.trees.scikit_learn import read_forest

    tree = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=leaf, random_state=0)
    tree.fit(*parts[taught])
    shares = {name: float(tree.score(x, y)) for name, (x, y) in parts.items()}
    return depth, shares, int(tree.get_n_leaves()), table_bytes(read_forest(tree, "int8"))


@in_course_style
def _draw_depths(rows: list[Judged], names: list[str], depth: int) -> LessonFigure:
    figure = new_figure(9, 3.4)
    left, right = figure.subplots(1, 2)
    depths = [row[0] for row in rows]
    for number, name in enumerate(names):
        left.plot(depths, [row[1][name] for row in rows], _DASHES[number % 4], marker="o",
                  markersize=3, color=colour_of(number), label=name)  # fmt: skip
    left.set(xlabel="questions at most", ylabel="share of right answers", ylim=(0, 1.03),
             title="Accuracy")  # fmt: skip
    left.legend(loc="lower right")
    right.plot(depths, [row[3] for row in rows], marker="o", markersize=3, color=colour_of(0))
    right.set(xlabel="questions at most", ylabel="bytes", title="Size as a table")
    right.set_ylim(bottom=0)
    for ax in (left, right):
        ax.axvline(depth, color=colour_of(6), linestyle=":", linewidth=1)
    return figure
