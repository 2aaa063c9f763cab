"""What an accelerometer feels on a machine that turns: its own shaking, and what is broken.

- A mass `m` at radius `e` pulls with `m e w^2`: one line at the rotation, in the plane in which it
  turns (R. B. Randall, "Vibration-based Condition Monitoring", Wiley 2021, chapter 2).
- A ball that rolls over a flaw knocks; how often follows from the bearing's geometry alone. Each
  knock rings the machine's own modes, and it is the *rhythm* of the ringing that tells: Randall and
  Antoni, "Rolling element bearing diagnostics - a tutorial", Mech. Syst. Signal Process. 25 (2011).
  Balls slip by a per cent or two, so that the rhythm is never exact.
- A loose foot knocks with each turn, not always, and gives many harmonics and half of one.
- Coils and transformers hum at twice the mains' frequency; sampled too slowly, that is a line
  somewhere else.
- The sensor: noise density, step and filter of the LSM9DS1's data sheet.

The constants are round numbers within what those sources show, and belong to no particular machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyml_course.errors import DataError

STEP_G = 4 / 32768  # +-4 g in 16 bits
SENSOR_NOISE_G = 0.0007  # of each axis: 90 ug / sqrt(Hz) over some 60 Hz
KNOCK = 3.5  # what a clear fault adds to a mode with each knock, relative to the rush
SLIP = 0.015  # of the balls: standard deviation of the time between two knocks
FAULTS = ("imbalance", "looseness", "outer race", "inner race", "ball")
BEARING_FAULTS = FAULTS[2:]


@dataclass(frozen=True)
class Bearing:
    """A ball bearing whose outer ring stands still. Rates are multiples of the rotation.

    >>> known = Bearing(balls=9, ratio=0.2)  # 10 mm balls on a circle of 50 mm
    >>> round(known.outer, 2), round(known.inner, 2), round(known.ball, 2), round(known.cage, 2)
    (3.6, 5.4, 4.8, 0.4)
    """

    balls: int
    ratio: float  # ball diameter over pitch diameter, times the cosine of the contact angle

    @property
    def outer(self) -> float:
        """How often balls pass a place of the outer ring."""
        return self.balls / 2 * (1 - self.ratio)

    @property
    def inner(self) -> float:
        """How often balls pass a place of the inner ring."""
        return self.balls / 2 * (1 + self.ratio)

    @property
    def cage(self) -> float:
        """How fast the cage turns."""
        return (1 - self.ratio) / 2

    @property
    def ball(self) -> float:
        """How often a place on a ball meets a ring: twice a turn of the ball about itself."""
        return (1 - self.ratio**2) / self.ratio


@dataclass(frozen=True)
class Mode:
    """One way in which a structure rings: frequency, damping ratio, direction `(3,)`."""

    hz: float
    damping: float
    direction: np.ndarray


@dataclass(frozen=True)
class Machine:
    """A healthy machine in its installation.

    Attributes:
        rotation_hz: at its usual speed.
        imbalance_g: what is left of it in every machine, at that speed.
        blades: of a fan; each passes once a turn. 0 for a motor.
        modes: how its structure rings.
        rush_g: broadband shaking by air and by rolling, root mean square.
        hum_g, hum_hz: the mains' line, before it is sampled.
        turn: `(3, 3)`, from the machine's axes (it turns about z) to the sensor's.
    """

    name: str
    rotation_hz: float
    bearing: Bearing
    imbalance_g: float
    blades: int
    modes: tuple[Mode, ...]
    rush_g: float
    hum_g: float
    hum_hz: float
    turn: np.ndarray


def random_direction(rng: np.random.Generator) -> np.ndarray:
    """A direction in space, `(3,)`, none more likely than another."""
    v = rng.normal(size=3)
    return np.asarray(v / np.linalg.norm(v))


def random_turn(rng: np.random.Generator) -> np.ndarray:
    """A rotation matrix `(3, 3)`: any way to mount a sensor."""
    q, r = np.linalg.qr(rng.normal(size=(3, 3)))
    q = q * np.sign(np.diag(r))
    return np.asarray(q * np.sign(np.linalg.det(q)))


def tilt(turn: np.ndarray, degrees: float, rng: np.random.Generator) -> np.ndarray:
    """`turn` after the sensor was taken off and put back, turned by `degrees` about any axis."""
    x, y, z = random_direction(rng)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    a = np.radians(degrees)
    return np.asarray((np.eye(3) + np.sin(a) * cross + (1 - np.cos(a)) * cross @ cross) @ turn)


def make_machine(seed: int, number: int) -> Machine:
    """A machine: even numbers are fans, odd ones geared motors. The same call, the same machine."""
    rng = np.random.default_rng([seed, number, 14])
    is_fan = number % 2 == 0
    modes = tuple(
        Mode(rng.uniform(low, high), rng.uniform(0.03, 0.08), random_direction(rng))
        for low, high in ((24, 36), (36, 52))
    )
    return Machine(
        name=f"{'fan' if is_fan else 'motor'}_{number:02d}",
        rotation_hz=rng.uniform(2.5, 5.5) if is_fan else rng.uniform(4.5, 7.5),
        bearing=Bearing(int(rng.integers(7, 10)), rng.uniform(0.18, 0.28)),
        imbalance_g=rng.uniform(0.0005, 0.003),
        blades=int(rng.integers(3, 6)) if is_fan else 0,
        modes=modes,
        rush_g=float(np.exp(rng.uniform(np.log(0.003), np.log(0.012)))),
        hum_g=rng.uniform(0.0, 0.002),
        hum_hz=float(rng.choice([100.0, 120.0])),
        turn=random_turn(rng),
    )


def rotate(
    times_s: np.ndarray, hz: float, amplitude_g: float, phase: float = 0.0, tilted: float = 0.2
) -> np.ndarray:
    """A vector that turns, `(n, 3)` in g: an imbalance, seen by an axis that leans a little.

    Args:
        tilted: how much of it stands along the axis.
    """
    angle = 2 * np.pi * hz * times_s + phase
    both = np.stack([np.cos(angle), np.sin(angle), tilted * np.sin(angle + 1.0)], axis=1)
    return np.asarray(amplitude_g * both)


def ring(times_s: np.ndarray, knocks_s: np.ndarray, sizes: np.ndarray, mode: Mode) -> np.ndarray:
    """What a mode answers to knocks, `(n, 3)`: each begins a decaying sine; `sizes` in g."""
    since = times_s[:, None] - knocks_s[None, :]
    w = 2 * np.pi * mode.hz
    began = np.maximum(since, 0.0)
    answer = np.exp(-mode.damping * w * began) * np.sin(w * began) * (since > 0)
    return np.asarray((answer @ sizes)[:, None] * mode.direction)


def knock_times(rng: np.random.Generator, hz: float, begin_s: float, end_s: float) -> np.ndarray:
    """When a flaw is rolled over: every 1 / hz seconds, but for the slip."""
    count = int((end_s - begin_s) * hz) + 3
    steps = (1 + SLIP * rng.normal(size=count)) / hz
    times = begin_s + rng.uniform(0, 1) / hz + np.cumsum(steps) - steps[0]
    return np.asarray(times[times < end_s])


def rush(rng: np.random.Generator, machine: Machine, samples: int, rate_hz: float) -> np.ndarray:
    """Broadband shaking, `(samples, 3)` in g: air and rolling, louder where a mode rings."""
    long = 2 * samples
    f = np.fft.rfftfreq(long, 1 / rate_hz)
    total = np.zeros((long, 3))
    for mode in machine.modes:
        gain = 1 / np.abs(1 - (f / mode.hz) ** 2 + 2j * mode.damping * f / mode.hz)
        white = np.fft.rfft(rng.normal(size=long))
        total += np.fft.irfft(white * gain, long)[:, None] * mode.direction
    total += rng.normal(size=(long, 3))
    size = np.sqrt(np.mean(total**2) * 3)
    return np.asarray(machine.rush_g * total[:samples] / size)


def add_fault(
    rng: np.random.Generator,
    machine: Machine,
    fault: str,
    times_s: np.ndarray,
    rotation_hz: float,
    severity: float,
) -> np.ndarray:
    """What a fault adds to a healthy machine, `(n, 3)` in g, in the machine's axes.

    Args:
        fault: one of `FAULTS`.
        severity: 1 is one that a technician would call clear.

    Raises:
        DataError: another fault.
    """
    if fault not in FAULTS:
        raise DataError(f"unknown fault {fault!r}; known: {', '.join(FAULTS)}")
    if fault == "imbalance":
        pull = 0.006 * severity * (rotation_hz / machine.rotation_hz) ** 2
        return rotate(times_s, rotation_hz, pull, rng.uniform(0, 2 * np.pi))
    begin_s, end_s = times_s[0] - 0.5, times_s[-1]
    if fault == "looseness":
        return _knock_loosely(rng, machine, times_s, rotation_hz, severity)
    bearing = machine.bearing
    passes = {"outer race": bearing.outer, "inner race": bearing.inner, "ball": bearing.ball}
    knocks = knock_times(rng, passes[fault] * rotation_hz, begin_s, end_s)
    sizes = rng.uniform(0.7, 1.3, len(knocks))
    # the load presses on one side: an inner flaw turns through it, a ball's with the cage
    turns = {"outer race": 0.0, "inner race": 1.0, "ball": bearing.cage}[fault] * rotation_hz
    if turns:
        sizes = sizes * (0.55 + 0.45 * np.cos(2 * np.pi * turns * knocks + rng.uniform(0, 6.3)))
    size = KNOCK * severity * machine.rush_g
    return sum((ring(times_s, knocks, size * sizes, m) for m in machine.modes), np.zeros((1, 3)))


def _knock_loosely(
    rng: np.random.Generator,
    machine: Machine,
    times_s: np.ndarray,
    rotation_hz: float,
    severity: float,
) -> np.ndarray:
    """A foot that lifts: a knock a turn, some left out, and harmonics from a half to the fifth."""
    knocks = knock_times(rng, rotation_hz, times_s[0] - 0.5, times_s[-1])
    sizes = rng.uniform(0.3, 1.7, len(knocks)) * (rng.uniform(size=len(knocks)) < 0.8)
    size = KNOCK * severity * machine.rush_g
    total = sum((ring(times_s, knocks, size * sizes, m) for m in machine.modes), np.zeros((1, 3)))
    lift = random_direction(np.random.default_rng([round(1e6 * machine.rotation_hz), 3]))
    for order in (0.5, 1.0, 2.0, 3.0, 4.0, 5.0):
        high = 0.002 * severity * rng.uniform(0.3, 1.0) / order
        wave = np.sin(2 * np.pi * order * rotation_hz * times_s + rng.uniform(0, 6.3))
        total = total + high * wave[:, None] * lift
    return np.asarray(total)


def feel(
    rng: np.random.Generator, machine: Machine, shaking_g: np.ndarray, rate_hz: float
) -> np.ndarray:
    """What the sensor says of `shaking_g` `(n, 3)`: turned, with gravity, noise and steps."""
    times_s = np.arange(len(shaking_g)) / rate_hz
    hum = machine.hum_g * np.sin(2 * np.pi * machine.hum_hz * times_s + rng.uniform(0, 6.3))
    along = np.array([0.6, 0.64, 0.48])
    felt = (shaking_g + hum[:, None] * along + np.array([0.0, 0.0, 1.0])) @ machine.turn.T
    felt = felt + rng.normal(0, SENSOR_NOISE_G, felt.shape)
    return np.asarray(np.round(felt / STEP_G) * STEP_G)


__all__ = [
    "BEARING_FAULTS",
    "FAULTS",
    "Bearing",
    "Machine",
    "Mode",
    "add_fault",
    "feel",
    "knock_times",
    "make_machine",
    "random_direction",
    "random_turn",
    "ring",
    "rotate",
    "rush",
    "tilt",
]
