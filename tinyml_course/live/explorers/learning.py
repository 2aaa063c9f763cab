"""An explorer of the learning rate. Lesson 03."""

from __future__ import annotations

import numpy as np

from tinyml_course.bundle import Bundle
from tinyml_course.live.explorers.explorer import Explorer, Shown, float_slider, int_slider
from tinyml_course.observe.figure import LessonFigure, colour_of, in_course_style, new_figure
from tinyml_course.training.descent import Descent, descend, largest_safe_rate

DRAWN = (0.01, 1.0)  # learning rates that are drawn for comparison: one creeps, one falls
EVERY = 10  # of a window's readings


def explore_learning_rate(x: np.ndarray | None = None, y: np.ndarray | None = None) -> Explorer:
    """A learning rate too small, right and too large, on a loss with one valley. Lesson 03.

    The task if None is given is the course's motion windows as they are, every tenth reading of
    each axis in g: not standardized, so the valley is a ravine, and a large rate fails in it.

    Args:
        x: `(n, features)`.
        y: `(n,)` labels from 0.
    """
    if x is None or y is None:
        golden = Bundle.load_shipped("motion").golden
        windows = np.asarray(golden.windows)[:, ::EVERY]
        x, y = windows.reshape(len(windows), -1), golden.labels
    x, y = np.asarray(x, float), np.asarray(y)
    limit = largest_safe_rate(x)

    def show(exponent: float, steps: int) -> Shown:
        rate = 10.0**exponent
        mine = descend(x, y, rate, steps)
        others = {f"{r:g}": descend(x, y, r, steps) for r in DRAWN}
        words = (
            f"Learning rate {rate:.3g}, {steps} steps: loss {mine.losses[0]:.3f} to "
            f"{mine.losses[-1]:.3f}; {_judge(mine, steps, others)}.\n"
            f"Steps back against the one before: {mine.turns}. Up to a rate of {limit:.2g} the "
            f"loss is sure to fall here.\n"
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
        letters=(121, 93, 48),
    )


def _judge(mine: Descent, steps: int, others: dict[str, Descent]) -> str:
    """What became of the loss, held against the best of the rates that are drawn."""
    name, best = min(others.items(), key=lambda item: item[1].losses[-1])
    ahead = mine.losses[-1] <= best.losses[-1]
    if ups := int((np.diff(mine.losses) > 0).sum()):
        end = f"and still ended below rate {name}" if ahead else "too large"
        return f"the loss rose in {ups} of {steps} steps{',' if ahead else ':'} {end}"
    if ahead:
        return "the loss fell in every step"
    return f"the loss fell in every step, but rate {name} came further, to {best.losses[-1]:.3f}"


@in_course_style
def _draw_descent(name: str, mine: Descent, others: dict[str, Descent]) -> LessonFigure:
    figure = new_figure(8, 3.4)
    ax = figure.subplots()
    for number, (rate, descent) in enumerate(others.items()):
        dash = ("--", ":")[number]
        ax.plot(descent.losses, dash, color=colour_of(number + 1), label=f"rate {rate}")
    ax.plot(mine.losses, color=colour_of(0), linewidth=2.6, label=f"yours, {name}")
    top = 1.1 * max(mine.losses.max(), *(each.losses[0] for each in others.values()))
    ax.set(xlabel="step", ylabel="loss", title="The way down", ylim=(0, max(top, 0.1)))
    ax.legend()
    return figure
