"""Ways to tell the unusual from the usual, each learnt from healthy windows alone.

Lesson 14's figures of real machines come from these; the controls are here to be beaten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tinyml_course.bundle import Bundle
from tinyml_course.features.commissioning import (
    LIMIT,
    Centre,
    learn_level,
    learn_normal,
    running_median,
    score_residuals,
)
from tinyml_course.features.vibration_features import (
    VibrationFeatures,
    compute_power,
    compute_spectrum,
    log2_float,
)
from tinyml_course.interpreters.litert import run_litert
from tinyml_course.training.detection import mahalanobis
from tinyml_course.training.scores import area_under_curve

SECONDS_A_DAY = 86_400
SINGLE = ("distance", "above")
Features = Callable[[np.ndarray], np.ndarray]


def axis_means(x: np.ndarray) -> np.ndarray:
    """`(n, channels)`: where the sensor points. No vibration at all."""
    return np.asarray(x.mean(axis=1))


def log_rms(x: np.ndarray) -> np.ndarray:
    """`(n, 1)` log2 of the energy of all axes: how loud it is."""
    return np.asarray(np.log2(x.var(axis=1).sum(axis=1, keepdims=True) + 1e-12))


def make_band_energy(low: int, high: int) -> Features:
    """From windows to `(n, 1)` log2 of the energy of the lines from `low` to `high`, inclusive."""

    def energy(x: np.ndarray) -> np.ndarray:
        power = compute_power(*compute_spectrum(x))[:, low : high + 1]
        return log2_float(power.sum(axis=1, keepdims=True) + np.float32(1e-12))

    return energy


@dataclass(frozen=True)
class Method:
    """A way to score windows.

    Attributes:
        name: as tables say it.
        features: of windows `(n, window, channels)`.
        kind: "z-score", "Mahalanobis", "network"; or of a single feature "distance", how many
            deviations it is away, and "above", where only more than usual counts.
    """

    name: str
    features: Features
    kind: str = "z-score"


@dataclass(frozen=True)
class Learnt:
    """A method after a commissioning. Called with features, it says how far each window strays."""

    method: Method
    mean: np.ndarray
    scale: np.ndarray
    inner: np.ndarray  # z of the commissioning, for distances that need a covariance
    level: float
    spread: float
    bundle: Bundle | None = None

    def scores(self, features: np.ndarray) -> np.ndarray:
        """`(n,)` log2 scores; of a single feature z or its magnitude, which need no logarithm."""
        z = ((features - self.mean) / self.scale).astype(np.float32)
        if self.method.kind in SINGLE:
            return np.asarray(np.abs(z[:, 0]) if self.method.kind == "distance" else z[:, 0])
        if self.method.kind == "Mahalanobis":
            both = np.concatenate([self.inner, z])
            first = np.arange(len(both)) < len(self.inner)
            return mahalanobis(both, np.zeros(len(both)), first)[len(self.inner) :]
        rebuilt = run_litert(self.bundle.model, z) if self.bundle is not None else None
        return score_residuals(z, rebuilt)

    def __call__(self, features: np.ndarray) -> np.ndarray:
        """`(n,)` deviations in spreads of the commissioning."""
        if self.method.kind in SINGLE:
            return self.scores(features)
        centre = Centre(self.mean, self.scale, self.level, self.spread)
        return centre.deviations(self.scores(features))


def learn(method: Method, features: np.ndarray, bundle: Bundle | None = None) -> Learnt:
    """Commission `method` with the features of healthy windows."""
    mean, scale = learn_normal(features)
    z = ((features - mean) / scale).astype(np.float32)
    network = bundle if method.kind == "network" else None
    unleveled = Learnt(method, mean, scale, z, 0.0, 1.0, network)
    level, spread = learn_level(unleveled.scores(features))
    return Learnt(method, mean, scale, z, level, spread, network)


def false_alarms(strays: np.ndarray) -> tuple[float, float]:
    """Shares of healthy windows that alarm: one by one, and by the median of five."""
    return float(np.mean(strays >= LIMIT)), float(np.mean(running_median(strays) >= LIMIT))


def auc(healthy: np.ndarray, other: np.ndarray) -> float:
    """The area under the ROC curve."""
    both = np.concatenate([healthy, other])
    return area_under_curve(both, np.arange(len(both)) >= len(healthy))


FEATURES_24 = VibrationFeatures().apply
