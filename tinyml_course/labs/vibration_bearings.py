"""Real bearings: how easy the public set is, and what is left if it is made hard. Lesson 14."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tinyml_course.bundle import Bundle
from tinyml_course.datasets.vibration_public import (
    BEARING_RATE_HZ,
    DRIVE_END,
    BearingRecording,
)
from tinyml_course.features.commissioning import COMMISSIONING
from tinyml_course.features.vibration_features import (
    band_edges,
    compute_power,
    compute_spectrum,
    log2_float,
    sum_between,
)
from tinyml_course.labs.vibration_methods import (
    FEATURES_24,
    Learnt,
    Method,
    auc,
    false_alarms,
    learn,
    log_rms,
)
from tinyml_course.table import Table

WINDOW = 1000  # a twelfth of a second
LONG = 4000  # a third of a second: lines of 3 Hz, for the textbook's lines
GAIN = 1.25
MIXED_IN = 0.05
Strays = Callable[[np.ndarray], np.ndarray]


def raw_bands(x: np.ndarray) -> np.ndarray:
    """`(n, 16)` log2 of the bands' energies as they are: a gain moves all of them. A control."""
    power = compute_power(*compute_spectrum(x))
    return log2_float(sum_between(power, band_edges(x.shape[1])) + np.float32(1e-12))


METHODS = (
    Method("RMS", log_rms, "distance"),
    Method("raw bands, z-score", raw_bands),
    Method("24 features, z-score", FEATURES_24),
    Method("24 features, network", FEATURES_24, "network"),
)


def cut(x: np.ndarray, window: int = WINDOW) -> np.ndarray:
    """`(n,)` samples to windows `(n // window, window, 1)`."""
    return x[: len(x) // window * window].reshape(-1, window, 1)


def textbook_line(x: np.ndarray, hz: float) -> np.ndarray:
    """`(n,)` how far the squared envelope's line at `hz` stands out of its neighbours, log2.

    Args:
        x: `(n, window, 1)`.
    """
    level = x[:, :, 0] - x[:, :, 0].mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(level, axis=1)
    spectrum[:, : spectrum.shape[1] // 3] = 0
    envelope = np.abs(np.fft.ifft(spectrum, x.shape[1], axis=1)) ** 2
    lines = np.abs(np.fft.rfft(envelope - envelope.mean(axis=1, keepdims=True), axis=1)) ** 2
    at = round(hz * x.shape[1] / BEARING_RATE_HZ)
    around = np.median(lines[:, max(1, at - 12) : at + 13], axis=1)
    return np.asarray(np.log2(lines[:, at - 1 : at + 2].max(axis=1) / around))


def measure_bearings(recordings: Sequence[BearingRecording]) -> tuple[Table, Table]:
    """False alarms on healthy windows, and what finds each fault, whole and mixed in."""
    bundle = Bundle.load_shipped("vibration")
    healthy = [r for r in recordings if r.part == "healthy"]
    rest = {r.name: cut(r.x)[COMMISSIONING:] for r in healthy}
    learnt = {
        method.name: [
            learn(method, method.features(cut(r.x)[:COMMISSIONING]), bundle) for r in healthy
        ]
        for method in METHODS
    }
    strays = {method.name: _nearest(method, learnt[method.name]) for method in METHODS}
    every = np.concatenate(list(rest.values()))
    quiet = {name: stray(every) for name, stray in strays.items()}
    louder = every * np.float32(GAIN)
    alarms = tuple(
        (
            name,
            *(f"{share:.1%}" for share in false_alarms(quiet[name])),
            *(f"{share:.1%}" for share in false_alarms(stray(louder))),
        )
        for name, stray in strays.items()
    )
    rows = [
        _judge(fault, strays, quiet, every, healthy)
        for fault in recordings
        if fault.part != "healthy"
    ]
    whole, mixed = list(strays), [f"{name}, 5 %" for name in strays]
    head = ("healthy bearings", "alarms", "of five", f"at a gain of {GAIN:g}", "of five")
    return (
        Table(head, alarms, align="lrrrr", rule=True),
        Table(
            ("AUC", *whole, "textbook line", *mixed),
            tuple(rows),
            "5 %: so much of the faulty signal is added to the healthy one",
            "l" + "r" * (2 * len(whole) + 1),
            True,
        ),
    )


def _nearest(method: Method, learnt: Sequence[Learnt]) -> Strays:
    def stray(x: np.ndarray) -> np.ndarray:
        features = method.features(x)
        return np.asarray(np.min([one(features) for one in learnt], axis=0))

    return stray


def _judge(
    fault: BearingRecording,
    strays: dict[str, Strays],
    quiet: dict[str, np.ndarray],
    every: np.ndarray,
    healthy: Sequence[BearingRecording],
) -> tuple[str, ...]:
    windows = cut(fault.x)
    count = min(len(windows), len(every))
    mixed = every[:count] + np.float32(MIXED_IN) * windows[:count]
    found = [f"{auc(quiet[name], stray(windows)):.3f}" for name, stray in strays.items()]
    faint = [f"{auc(quiet[name], stray(mixed)):.3f}" for name, stray in strays.items()]
    passes = {
        "inner race": DRIVE_END.inner,
        "outer race": DRIVE_END.outer,
        "ball": DRIVE_END.ball,
    }.get(fault.part)
    line = "-"
    if passes is not None and fault.rpm:
        hz = passes * fault.rpm / 60
        usual = np.concatenate([textbook_line(cut(r.x, LONG), hz) for r in healthy])
        line = f"{auc(usual, textbook_line(cut(fault.x, LONG), hz)):.3f}"
    return (fault.name, *found, line, *faint)
