"""What a board shows: its screen, and its pins over time. Lessons 09 and 13 draw them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from matplotlib.figure import Figure

from tinyml_course.board.virtual.gpio import PinChange
from tinyml_course.observe.figure import PALETTE, in_course_style, need, new_figure


@in_course_style
def plot_screen(image: np.ndarray, title: str = "The Wio Terminal's screen") -> Figure:
    """A board's screen, dot by dot.

    Args:
        image: `(height, width, 3)` uint8, as `board.screen.image` holds it.
    """
    need(image.ndim == 3, "the screen is no (height, width, 3) picture")
    figure = new_figure(5, 5 * image.shape[0] / image.shape[1] + 0.5)
    ax = figure.subplots()
    ax.imshow(image, interpolation="nearest")
    ax.set_axis_off()
    ax.set_title(title)
    return figure


@in_course_style
def plot_pins(changes: Iterable[PinChange], names: Mapping[int, str], seconds: float) -> Figure:
    """Outputs of a sketch over time, one row a pin.

    Args:
        changes: of a virtual board, `board.gpio.changes`.
        names: which pins to draw, and what to call them.
        seconds: where the time axis ends.
    """
    need(len(names) > 0, "no pin is named")
    figure = new_figure(9, 0.8 * len(names) + 0.8)
    axes = figure.subplots(len(names), 1, sharex=True, squeeze=False)[:, 0]
    changes = list(changes)
    for ax, (pin, name) in zip(axes, names.items(), strict=True):
        own = [change for change in changes if change.pin == pin]
        times = [0.0, *(change.time_us / 1e6 for change in own), seconds]
        values = [0, *(change.value for change in own)]
        ax.stairs(values, times, fill=True, color=PALETTE[1])
        ax.set(ylim=(0, 1.2), yticks=(0, 1), yticklabels=("off", "on"), ylabel=name)
    axes[-1].set(xlabel="time (s)", xlim=(0, seconds))
    return figure
