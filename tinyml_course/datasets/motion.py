"""People who stand still, walk and run with a phone on them, made from physics.

    make_person -> make_mounting -> synthesize_recording -> cut_windows -> make_motion_dataset

Each arrow is one function that a lesson can call by itself. Nothing is downloaded and nothing is
random beyond the seed: the same call gives the same numbers on every machine. The forces are in
`motion_physics`; this file says what people differ in. Lesson 01 teaches it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from tinyml_course.datasets import motion_physics as physics
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.errors import DataError

CLASS_NAMES = ("still", "walk", "run")
CHANNEL_NAMES = ("ax", "ay", "az")
SAMPLE_RATE_HZ = 50.0
WINDOW = 100  # 2 s
FULL_SCALE_G = 4.0
GRID_G = FULL_SCALE_G / 2048  # 12 bits over +-4 g
PLACES = ("waist", "pocket", "hand", "wrist")
UNIT = "g"


@dataclass(frozen=True)
class Person:
    """What one person's body brings along; see `make_person` for the ranges.

    Rates are in steps a second (two steps are one stride). `bounce` is the share of the compass
    gait's rise that is left after knees and pelvis flattened it. `contact` is the share of a
    running step with a foot on the ground. Amplitudes end in `_g`. `overtones` are amplitudes of
    the 2nd, 3rd and 4th harmonic of a walking step relative to the first, `offsets` their phases.
    """

    name: str
    leg_m: float
    walk_step_hz: float
    walk_step_m: float
    bounce: float
    overtones: tuple[float, float, float]
    offsets: tuple[float, float, float]
    strike_g: float
    strike_hz: float
    strike_decay_s: float
    forward_g: float
    lateral_g: float
    limp: float
    unsteadiness: float
    run_step_hz: float
    contact: float
    run_strike_g: float
    arm_swing_rad: float
    thigh_swing_rad: float

    def __str__(self) -> str:
        return _list_fields(self)


@dataclass(frozen=True)
class Mounting:
    """Where and how the phone sits during one recording, and what its sensor gets wrong.

    `rotation` turns the body's frame into the phone's (row-major, nine numbers). `looseness` is
    how much of a shock the phone rattles on its own; `softness` how much of it clothes and flesh
    swallow.
    """

    place: str
    rotation: tuple[float, ...]
    lever_m: float
    softness: float
    looseness: float
    bias_g: tuple[float, float, float]
    scale: tuple[float, float, float]
    noise_g: float

    def __str__(self) -> str:
        return _list_fields(self)


def _list_fields(value: Person | Mounting) -> str:
    """One line a field, for `print`."""
    lines = []
    for field in fields(value):
        v = getattr(value, field.name)
        shown = v if isinstance(v, str) else " ".join(f"{number:.3g}" for number in np.ravel(v))
        lines.append(f"{field.name:16} {shown}")
    return "\n".join(lines)


def make_person(seed: int, number: int) -> Person:
    """Person `number` of the world `seed`: always the same one.

    >>> make_person(0, 3) == make_person(0, 3), make_person(0, 3).name
    (True, 'p003')
    """
    rng = np.random.default_rng([seed, number, 0])
    leg_m = rng.uniform(0.74, 1.0)
    return Person(
        name=f"p{number:03d}",
        leg_m=leg_m,
        walk_step_hz=rng.uniform(1.45, 2.25),
        walk_step_m=leg_m * rng.uniform(0.55, 0.95),
        bounce=rng.uniform(0.45, 0.85),
        overtones=tuple(rng.uniform([0.05, 0.05, 0.0], [0.45, 0.6, 0.35]).tolist()),
        offsets=tuple(rng.uniform(-np.pi, np.pi, 3).tolist()),
        strike_g=rng.uniform(0.03, 0.45),
        strike_hz=rng.uniform(5.0, 14.0),
        strike_decay_s=rng.uniform(0.025, 0.08),
        forward_g=rng.uniform(0.06, 0.2),
        lateral_g=rng.uniform(0.03, 0.15),
        limp=rng.uniform(0.0, 0.35),
        unsteadiness=rng.uniform(0.02, 0.09),
        run_step_hz=rng.uniform(2.4, 3.2),
        contact=rng.uniform(0.58, 0.84),
        run_strike_g=rng.uniform(0.2, 1.2),
        arm_swing_rad=rng.uniform(0.12, 0.4),
        thigh_swing_rad=rng.uniform(0.25, 0.45),
    )


def make_mounting(rng: np.random.Generator, place: str | None = None) -> Mounting:
    """A place and a way to wear the phone there: any rotation, any of `PLACES` if none is named.

    Raises:
        DataError: a place that is none of `PLACES`.
    """
    place = place or PLACES[rng.choice(4, p=[0.4, 0.25, 0.2, 0.15])]
    if place not in PLACES:
        raise DataError(f"unknown place {place!r}; known: {', '.join(PLACES)}")
    lever = {"waist": (0, 0), "pocket": (0.1, 0.3), "hand": (0.1, 0.3), "wrist": (0.45, 0.7)}
    soft = {"waist": (0, 0.4), "pocket": (0, 0.5), "hand": (0.2, 0.7), "wrist": (0.1, 0.6)}
    return Mounting(
        place=place,
        rotation=tuple(physics.random_rotation(rng).ravel().tolist()),
        lever_m=rng.uniform(*lever[place]),
        softness=rng.uniform(*soft[place]),
        looseness=rng.uniform(0.0, 0.5),
        bias_g=tuple(rng.normal(0, 0.02, 3).tolist()),
        scale=tuple(rng.normal(1, 0.012, 3).tolist()),
        noise_g=rng.uniform(0.001, 0.006),
    )


def synthesize_walk(
    person: Person, mounting: Mounting, seconds: float, rng: np.random.Generator
) -> np.ndarray:
    """The force on a walker's phone, `(n, 3)` at 200 Hz in g, world frame turned by the swing."""
    pace = rng.uniform(0.85, 1.12)  # people do not always walk at the same speed
    rate = person.walk_step_hz * pace
    steps = physics.count_steps(rate, seconds, rng, person.unsteadiness)
    rise_m = person.bounce * physics.pendulum_rise_m(person.leg_m, person.walk_step_m * pace)
    bounce_g = rise_m / 2 * (2 * np.pi * rate) ** 2 / physics.GRAVITY_MS2
    foot = 1 + person.limp * np.cos(np.pi * np.floor(steps))  # left and right differ
    size = physics.per_step(steps, 2.5 * person.unsteadiness, rng)
    up = bounce_g * physics.harmonics(steps, (1.0, *person.overtones), (np.pi / 3, *person.offsets))
    up = up * foot * size
    # left and right push off at different moments: tones between the harmonics of the step
    up += (
        bounce_g
        * person.limp
        * physics.harmonics(
            steps / 2, (0.3, 0.0, 0.8, 0.0, 0.6, 0.0, 0.4), (*person.offsets, 0, *person.offsets)
        )
    )
    strike = person.strike_g * pace**2 * (1 - mounting.softness) * size * foot
    strike = strike * physics.heel_strike(steps, rate, person.strike_hz, person.strike_decay_s)
    forward = (
        person.forward_g
        * pace
        * physics.harmonics(
            steps, (1.0, 0.5, 0.3), (-np.pi / 4, person.offsets[1], person.offsets[2])
        )
    )
    lateral = person.lateral_g * physics.harmonics(
        steps / 2, (1.0, 0.3, 0.6), (0.0, person.offsets[0], person.offsets[2])
    )
    # clothes, bag straps and muscles move on their own
    loose_g = 0.3 * bounce_g * mounting.looseness
    up += loose_g * physics.smooth_noise(len(up), 0.8, 9.0, rng)
    return _on_the_body(
        person, mounting, steps, 1 + physics.without_mean(up), strike, forward, lateral, False, rng
    )


def synthesize_run(
    person: Person, mounting: Mounting, seconds: float, rng: np.random.Generator
) -> np.ndarray:
    """The force on a runner's phone, `(n, 3)` at 200 Hz in g, world frame turned by the swing."""
    pace = rng.uniform(0.94, 1.08)
    rate = person.run_step_hz * pace
    steps = physics.count_steps(rate, seconds, rng, jitter=0.02)
    size = physics.per_step(steps, 0.05, rng)
    foot = 1 + 0.4 * person.limp * np.cos(np.pi * np.floor(steps))
    contact = float(np.clip(person.contact / pace, 0.5, 0.88))
    up = physics.flight_push(steps, contact) * size * foot
    strike = person.run_strike_g * (1 - mounting.softness) * size
    strike = strike * physics.heel_strike(steps, rate, person.strike_hz, person.strike_decay_s)
    forward = (
        2.0
        * person.forward_g
        * physics.harmonics(steps, (1.0, 0.4), (-np.pi / 4, person.offsets[1]))
    )
    lateral = (
        2.0
        * person.lateral_g
        * physics.harmonics(steps / 2, (1.0, 0.3, 0.5), (0.0, person.offsets[0], person.offsets[2]))
    )
    return _on_the_body(
        person, mounting, steps, 1 + physics.without_mean(up), strike, forward, lateral, True, rng
    )


def _on_the_body(person, mounting, steps, up, strike, forward, lateral, running, rng):
    """From the hip to the phone's place, `(n, 3)`: shocks rattle it, and limbs swing it."""
    force = np.stack([forward, lateral, up + strike], axis=1)
    rattle = mounting.looseness * np.abs(strike)[:, None] * rng.standard_normal(force.shape)
    if mounting.place == "waist":  # the pelvis tilts with each step and lists with each stride
        reach = 2.0 if running else 1.0
        tilt = reach * 0.03 * np.sin(2 * np.pi * steps + person.offsets[0])
        list_ = reach * 0.04 * np.sin(np.pi * steps + person.offsets[1])
        return physics.tilt(physics.tilt(force, 0, list_), 1, tilt) + rattle
    swing_rad, lever_m = {
        "pocket": (person.thigh_swing_rad, mounting.lever_m),
        "wrist": (person.arm_swing_rad, mounting.lever_m),
        "hand": (0.5 * person.arm_swing_rad, mounting.lever_m),
    }[mounting.place]
    if running:  # larger swings, but of a bent arm
        swing_rad *= 1.5
        lever_m *= 0.6 if mounting.place == "wrist" else 1.0
    angle = swing_rad * physics.harmonics(
        steps / 2, (1.0, 0.2, 0.1), (person.offsets[0], person.offsets[1], 0.0)
    )
    return physics.tilt(force, 1, angle) + physics.swing_lever(angle, lever_m) + rattle


def synthesize_still(
    person: Person, mounting: Mounting, seconds: float, rng: np.random.Generator
) -> np.ndarray:
    """The force on the phone of somebody who goes nowhere on foot, `(n, 3)` at 200 Hz in g.

    Standing, sitting or lying, with breathing and trembling; sometimes fidgets, sometimes a ride.
    """
    n = round(seconds * physics.PHYSICS_RATE_HZ)
    force = np.zeros((n, 3))
    force[:, 2] = 1.0
    # posture: lying puts gravity on any side, and slow swaying tilts a little
    posture = physics.random_rotation(rng)
    for axis in (0, 1):
        sway = rng.uniform(0.001, 0.01) * physics.smooth_noise(n, 0.1, 0.6, rng)
        force = physics.tilt(force, axis, sway)
    tremble = rng.uniform(0.0005, 0.006)
    for axis in range(3):
        force[:, axis] += tremble * physics.smooth_noise(n, 3.0, 12.0, rng)
    situation = rng.choice(["quiet", "fidget", "vehicle"], p=[0.4, 0.35, 0.25])
    if situation == "fidget":
        force = _fidget(force, seconds, rng)
    if situation == "vehicle":
        force += _ride(n, seconds, rng)
    return force @ posture.T


def _fidget(force: np.ndarray, seconds: float, rng: np.random.Generator) -> np.ndarray:
    """Shifting weight, reaching for something: a short push and a turn, every few seconds."""
    n = len(force)
    for _ in range(rng.poisson(seconds / 3)):
        at_s, length_s = rng.uniform(-0.3, seconds), rng.uniform(0.3, 1.6)
        shape = physics.bump(n, at_s, length_s)
        force = physics.tilt(force, int(rng.integers(3)), rng.normal(0, 0.2) * shape)
        push = np.gradient(shape, 1 / physics.PHYSICS_RATE_HZ)  # speeding up, then slowing down
        force = force + rng.normal(0, 0.024, 3) * push[:, None]
    return force


def _ride(n: int, seconds: float, rng: np.random.Generator) -> np.ndarray:
    """A car, bus or train: the body heaves, the engine hums, corners and brakes push."""
    out = np.zeros((n, 3))
    heave, hum = rng.uniform(0.01, 0.06), rng.uniform(0.003, 0.03)
    out[:, 2] = heave * physics.smooth_noise(n, 0.8, 3.0, rng)
    for axis in range(3):
        out[:, axis] += 0.3 * heave * physics.smooth_noise(n, 0.5, 5.0, rng)
        out[:, axis] += hum * physics.smooth_noise(n, 10.0, 25.0, rng)
    for axis in (0, 1):
        push = rng.normal(0, 0.12) * physics.bump(n, rng.uniform(-1, seconds), rng.uniform(2, 6))
        out[:, axis] += push
    return out


_SYNTHESIZE = {"still": synthesize_still, "walk": synthesize_walk, "run": synthesize_run}


def synthesize_recording(
    person: Person,
    activity: str,
    seconds: float,
    seed: int | Sequence[int],
    mounting: Mounting | None = None,
) -> np.ndarray:
    """What the phone reports, `(50 * seconds, 3)` float32 in g, on the sensor's 12-bit grid.

    Raises:
        DataError: an activity that is none of `CLASS_NAMES`, or no time at all.

    >>> recording = synthesize_recording(make_person(0, 0), "walk", 10.0, seed=1)
    >>> recording.shape, recording.dtype.name
    ((500, 3), 'float32')
    """
    if activity not in _SYNTHESIZE:
        raise DataError(f"unknown activity {activity!r}; known: {', '.join(CLASS_NAMES)}")
    if not seconds > 0:
        raise DataError(f"a recording of {seconds} s: ask for more than 0 s")
    rng = np.random.default_rng(seed)
    mounting = mounting or make_mounting(rng)
    force = _SYNTHESIZE[activity](person, mounting, seconds, rng)
    turned = force @ np.reshape(mounting.rotation, (3, 3)).T
    return physics.measure(
        turned,
        rng,
        bias_g=np.array(mounting.bias_g),
        scale=np.array(mounting.scale),
        noise_g=mounting.noise_g,
        full_scale_g=FULL_SCALE_G,
    )


def cut_windows(recording: np.ndarray, window: int = WINDOW, hop: int = WINDOW // 2) -> np.ndarray:
    """Overlapping windows of a recording, `(n, window, channels)`; what does not fill one is left.

    >>> cut_windows(np.zeros((250, 3), np.float32)).shape
    (4, 100, 3)
    """
    if window < 1 or hop < 1:
        raise DataError(f"window {window} and hop {hop} must be at least 1 sample")
    if len(recording) < window:
        return np.zeros((0, window, recording.shape[1]), dtype=recording.dtype)
    views = np.lib.stride_tricks.sliding_window_view(recording, window, axis=0)[::hop]
    return np.ascontiguousarray(views.transpose(0, 2, 1))


def make_motion_dataset(
    seed: int = 0,
    people: int = 90,
    *,
    recordings: int = 3,
    seconds: float = 8.0,
    hop: int = WINDOW // 2,
    first_person: int = 0,
) -> Dataset:
    """Windows of `people` synthetic people, `Dataset` with x `(n, 100, 3)` in g.

    Everybody stands or sits, walks and runs for `seconds`, and does that `recordings` times, with
    the phone mounted anew each time. `first_person` gives other people of the same world.

    >>> data = make_motion_dataset(people=2)
    >>> data.x.shape, data.unit, sorted(set(data.groups.tolist()))
    ((126, 100, 3), 'g', ['p000', 'p001'])
    """
    if people < 1 or recordings < 1:
        raise DataError(f"{people} people with {recordings} recordings each: ask for at least one")
    if seconds * SAMPLE_RATE_HZ < WINDOW:
        raise DataError(
            f"recordings of {seconds} s hold no window of {WINDOW / SAMPLE_RATE_HZ:g} s: "
            "ask for longer ones"
        )
    x, y, groups = [], [], []
    for number in range(first_person, first_person + people):
        person = make_person(seed, number)
        for take in range(recordings):
            mounting = make_mounting(np.random.default_rng([seed, number, 1, take]))
            for label, activity in enumerate(CLASS_NAMES):
                recording = synthesize_recording(
                    person, activity, seconds, [seed, number, 2, take, label], mounting
                )
                windows = cut_windows(recording, hop=hop)
                x.append(windows)
                y += [label] * len(windows)
                groups += [person.name] * len(windows)
    return Dataset(
        np.concatenate(x),
        np.array(y),
        np.array(groups),
        SAMPLE_RATE_HZ,
        CLASS_NAMES,
        CHANNEL_NAMES,
        UNIT,
        source=f"synthetic motion from physics, {people} people, seed {seed}",
    )
