"""An explorer of a trigger: threshold, samples that confirm, a quiet moment. Lesson 17."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tinyml_course.board.virtual.traces import read_traces
from tinyml_course.features.onset import Onsets, OnsetSpec, find_onsets
from tinyml_course.live.explorers.explorer import Explorer, Shown, float_slider, int_slider
from tinyml_course.observe.figure import LessonFigure, colour_of, in_course_style, new_figure
from tinyml_course.shipped import DATA

RATE_HZ = 50.0
LEAST_G = 1e-3  # the energy of a board on a table goes below: so far the picture reaches


def explore_onset(stream: np.ndarray | None = None, window: int = 100) -> Explorer:
    """When a trigger takes a movement for a gesture, and what it overhears. Lesson 17.

    Args:
        stream: `(n, 6)` in g and degrees a second at 50 Hz; the course's wrist if None.
        window: samples of a gesture.
    """
    if stream is None:
        traces = read_traces(DATA / "gestures" / "wrist.csv")
        stream = np.concatenate([trace.values for trace in traces], axis=1)
    felt = np.asarray(stream, np.float32)
    shipped = OnsetSpec.of(("ax", "ay", "az", "gx", "gy", "gz"), window, RATE_HZ)

    def show(threshold_g: float, confirm: int, quiet: int) -> Shown:
        rules = replace(shipped, threshold_g=threshold_g, confirm=confirm, quiet=quiet)
        found = find_onsets(felt, rules)
        begun = ", ".join(f"{at / RATE_HZ:.2f} s" for at in found.begun)
        samples = "1 sample" if confirm == 1 else f"{confirm} samples"
        words = (
            f"Louder than {threshold_g:.2f} g for {samples} ({confirm * 20} ms); the next "
            f"one after {quiet * 20} ms of quiet: {len(found.begun)} gestures begin.\n"
            f"{begun or 'Nothing begins.'}"
        )
        return Shown(_draw(found, threshold_g, window, rules.before), words)

    return Explorer(
        "When a gesture begins",
        {
            "threshold_g": float_slider("threshold", shipped.threshold_g, 0.02, 2.0, 0.02, "g"),
            "confirm": int_slider("to confirm", shipped.confirm, 1, shipped.before, "samples"),
            "quiet": int_slider("quiet before the next", shipped.quiet, 1, 100, "samples"),
        },
        show,
        letters=(99, 56),
    )


@in_course_style
def _draw(found: Onsets, threshold_g: float, window: int, before: int) -> LessonFigure:
    figure = new_figure(9, 3.2)
    ax = figure.subplots()
    movement_g = np.sqrt(found.energy)
    time_s = np.arange(len(movement_g)) / RATE_HZ
    for number, at in enumerate(found.begun):
        begin = (at - before) / RATE_HZ
        name = "window that is taken" if number == 0 else None
        ax.axvspan(begin, begin + window / RATE_HZ, color=colour_of(2), alpha=0.25, label=name)
        ax.axvline(at / RATE_HZ, color=colour_of(2), linewidth=1)
    ax.plot(time_s, np.maximum(movement_g, LEAST_G), color=colour_of(0), label="movement")
    ax.axhline(threshold_g, color=colour_of(1), linestyle="--", label="threshold")
    ax.set(yscale="log", xlabel="time (s)", ylabel="movement (g)", xlim=(0, time_s[-1]))
    ax.set_title(f"{len(found.begun)} gestures begin")
    figure.legend(loc="outside lower center", ncols=3)
    return figure
