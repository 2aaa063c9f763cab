"""Explorers of arrays: an axis and broadcasting in lesson 00b, layouts in memory in lesson 21."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import numpy as np

from tinyml_course.live.explorers.explorer import Explorer, Shown, int_slider
from tinyml_course.observe.figure import LessonFigure, colour_of, in_course_style, new_figure

OPERATIONS: dict[str, Any] = {"mean": np.mean, "sum": np.sum, "max": np.max}
MOST = 6  # rows and columns of a table

CHANNELS_FIRST = "channels first (PyTorch)"
CHANNELS_LAST = "channels last (TFLite)"
RESHAPED = "reshaped by mistake"


def explore_axis() -> Explorer:
    """A table, an operation and an axis: which numbers go together, and what shape is left.

    The table has as many rows and columns as one likes, so that a wrong axis can be seen to be an
    error for most tables, and no error at all for a square one. Lesson 00b.
    """

    def show(rows: int, columns: int, operation: str, axis: str) -> Shown:
        table = _make_table(rows, columns)
        along = {"axis=0": 0, "axis=1": 1}.get(axis)
        result = OPERATIONS[operation](table, axis=along)
        called = f"table.{operation}({axis if along is not None else ''})"
        words = (
            f"table has the shape {table.shape}; {called} has the shape {result.shape}: "
            f"{_count(result.size, 'number')}, "
            f"each of {_count(table.size // result.size, 'entry')}."
            f"\n{_say_difference(table, result, called)}"
        )
        return Shown(_draw_table(table, result, along, called), words)

    return Explorer(
        "An axis, and broadcasting",
        {
            "rows": int_slider("rows", 4, 1, MOST),
            "columns": int_slider("columns", 3, 1, MOST),
            "operation": widgets.Dropdown(options=list(OPERATIONS), description="operation"),
            "axis": widgets.Dropdown(options=["axis=0", "axis=1", "no axis"], description="along"),
        },
        show,
        letters=(98, 155),
    )


def _make_table(rows: int, columns: int) -> np.ndarray:
    """Whose entries say where they stand: 1, 2, 3 ... times 1, 10, 100 ..."""
    return np.outer(np.arange(1, rows + 1), 10 ** np.arange(columns)).astype(float)


def _count(number: int, noun: str) -> str:
    many = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number} {noun if number == 1 else many}"


def _say_difference(table: np.ndarray, result: np.ndarray, called: str) -> str:
    try:
        left = table - result
    except ValueError:
        return (
            f"table - {called}: NumPy refuses, because {table.shape} and {result.shape} do not "
            "agree from the right."
        )
    if result.ndim == 0:
        return f"table - {called}: {left.shape}, the one number is used for all."
    if result.size == 1 and table.shape[1] > 1:
        return f"table - {called}: {left.shape}, the one number is used for all columns."
    if len(table) > 1 and result.shape == (table.shape[1],) and called.endswith("(axis=1)"):
        return (
            f"table - {called}: {left.shape}, and nobody complains. But row 0's number was taken "
            "from column 0: the table is square, and the axis is the wrong one."
        )
    return f"table - {called}: {left.shape}, the row of results is used again for each row."


@in_course_style
def _draw_table(
    table: np.ndarray, result: np.ndarray, along: int | None, called: str
) -> LessonFigure:
    rows, columns = table.shape
    figure = new_figure(9, 0.7 + 0.42 * (MOST + 2))  # of one size, whatever the table's
    ax = figure.subplots()
    for row in range(rows):
        for column in range(columns):
            group = {0: column, 1: row, None: 0}[along]
            _draw_entry(ax, column, row, table[row, column], colour_of(group))
    if along == 1:
        places = [(columns + 0.6, row) for row in range(rows)]
    elif along == 0:
        places = [(column, rows + 0.4) for column in range(columns)]
    else:
        places = [(columns + 0.6, rows + 0.4)]
    for number, ((x, y), value) in enumerate(zip(places, np.ravel(result), strict=True)):
        _draw_entry(ax, x, y, value, colour_of(number), filled=True)
    ax.set(
        xlim=(-0.7, 7.3),
        ylim=(MOST + 1.1, -0.7),
        title=f"{called}: what has one colour goes together",
    )
    ax.set_axis_off()
    return figure


def _draw_entry(
    ax: object, x: float, y: float, value: float, colour: str, *, filled: bool = False
) -> None:
    """A number in a box; results are filled."""
    ax.text(  # type: ignore[attr-defined] # matplotlib's axes have no types here
        x, y, f"{value:,.6g}", ha="center", va="center", fontsize=11,
        color="white" if filled else "black",
        bbox={"boxstyle": "round,pad=0.3", "edgecolor": colour, "linewidth": 2,
              "facecolor": colour if filled else "white"},
    )  # fmt: skip


def explore_layout() -> Explorer:
    """Where the numbers of a picture lie in memory, channels first or last. Lesson 21."""

    def show(channels: int, rows: int, columns: int, layout: str) -> Shown:
        first = np.arange(channels * rows * columns).reshape(channels, rows, columns)
        last = first.transpose(1, 2, 0)
        memory = {
            CHANNELS_FIRST: first.ravel(),
            CHANNELS_LAST: last.ravel(),
            RESHAPED: first.reshape(rows, columns, channels).ravel(),
        }[layout]
        right = int((memory == last.ravel()).sum())
        said = {
            CHANNELS_FIRST: f"number [c, r, k] is at c * {rows * columns} + r * {columns} + k",
            CHANNELS_LAST: f"number [r, k, c] is at r * {columns * channels} + k * {channels} + c",
            RESHAPED: "not a number has moved: only the shape says that channels come last",
        }[layout]
        words = (
            f"{layout}: {said}.\n"
            f"{right} of {memory.size} numbers are where a board with channels last looks for them."
        )
        return Shown(_draw_memory(memory, rows * columns, layout), words)

    return Explorer(
        "Channels first, channels last",
        {
            "channels": int_slider("channels", 3, 1, 4),
            "rows": int_slider("rows", 2, 1, 4),
            "columns": int_slider("columns", 4, 1, 4),
            "layout": widgets.Dropdown(
                options=[CHANNELS_FIRST, CHANNELS_LAST, RESHAPED], description="in memory"
            ),
        },
        show,
        letters=(91, 71),
    )


@in_course_style
def _draw_memory(memory: np.ndarray, a_channel: int, layout: str) -> LessonFigure:
    figure = new_figure(9, 2.6)
    ax = figure.subplots()
    a_line = 16
    for place, number in enumerate(memory):
        channel, inside = divmod(int(number), a_channel)
        text = f"{'abcd'[channel]}{inside}"
        ax.text(
            place % a_line, place // a_line, text, ha="center", va="center", fontsize=10,
            bbox={"boxstyle": "round,pad=0.25", "edgecolor": colour_of(channel), "linewidth": 2,
                  "facecolor": "white"},
        )  # fmt: skip
    lines = -(-len(memory) // a_line)
    ax.set(xlim=(-0.7, a_line - 0.3), ylim=(max(lines, 2) - 0.3, -0.7))
    ax.set_title(f"{layout}. A letter for each channel, its numbers row by row")
    ax.set_axis_off()
    return figure
