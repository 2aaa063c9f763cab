"""An explorer of a detector: what moves it, and what ought to. Lesson 14."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tinyml_course.datasets import vibration_physics as physics
from tinyml_course.datasets.vibration import SAMPLE_RATE_HZ, WINDOW, synthesize_window
from tinyml_course.features.commissioning import (
    COMMISSIONING,
    LIMIT,
    Centre,
    learn_level,
    learn_normal,
    score_residuals,
)
from tinyml_course.features.vibration_features import (
    VibrationFeatures,
    compute_power,
    compute_spectrum,
    count_lines,
)
from tinyml_course.live.explorers.explorer import Explorer, Shown, float_slider
from tinyml_course.observe.figure import GREY, LessonFigure, colour_of, in_course_style, new_figure

LISTENED = 10  # windows of what the controls say
PULL_G = 0.006  # of an imbalance of severity 1
FARTHEST = 12.0
Rulers = dict[str, tuple[np.ndarray, np.ndarray, Centre]]


def explore_anomaly(seed: int = 0) -> Explorer:
    """A healthy fan, learnt in a minute; then an imbalance, a turn, hum or a gain. Lesson 14."""
    fan = replace(physics.make_machine(seed, 0), hum_g=0.001, hum_hz=100.0)
    rng = np.random.default_rng([seed, 14])
    minute = np.stack([synthesize_window(fan, "healthy", rng) for _ in range(COMMISSIONING)])
    rulers = {name: _commission(measure(minute)) for name, measure in _MEASURES.items()}
    usual = _spectrum_mg(minute)

    def show(imbalance: float, turned: float, hum: float, gain: float) -> Shown:
        draw = np.random.default_rng([seed, 15])
        now = replace(
            fan,
            hum_g=hum / 1000,
            turn=physics.tilt(fan.turn, turned, np.random.default_rng([seed, 16])),
        )
        severity = imbalance / 1000 / PULL_G
        x = np.stack(
            [synthesize_window(now, "imbalance", draw, severity=severity) for _ in range(LISTENED)]
        ) * np.float32(gain)
        strays = {
            name: float(np.median(_stray(rulers[name], measure(x))))
            for name, measure in _MEASURES.items()
        }
        alarmed = [name for name, value in strays.items() if value >= LIMIT]
        words = (
            f"An imbalance of {imbalance:g} mg, the sensor turned by {turned:g} degrees, "
            f"{hum:g} mg of hum, a gain of {gain:g}.\n"
            + "Deviations: "
            + ", ".join(f"{name} {value:.1f}" for name, value in strays.items())
            + f". Alarm from {LIMIT:g} on: {' and '.join(alarmed) or 'none'}."
        )
        return Shown(_draw(usual, _spectrum_mg(x), strays), words)

    return Explorer(
        "What has changed?",
        {
            "imbalance": float_slider("imbalance", 0.0, 0.0, 10.0, 0.5, "mg", 1),
            "turned": float_slider("sensor turned", 0.0, 0.0, 10.0, 0.5, "degrees", 1),
            "hum": float_slider("hum of the mains", 1.0, 0.0, 5.0, 0.5, "mg", 1),
            "gain": float_slider("gain", 1.0, 0.5, 2.0, 0.05, "", 2),
        },
        show,
        letters=(92, 104),
    )


def _axis_means(x: np.ndarray) -> np.ndarray:
    return np.asarray(x.mean(axis=1), np.float32)


def _loudness(x: np.ndarray) -> np.ndarray:
    return np.asarray(np.log2(x.var(axis=1).sum(axis=1, keepdims=True)), np.float32)


_MEASURES = {
    "means": _axis_means,
    "RMS": _loudness,
    "24 features": VibrationFeatures().apply,
}


def _commission(features: np.ndarray) -> tuple[np.ndarray, np.ndarray, Centre]:
    mean, scale = learn_normal(features)
    scale = np.minimum(scale, features.std(axis=0) + np.float32(1e-6))  # means are quieter
    level, spread = learn_level(score_residuals((features - mean) / scale))
    return mean, scale, Centre(mean, scale, level, spread)


def _stray(ruler: tuple[np.ndarray, np.ndarray, Centre], features: np.ndarray) -> np.ndarray:
    mean, scale, centre = ruler
    z = (features - mean) / scale
    if z.shape[1] == 1:
        return np.asarray(np.abs(z[:, 0]))
    return centre.deviations(score_residuals(z))


def _spectrum_mg(x: np.ndarray) -> np.ndarray:
    """Amplitude of each line in mg: the root of the mean power of all axes, less the window's."""
    power = compute_power(*compute_spectrum(x)).mean(axis=0)
    return np.asarray(1000 * np.sqrt(power) * 4 / WINDOW)


@in_course_style
def _draw(usual: np.ndarray, now: np.ndarray, strays: dict[str, float]) -> LessonFigure:
    figure = new_figure(9, 3.2)
    left, right = figure.subplots(1, 2)
    hz = np.arange(1, count_lines(WINDOW)) * SAMPLE_RATE_HZ / WINDOW
    left.plot(hz, usual[1:], color=GREY, label="the healthy minute")
    left.plot(hz, now[1:], "--", color=colour_of(1), label="now")
    left.set(xlabel="Hz", ylabel="mg", title="Spectrum")
    left.set_ylim(0, 1.4 * max(usual[1:].max(), now[1:].max()))
    left.legend(loc="upper right")
    shown = [min(max(value, 0.0), FARTHEST) for value in strays.values()]
    right.barh(list(strays), shown, color=colour_of(0))
    right.axvline(LIMIT, color=colour_of(1), linestyle="--")
    right.set(xlabel=f"deviation (limit {LIMIT:g})", xlim=(0, FARTHEST), title="What alarms")
    right.invert_yaxis()
    right.grid(False, axis="y")
    return figure
