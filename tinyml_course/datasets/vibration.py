"""Fans and geared motors under an accelerometer, healthy and with faults, made from physics.

    make_machine -> synthesize_window -> make_vibration_dataset

A window is 120 samples at the 119 Hz of the Nano's sensor, a second. What machines do and what
breaks is in `vibration_physics`; this file says how long one listens and what else goes on. The
same call gives the same numbers on every machine. Lesson 14 teaches it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinyml_course.datasets import vibration_physics as physics
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.vibration_physics import FAULTS, Machine, make_machine
from tinyml_course.errors import DataError

SAMPLE_RATE_HZ = 119.0  # of the LSM9DS1 as its library sets it
WINDOW = 120
CLASS_NAMES = ("healthy", *FAULTS)
CHANNEL_NAMES = ("ax", "ay", "az")
UNIT = "g"
MACHINES = 24
HEALTHY = 120  # windows of a machine; the first 60 are its commissioning
FAULTY = 16  # windows of each fault
SEVERITIES = (0.6, 2.0)
SPEED_WANDER = 0.01  # of the mains and of the load
LEVEL_DRIFT = 0.015  # a window, of the rush: a machine warms up, a draught comes


def synthesize_window(
    machine: Machine,
    fault: str,
    rng: np.random.Generator,
    *,
    severity: float = 1.0,
    level: float = 1.0,
    rate_hz: float = SAMPLE_RATE_HZ,
    samples: int = WINDOW,
) -> np.ndarray:
    """One window, `(samples, 3)` float32 in g.

    Args:
        fault: "healthy" or one of `FAULTS`.
        severity: of the fault; 1 is a clear one.
        level: how loud the machine's broadband shaking is today.
        rate_hz: of another sensor.

    Raises:
        DataError: an unknown fault.

    >>> rng = np.random.default_rng(0)
    >>> x = synthesize_window(make_machine(0, 0), "healthy", rng)
    >>> x.shape, bool(abs(np.linalg.norm(x.mean(axis=0)) - 1) < 0.01)  # gravity, whichever way
    ((120, 3), True)
    """
    times_s = np.arange(samples) / rate_hz
    hz = machine.rotation_hz * (1 + SPEED_WANDER * rng.normal())
    swing = machine.imbalance_g * (hz / machine.rotation_hz) ** 2
    shaking = level * physics.rush(rng, machine, samples, rate_hz)
    shaking = shaking + physics.rotate(times_s, hz, swing, rng.uniform(0, 2 * np.pi))
    if machine.blades:  # each blade pushes the air past the sensor
        blade = (
            0.5
            * machine.rush_g
            * np.sin(2 * np.pi * machine.blades * hz * times_s + rng.uniform(0, 2 * np.pi))
        )
        shaking = shaking + blade[:, None] * np.array([0.3, 0.3, 0.9])
    if fault != "healthy":
        shaking = shaking + physics.add_fault(rng, machine, fault, times_s, hz, severity)
    return physics.feel(rng, machine, shaking, rate_hz).astype(np.float32)


def synthesize_session(
    machine: Machine,
    fault: str,
    windows: int,
    rng: np.random.Generator,
    *,
    severities: Sequence[float] = SEVERITIES,
    rate_hz: float = SAMPLE_RATE_HZ,
) -> np.ndarray:
    """So many windows one after the other, `(windows, 120, 3)`: the level drifts meanwhile.

    Each window of a fault has a severity of its own, drawn between the two of `severities`.
    """
    level = np.exp(np.cumsum(rng.normal(0, LEVEL_DRIFT, windows)) + rng.normal(0, 0.03))
    low, high = np.log(severities[0]), np.log(severities[-1])
    return np.stack(
        [
            synthesize_window(
                machine,
                fault,
                rng,
                severity=float(np.exp(rng.uniform(low, high))),
                level=float(one),
                rate_hz=rate_hz,
            )
            for one in level
        ]
    )


def make_vibration_dataset(
    seed: int = 0,
    machines: int = MACHINES,
    *,
    healthy: int = HEALTHY,
    faulty: int = FAULTY,
    first_machine: int = 0,
    rate_hz: float = SAMPLE_RATE_HZ,
) -> Dataset:
    """Windows of `machines` machines, half of them fans: x `(n, 120, 3)` in g.

    A group is a machine with its installation. Its healthy windows come first, in the order of
    time, so that the first sixty can be its commissioning.

    >>> data = make_vibration_dataset(machines=2, healthy=3, faulty=1)
    >>> data.x.shape, sorted(set(data.groups.tolist()))
    ((16, 120, 3), ['fan_00', 'motor_01'])
    """
    if machines < 1 or healthy < 1 or faulty < 0:
        raise DataError(
            f"{machines} machines with {healthy} healthy windows and {faulty} of each fault: ask "
            "for at least one machine and one healthy window"
        )
    x, y, groups = [], [], []
    for number in range(first_machine, first_machine + machines):
        machine = make_machine(seed, number)
        for label, name in enumerate(CLASS_NAMES):
            rng = np.random.default_rng([seed, number, label])
            count = faulty if label else healthy
            if count:
                x.append(synthesize_session(machine, name, count, rng, rate_hz=rate_hz))
            y += [label] * count
            groups += [machine.name] * count
    return Dataset(
        x=np.concatenate(x),
        y=np.array(y),
        groups=np.array(groups),
        sample_rate_hz=rate_hz,
        class_names=CLASS_NAMES,
        channel_names=CHANNEL_NAMES,
        unit=UNIT,
        source=f"synthetic fans and motors, seed {seed}",
        groups_are="machines",
    )
