"""Small pictures in rows, for lessons on vision. Lesson 13."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from tinyml_course.observe.figure import in_course_style, need, new_figure


@in_course_style
def plot_pictures(
    pictures: np.ndarray,
    titles: Sequence[str] | None = None,
    *,
    columns: int = 10,
    unit: str = "share of ink",
    lowest: float = 0.0,
    highest: float = 1.0,
    title: str = "",
) -> Figure:
    """Pictures side by side, `columns` a row, dark where the values are high.

    Args:
        pictures: `(n, rows, columns)` values in `unit`.
        titles: one a picture.
        lowest, highest: the values drawn white and black.
    """
    pictures = np.asarray(pictures)
    need(pictures.ndim == 3 and len(pictures) > 0, "pictures must be (n, rows, columns), n above 0")
    need(titles is None or len(titles) == len(pictures), "give one title a picture")
    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    figure = new_figure(0.95 * columns + 1.2, (1.2 if titles is not None else 1.0) * rows + 0.5)
    axes = figure.subplots(rows, columns, squeeze=False)
    for ax in axes.ravel():
        ax.set_axis_off()
    for number, (ax, picture) in enumerate(zip(axes.ravel(), pictures, strict=False)):
        drawn = ax.imshow(picture, cmap="gray_r", vmin=lowest, vmax=highest)
        if titles is not None:
            ax.set_title(titles[number], fontsize=10, loc="center")
    # One row is too low for its unit in one line.
    label = unit if rows > 1 else unit.replace(" ", "\n", 1)
    figure.colorbar(drawn, ax=axes, label=label, shrink=0.9, aspect=10 * rows)
    if title:
        figure.suptitle(title, x=0.02, ha="left", fontsize=12, fontweight="bold")
    return figure
