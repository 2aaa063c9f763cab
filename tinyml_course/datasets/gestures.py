"""Hands that swipe, circle and shake, made from physics, for a reader without a board at hand.

A hand moves from one place to another as smoothly as it can: of all paths it takes the one with the
least jerk (Flash and Hogan, "The coordination of arm movements", 1985), whose acceleration is a
polynomial. What the sensor feels is that, gravity, a tilt of the hand and its own noise. A gesture
takes one slot of two seconds. Lesson 11 records these hands through a board.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.motion import CHANNEL_NAMES, SAMPLE_RATE_HZ, UNIT, WINDOW
from tinyml_course.datasets.motion_physics import measure
from tinyml_course.errors import DataError

GESTURES = ("rest", "left", "right", "circle", "shake")
GRAVITY_M_S2 = 9.80665
PHYSICS_HZ = 4 * SAMPLE_RATE_HZ  # `measure` averages four steps to one sample


@dataclass(frozen=True)
class Hand:
    """What one person's hand brings along. Lengths in m, times in s, angles in rad."""

    name: str
    reach_m: float
    swipe_s: float
    return_s: float
    circle_m: float
    circle_s: float
    shake_hz: float
    shake_m: float
    roll_rad: float
    pitch_rad: float
    tremor_g: float


def make_hand(seed: int, number: int) -> Hand:
    """Hand `number` of the crowd `seed`; the same call gives the same hand.

    >>> make_hand(0, 3).name
    'h003'
    """
    rng = np.random.default_rng([seed, number])
    return Hand(
        name=f"h{number:03d}",
        reach_m=rng.uniform(0.2, 0.5),
        swipe_s=rng.uniform(0.3, 0.6),
        return_s=rng.uniform(0.6, 0.9),
        circle_m=rng.uniform(0.08, 0.2),
        circle_s=rng.uniform(0.7, 1.2),
        shake_hz=rng.uniform(3.0, 5.5),
        shake_m=rng.uniform(0.02, 0.05),
        roll_rad=rng.normal(0, 0.15),
        pitch_rad=rng.normal(0, 0.15),
        tremor_g=rng.uniform(0.005, 0.02),
    )


def least_jerk_acceleration(share: np.ndarray, distance_m: float, seconds: float) -> np.ndarray:
    """Acceleration in m/s2 of a hand that moves `distance_m` in `seconds`, at `share` of the way.

    The path is d (10 s^3 - 15 s^4 + 6 s^5); this is its second derivative, and 0 outside 0 to 1.

    >>> least_jerk_acceleration(np.array([0.0, 0.5, 1.0, 1.5]), 0.3, 0.5).tolist()
    [0.0, 0.0, 0.0, 0.0]
    """
    inside = (share >= 0) & (share <= 1)
    shape = 60 * share - 180 * share**2 + 120 * share**3
    return np.where(inside, distance_m / seconds**2 * shape, 0.0)


def synthesize_gesture(hand: Hand, gesture: str, rng: np.random.Generator) -> np.ndarray:
    """One slot of two seconds, `(100, 3)` float32 in g: x points right, y away, z up.

    Raises:
        DataError: a gesture that is none of `GESTURES`.
    """
    if gesture not in GESTURES:
        raise DataError(f"unknown gesture {gesture!r}; known: {', '.join(GESTURES)}")
    n = int(WINDOW / SAMPLE_RATE_HZ * PHYSICS_HZ)
    time = np.arange(n) / PHYSICS_HZ
    start = rng.uniform(0.1, 0.4)
    size = rng.uniform(0.8, 1.2)
    acceleration = np.zeros((n, 3))
    if gesture in ("left", "right"):
        reach = hand.reach_m * size * (1 if gesture == "right" else -1)
        back = start + hand.swipe_s
        acceleration[:, 0] = least_jerk_acceleration(
            (time - start) / hand.swipe_s, reach, hand.swipe_s
        ) + least_jerk_acceleration((time - back) / hand.return_s, -reach, hand.return_s)
    elif gesture == "circle":
        turn = 2 * np.pi / hand.circle_s
        inside = (time >= start) & (time < start + hand.circle_s)
        radius = hand.circle_m * size * turn**2 * inside
        acceleration[:, 0] = -radius * np.cos(turn * (time - start))
        acceleration[:, 1] = -radius * np.sin(turn * (time - start))
    elif gesture == "shake":
        turn = 2 * np.pi * hand.shake_hz
        inside = (time >= start) & (time < start + 1.2)
        shaking = hand.shake_m * size * turn**2 * inside * np.sin(turn * (time - start))
        acceleration[:, 0] = shaking
        acceleration[:, 2] = 0.3 * shaking
    force_g = acceleration / GRAVITY_M_S2 + np.array([0.0, 0.0, 1.0])
    force_g += hand.tremor_g * rng.standard_normal((n, 3))
    tilted = force_g @ _tilt(hand.roll_rad + rng.normal(0, 0.05), hand.pitch_rad)
    return measure(tilted, rng, bias_g=rng.normal(0, 0.01, 3), scale=np.ones(3), noise_g=0.004)


def synthesize_session(
    hand: Hand, gesture: str, repeats: int, seed: Sequence[int] | int = 0
) -> np.ndarray:
    """`repeats` slots of one gesture, one after the other, `(100 * repeats, 3)` float32 in g."""
    rng = np.random.default_rng(seed)
    return np.concatenate([synthesize_gesture(hand, gesture, rng) for _ in range(repeats)])


def make_gesture_dataset(seed: int = 0, people: int = 30, repeats: int = 8) -> Dataset:
    """Gestures of `people` hands, one window a slot, `Dataset` with x `(n, 100, 3)` in g.

    >>> make_gesture_dataset(people=2, repeats=3).x.shape
    (30, 100, 3)
    """
    x, y, groups = [], [], []
    for number in range(people):
        hand = make_hand(seed, number)
        for label, gesture in enumerate(GESTURES):
            session = synthesize_session(hand, gesture, repeats, [seed, number, label])
            x.append(session.reshape(repeats, WINDOW, 3))
            y += [label] * repeats
            groups += [hand.name] * repeats
    return Dataset(
        np.concatenate(x),
        y,
        groups,
        SAMPLE_RATE_HZ,
        GESTURES,
        CHANNEL_NAMES,
        UNIT,
        f"synthetic gestures from physics, {people} hands, seed {seed}",
    )


def _tilt(roll_rad: float, pitch_rad: float) -> np.ndarray:
    """A matrix that turns vectors by a roll about y and a pitch about x."""
    (c, s), (d, t) = ((np.cos(a), np.sin(a)) for a in (roll_rad, pitch_rad))
    return np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]]) @ np.array(
        [[1, 0, 0], [0, d, -t], [0, t, d]]
    )
