"""A wand that draws spells in the air, made from physics: what one knows before any recording.

The five shapes are those that go with the spells' names, as far as a description tells: a loop
and a stroke, an M, a flash of lightning, a hook, an R. A hand draws them within a second, with the
wand's tip, by turning the forearm. Size, speed, slant and grip are drawn anew for each sample.
Lesson 17 asks how far a network comes that has seen these alone.
"""

from __future__ import annotations

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.motion_physics import measure
from tinyml_course.datasets.wrist_gestures import CHANNEL_NAMES, FULL_SCALE_DPS, UNIT
from tinyml_course.datasets.wrist_physics import ArmPath, feel, trace_path, turn
from tinyml_course.errors import DataError

RATE_HZ, WINDOW = 119.0, 119
START_SUM_G = 2.5  # the recordings begin when the three axes together reach it

# Points of each shape: to the right, up.
SPELLS = {
    "AlohomoraCharm": [(-0.5, 0), (0, 0.5), (0.5, 0), (0, -0.5), (-0.5, 0), (0, 0.5), (0, -1)],
    "ArrestoMomentumCharm": [(-1, -0.8), (-0.5, 0.8), (0, -0.4), (0.5, 0.8), (1, -0.8)],
    "AvadaKedavra": [(0.4, 1), (-0.5, 0.1), (0.4, -0.1), (-0.4, -1)],
    "LocomotorCharm": [(0, 1), (0, -0.8), (0.4, -1), (0.8, -0.5), (0.5, 0)],
    "Revelio": [(-0.4, -1), (-0.4, 1), (0.5, 0.6), (-0.3, 0), (0.6, -1)],
}


def synthesize_spell(spell: str, rng: np.random.Generator) -> np.ndarray:
    """A spell as the board on the wand reports it, `(119, 6)` float32 in g and degrees a second.

    It begins where the three accelerations together reach 2.5 g, as the recordings do.

    Raises:
        DataError: a spell that is none of `SPELLS`.

    >>> synthesize_spell("Revelio", np.random.default_rng(0)).shape
    (119, 6)
    """
    if spell not in SPELLS:
        raise DataError(f"unknown spell {spell!r}; known: {', '.join(SPELLS)}")
    physics_hz = 4 * RATE_HZ
    time = np.arange(round(2.2 * physics_hz)) / physics_hz
    points = np.array(SPELLS[spell]) + rng.normal(0, 0.12, (len(SPELLS[spell]), 2))
    slant = rng.normal(0, 0.15)
    points = points @ np.array([[np.cos(slant), np.sin(slant)], [-np.sin(slant), np.cos(slant)]])
    drawn = trace_path(points, time, 0.15, rng.uniform(0.7, 1.2), rng.uniform(0.25, 0.5))
    reach = rng.uniform(0.25, 0.6)  # rad, half of the height
    path = ArmPath(
        yaw=-reach * drawn[:, 0],
        pitch=reach * drawn[:, 1],
        roll=rng.normal(0, 0.2) * drawn[:, 0],
        elbow_m=rng.uniform(0, 0.1) * np.stack([drawn[:, 0], 0 * time, drawn[:, 1]], axis=1),
        rate_hz=physics_hz,
    )
    force, turning = feel(path, rng.uniform(0.3, 0.6))
    grip = turn(*rng.normal(0, (0.15, 0.2, 0.25))[:, None])[0]
    g = measure(force @ grip, rng, bias_g=np.zeros(3), scale=np.ones(3), noise_g=0.01)
    dps = measure(
        turning @ grip,
        rng,
        bias_g=rng.normal(0, 1.5, 3),
        scale=np.ones(3),
        noise_g=0.2,
        full_scale_g=FULL_SCALE_DPS,
        bits=16,
    )
    loud = np.abs(g).sum(axis=1) >= START_SUM_G
    begin = min(int(loud.argmax()), len(g) - WINDOW)
    return np.concatenate([g, dps], axis=1)[begin : begin + WINDOW]


def make_spell_dataset(seed: int = 0, samples: int = 80) -> Dataset:
    """`samples` of each spell, `Dataset` with x `(n, 119, 6)`.

    >>> make_spell_dataset(samples=2).x.shape
    (10, 119, 6)
    """
    if samples < 1:
        raise DataError(f"{samples} samples of each spell: ask for at least one")
    x, y = [], []
    for label, spell in enumerate(SPELLS):
        rng = np.random.default_rng([seed, label, 119])
        x += [synthesize_spell(spell, rng) for _ in range(samples)]
        y += [label] * samples
    return Dataset(
        np.stack(x),
        np.array(y),
        np.array([f"sample {k:04d}" for k in range(len(y))]),
        RATE_HZ,
        tuple(SPELLS),
        CHANNEL_NAMES,
        UNIT,
        f"synthetic spells from physics, seed {seed}",
        groups_are="samples",
    )
