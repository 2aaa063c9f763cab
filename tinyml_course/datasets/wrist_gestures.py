"""Gestures of a wrist with an accelerometer and a gyroscope, made from physics.

    make_wrist -> synthesize_wrist_gesture -> make_wrist_dataset

A hand of `gestures` gets an arm, a side of the body and a strap. The forces and turns are in
`wrist_physics`; this file says what people do and what they differ in: speed, size, which hand,
how the board sits. A window is two seconds, and the gesture begins somewhere in its first half
second, as the trigger (`features/onset.py`) cuts it. Lesson 17 teaches it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.gestures import Hand, make_hand
from tinyml_course.datasets.motion import SAMPLE_RATE_HZ, WINDOW
from tinyml_course.datasets.motion_physics import measure
from tinyml_course.datasets.wrist_physics import ArmPath, feel, least_jerk, turn
from tinyml_course.errors import DataError

GESTURES = ("rest", "left", "right", "circle", "shake", "twist")
IDLES = ("nothing", "reach", "knock", "walk")  # what a hand does that does not gesture
CHANNEL_NAMES = ("ax", "ay", "az", "gx", "gy", "gz")
UNIT = "g and deg/s"
PHYSICS_HZ = 4 * SAMPLE_RATE_HZ  # `measure` averages four steps to one sample
FULL_SCALE_DPS = 2000.0
STARTS_S = (0.1, 0.4)  # where in its window a gesture begins
RESTS_S = (0.1, 0.5)  # how long a swipe stays out before the hand comes back
LEFT_HANDED = 0.15  # of all people


@dataclass(frozen=True)
class Wrist:
    """A hand with its arm and its board.

    Attributes:
        hand: speed, size and tremor.
        forearm_m: from the elbow to the board.
        side: +1 the right hand, -1 the left one.
        from_elbow: the share of a swipe that is a turn about the elbow; the rest carries the elbow.
        pronation: how far the forearm rolls along with a swipe outwards, in rad.
        turns: +1 who draws circles against the clock, -1 with it.
        twist_rad: how far the wrist is twisted.
        strap: `(3,)` yaw, pitch and roll of the board on the wrist, in rad.
        bias_g, bias_dps: `(3,)` what the sensors say at rest.
    """

    hand: Hand
    forearm_m: float
    side: int
    from_elbow: float
    pronation: float
    turns: int
    twist_rad: float
    strap: tuple[float, float, float]
    bias_g: tuple[float, float, float]
    bias_dps: tuple[float, float, float]


def make_wrist(seed: int, number: int) -> Wrist:
    """Person `number` of the crowd `seed`; the same call gives the same one.

    >>> make_wrist(0, 3).hand.name, make_wrist(0, 3).side in (-1, 1)
    ('h003', True)
    """
    rng = np.random.default_rng([seed, number, 17])
    side = -1 if rng.uniform() < LEFT_HANDED else 1
    return Wrist(
        hand=make_hand(seed, number),
        forearm_m=rng.uniform(0.22, 0.3),
        side=side,
        from_elbow=rng.uniform(0.3, 0.9),
        pronation=rng.uniform(0.1, 0.5),
        turns=side if rng.uniform() < 0.7 else -side,
        twist_rad=rng.uniform(0.9, 1.7),
        strap=tuple(rng.normal(0, (0.25, 0.12, 0.2)).tolist()),
        bias_g=tuple(rng.normal(0, 0.02, 3).tolist()),
        bias_dps=tuple(rng.normal(0, 1.5, 3).tolist()),
    )


def synthesize_wrist_gesture(
    wrist: Wrist,
    gesture: str,
    rng: np.random.Generator,
    start_s: float | None = None,
    idle: str | None = None,
) -> np.ndarray:
    """One window of two seconds, `(100, 6)` float32: three axes in g, three in degrees a second.

    Args:
        start_s: where in the window the gesture begins; anywhere in `STARTS_S` if None.
        idle: what "rest" is, one of `IDLES`; any of them if None.

    Raises:
        DataError: a gesture that is none of `GESTURES`.

    >>> x = synthesize_wrist_gesture(make_wrist(0, 0), "twist", np.random.default_rng(1))
    >>> x.shape, bool(abs(x[:, 4]).max() > 100)
    ((100, 6), True)
    """
    if gesture not in GESTURES:
        raise DataError(f"unknown gesture {gesture!r}; known: {', '.join(GESTURES)}")
    start = rng.uniform(*STARTS_S) if start_s is None else start_s
    return record_path(wrist, make_path(wrist, gesture, start, rng, idle), rng)


def make_path(
    wrist: Wrist, gesture: str, start_s: float, rng: np.random.Generator, idle: str | None = None
) -> ArmPath:
    """How the arm moves in one window, at 200 instants a second."""
    n = round(WINDOW / SAMPLE_RATE_HZ * PHYSICS_HZ)
    time = np.arange(n) / PHYSICS_HZ
    size, slow = rng.uniform(0.8, 1.2), rng.uniform(0.85, 1.2)
    yaw, pitch, roll = np.zeros((3, n))
    elbow = np.zeros((n, 3))
    hand = wrist.hand
    if gesture in ("left", "right"):
        way = 1 if gesture == "right" else -1
        outwards = way == wrist.side
        reach = hand.reach_m * size * (0.85 if outwards else 1.0)
        swipe_s = slow * hand.swipe_s
        rests_s = rng.uniform(*RESTS_S)  # out there, before it comes back
        out = least_jerk(time, start_s, swipe_s)
        back = least_jerk(time, start_s + swipe_s + rests_s, swipe_s * rng.uniform(0.8, 1.3))
        along = way * reach * (out - back)
        yaw = -wrist.from_elbow * along / wrist.forearm_m
        elbow[:, 0] = (1 - wrist.from_elbow) * along
        roll = way * wrist.pronation * (1.0 if outwards else 0.4) * (out - back)
    elif gesture == "circle":
        around = 2 * np.pi * least_jerk(time, start_s, 1.3 * slow * hand.circle_s)
        radius = hand.circle_m * size / wrist.forearm_m
        yaw = -wrist.turns * radius * np.sin(around)
        pitch = radius * (1 - np.cos(around))
    elif gesture == "shake":
        length = rng.uniform(0.9, 1.3)
        swing = np.where(abs(time - start_s - length / 2) < length / 2, 1.0, 0.0)
        swing = swing * np.sin(np.pi * np.clip((time - start_s) / length, 0, 1)) ** 0.5
        swing = swing * np.sin(2 * np.pi * hand.shake_hz / slow * (time - start_s))
        yaw = hand.shake_m * size / wrist.forearm_m * swing
        roll = rng.uniform(0.0, 0.3) * swing
        elbow[:, 2] = 0.2 * hand.shake_m * size * swing
    elif gesture == "twist":
        turn_s = slow * rng.uniform(0.3, 0.5)
        out = least_jerk(time, start_s, turn_s)
        back = least_jerk(time, start_s + turn_s + rng.uniform(0, 0.15), turn_s * 1.2)
        roll = wrist.side * wrist.twist_rad * size * (out - back)
        pitch = 0.1 * (out - back)
    else:
        yaw, pitch, roll, elbow = _idle(time, start_s, rng, idle)
    roll = roll + wrist.side * hand.roll_rad + rng.normal(0, 0.05)
    return ArmPath(yaw, pitch + hand.pitch_rad, roll, elbow, PHYSICS_HZ)


def _idle(
    time: np.ndarray, start_s: float, rng: np.random.Generator, what: str | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """What a hand does that does not gesture, as yaw, pitch, roll and the elbow's place."""
    yaw, pitch, roll = np.zeros((3, len(time)))
    elbow = np.zeros((len(time), 3))
    what = what or str(rng.choice(IDLES, p=[0.3, 0.3, 0.2, 0.2]))
    if what == "reach":  # for a cup: it takes its time, and stays there
        done = least_jerk(time, start_s, rng.uniform(1.0, 1.5))
        yaw, pitch, roll = (rng.normal(0, 0.3) * done for _ in range(3))
        elbow = rng.normal(0, 0.08, 3) * done[:, None]
    elif what == "knock":
        since = np.maximum(time - start_s, 0)
        ring = np.exp(-since / 0.03) * np.sin(2 * np.pi * rng.uniform(8, 15) * since)
        elbow[:, 2] = rng.uniform(0.001, 0.004) * ring
    elif what == "walk":
        stride = 2 * np.pi * rng.uniform(0.8, 1.1) * time + rng.uniform(0, 2 * np.pi)
        pitch = rng.uniform(0.15, 0.45) * np.sin(stride)
        elbow[:, 1] = 0.1 * np.sin(stride)
        elbow[:, 2] = rng.uniform(0.01, 0.025) * np.sin(2 * stride)
    return yaw, pitch, roll, elbow


def record_path(wrist: Wrist, path: ArmPath, rng: np.random.Generator) -> np.ndarray:
    """What the board on `wrist` reports, `(n / 4, 6)` float32: strap, tremor, noise, steps."""
    force, turning = feel(path, wrist.forearm_m)
    strap = turn(*np.array(wrist.strap)[:, None])[0]
    tremor = wrist.hand.tremor_g
    force = force @ strap + tremor * rng.standard_normal(force.shape)
    turning = turning @ strap + 60 * tremor * rng.standard_normal(turning.shape)
    g = measure(force, rng, bias_g=np.array(wrist.bias_g), scale=np.ones(3), noise_g=0.004)
    dps = measure(
        turning,
        rng,
        bias_g=np.array(wrist.bias_dps),
        scale=np.ones(3),
        noise_g=0.15,
        full_scale_g=FULL_SCALE_DPS,
        bits=16,
    )
    return np.concatenate([g, dps], axis=1)


def make_wrist_dataset(
    seed: int = 0,
    people: int = 60,
    repeats: int = 8,
    *,
    has_gyroscope: bool = True,
    first_person: int = 0,
) -> Dataset:
    """Gestures of `people` wrists, one window a gesture, `Dataset` with x `(n, 100, 6)`.

    Args:
        has_gyroscope: False for a board without one: its three channels stand at 0.
        first_person: where in the crowd to begin: other people, if beyond the first `people`.

    Raises:
        DataError: no people or no repeats.

    >>> make_wrist_dataset(people=2, repeats=3).x.shape
    (36, 100, 6)
    """
    if people < 1 or repeats < 1:
        raise DataError(
            f"{people} people with {repeats} repeats each: ask for at least one of each"
        )
    x, y, groups = [], [], []
    for number in range(first_person, first_person + people):
        wrist = make_wrist(seed, number)
        for label, gesture in enumerate(GESTURES):
            rng = np.random.default_rng([seed, number, label, 17])
            x += [synthesize_wrist_gesture(wrist, gesture, rng) for _ in range(repeats)]
            y += [label] * repeats
            groups += [wrist.hand.name] * repeats
    windows = np.stack(x)
    if not has_gyroscope:
        windows[:, :, 3:] = 0.0
    board = "" if has_gyroscope else ", a board without a gyroscope"
    return Dataset(
        windows,
        np.array(y),
        np.array(groups),
        SAMPLE_RATE_HZ,
        GESTURES,
        CHANNEL_NAMES,
        UNIT,
        f"synthetic gestures from physics, {people} wrists, seed {seed}{board}",
    )
