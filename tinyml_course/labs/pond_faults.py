"""Probes that fail, and what notices it: rules that look at readings, and a forecast's residual.

A history is `(n, HISTORY)` readings of one signal, every ten minutes, the newest last. A fault
changes copies of healthy ones; a detector gives each history a score, higher where it is more
suspicious. The area under the ROC curve then says how well a detector tells a fault from health,
whatever the threshold: 1 always, 0.5 by chance, below 0.5 the wrong way round. Lesson 16.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.table import Table

HOUR = 6  # readings
DAY = 144
HISTORY = DAY + 8 * HOUR
STUCK_FOR = 6 * HOUR
OFFSET_FOR = HOUR
# `(m, at least LOOK) readings -> (m,)` the reading an hour later
Forecast = Callable[[np.ndarray], np.ndarray]
Detector = Callable[[np.ndarray], np.ndarray]
LOOK = 6 * HOUR + 1


def stuck(histories: np.ndarray, size: float) -> np.ndarray:
    """For six hours the probe has given the same number; `size` does not matter."""
    broken = histories.copy()
    broken[:, -STUCK_FOR:] = broken[:, -STUCK_FOR - 1, None]
    return broken


def spike(histories: np.ndarray, size: float) -> np.ndarray:
    """The newest reading alone is off by `size`."""
    broken = histories.copy()
    broken[:, -1] += size
    return broken


def offset(histories: np.ndarray, size: float) -> np.ndarray:
    """For an hour all readings have been off by `size`: a loose plug, a knock."""
    broken = histories.copy()
    broken[:, -OFFSET_FOR:] += size
    return broken


def drift(histories: np.ndarray, size: float) -> np.ndarray:
    """Over a day the readings have crept away, by now by `size`: a coat of algae."""
    broken = histories.copy()
    broken[:, -DAY:] += size * np.arange(1, DAY + 1) / DAY
    return broken


FAULTS: Mapping[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "stuck": stuck,
    "spike": spike,
    "offset": offset,
    "drift": drift,
}


def unchanged(histories: np.ndarray) -> np.ndarray:
    """How many readings the newest one has been repeated for.

    >>> unchanged(np.array([[1.0, 2.0, 2.0, 2.0], [1.0, 2.0, 1.0, 2.0]])).tolist()
    [2, 0]
    """
    differs = histories[:, ::-1] != histories[:, -1:]
    always = ~differs.any(axis=1)
    runs = np.where(always, histories.shape[1], differs.argmax(axis=1))
    return np.asarray(runs - 1)


def jump(histories: np.ndarray) -> np.ndarray:
    """The largest step between two readings within the last hour."""
    return np.asarray(np.abs(np.diff(histories[:, -HOUR - 1 :], axis=1)).max(axis=1))


def rate(histories: np.ndarray) -> np.ndarray:
    """How far it went in three hours."""
    return np.asarray(np.abs(histories[:, -1] - histories[:, -1 - 3 * HOUR]))


def residual_of(forecast: Forecast) -> Detector:
    """How far the last hour's readings lay from what was foretold an hour before each: the most."""

    def residual(histories: np.ndarray) -> np.ndarray:
        worst = np.zeros(len(histories))
        for back in range(HOUR):
            seen = histories[:, : histories.shape[1] - back]
            worst = np.maximum(worst, np.abs(seen[:, -1] - forecast(seen[:, :-HOUR])))
        return worst

    return residual


def cut_histories(series: np.ndarray, every: int = 1) -> np.ndarray:
    """All histories of a series without a gap, `(n, HISTORY)`.

    Raises:
        DataError: the series is too short for one.
    """
    if len(series) < HISTORY:
        raise DataError(f"{len(series)} readings: a history takes {HISTORY}, a day and eight hours")
    starts = np.arange(0, len(series) - HISTORY + 1, every)
    return np.asarray(series[starts[:, None] + np.arange(HISTORY)], np.float64)


def measure_faults(
    healthy: np.ndarray, detectors: Mapping[str, Detector], size: float
) -> dict[str, dict[str, float]]:
    """The area under the ROC curve, by fault and by detector.

    Args:
        healthy: `(n, HISTORY)`; each is judged as it is, and with each fault.
        size: of spike, offset and drift, in the signal's unit.
    """
    from sklearn.metrics import roc_auc_score

    truth = np.repeat([0, 1], len(healthy))
    calm = {name: detect(healthy) for name, detect in detectors.items()}
    return {
        fault: {
            name: float(
                roc_auc_score(truth, np.concatenate([calm[name], detect(make(healthy, size))]))
            )
            for name, detect in detectors.items()
        }
        for fault, make in FAULTS.items()
    }


def fault_table(areas: Mapping[str, Mapping[str, float]], title: str) -> Table:
    """One row a fault, one column a detector."""
    names = list(next(iter(areas.values())))
    rows = tuple((fault, *(f"{row[n]:.2f}" for n in names)) for fault, row in areas.items())
    return Table((title, *names), rows, align="l" + "r" * len(names), rule=True)
