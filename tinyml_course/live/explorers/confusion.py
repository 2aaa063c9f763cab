"""A confusion matrix whose cells show their windows. Lesson 03."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.patches import Rectangle

from tinyml_course.bundle import Bundle
from tinyml_course.errors import DataError
from tinyml_course.live.explorers.explorer import Explorer, Shown
from tinyml_course.observe.figure import LessonFigure, colour_of, in_course_style, new_figure
from tinyml_course.training.scores import confusion_matrix

MOST_WINDOWS = 4


def explore_confusion(
    scores: np.ndarray | None = None,
    y: np.ndarray | None = None,
    windows: np.ndarray | None = None,
    class_names: Sequence[str] = (),
) -> Explorer:
    """Look at what a model mixes up: choose a cell, see the windows in it. Lesson 03.

    Without arguments: the course's motion model and its golden windows.

    Args:
        scores: `(n, classes)`.
        y: `(n,)` true labels.
        windows: `(n, window, channels)`, what the model was asked about.
        class_names: one a class.

    Raises:
        DataError: arrays of different lengths.
    """
    if scores is None or y is None or windows is None:
        bundle = Bundle.load_shipped("motion")
        windows, y = bundle.golden.windows, bundle.golden.labels
        scores, class_names = bundle.predict_scores(windows), bundle.class_names
    scores, y, windows = np.asarray(scores), np.asarray(y), np.asarray(windows)
    if len(scores) != len(windows):
        raise DataError(f"{len(scores)} scores for {len(windows)} windows: give one a window")
    names = list(class_names)
    matrix = confusion_matrix(scores, y)
    answers = scores.argmax(axis=1)
    wrong = matrix - np.diag(np.diag(matrix))
    first, second = np.unravel_index(wrong.argmax() if wrong.any() else 0, matrix.shape)

    def show(true: str, answer: str) -> Shown:
        row, column = names.index(true), names.index(answer)
        inside = np.flatnonzero((y == row) & (answers == column))
        words = (
            f"{len(inside)} windows of {true} were answered with {answer}: "
            f"{len(inside) / max(matrix[row].sum(), 1):.0%} of all {true}."
        )
        if len(inside):
            numbers = ", ".join(str(number) for number in inside[:MOST_WINDOWS])
            words += f"\nDrawn: number {numbers}."
        return Shown(_draw(matrix, names, row, column, windows[inside[:MOST_WINDOWS]]), words)

    explorer = Explorer(
        "A confusion matrix whose cells show their windows",
        {
            "true": widgets.Dropdown(options=names, value=names[first], description="true class"),
            "answer": widgets.Dropdown(
                options=names, value=names[second], description="the model's answer"
            ),
        },
        show,
    )
    explorer.children = (*explorer.children[:1], _cells(explorer, matrix, names),
                         *explorer.children[1:])  # fmt: skip
    return explorer


def _cells(explorer: Explorer, matrix: np.ndarray, names: Sequence[str]) -> widgets.GridBox:
    """The matrix as buttons: a click chooses the cell."""
    buttons: list[widgets.Widget] = [widgets.Label("true \\ answer")]
    buttons += [widgets.Label(name) for name in names]
    for row, true in enumerate(names):
        buttons.append(widgets.Label(true))
        for column, answer in enumerate(names):
            button = widgets.Button(
                description=str(matrix[row, column]),
                tooltip=f"{true} answered {answer}",
            )
            if row == column:
                button.style.button_color, button.style.text_color = colour_of(0), "white"
            button.layout.width = "64px"

            def choose(_button: object, true: str = true, answer: str = answer) -> None:
                explorer.controls["true"].value = true
                explorer.controls["answer"].value = answer

            button.on_click(choose)
            buttons.append(button)
    columns = f"110px repeat({len(names)}, 72px)"
    return widgets.GridBox(buttons, layout={"grid_template_columns": columns})


@in_course_style
def _draw(
    matrix: np.ndarray, names: Sequence[str], row: int, column: int, windows: np.ndarray
) -> LessonFigure:
    figure = new_figure(9.5, 3.6)
    parts: Any = figure.subfigures(1, 2, width_ratios=(1, 1.8))
    left, right = parts
    ax = left.subplots()
    share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    ax.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for (i, j), count in np.ndenumerate(matrix):
        color = "white" if share[i, j] > 0.5 else "black"
        ax.text(j, i, str(count), ha="center", va="center", color=color)
    ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, lw=3, ec=colour_of(1)))
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel="answer", ylabel="true class")
    ax.grid(False)
    if not len(windows):
        right.text(0.5, 0.5, "no window in this cell", ha="center", color="#6E6E6E")
        return figure
    axes = np.ravel(right.subplots(2, 2, sharex=True, sharey=True))
    for cell in axes[len(windows) :]:
        cell.set_visible(False)
    for cell, window in zip(axes, windows, strict=False):
        for channel in range(window.shape[1]):
            cell.plot(window[:, channel], ("-", "--", ":")[channel % 3], lw=1.1,
                      color=colour_of(channel))  # fmt: skip
    right.supxlabel("sample", fontsize=10)
    return figure
