"""Pictures of a detector: how far windows stray, by what they are. Lesson 14."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tinyml_course.observe.figure import (
    GREY,
    Figure,
    colour_of,
    in_course_style,
    need,
    new_figure,
)

SHOWN = (-4.0, 30.0)


@in_course_style
def plot_deviations(
    groups: Mapping[str, np.ndarray], limit: float, *, title: str = "How far each window strays"
) -> Figure:
    """One row a group, a dot a window; to the right of the line is an alarm.

    Args:
        groups: by name, deviations `(n,)` in spreads of the commissioning; what lies beyond the
            figure is drawn at its edge.
        limit: where an alarm begins.
    """
    need(len(groups) > 0, "there are no groups")
    figure = new_figure(8, 0.5 * len(groups) + 1.3)
    ax = figure.subplots()
    for row, values in enumerate(groups.values()):
        spread = np.random.default_rng(row).uniform(-0.3, 0.3, len(values))
        ax.plot(np.clip(values, *SHOWN), row + spread, ".", ms=5, alpha=0.5, color=colour_of(row))
    ax.axvline(limit, color=GREY, linestyle="--", label="limit")
    ax.set_yticks(range(len(groups)), list(groups))
    ax.invert_yaxis()
    ax.set(xlabel="deviation (spreads of the commissioning)", title=title)
    ax.grid(False, axis="y")
    ax.legend(loc="lower right")
    return figure
