"""Ponds with four probes, made from physics: a day of readings, and what they read three hours on.

    make_ponds -> make_weather -> simulate -> read_probes -> cut_windows -> make_pond_dataset

The water is in `pond_physics`; this file hangs probes into it, which have an offset, noise and a
last digit, and cuts the days into windows. The same call gives the same numbers on every machine.
Lesson 16 teaches it.
"""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.pond_physics import (
    STEP_S,
    STEPS_A_DAY,
    Water,
    make_ponds,
    make_weather,
    simulate,
)
from tinyml_course.errors import DataError

CHANNEL_NAMES = ("ph", "temperature", "oxygen", "ammonia")
UNITS = ("pH", "C", "mg/L", "mg/L")
UNIT = "pH, C, mg/L, mg/L"
PERIOD_S = 600.0  # from one reading to the next
SAMPLE_RATE_HZ = 1 / PERIOD_S
READINGS_AN_HOUR = 6
WINDOW = 24 * READINGS_AN_HOUR
HOURS_AHEAD = 3
AHEAD = HOURS_AHEAD * READINGS_AN_HOUR
EVERY = 2 * READINGS_AN_HOUR  # readings from one window to the next
PONDS = 120
DAYS = 5
DAYS_BEFORE = 2  # simulated and thrown away

# What a probe reads beside the truth: deviation of its offset, noise, last digit; and what it can.
OFFSET = np.array([0.08, 0.2, 0.15, 0.002])
NOISE = np.array([0.006, 0.02, 0.03, 0.0004])
DIGIT = np.array([0.01, 0.1, 0.01, 0.001])
LEAST = np.array([0.0, -5.0, 0.0, 0.0])
MOST = np.array([14.0, 60.0, 20.0, 5.0])
LOW_OXYGEN_MG_L = 3.0  # where fish suffer
FINE_OXYGEN_MG_L = 3.5  # where an alarm ends: about the forecast's usual error above


def read_probes(water: Water, rngs: list[np.random.Generator]) -> np.ndarray:
    """What four probes read in each pond, `(ponds, readings, 4)` float32, every ten minutes."""
    every = int(PERIOD_S / STEP_S)
    truth = np.stack([getattr(water, f.name)[::every] for f in fields(Water)], axis=-1)
    read = np.empty((*truth.shape[1::-1], 4), np.float32)
    for k, rng in enumerate(rngs):
        offset = OFFSET * rng.standard_normal(4)
        noisy = truth[:, k] + offset + NOISE * rng.standard_normal(truth[:, k].shape)
        read[k] = np.clip(np.rint(noisy / DIGIT) * DIGIT, LEAST, MOST)
    return read


def make_readings(
    seed: int = 0, ponds: int = PONDS, days: int = DAYS, first_pond: int = 0
) -> np.ndarray:
    """Days of readings of whole ponds, `(ponds, days * 144, 4)` float32; lesson 16 draws some.

    >>> make_readings(ponds=2, days=1).shape
    (2, 144, 4)
    """
    if ponds < 1 or days < 1:
        raise DataError(f"{ponds} ponds for {days} days: ask for at least one of each")
    numbers = range(first_pond, first_pond + ponds)
    rngs = [np.random.default_rng([seed, number]) for number in numbers]
    made = make_ponds(rngs)
    whole = days + DAYS_BEFORE
    water = simulate(made, make_weather(made, whole, rngs), whole)
    return read_probes(water, rngs)[:, -days * WINDOW :]


def cut_windows(
    readings: np.ndarray, every: int = EVERY, first: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Days of history and what came after them: `(n, 144, 4)` and `(n, 4)` three hours later.

    Args:
        readings: `(readings, 4)` of one pond, every ten minutes and without a gap.
        every: readings from one window to the next.
        first: where the first one begins.
    """
    starts = np.arange(first, len(readings) - WINDOW - AHEAD + 1, every)
    rows = starts[:, None] + np.arange(WINDOW)
    return readings[rows], readings[starts + WINDOW - 1 + AHEAD]


def make_pond_dataset(
    seed: int = 0, ponds: int = PONDS, *, days: int = DAYS, first_pond: int = 0
) -> Dataset:
    """Windows of a day of `ponds` ponds, with the readings three hours later as targets.

    Args:
        first_pond: others of the same world, for instance to judge by.

    Returns:
        `Dataset` with x `(n, 144, 4)` and y `(n, 4)` float32, in the units of `UNITS`; a group is
        a pond.

    >>> data = make_pond_dataset(ponds=1, days=2)
    >>> data.x.shape, data.y.shape, data.target_names
    ((11, 144, 4), (11, 4), ('ph', 'temperature', 'oxygen', 'ammonia'))
    """
    readings = make_readings(seed, ponds, days, first_pond)
    parts = [cut_windows(one, first=k % EVERY) for k, one in enumerate(readings)]
    return pond_windows(
        np.concatenate([x for x, _ in parts]),
        np.concatenate([y for _, y in parts]),
        np.repeat([f"pond_{first_pond + k:03d}" for k in range(ponds)], [len(x) for x, _ in parts]),
        f"synthetic ponds, seed {seed}",
    )


def pond_windows(x: np.ndarray, y: np.ndarray, groups: np.ndarray, source: str) -> Dataset:
    """Windows and targets as the lab's `Dataset`."""
    return Dataset(
        x=x,
        y=y,
        groups=groups,
        sample_rate_hz=SAMPLE_RATE_HZ,
        class_names=(),
        channel_names=CHANNEL_NAMES,
        unit=UNIT,
        source=source,
        groups_are="ponds",
        target_names=CHANNEL_NAMES,
        target_units=UNITS,
    )


__all__ = [
    "AHEAD",
    "CHANNEL_NAMES",
    "FINE_OXYGEN_MG_L",
    "HOURS_AHEAD",
    "LOW_OXYGEN_MG_L",
    "PERIOD_S",
    "SAMPLE_RATE_HZ",
    "STEPS_A_DAY",
    "UNITS",
    "WINDOW",
    "cut_windows",
    "make_pond_dataset",
    "make_readings",
    "pond_windows",
    "read_probes",
]
