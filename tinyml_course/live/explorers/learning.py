"""An explorer of the learning rate. Lesson 03."""

from __future__ import annotations

import numpy as np

from tinyml_course.bundle import Bundle
from tinyml_course.live.explorers.explorer import Explorer, Shown, float_slider, int_slider
from tinyml_course.observe.figure import LessonFigure, colour_of, in_course_style, new_figure
from tinyml_course.training.descent import Descent, descend

STARTS = (0.01, 0.3)  # learning rates that are drawn for comparison


def explore_learning_rate(x: np.ndarray | None = None, y: np.ndarray | None = None) -> Explorer:
    """A learning rate too small, right and too large, on a loss with one valley. Lesson 03.

    Args:
        x: `(n, features)`, standardized; features of the course's motion windows if None.
        y: `(n,)` labels from 0.
    """
    if x is None or y is None:
        bundle = Bundle.load_shipped("motion")
        features = np.asarray(bundle.preprocessing.apply(bundle.golden.windows))
        x, y = features.reshape(len(features), -1), bundle.golden.labels
    x, y = np.asarray(x, float), np.asarray(y)

    def show(exponent: float, steps: int) -> Shown:
        rate = 10.0**exponent
        mine = descend(x, y, rate, steps)
        others = {f"{r:g}": descend(x, y, r, steps) for r in STARTS}
        ups = int((np.diff(mine.losses) > 0).sum())
        verdict = (
            f"the loss rose in {ups} of {steps} steps: too large"
            if ups
            else "the loss fell in every step"
        )
        words = (
            f"Learning rate {rate:.3g}, {steps} steps: loss {mine.losses[0]:.3f} to "
            f"{mine.losses[-1]:.3f}; {verdict}.\n"
            f"Accuracy on the samples it learned from: {mine.accuracy:.1%}."
        )
        return Shown(_draw_descent(f"{rate:.3g}", mine, others), words)

    return Explorer(
        "Learning rate",
        {
            "exponent": float_slider("learning rate, 10 to the", -1.0, -3.0, 1.5, 0.1, digits=1),
            "steps": int_slider("steps", 60, 10, 200, step=10),
        },
        show,
    )


@in_course_style
def _draw_descent(name: str, mine: Descent, others: dict[str, Descent]) -> LessonFigure:
    figure = new_figure(8, 3.4)
    ax = figure.subplots()
    for number, (rate, descent) in enumerate(others.items()):
        dash = ("--", ":")[number]
        ax.plot(descent.losses, dash, color=colour_of(number + 1), label=f"rate {rate}")
    ax.plot(mine.losses, color=colour_of(0), linewidth=2.6, label=f"yours, {name}")
    top = max(1.2 * mine.losses[0], 0.1)
    ax.set(xlabel="step", ylabel="loss", title="The way down", ylim=(0, max(top, 1.5)))
    ax.legend()
    return figure
