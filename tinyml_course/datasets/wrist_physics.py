"""What a board on a wrist feels: one pose of the arm, and the two sensors that follow from it.

The forearm turns about the elbow, and the elbow is carried along. World frame: x right, y away from
the body, z up. The forearm points along y. From its three angles and the elbow's place follow, by
differences of time, what the accelerometer feels (the hand's acceleration and the ground's push, in
the forearm's own frame) and what the gyroscope feels (how fast that frame turns). So both tell of
the same movement, and neither is drawn by itself.

Directions are those of the boards' own prints: x right, y away, z up; a turn is positive if it goes
against the clock for whoever looks against the axis. Lesson 17.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyml_course.datasets.motion_physics import GRAVITY_MS2


@dataclass(frozen=True)
class ArmPath:
    """Where an arm is at each instant.

    Attributes:
        yaw, pitch, roll: `(n,)` rad about z, x and y: left, up, and over to the right.
        elbow_m: `(n, 3)`.
        rate_hz: instants a second.
    """

    yaw: np.ndarray
    pitch: np.ndarray
    roll: np.ndarray
    elbow_m: np.ndarray
    rate_hz: float


def turn(yaw: np.ndarray, pitch: np.ndarray, roll: np.ndarray) -> np.ndarray:
    """`(n, 3, 3)` matrices from the forearm's frame to the world: yaw after pitch after roll.

    >>> left = turn(np.array([np.pi / 2]), np.zeros(1), np.zeros(1))[0]
    >>> (left @ [0, 1, 0]).round(6).tolist()
    [-1.0, 0.0, 0.0]
    """
    zero, one = np.zeros_like(yaw), np.ones_like(yaw)

    def stack(*rows: tuple[np.ndarray, ...]) -> np.ndarray:
        return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)

    (cz, sz), (cx, sx), (cy, sy) = ((np.cos(a), np.sin(a)) for a in (yaw, pitch, roll))
    about_z = stack((cz, -sz, zero), (sz, cz, zero), (zero, zero, one))
    about_x = stack((one, zero, zero), (zero, cx, -sx), (zero, sx, cx))
    about_y = stack((cy, zero, sy), (zero, one, zero), (-sy, zero, cy))
    turned: np.ndarray = about_z @ about_x @ about_y
    return turned


def feel(path: ArmPath, forearm_m: float) -> tuple[np.ndarray, np.ndarray]:
    """What a board at the end of the forearm feels, in the forearm's frame.

    Returns:
        The force in g, `(n, 3)`, and the turning in degrees a second, `(n, 3)`.

    >>> still = ArmPath(*np.zeros((3, 9)), np.zeros((9, 3)), 200.0)
    >>> force, turning = feel(still, 0.3)
    >>> force[4].tolist(), bool(turning.any())
    ([0.0, 0.0, 1.0], False)
    """
    frames = turn(path.yaw, path.pitch, path.roll)
    step_s = 1 / path.rate_hz
    wrist_m = path.elbow_m + frames @ np.array([0.0, forearm_m, 0.0])
    speed = np.gradient(wrist_m, step_s, axis=0)
    acceleration = np.gradient(speed, step_s, axis=0) / GRAVITY_MS2
    push = acceleration + np.array([0.0, 0.0, 1.0])
    to_arm = np.swapaxes(frames, 1, 2)
    force = (to_arm @ push[:, :, None])[:, :, 0]
    spin = to_arm @ np.gradient(frames, step_s, axis=0)  # antisymmetric: the turning's components
    turning = np.stack([spin[:, 2, 1], spin[:, 0, 2], spin[:, 1, 0]], axis=1)
    return force, np.rad2deg(turning)


def least_jerk(time_s: np.ndarray, start_s: float, seconds: float) -> np.ndarray:
    """The share of a smooth movement that is done, 0 before `start_s`, 1 after it.

    Of all ways from one place to another the one with the least jerk (Flash and Hogan, 1985).

    >>> least_jerk(np.array([0.0, 0.5, 1.0, 1.5, 3.0]), 0.5, 1.0).tolist()
    [0.0, 0.0, 0.5, 1.0, 1.0]
    """
    s = np.clip((time_s - start_s) / seconds, 0.0, 1.0)
    return s**3 * (10 - 15 * s + 6 * s**2)


def trace_path(
    points: np.ndarray, time_s: np.ndarray, start_s: float, seconds: float, blend: float = 0.3
) -> np.ndarray:
    """A stroke through `points` `(k, 2)`, `(n, 2)`: each part takes time by the root of its length.

    Parts are least-jerk movements that overlap by `blend` of their time, so that corners are
    rounded as a hand rounds them (superposition: Flash and Henis, 1991).
    """
    parts = np.diff(points, axis=0)
    shares = np.sqrt(np.linalg.norm(parts, axis=1))
    lengths = shares / (shares.sum() - blend * shares[1:].sum()) * seconds
    place, begin = np.tile(points[0], (len(time_s), 1)), start_s
    for part, length in zip(parts, lengths, strict=True):
        place = place + least_jerk(time_s, begin, length)[:, None] * part
        begin += (1 - blend) * length
    return place
