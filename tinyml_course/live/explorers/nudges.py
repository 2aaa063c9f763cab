"""An explorer of nudges: how large a change of a window may be, along a gradient or by chance."""

from __future__ import annotations

from itertools import islice

import ipywidgets as widgets
import numpy as np

from tinyml_course.attacks.nudge import StolenModel, grow_nudge, random_nudges
from tinyml_course.bundle import Bundle
from tinyml_course.export.sealed.image import ModelImage
from tinyml_course.live.explorers.explorer import Explorer, Shown, int_slider
from tinyml_course.observe.plots import plot_curves

STEP_MG, MOST_MG = 4, 60
ALONG, CHANCE = "along the gradient", "by chance"


def explore_nudge(window: np.ndarray | None = None, bundle: Bundle | str = "motion") -> Explorer:
    """A change of a window, a slider for its size, and what the int8 model says. Lesson 19.

    Args:
        window: `(window, channels)` that the model calls by its first class; if None, the first
            golden window of that kind.
        bundle: of dense layers, or the name of one that ships.
    """
    chosen = Bundle.load_shipped(bundle) if isinstance(bundle, str) else bundle
    model = StolenModel(ModelImage.of(chosen), chosen)
    if window is None:
        golden = chosen.golden
        window = golden.windows[golden.outputs.argmax(axis=1) == 0][0]
    begun = np.asarray(window, np.float32)
    path = [
        n.delta for n in islice(grow_nudge(model, begun, 1, STEP_MG / 1000), MOST_MG // STEP_MG)
    ]
    coins = random_nudges(begun.shape, 1.0, 1, np.random.default_rng(19))[0]
    hz = chosen.sample_rate_hz

    def show(way: str, size_mg: int) -> Shown:
        steps = size_mg // STEP_MG
        along = path[steps - 1] if steps else np.zeros_like(begun)
        delta = along if way == ALONG else coins * size_mg / 1000
        outputs = model.outputs((begun + delta)[None])[0].astype(int)
        answer = chosen.class_names[int(outputs.argmax())]
        scores = ", ".join(
            f"{name} {(value + 128) / 256:.2f}"
            for name, value in zip(chosen.class_names, outputs, strict=True)
        )
        words = f"At most {size_mg} mg on each value, {way}: the model says {answer}.\n{scores}"
        curves = {"as it was": begun[:, -1], "changed": (begun + delta)[:, -1]}
        figure = plot_curves(
            np.arange(len(begun)) / hz,
            curves,
            title=f"The model says {answer}",
            xlabel="time (s)",
            ylabel=f"{chosen.channel_names[-1]} ({chosen.unit})",
        )
        return Shown(figure, words)

    return Explorer(
        "How large a nudge?",
        {
            "way": widgets.Dropdown(options=[ALONG, CHANCE], description="signs"),
            "size_mg": int_slider("size", 24, 0, MOST_MG, "mg", STEP_MG),
        },
        show,
    )
