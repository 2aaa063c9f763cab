"""An explorer of a probe that fails: what rules see of it, and what a residual. Lesson 16."""

from __future__ import annotations

from functools import lru_cache

import ipywidgets as widgets
import numpy as np

from tinyml_course.extras import require
from tinyml_course.live.explorers.explorer import Explorer, Shown, float_slider
from tinyml_course.observe.figure import LessonFigure, colour_of, in_course_style, new_figure

HOURS_SHOWN = 30
READINGS_AN_HOUR = 6
FAILS_AT_H = 12.0
AHEAD = READINGS_AN_HOUR
LIMITS = {"unchanged": 18, "jump": 0.2, "residual": 0.3}
KINDS = ("healthy", "stuck", "spike", "offset", "drift")
WITHOUT_SIZE = ("healthy", "stuck")


def explore_probe(ph: np.ndarray | None = None) -> Explorer:
    """A pH probe that fails in the middle of the picture, and which alarm hears of it. Lesson 16.

    Args:
        ph: `(180,)` readings, every ten minutes; those of a synthetic pond if None.

    Raises:
        MissingExtraError: scikit-learn is not installed.
    """
    require("sklearn", "explore_probe")
    healthy = _example() if ph is None else np.asarray(ph, float)

    def show(fault: str, size: float) -> Shown:
        seen = fail(healthy, fault, size)
        residual = _residual(seen)
        alarms = {
            "unchanged": _unchanged(seen) >= LIMITS["unchanged"],
            "jump": np.abs(np.diff(seen, prepend=seen[0])) > LIMITS["jump"],
            "residual": residual > LIMITS["residual"],
        }
        heard = [f"{name} {_first(alarm)}" for name, alarm in alarms.items() if alarm.any()]
        sized = "" if fault in WITHOUT_SIZE else f", size {size:.2f} pH"
        words = (
            f"{fault}{sized}: the largest residual after {FAILS_AT_H:g} h is "
            f"{residual[int(FAILS_AT_H * READINGS_AN_HOUR) :].max():.2f} pH.\n"
            + (f"Alarms: {', '.join(heard)}." if heard else "No alarm hears of it.")
        )
        return Shown(_draw(healthy, seen, residual), words)

    kind = widgets.Dropdown(options=KINDS, value="offset", description="fault")
    return Explorer(
        "A probe that fails",
        {"fault": kind, "size": float_slider("size", 0.5, 0.05, 1.0, 0.05, "pH")},
        show,
    )


def fail(healthy: np.ndarray, fault: str, size: float) -> np.ndarray:
    """Readings of a probe that fails after twelve hours.

    >>> float(fail(np.arange(180.0), "stuck", 1.0)[-1])
    71.0
    """
    seen, at = healthy.copy(), int(FAILS_AT_H * READINGS_AN_HOUR)
    if fault == "stuck":
        seen[at:] = seen[at - 1]
    elif fault == "spike":
        seen[at] += size
    elif fault == "offset":
        seen[at:] += size
    elif fault == "drift":
        seen[at:] += size * np.arange(len(seen) - at) / (len(seen) - at)
    return seen


@lru_cache(maxsize=1)
def _line() -> tuple[np.ndarray, float]:
    """Weights of a straight line from an hour's three steps to the next hour's change."""
    from sklearn.linear_model import LinearRegression

    from tinyml_course.datasets.pond import make_readings

    series = make_readings(0, 20, 2)[..., 0].astype(float)
    x, y = _steps(series)
    model = LinearRegression().fit(x.reshape(-1, x.shape[-1]), y.reshape(-1))
    return np.asarray(model.coef_), float(model.intercept_)


def _steps(series: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Differences to half an hour, one, two and four hours before; the change of the hour after."""
    first, last = 24, series.shape[-1] - AHEAD
    now = series[..., first:last]
    back = [now - series[..., first - k : last - k] for k in (3, 6, 12, 24)]
    return np.stack(back, axis=-1), series[..., first + AHEAD :] - now


def _residual(seen: np.ndarray) -> np.ndarray:
    weights, added = _line()
    x, y = _steps(seen)
    missed = np.abs(y - (x @ weights + added))
    return np.concatenate([np.zeros(len(seen) - len(missed)), missed])


def _unchanged(seen: np.ndarray) -> np.ndarray:
    runs = np.zeros(len(seen), int)
    for k in range(1, len(seen)):
        runs[k] = runs[k - 1] + 1 if seen[k] == seen[k - 1] else 0
    return runs


def _first(alarm: np.ndarray) -> str:
    return f"at {alarm.argmax() / READINGS_AN_HOUR:.1f} h"


def _example() -> np.ndarray:
    from tinyml_course.datasets.pond import make_readings

    return make_readings(2038, 1, 2)[0, : HOURS_SHOWN * READINGS_AN_HOUR, 0].astype(float)


@in_course_style
def _draw(healthy: np.ndarray, seen: np.ndarray, residual: np.ndarray) -> LessonFigure:
    hours = np.arange(len(seen)) / READINGS_AN_HOUR
    figure = new_figure(9, 4.4)
    top, below = figure.subplots(2, 1, sharex=True, height_ratios=(1.6, 1))
    top.plot(hours, healthy, color=colour_of(0), linestyle=":", label="the water")
    top.plot(hours, seen, color=colour_of(1), label="what the probe says")
    top.set(ylabel="pH", title="A probe that fails after twelve hours")
    top.legend(loc="upper left", fontsize=9)
    below.plot(hours, residual, color=colour_of(2))
    below.axhline(LIMITS["residual"], color=colour_of(6), linestyle=":", linewidth=1)
    below.text(0, LIMITS["residual"], "limit", va="bottom", fontsize=9)
    below.set(xlabel="hours", ylabel="residual (pH)")
    below.set_ylim(0, max(0.6, 1.05 * float(residual.max())))
    for ax in (top, below):
        ax.axvline(FAILS_AT_H, color=colour_of(6), linestyle=":", linewidth=1)
    return figure
