"""Drinks under a gas sensor of four metal oxides, made from physics.

    make_sensor -> make_room -> synthesize_sniff -> make_gas_dataset

A sniff takes 32 s: eight in the room's air, which are the reference, then 24 over the drink. The
oxides are in `gas_physics`; this file says what drinks give off and what a day brings. The same
call gives the same numbers on every machine. Lesson 15 teaches it.
"""

from __future__ import annotations

import numpy as np

from tinyml_course.datasets import gas_physics as physics
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.gas_physics import CHANNEL_NAMES, FULL_SCALE, Room, Sensor, make_sensor
from tinyml_course.errors import DataError

CLASS_NAMES = ("air", "coffee", "beer", "wine", "spirit")
SAMPLE_RATE_HZ = 1.0
WINDOW = 32
IN_AIR = 8  # samples at a sniff's begin that are the reference
UNIT = "counts"

# ppm of ethanol, aroma and monoxide, and g/m3 of water, a hand above the cup. Ethanol follows the
# drink's strength (Raoult), ground coffee gives off carbon monoxide, a warm cup gives off water.
DRINKS = {
    "air": (0.0, 0.0, 0.0, 0.0),
    "coffee": (2.0, 14.0, 9.0, 4.0),
    "beer": (45.0, 5.0, 0.5, 0.5),
    "wine": (120.0, 30.0, 0.5, 0.5),
    "spirit": (420.0, 6.0, 0.5, 0.3),
}
SENSORS = 3
SESSIONS = 14  # in a week
SNIFFS = 6  # of each class in a session


def make_room(rng: np.random.Generator) -> Room:
    """The air of one day."""
    return Room(warmth_c=rng.uniform(18, 27), water_g_m3=rng.uniform(5, 13))


def synthesize_sniff(
    sensor: Sensor, drink: str, room: Room, rng: np.random.Generator
) -> np.ndarray:
    """One sniff, `(32, 4)` float32 in counts of the converter.

    Raises:
        DataError: a drink that is none of `CLASS_NAMES`.

    >>> sniff = synthesize_sniff(make_sensor(0, 0), "wine", Room(20, 8), np.random.default_rng(1))
    >>> sniff.shape, bool(sniff[-1, 1] > sniff[0, 1])
    ((32, 4), True)
    """
    if drink not in DRINKS:
        raise DataError(f"unknown drink {drink!r}; known: {', '.join(CLASS_NAMES)}")
    *gases, water = DRINKS[drink]
    # how near the cup is and how full; a brew is not like another
    amount = np.exp(rng.uniform(np.log(0.4), np.log(1.4)))
    mix = np.array(gases) * amount * np.exp(rng.normal(0, 0.2, 3))
    over_cup = physics.rise(WINDOW, IN_AIR + int(rng.integers(0, 3)), rng.uniform(2.0, 5.0))
    course = over_cup * physics.plume(WINDOW, rng)
    left = rng.uniform(0, 0.03) * rng.dirichlet(np.ones(3)) * 100  # of what stood here before, ppm
    gases_ppm = left + course[:, None] * mix
    water_g_m3 = room.water_g_m3 + course * water * rng.uniform(0.5, 1.5)
    wander = np.exp(np.cumsum(rng.normal(0, 0.002, (WINDOW, 4)), axis=0))
    conducted = physics.conductance(sensor, gases_ppm, water_g_m3, room.warmth_c) * wander
    return physics.to_counts(conducted, rng).astype(np.float32)


def make_gas_dataset(
    seed: int = 0,
    sensors: int = SENSORS,
    *,
    week: float = 0.0,
    sessions: int = SESSIONS,
    first_sensor: int = 0,
) -> Dataset:
    """Sniffs of `sensors` sensors in one week, `Dataset` with x `(n, 32, 4)` in counts.

    A group is a session: one sensor on one day. Warmth and water are the day's, so windows of one
    session resemble each other. `week` is how many weeks after the first the sniffs were taken,
    by the same sensors, grown older; `first_sensor` gives others.

    >>> data = make_gas_dataset(sensors=1, sessions=2)
    >>> data.x.shape, data.unit, sorted(set(data.groups.tolist()))
    ((60, 32, 4), 'counts', ['s00_w0_00', 's00_w0_01'])
    """
    if sensors < 1 or sessions < 1 or week < 0:
        raise DataError(
            f"{sensors} sensors in {sessions} sessions, week {week}: ask for at least one of each, "
            "and for no time before the first week"
        )
    x, y, groups = [], [], []
    for number in range(first_sensor, first_sensor + sensors):
        sensor = make_sensor(seed, number, week)
        for session in range(sessions):
            rng = np.random.default_rng([seed, number, round(4 * week), session, 1])
            room = make_room(rng)
            for label, drink in enumerate(CLASS_NAMES):
                for _ in range(SNIFFS):
                    x.append(synthesize_sniff(sensor, drink, room, rng))
                    y.append(label)
                    groups.append(f"{sensor.name}_w{week:g}_{session:02d}")
    return Dataset(
        x=np.stack(x),
        y=np.array(y),
        groups=np.array(groups),
        sample_rate_hz=SAMPLE_RATE_HZ,
        class_names=CLASS_NAMES,
        channel_names=CHANNEL_NAMES,
        unit=UNIT,
        source=f"synthetic gas sensors, seed {seed}, week {week:g}",
        groups_are="sessions",
    )


__all__ = [
    "CHANNEL_NAMES",
    "CLASS_NAMES",
    "FULL_SCALE",
    "IN_AIR",
    "SAMPLE_RATE_HZ",
    "UNIT",
    "WINDOW",
    "make_gas_dataset",
    "make_room",
    "synthesize_sniff",
]
