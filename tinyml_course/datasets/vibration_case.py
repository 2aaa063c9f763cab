"""A ceiling fan with a coin, rebuilt from physics: what a recording of it can prove, and what not.

Public recordings of such a fan have the coin in one mounting of the sensor and the healthy fan in
another. So this case has both differences, the coin's and the mounting's, and one may ask which of
them a detector has found. Lesson 14.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tinyml_course.datasets import vibration_physics as physics
from tinyml_course.datasets.vibration import synthesize_window

RATE_HZ = 200.0
WINDOW = 200
ROTATION_HZ = 1.5
COIN_G = 0.0001  # a few grams at half a metre, on a fan that hangs and weighs kilograms
TAPED_ANEW_DEGREES = 1.2
HUM_HZ = 120.0  # the motor's core, at twice the mains of North America


@dataclass(frozen=True)
class FanCase:
    """Windows of a second, each `(n, 200, 3)` float32 in g at 200 Hz.

    Attributes:
        healthy: in the order of recording.
        coin: with a coin on a blade, the sensor taped on anew.
        moved: without a coin, the sensor taped on anew once more.
    """

    healthy: np.ndarray
    coin: np.ndarray
    moved: np.ndarray


def make_fan_case(seed: int = 0, windows: int = 120) -> FanCase:
    """The three recordings; the same call gives the same numbers.

    >>> make_fan_case(windows=2).coin.shape
    (2, 200, 3)
    """
    rng = np.random.default_rng([seed, 1400])
    fan = replace(
        physics.make_machine(seed, 0),
        name="ceiling_fan",
        rotation_hz=ROTATION_HZ,
        imbalance_g=0.0004,
        blades=5,
        rush_g=0.006,
        hum_g=0.012,
        hum_hz=HUM_HZ,
        turn=physics.tilt(np.eye(3), 12.0, rng),
    )
    # tape couples as it happens to: the same hum arrives larger or smaller, at another angle
    coin = replace(
        fan,
        imbalance_g=fan.imbalance_g + COIN_G,
        hum_g=1.25 * fan.hum_g,
        turn=physics.tilt(fan.turn, TAPED_ANEW_DEGREES, rng),
    )
    moved = replace(
        fan, hum_g=0.8 * fan.hum_g, turn=physics.tilt(fan.turn, TAPED_ANEW_DEGREES, rng)
    )
    return FanCase(*(_record(one, windows, rng) for one in (fan, coin, moved)))


def _record(machine: physics.Machine, windows: int, rng: np.random.Generator) -> np.ndarray:
    return np.stack(
        [
            synthesize_window(machine, "healthy", rng, rate_hz=RATE_HZ, samples=WINDOW)
            for _ in range(windows)
        ]
    )
