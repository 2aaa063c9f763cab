"""A real pond's week, hours ahead, and probes that fail in it: lesson 16's figures.

    python -m tinyml_course.labs.pond_real FOLDER

FOLDER holds the public set (`datasets/pond_real.py`), a file a depth. Each file is measured by
itself: everything before its last three days is learnt from, the last three days judge. Nothing
else is tuned on them. Every signal is foretold from its own last six hours.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinyml_course.datasets.pond_real import SIGNALS, SOURCE, UNITS, PondWeek, load_pond_weeks
from tinyml_course.errors import DataError, TinyMLCourseError
from tinyml_course.labs.pond_faults import (
    DAY,
    HOUR,
    LOOK,
    Forecast,
    cut_histories,
    fault_table,
    jump,
    measure_faults,
    rate,
    residual_of,
    unchanged,
)
from tinyml_course.table import Table

HOURS = (1, 3, 6)
JUDGED_DAYS = 3
ALPHAS = (0.1, 1.0, 10.0, 100.0, 1000.0)
SEEDS = 5
SYNTHETIC_PONDS = 60
SIZES = {"temperature": 1.0, "ph": 0.3}  # of spike, offset and a day's drift
BACK = tuple(range(3, LOOK, 3))  # readings: every half hour of six hours


def look_back(histories: np.ndarray) -> np.ndarray:
    """How the newest reading differs from each half hour before it, `(n, 12)`.

    >>> look_back(np.arange(40.0)[None])[0, :3].tolist()
    [3.0, 6.0, 9.0]
    """
    return np.stack([histories[:, -1] - histories[:, -1 - back] for back in BACK], axis=1)


@dataclass(frozen=True)
class Line:
    """Ridge regression on standardized features: `change = standardized x . weights + mean`."""

    mean: np.ndarray
    scale: np.ndarray
    model: Any

    @classmethod
    def fit(cls, x: np.ndarray, change: np.ndarray, alpha: float) -> Line:
        """Learnt from `(n, features)` and `(n,)`."""
        from sklearn.linear_model import Ridge

        scale = np.where(x.std(axis=0) > 0, x.std(axis=0), 1)
        return cls(
            x.mean(axis=0), scale, Ridge(alpha=alpha).fit((x - x.mean(axis=0)) / scale, change)
        )

    def predict(self, x: np.ndarray) -> np.ndarray:
        """`(n,)` changes."""
        return np.asarray(self.model.predict((x - self.mean) / self.scale))


@dataclass(frozen=True)
class SignalFigures:
    """What was measured of one signal.

    Attributes:
        errors: by hours ahead, then by who answers: rms error in `unit`; networks as the mean of
            the seeds.
        alpha: by hours ahead, the ridge's, chosen by leaving out a day of those learnt from.
        areas: by fault, then by detector: area under the ROC curve.
        judged: moments that were judged, by hours ahead.
    """

    signal: str
    unit: str
    errors: dict[int, dict[str, float]]
    alpha: dict[int, float]
    areas: dict[str, dict[str, float]]
    judged: dict[int, int]

    def gain(self, hours: int, name: str) -> float:
        """How much smaller the error is than persistence's, as a share of it."""
        row = self.errors[hours]
        return 1 - row[name] / row["persistence"]

    def tables(self) -> tuple[Table, Table]:
        """Errors with their gain over persistence, and areas under the ROC curve."""
        names = list(self.errors[HOURS[0]])
        rows = [
            (
                name,
                *(f"{self.errors[h][name]:.3f} ({self.gain(h, name):+.0%})" for h in HOURS),
            )
            for name in names
        ]
        heads = tuple(f"{h} h ahead" for h in HOURS)
        title = f"{self.signal}, rms error in {self.unit} (better than persistence by)"
        errors = Table((title, *heads), tuple(rows), align="l" + "r" * len(HOURS), rule=True)
        size = SIZES[self.signal]
        return errors, fault_table(
            self.areas, f"{self.signal}: AUC; spike, offset, a day's drift of {size:g} {self.unit}"
        )


def measure_week(week: PondWeek, seeds: int = SEEDS) -> tuple[SignalFigures, ...]:
    """All figures of lesson 16 for one depth, temperature and pH: under a minute.

    Raises:
        DataError: a week that is too short to learn from and to judge.
    """
    if week.days < JUDGED_DAYS + 2:
        raise DataError(
            f"{week.name}: {week.days:.1f} days; {JUDGED_DAYS} judge, at least 2 are learnt from"
        )
    return tuple(
        _measure_signal(week, column, signal, seeds) for column, signal in enumerate(SIGNALS)
    )


def _measure_signal(week: PondWeek, column: int, signal: str, seeds: int) -> SignalFigures:
    series, is_read = week.values[:, column], week.is_read
    errors: dict[int, dict[str, float]] = {}
    alphas, judged = {}, {}
    for hours in HOURS:
        moments = _Moments.cut(series, is_read, hours * HOUR)
        errors[hours], alphas[hours] = _errors(moments, column, hours * HOUR, seeds)
        judged[hours] = len(moments.judged)
    hour = _Moments.cut(series, is_read, HOUR)
    line = Line.fit(*hour.learn_from(), alphas[1])

    def forecast(histories: np.ndarray) -> np.ndarray:
        return np.asarray(histories[:, -1] + line.predict(look_back(histories)))

    areas = measure_faults(_healthy(series), detectors_with(forecast), SIZES[signal])
    return SignalFigures(signal, UNITS[column], errors, alphas, areas, judged)


def detectors_with(forecast: Forecast) -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    """The three rules, and the residual of a forecast an hour ahead."""
    return {
        "unchanged": unchanged,
        "jump": jump,
        "rate": rate,
        "residual": residual_of(forecast),
    }


def _healthy(series: np.ndarray) -> np.ndarray:
    """Histories that end in the judged days; where readings are missing, none."""
    longest = cut_histories(series)
    ends_judged = np.arange(len(longest)) + longest.shape[1] - 1 >= len(series) - JUDGED_DAYS * DAY
    return np.asarray(longest[ends_judged & np.isfinite(longest).all(axis=1)])


@dataclass(frozen=True)
class _Moments:
    """Moments of a series from which something is foretold: by index, learnt and judged."""

    series: np.ndarray
    ahead: int
    learnt: np.ndarray
    judged: np.ndarray

    @classmethod
    def cut(cls, series: np.ndarray, is_read: np.ndarray, ahead: int) -> _Moments:
        n = len(series)
        at = np.arange(LOOK - 1, n - ahead)
        whole = np.isfinite(series)
        known = np.array([whole[t - LOOK + 1 : t + 1].all() for t in at])
        at = at[known & is_read[at] & is_read[at + ahead]]
        first = n - JUDGED_DAYS * DAY
        return cls(series, ahead, at[at + ahead < first], at[at + ahead >= first])

    def x(self, at: np.ndarray) -> np.ndarray:
        return look_back(self.series[at[:, None] + np.arange(-LOOK + 1, 1)])

    def change(self, at: np.ndarray) -> np.ndarray:
        return np.asarray(self.series[at + self.ahead] - self.series[at])

    def learn_from(self) -> tuple[np.ndarray, np.ndarray]:
        return self.x(self.learnt), self.change(self.learnt)


def _errors(
    moments: _Moments, column: int, ahead: int, seeds: int
) -> tuple[dict[str, float], float]:
    at, s = moments.judged, moments.series
    truth = moments.change(at)
    x, y = moments.learn_from()
    alpha = _choose_alpha(x, y, moments.learnt)
    made = _synthetic(column, ahead)
    before = s[at - DAY]
    answers = {
        "persistence": np.zeros(len(at)),
        "the last hour's slope goes on": (s[at] - s[at - HOUR]) * ahead / HOUR,
        "yesterday": s[at + ahead - DAY] - s[at],
        "yesterday's change": s[at + ahead - DAY] - before,
        "ridge": Line.fit(x, y, alpha).predict(moments.x(at)),
        "ridge learnt from synthetic ponds": Line.fit(*made, 10.0).predict(moments.x(at)),
    }
    errors = {name: _rms(answer - truth) for name, answer in answers.items()}
    for name, learnt in (("network", (x, y)), ("network learnt from synthetic ponds", made)):
        found = [_rms(_network(*learnt, seed)(moments.x(at)) - truth) for seed in range(seeds)]
        errors[name] = float(np.mean(found))
    return errors, alpha


def _rms(error: np.ndarray) -> float:
    return float(np.sqrt(np.mean(error**2)))


def _choose_alpha(x: np.ndarray, y: np.ndarray, at: np.ndarray) -> float:
    """The ridge's alpha with the least error on days that were left out, one after the other."""
    day = (at - at[0]) // DAY
    missed = {alpha: 0.0 for alpha in ALPHAS}
    for one in np.unique(day):
        out = day == one
        if out.all():
            return ALPHAS[len(ALPHAS) // 2]
        for alpha in ALPHAS:
            error = Line.fit(x[~out], y[~out], alpha).predict(x[out]) - y[out]
            missed[alpha] += float((error**2).sum())
    return min(missed, key=lambda alpha: missed[alpha])


def _network(x: np.ndarray, y: np.ndarray, seed: int) -> Callable[[np.ndarray], np.ndarray]:
    """A dense network with one hidden layer of 16, held back by weight decay."""
    from sklearn.neural_network import MLPRegressor

    mean, scale, size = x.mean(axis=0), x.std(axis=0), y.std()
    model = MLPRegressor(
        hidden_layer_sizes=(16,), alpha=1.0, max_iter=200, random_state=seed, tol=1e-3
    )
    model.fit((x - mean) / scale, y / size)
    return lambda new: np.asarray(model.predict((new - mean) / scale) * size)


def _synthetic(column: int, ahead: int) -> tuple[np.ndarray, np.ndarray]:
    """The same features and changes from ponds of the course's physics."""
    from tinyml_course.datasets.pond import CHANNEL_NAMES, make_readings

    ponds = make_readings(0, SYNTHETIC_PONDS, 3)[..., CHANNEL_NAMES.index(SIGNALS[column])]
    at = np.arange(LOOK - 1, ponds.shape[1] - ahead, HOUR)
    histories = ponds[:, at[:, None] + np.arange(-LOOK + 1, 1)].reshape(-1, LOOK)
    change = (ponds[:, at + ahead] - ponds[:, at]).reshape(-1)
    return look_back(histories), change.astype(np.float64)


def main(arguments: Sequence[str]) -> int:
    """`python -m tinyml_course.labs.pond_real FOLDER`; exit code 1 with one line on an error."""
    if len(arguments) != 1:
        print("usage: python -m tinyml_course.labs.pond_real FOLDER", file=sys.stderr)
        return 2
    try:
        print(SOURCE)
        for week in load_pond_weeks(arguments[0]):
            print(
                f"\n{week.name}: {week.days:.1f} days from {week.start:%Y-%m-%d %H:%M}, "
                f"{week.dropped} readings dropped where the clock stepped back, "
                f"{int((~week.is_read).sum())} places of the grid without a reading"
            )
            for figures in measure_week(week):
                errors, areas = figures.tables()
                print(f"\n{errors}\n\n{areas}")
    except TinyMLCourseError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
