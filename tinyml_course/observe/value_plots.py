"""Figures of models that answer with values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from tinyml_course.observe.figure import GREY, PALETTE, in_course_style, need, new_figure

MOST_POINTS = 2000


@in_course_style
def plot_values(
    truth: np.ndarray, answers: np.ndarray, names: Sequence[str], units: Sequence[str]
) -> Figure:
    """A panel a target: each answer above its true value; a perfect one lies on the line.

    Args:
        truth, answers: `(n, targets)` in units; of very many, evenly spread ones are drawn.
    """
    truth, answers = np.asarray(truth), np.asarray(answers)
    need(
        truth.shape == answers.shape and truth.shape[1:] == (len(names),),
        f"values of shape {truth.shape} and {answers.shape} for {len(names)} names",
    )
    shown = np.unique(np.linspace(0, len(truth) - 1, min(len(truth), MOST_POINTS)).astype(int))
    columns = min(len(names), 2)
    rows = -(-len(names) // columns)
    figure = new_figure(4.4 * columns, 3.8 * rows)
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for k, (name, unit) in enumerate(zip(names, units, strict=True)):
        low = min(truth[:, k].min(), answers[:, k].min())
        high = max(truth[:, k].max(), answers[:, k].max())
        axes[k].plot([low, high], [low, high], color=GREY, linestyle=":", linewidth=1.4)
        axes[k].plot(truth[shown, k], answers[shown, k], ".", color=PALETTE[k], markersize=3)
        axes[k].set(title=name, xlabel=f"true ({unit})", ylabel=f"the model's answer ({unit})")
    for ax in axes[len(names) :]:
        ax.set_visible(False)
    return figure
