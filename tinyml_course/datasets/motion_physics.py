"""The forces behind the motion data: what a body does, and what an accelerometer makes of it.

Everything here is in the world frame (x forward, y left, z up) and in g, before the phone's
mounting turns it. Two facts of mechanics hold throughout, and tests check them:

* an accelerometer feels the ground's push, not gravity: at rest it reads 1 g upwards, in free
  fall 0 g;
* a body that neither climbs nor sinks is pushed upwards by 1 g on average, however it moves.
  That is why a runner, who flies part of the time, must push with 2 to 3 g in between.

Lesson 01 calls these functions one at a time.
"""

from __future__ import annotations

import numpy as np

GRAVITY_MS2 = 9.80665
PHYSICS_RATE_HZ = 200.0  # the forces are computed at four times the sensor's 50 Hz, then averaged


def count_steps(
    step_rate_hz: float, seconds: float, rng: np.random.Generator, jitter: float = 0.03
) -> np.ndarray:
    """Steps taken up to each instant, `(n,)` float64 at 200 Hz: 3.25 is a quarter into step 3.

    No two steps last equally long: each takes `1 / step_rate_hz` seconds, give or take `jitter`.
    The recording begins anywhere in a step.
    """
    n = round(seconds * PHYSICS_RATE_HZ)
    lengths = 1 + jitter * rng.standard_normal(int(seconds * step_rate_hz * 1.5) + 8)
    durations = np.clip(lengths, 0.6, 1.6) / step_rate_hz
    ends = np.concatenate([[0.0], np.cumsum(durations)])
    t = np.arange(n) / PHYSICS_RATE_HZ + rng.uniform(0, 2) / step_rate_hz
    return np.interp(t, ends, np.arange(len(ends)))


def per_step(steps: np.ndarray, spread: float, rng: np.random.Generator) -> np.ndarray:
    """A factor around 1 that changes from one step to the next, `(n,)`."""
    factors = 1 + spread * rng.standard_normal(int(steps[-1]) + 3)
    return np.interp(steps, np.arange(len(factors)), np.clip(factors, 0.3, 1.7))


def pendulum_rise_m(leg_m: float, step_m: float) -> float:
    """How far the hip rises and falls when a leg of `leg_m` swings over a step of `step_m`.

    The compass gait (McGeer 1990): the hip rides on a stiff leg and is highest when the leg is
    upright. Knees and pelvis flatten the arc; `walk_force` takes that off.
    """
    return leg_m - float(np.sqrt(leg_m**2 - (step_m / 2) ** 2))


def heel_strike(
    steps: np.ndarray, step_rate_hz: float, ring_hz: float, decay_s: float
) -> np.ndarray:
    """The shock of each step, peak about 1: a ring of `ring_hz` that dies within `decay_s`."""
    since_s = (steps % 1.0) / step_rate_hz
    return np.exp(-since_s / decay_s) * np.sin(2 * np.pi * ring_hz * since_s)


def harmonics(phase: np.ndarray, amplitudes, offsets) -> np.ndarray:
    """`sum_k amplitudes[k] * sin(2 pi (k + 1) phase + offsets[k])`; phase in turns."""
    k = 2 * np.pi * np.arange(1, len(amplitudes) + 1)[:, None]
    waves = np.sin(k * phase + np.asarray(offsets)[:, None])
    return (np.asarray(amplitudes)[:, None] * waves).sum(axis=0)


def without_mean(x: np.ndarray) -> np.ndarray:
    """A body that stays with its path has no acceleration on average."""
    return x - x.mean()


def flight_push(steps: np.ndarray, contact: float) -> np.ndarray:
    """A runner's vertical push in g, `(n,)`: half a sine while the foot is down, then flight.

    The foot is down for the fraction `contact` of each step. As the mean must be 1 g, the peak is
    `pi / (2 contact)`: 2.2 g for 0.7 (Alexander 1989 measured 2 to 3 g on people).
    """
    in_step = steps % 1.0
    push = np.pi / (2 * contact) * np.sin(np.pi * in_step / contact)
    return np.where(in_step < contact, push, 0.0)


def smooth_noise(n: int, low_hz: float, high_hz: float, rng: np.random.Generator) -> np.ndarray:
    """Noise of RMS 1 between two frequencies, `(n,)`: roads, engines, swaying, trembling."""
    spectrum = np.fft.rfft(rng.standard_normal(n))
    f = np.fft.rfftfreq(n, 1 / PHYSICS_RATE_HZ)
    spectrum[(f < low_hz) | (f > high_hz)] = 0
    noise = np.fft.irfft(spectrum, n)
    return noise / (noise.std() + 1e-12)


def bump(n: int, at_s: float, length_s: float) -> np.ndarray:
    """A smooth push of height 1 that starts at `at_s` and lasts `length_s`, `(n,)`."""
    x = (np.arange(n) / PHYSICS_RATE_HZ - at_s) / length_s
    return np.where((x > 0) & (x < 1), np.sin(np.pi * np.clip(x, 0, 1)) ** 2, 0.0)


def tilt(force: np.ndarray, axis: int, angle_rad: np.ndarray) -> np.ndarray:
    """What `(n, 3)` forces look like from a body turned by `angle_rad` about axis 0, 1 or 2.

    About y, a body that leans forward by a positive angle feels gravity's push come from behind:
    `(0, 0, 1)` becomes `(-sin, 0, cos)`.
    """
    i, j = [(1, 2), (2, 0), (0, 1)][axis]
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    out = np.array(force, dtype=float)
    out[:, i] = c * force[:, i] + s * force[:, j]
    out[:, j] = c * force[:, j] - s * force[:, i]
    return out


def random_rotation(rng: np.random.Generator) -> np.ndarray:
    """A rotation `(3, 3)` drawn evenly from all there are (Shoemake 1992: a random quaternion)."""
    w, x, y, z = (q := rng.standard_normal(4)) / np.linalg.norm(q)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def swing_lever(angle_rad: np.ndarray, lever_m: float) -> np.ndarray:
    """What a sensor feels besides, in g, when it hangs `lever_m` below a joint, `(n, 3)`.

    `angle_rad` is the joint's angle about the y axis, as in `tilt`; the result is in the limb's
    own frame. Along the swing (x) the sensor is thrown back and forth, along the limb (z) it is
    pulled towards the joint. A limb that swings freely would feel nothing across: try it with
    `lever_m * (2 pi f)**2` equal to gravity.
    """
    speed = np.gradient(angle_rad, 1 / PHYSICS_RATE_HZ)
    out = np.zeros((len(angle_rad), 3))
    out[:, 0] = -lever_m * np.gradient(speed, 1 / PHYSICS_RATE_HZ) / GRAVITY_MS2
    out[:, 2] = lever_m * speed**2 / GRAVITY_MS2
    return out


def measure(
    force_g: np.ndarray,
    rng: np.random.Generator,
    *,
    bias_g: np.ndarray,
    scale: np.ndarray,
    noise_g: float,
    full_scale_g: float = 4.0,
    bits: int = 12,
) -> np.ndarray:
    """What the sensor reports, `(n / 4, 3)` float32 in g at 50 Hz.

    Four physics steps are averaged (the sensor's own low-pass), scale error, bias and noise are
    added, and the result is clipped to the full scale and rounded to its grid: 12 bits over +-4 g
    are steps of 1/512 g, which float32 holds exactly.
    """
    n = len(force_g) // 4 * 4
    mean = force_g[:n].reshape(-1, 4, 3).mean(axis=1)
    analog = mean * scale + bias_g + noise_g * rng.standard_normal(mean.shape)
    counts = 2 ** (bits - 1)
    codes = np.clip(np.rint(analog * (counts / full_scale_g)), -counts, counts - 1)
    return (codes * (full_scale_g / counts)).astype(np.float32)
