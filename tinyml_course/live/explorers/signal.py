"""Explorers of a signal: how the sensor sits, and how it is cut into windows. Lessons 01 and 02."""

from __future__ import annotations

import numpy as np

from tinyml_course.datasets.motion import cut_windows
from tinyml_course.datasets.motion_physics import tilt
from tinyml_course.features.magnitude import compute_magnitude
from tinyml_course.live.explorers.explorer import Explorer, Shown, float_slider, int_slider
from tinyml_course.live.recordings import get_movement
from tinyml_course.observe.figure import LessonFigure, colour_of, in_course_style, new_figure

RATE_HZ = 50.0
SECONDS = 4.0  # of the signal that is drawn
_DASHES = ("-", "--", ":")


def explore_rotation(signal_g: np.ndarray | None = None) -> Explorer:
    """Turn a sensor and put it off: three axes change, their magnitude hardly does. Lesson 01.

    Args:
        signal_g: `(n, 3)` in g at 50 Hz; a walk of the course's own if None.
    """
    signal = get_movement("walk (p003)").values if signal_g is None else np.asarray(signal_g)
    signal = signal[: int(SECONDS * RATE_HZ)]

    def show(about_x: int, about_y: int, bias: float) -> Shown:
        turned = tilt(signal, 0, np.full(len(signal), np.deg2rad(about_x)))
        turned = tilt(turned, 1, np.full(len(signal), np.deg2rad(about_y)))
        felt = turned + np.array([bias, 0.0, 0.0])
        before, after = compute_magnitude(signal), compute_magnitude(felt)
        means = ", ".join(
            f"{axis} {mean:+.2f} g" for axis, mean in zip("xyz", felt.mean(axis=0), strict=True)
        )
        words = (
            f"Turned by {about_x} degrees about x and {about_y} about y, bias {bias:+.2f} g on x.\n"
            f"Means: {means}. Mean magnitude {after.mean():.3f} g, before {before.mean():.3f} g; "
            f"they differ by {np.abs(after - before).max():.3f} g at most."
        )
        return Shown(_draw_axes(felt, before, after), words)

    return Explorer(
        "How the sensor sits: rotation and bias",
        {
            "about_x": int_slider("turn about x", 0, -180, 180, "degrees", 5),
            "about_y": int_slider("turn about y", 0, -180, 180, "degrees", 5),
            "bias": float_slider("bias of x", 0.0, -0.5, 0.5, 0.02, "g"),
        },
        show,
        letters=(68, 113),
    )


@in_course_style
def _draw_axes(felt: np.ndarray, before: np.ndarray, after: np.ndarray) -> LessonFigure:
    time_s = np.arange(len(felt)) / RATE_HZ
    figure = new_figure(9, 3.7)
    left, right = figure.subplots(1, 2)
    for number, axis in enumerate("xyz"):
        left.plot(time_s, felt[:, number], _DASHES[number], color=colour_of(number), label=axis)
    left.set(xlabel="time (s)", ylabel="acceleration (g)", title="What the sensor reads")
    left.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=3)
    right.plot(time_s, after, color=colour_of(0), label="turned, with bias")
    right.plot(time_s, before, "--", color=colour_of(1), label="before")
    right.set(xlabel="time (s)", ylabel="magnitude (g)", title="Its magnitude")
    right.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=2)
    return figure


def explore_windows(signal_g: np.ndarray | None = None) -> Explorer:
    """Cut a signal into windows: how many there are, and how much they share. Lesson 02.

    Args:
        signal_g: `(n, 3)` in g at 50 Hz; eight seconds of a walk if None.
    """
    signal = get_movement("walk (p003)").values if signal_g is None else np.asarray(signal_g)
    longest = len(signal)

    def show(window: int, hop: int) -> Shown:
        count = len(cut_windows(signal, window, hop))
        shared = max(0, window - hop) / window
        words = (
            f"{count} windows of {window} samples ({window / RATE_HZ:g} s), one every {hop} "
            f"samples ({hop / RATE_HZ:g} s).\n"
            f"Neighbours share {shared:.0%} of their samples; "
            f"{count * window / longest:.1f} numbers are kept for each one recorded."
        )
        return Shown(_draw_windows(signal, window, hop, count), words)

    return Explorer(
        "Window and hop",
        {
            "window": int_slider("window", 100, 20, min(200, longest), "samples", 10),
            "hop": int_slider("hop", 50, 10, 200, "samples", 10),
        },
        show,
        letters=(66, 85),
    )


@in_course_style
def _draw_windows(signal: np.ndarray, window: int, hop: int, count: int) -> LessonFigure:
    figure = new_figure(9, 3.2)
    ax = figure.subplots()
    time_s = np.arange(len(signal)) / RATE_HZ
    magnitude = compute_magnitude(signal)
    ax.plot(time_s, magnitude, color=colour_of(0), linewidth=1.2)
    top, rows = float(magnitude.max()), 4
    for number in range(count):
        y = top + 0.12 * (1 + number % rows)
        begin = number * hop / RATE_HZ
        ax.plot([begin, begin + window / RATE_HZ], [y, y], linewidth=4, solid_capstyle="butt",
                color=colour_of(number % 6))  # fmt: skip
    ax.set(xlabel="time (s)", ylabel="magnitude (g)", title=f"{count} windows, drawn as bars")
    return figure
