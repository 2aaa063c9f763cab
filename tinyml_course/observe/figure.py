"""The paper that every figure is drawn on: legible in class, with colours that all eyes tell apart.

Figures are made without `pyplot`, so nothing stays open behind a lesson and nothing is shown twice.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any, ParamSpec

from matplotlib import rc_context
from matplotlib.figure import Figure

from tinyml_course.errors import DataError

# Okabe and Ito, "Color Universal Design" (2008): told apart with any kind of colour vision.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")
GREY = "#6E6E6E"

STYLE: dict[str, Any] = {
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.8,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "figure.facecolor": "white",
    "savefig.dpi": 100,
}

P = ParamSpec("P")


class LessonFigure(Figure):
    """A matplotlib figure that a notebook shows once, whether or not pyplot was ever imported."""

    def _repr_png_(self) -> bytes:
        buffer = BytesIO()
        # no version in the picture: the same figure gives the same bytes
        self.savefig(buffer, format="png", metadata={"Software": None})
        return buffer.getvalue()


def new_figure(width_in: float, height_in: float) -> LessonFigure:
    """An empty figure of this size in inches, whose parts are placed so that none overlap."""
    return LessonFigure(figsize=(width_in, height_in), layout="constrained")


def in_course_style(draw: Callable[P, LessonFigure]) -> Callable[P, LessonFigure]:
    """Decorator: draw with the course's style, and leave the reader's own settings as they were."""

    @wraps(draw)
    def styled(*args: P.args, **kwargs: P.kwargs) -> LessonFigure:
        with rc_context(STYLE):
            figure = draw(*args, **kwargs)
            figure.draw_without_rendering()  # lay it out while the style holds
        return figure

    return styled


def colour_of(index: int) -> str:
    """The palette's colour number `index`; it begins again after eight."""
    return PALETTE[index % len(PALETTE)]


def say_where_it_begins(ax: Any, unit: str = "") -> None:
    """Add to a vertical axis's label where it begins, if not at 0: differences look larger."""
    low = ax.get_ylim()[0]
    if low > 0:
        ax.set_ylabel(f"{ax.get_ylabel()}\n(axis begins at {low:.2g}{unit})")


def need(condition: bool, what: str) -> None:
    """Refuse to draw what cannot be drawn.

    Raises:
        DataError: `condition` does not hold.
    """
    if not condition:
        raise DataError(f"nothing to plot: {what}")
