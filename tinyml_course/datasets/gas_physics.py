"""What a heated metal oxide answers to a drink: conductance, water, ageing, spread, converter.

- Conductance under several reducing gases, `G = G_air (1 + sum K_i c_i)^beta`: Clifford and Tuma,
  "Characteristics of semiconductor gas sensors I", Sensors and Actuators 3 (1983).
- Water on the surface raises the conductance as a power of its concentration, and so does warmth:
  Barsan and Weimar, "Conduction model of metal oxide gas sensors", J. Electroceramics 7 (2001).
- Ageing and poisoning move the conductance in air and the sensitivity over weeks, each element on
  its own way: Vergara et al., "Chemical gas sensor drift compensation using classifier ensembles",
  Sensors and Actuators B 166 (2012), whose recordings lesson 15 measures.
- Elements of one type differ in air by more than a factor of two; a load resistor and 10 bits make
  counts of it: the Grove multichannel sensor gives `3.3 V * counts / 1023`.

The constants are round numbers within what those sources show, and belong to no particular element.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

CHANNEL_NAMES = ("no2", "c2h5oh", "voc", "co")
GASES = ("ethanol", "aroma", "monoxide")  # aroma: esters and aldehydes together
FULL_SCALE = 1023
REFERENCE_C = 20.0
REFERENCE_G_M3 = 10.0  # water in a room's air

# What a ppm of each gas adds, by channel: the elements' names promise more than they keep.
SENSITIVITY_PER_PPM = np.array(
    [
        [0.02, 0.15, 0.06],
        [0.40, 0.25, 0.03],
        [0.15, 0.90, 0.08],
        [0.06, 0.10, 0.60],
    ]
)
EXPONENT = np.array([0.45, 0.60, 0.55, 0.50])
WATER_EXPONENT = np.array([0.20, 0.30, 0.35, 0.25])
WARMTH_PER_C = np.array([0.008, 0.012, 0.010, 0.010])
AIR_OVER_LOAD = np.array([0.25, 0.18, 0.20, 0.22])  # conductance in air times the load resistor
SPREAD = 0.35  # of the logarithm of the conductance in air, from element to element
SENSITIVITY_SPREAD = 0.12
DRIFT_A_WEEK = 0.16  # random walk of the logarithm of the conductance in air, per root of a week
FADING_A_WEEK = 0.015  # a sensitivity's loss, and its spread from element to element


@dataclass(frozen=True)
class Sensor:
    """Four elements on a board, as they are in one week.

    Attributes:
        air: `(4,)` conductance in air times the load resistor, at 20 C and 10 g/m3 of water.
        sensitivity: `(4, 3)` what a ppm of each gas adds.
        exponent: `(4,)`.
    """

    name: str
    air: np.ndarray
    sensitivity: np.ndarray
    exponent: np.ndarray


@dataclass(frozen=True)
class Room:
    """The air on one day: temperature in C, water in g/m3."""

    warmth_c: float
    water_g_m3: float


def make_sensor(seed: int, number: int, week: float = 0.0) -> Sensor:
    """Sensor `number` of the world `seed`, `week` weeks after the first: always the same one.

    >>> make_sensor(0, 1).name, bool((make_sensor(0, 1, 8).air != make_sensor(0, 1).air).all())
    ('s01', True)
    """
    rng = np.random.default_rng([seed, number])
    air = AIR_OVER_LOAD * np.exp(SPREAD * rng.standard_normal(4))
    sensitivity = SENSITIVITY_PER_PPM * np.exp(SENSITIVITY_SPREAD * rng.standard_normal((4, 3)))
    exponent = EXPONENT + 0.02 * rng.standard_normal(4)
    # a walk in steps of a quarter of a week, so that week 4 lies on the way to week 8
    for _ in range(round(4 * week)):
        air = air * np.exp(DRIFT_A_WEEK / 2 * rng.standard_normal(4))
        fading = FADING_A_WEEK / 4 * (1 + rng.standard_normal(4))
        sensitivity = sensitivity * np.exp(-fading)[:, None]
    return Sensor(f"s{number:02d}", air, sensitivity, exponent)


def conductance(
    sensor: Sensor, gases_ppm: np.ndarray, water_g_m3: np.ndarray, warmth_c: float
) -> np.ndarray:
    """`(n, 4)`, times the load resistor, for `(n, 3)` ppm and `(n,)` grams of water."""
    added = 1 + gases_ppm @ sensor.sensitivity.T
    water = (water_g_m3[:, None] / REFERENCE_G_M3) ** WATER_EXPONENT
    warmth = np.exp(WARMTH_PER_C * (warmth_c - REFERENCE_C))
    return sensor.air * warmth * water * added**sensor.exponent


def to_counts(conductance_over_load: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What the 10-bit converter behind the voltage divider reads, with a count of noise."""
    share = conductance_over_load / (1 + conductance_over_load)
    noisy = FULL_SCALE * share + rng.normal(0, 1.0, share.shape)
    return np.clip(np.rint(noisy), 0, FULL_SCALE)


def rise(n: int, start: int, tau: float) -> np.ndarray:
    """`(n,)` 0 before sample `start`, then towards 1 with the time constant `tau` in samples."""
    since = np.arange(n) - start
    return np.where(since >= 0, 1 - np.exp(-np.maximum(since, 0) / tau), 0.0)


def plume(n: int, rng: np.random.Generator, strength: float = 0.18) -> np.ndarray:
    """`(n,)` about 1: a drink's vapour comes in puffs."""
    wave = np.zeros(n)
    for i in range(1, n):
        wave[i] = 0.8 * wave[i - 1] + 0.6 * rng.standard_normal()
    return np.exp(strength * wave)
