"""The real fan: what finds its coin, what that proves, and whether an imbalance is found.

The rotation was never measured; an imbalance is added at each of `ROTATIONS_HZ`, which lie where a
ceiling fan turns. Lesson 14.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinyml_course.bundle import Bundle
from tinyml_course.datasets.vibration_public import FAN_RATE_HZ, FanRecording
from tinyml_course.errors import DataError
from tinyml_course.features.commissioning import COMMISSIONING, LIMIT, learn_normal
from tinyml_course.labs.vibration_methods import (
    FEATURES_24,
    SECONDS_A_DAY,
    Method,
    auc,
    axis_means,
    false_alarms,
    learn,
    log_rms,
    make_band_energy,
)
from tinyml_course.table import Table

ROTATIONS_HZ = (1.5, 2.0, 2.5)
LINES_G = (0.002, 0.004)
SPEEDS = ("low", "med", "high")
NOTE = "a day: of 86,400 windows, one a second, those whose median of five alarms"
ADAPTING = 0.05  # a window's share in a baseline that goes along with what it sees
METHODS = (
    Method("means of the axes alone", axis_means),
    Method("hum alone, 70 to 99 Hz", make_band_energy(70, 99), "distance"),
    Method("RMS", log_rms, "distance"),
    Method("below 16 Hz", make_band_energy(1, 15), "distance"),
    Method("1 to 3 Hz", make_band_energy(1, 3), "above"),
    Method("24 features, z-score", FEATURES_24),
    Method("24 features, Mahalanobis", FEATURES_24, "Mahalanobis"),
    Method("24 features, network", FEATURES_24, "network"),
)


def add_rotating_line(
    x: np.ndarray, hz: float, amplitude_g: float, seed: int = 0, rate_hz: float = FAN_RATE_HZ
) -> np.ndarray:
    """Healthy windows with an imbalance: a vector that turns in the plane across gravity.

    Args:
        x: `(n, window, 3)` in g; each window begins somewhere in a turn.

    >>> x = np.zeros((1, 200, 3)) + [0, 0, 1.0]
    >>> np.linalg.norm(add_rotating_line(x, 2.0, 0.004) - x, axis=2).round(6).max().item()
    0.004
    """
    down = x.mean(axis=(0, 1))
    down = down / np.linalg.norm(down)
    across = np.cross(down, [1.0, 0.0, 0.0] if abs(down[0]) < 0.9 else [0.0, 1.0, 0.0])
    across /= np.linalg.norm(across)
    begin = np.random.default_rng(seed).uniform(0, 2 * np.pi, (len(x), 1))
    angle = begin + 2 * np.pi * hz * np.arange(x.shape[1]) / rate_hz
    turning = np.cos(angle)[..., None] * across + np.sin(angle)[..., None] * np.cross(down, across)
    return np.asarray(x + amplitude_g * turning)


def turn_sensor(x: np.ndarray, degrees: float) -> np.ndarray:
    """The same windows, felt by a sensor that was turned about its x axis."""
    a = np.radians(degrees)
    turn = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    return np.asarray(x @ turn.T)


def measure_fan(recordings: Sequence[FanRecording]) -> tuple[Table, ...]:
    """All tables about the fan.

    Raises:
        DataError: no healthy recording of a speed.
    """
    bundle = Bundle.load_shipped("vibration")
    healthy = {(r.installation, r.speed): r.x for r in recordings if not r.coins}
    coins = {(r.installation, r.speed): r.x for r in recordings if r.coins}
    running = [key for key in healthy if key[1] in SPEEDS]
    if not running:
        raise DataError("no healthy recording of the fan at low, med or high")
    rows = []
    for key in running:
        for learnt_from in ("half", COMMISSIONING):
            rows += judge_fan(key, healthy[key], coins.get(key), learnt_from, bundle)
    lines = [f"+{1000 * g:g} mg, mean (least)" for g in LINES_G]
    head = ("fan, speed", "from", "AUC of", "coin", "alarms", "of five", "a day", *lines)
    tables = [
        Table(
            head,
            tuple(rows),
            NOTE,
            "lll" + 6 * "r",
            True,
        ),
        Table(
            ("sensor turned by 2 degrees, healthy", "means of the axes", "24 features"),
            tuple(judge_turn(key, healthy[key]) for key in running),
            align="lrr",
            rule=True,
        ),
        judge_centres({key: healthy[key] for key in running}, coins),
        judge_adapting({key: healthy[key] for key in running}),
    ]
    moved = judge_moved({key: healthy[key] for key in running}, bundle)
    return (*tables, moved) if moved.rows else tuple(tables)


def judge_fan(
    key: tuple[str, str],
    healthy: np.ndarray,
    coin: np.ndarray | None,
    learnt_from: int | str,
    bundle: Bundle,
) -> list[tuple[str, ...]]:
    """A row a method: the coin, false alarms in the same installation, and added lines."""
    count = len(healthy) // 2 if learnt_from == "half" else int(learnt_from)
    first, rest = healthy[:count], healthy[count:]
    rows = []
    for method in METHODS:
        strays = learn(method, method.features(first), bundle)
        quiet = strays(method.features(rest))
        one, five = false_alarms(quiet)
        found = "-" if coin is None else f"{auc(quiet, strays(method.features(coin))):.3f}"
        added = []
        for g in LINES_G:
            several = [
                auc(quiet, strays(method.features(add_rotating_line(rest, hz, g))))
                for hz in ROTATIONS_HZ
            ]
            added.append(f"{np.mean(several):.3f} ({min(several):.3f})")
        a_day = f"{SECONDS_A_DAY * five:,.0f}"
        rows.append(
            (
                " ".join(key),
                str(count),
                method.name,
                found,
                f"{one:.1%}",
                f"{five:.1%}",
                a_day,
                *added,
            )
        )
    return rows


def judge_turn(key: tuple[str, str], healthy: np.ndarray) -> tuple[str, ...]:
    """AUC of healthy windows whose sensor was turned in software, for means and for features."""
    half = len(healthy) // 2
    turned = turn_sensor(healthy[half:], 2.0)
    found = []
    for method in (METHODS[0], Method("24 features", FEATURES_24)):
        strays = learn(method, method.features(healthy[:half]))
        found.append(auc(strays(method.features(healthy[half:])), strays(method.features(turned))))
    return (" ".join(key), *(f"{value:.3f}" for value in found))


def judge_centres(
    healthy: dict[tuple[str, str], np.ndarray], coins: dict[tuple[str, str], np.ndarray]
) -> Table:
    """One model of all speeds against one centre a speed: false alarms, coin and line caught."""
    method = METHODS[5]
    features = {key: FEATURES_24(x) for key, x in healthy.items()}
    pooled = learn(method, np.concatenate([f[:COMMISSIONING] for f in features.values()]))
    centres = [learn(method, f[:COMMISSIONING]) for f in features.values()]
    rows = []
    for name, strays in (
        ("one model of all speeds", pooled),
        ("one centre a speed", lambda f: np.min([centre(f) for centre in centres], axis=0)),
    ):
        for key, x in healthy.items():
            rest = x[COMMISSIONING:]
            line = FEATURES_24(add_rotating_line(rest, ROTATIONS_HZ[1], LINES_G[1]))
            coin = (
                f"{np.mean(strays(FEATURES_24(coins[key])) >= LIMIT):.0%}" if key in coins else "-"
            )
            quiet = strays(features[key][COMMISSIONING:])
            rows.append(
                (
                    name,
                    " ".join(key),
                    f"{np.mean(quiet >= LIMIT):.1%}",
                    coin,
                    f"{np.mean(strays(line) >= LIMIT):.0%}",
                )
            )
    head = ("z-score, 60 windows a speed", "at", "false alarms", "coin caught", "4 mg caught")
    return Table(head, tuple(rows), align="llrrr", rule=True)


def judge_adapting(healthy: dict[tuple[str, str], np.ndarray]) -> Table:
    """A baseline that goes along with what it sees, beside one that stays: who still alarms?"""
    rows = []
    for key, x in healthy.items():
        line = FEATURES_24(add_rotating_line(x[COMMISSIONING:], ROTATIONS_HZ[1], LINES_G[1]))
        first = FEATURES_24(x[:COMMISSIONING])
        for name, share in (("stays", 0.0), ("adapts", ADAPTING)):
            alarms = follow(first, line, share)
            early, late = alarms[:20].mean(), alarms[-100:].mean()
            rows.append((" ".join(key), name, f"{early:.0%}", f"{late:.0%}"))
    head = ("4 mg from now on", "baseline", "caught in the first 20 s", "in the last 100 s")
    return Table(head, tuple(rows), align="llrr", rule=True)


def follow(first: np.ndarray, later: np.ndarray, share: float) -> np.ndarray:
    """`(n,)` bool alarms of a z-score whose centre moves by `share` of each window's distance.

    Its scale moves likewise, as in every exponentially weighted mean and variance.
    """
    learnt = learn(METHODS[5], first)
    mean, scale = learn_normal(first)
    variance = scale * scale
    alarms = []
    for f in later:
        z = (f - mean) / np.sqrt(variance)
        score = np.log2(np.mean(z * z) + 1e-6)
        alarms.append((score - learnt.level) / learnt.spread >= LIMIT)
        away = f - mean
        mean = mean + share * away
        variance = (1 - share) * (variance + share * away * away)
    return np.array(alarms)


def judge_moved(healthy: dict[tuple[str, str], np.ndarray], bundle: Bundle) -> Table:
    """A healthy fan in another installation, before and after a minute of commissioning there."""
    rows = []
    for (place, speed), x in healthy.items():
        for (other, same), y in healthy.items():
            if other == place or same != speed:
                continue
            for method in METHODS[5:]:
                old = learn(method, method.features(x[: len(x) // 2]), bundle)
                quiet = old(method.features(x[len(x) // 2 :]))
                new = learn(method, method.features(y[:COMMISSIONING]), bundle)
                one, five = false_alarms(new(method.features(y[COMMISSIONING:])))
                moved = auc(quiet, old(method.features(y)))
                rows.append(
                    (
                        f"{place} to {other}, {speed}",
                        method.name,
                        f"{moved:.3f}",
                        f"{one:.1%}",
                        f"{five:.1%}",
                    )
                )
    head = ("healthy, moved", "method", "AUC", "after 60 windows: alarms", "of five")
    return Table(head, tuple(rows), align="llrrr", rule=True)
