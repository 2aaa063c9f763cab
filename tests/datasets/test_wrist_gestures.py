"""Wrists from physics: both sensors tell of one movement, and people differ as they should."""

import numpy as np
import pytest

from tinyml_course.datasets.wand_physics import SPELLS, make_spell_dataset, synthesize_spell
from tinyml_course.datasets.wrist_gestures import (
    GESTURES,
    make_path,
    make_wrist,
    make_wrist_dataset,
    synthesize_wrist_gesture,
)
from tinyml_course.datasets.wrist_physics import ArmPath, feel, least_jerk, trace_path, turn
from tinyml_course.errors import DataError

RATE = 200.0
N = 400


def path(**angles):
    zero = np.zeros(N)
    values = {name: angles.get(name, zero) for name in ("yaw", "pitch", "roll")}
    return ArmPath(**values, elbow_m=np.zeros((N, 3)), rate_hz=RATE)


@pytest.mark.parametrize(("angle", "axis"), [("pitch", 0), ("roll", 1), ("yaw", 2)])
def test_the_gyroscope_adds_up_to_the_angle(angle, axis):
    time = np.arange(N) / RATE
    _, turning = feel(path(**{angle: 1.2 * least_jerk(time, 0.3, 0.8)}), 0.25)
    turned_rad = np.deg2rad(turning.sum(axis=0) / RATE)
    assert turned_rad[axis] == pytest.approx(1.2, abs=1e-3)
    assert np.abs(np.delete(turned_rad, axis)).max() < 1e-6


def test_a_held_tilt_turns_gravity_and_a_steady_turn_pulls_to_the_elbow():
    force, _ = feel(path(roll=np.full(N, np.pi / 2)), 0.25)
    assert force[N // 2].round(6).tolist() == [-1, 0, 0]
    time = np.arange(N) / RATE
    force, turning = feel(path(yaw=3.0 * time), 0.25)
    assert force[N // 2, 1] == pytest.approx(-0.25 * 3.0**2 / 9.80665, rel=1e-3)
    assert turning[N // 2, 2] == pytest.approx(np.rad2deg(3.0), rel=1e-4)


def test_turns_are_rotations():
    angles = np.random.default_rng(0).uniform(-3, 3, (3, 50))
    frames = turn(*angles)
    assert np.allclose(frames @ np.swapaxes(frames, 1, 2), np.eye(3))
    assert np.allclose(np.linalg.det(frames), 1)


def test_a_traced_path_begins_and_ends_where_it_should():
    points = np.array([[0, 0], [1, 0], [1, 1.0]])
    traced = trace_path(points, np.linspace(0, 2, 500), 0.2, 1.0)
    assert np.allclose(traced[0], points[0])
    assert np.allclose(traced[-1], points[-1])
    assert np.allclose(traced[np.linspace(0, 2, 500) > 1.21], points[-1])


def test_rest_is_one_g_and_left_is_the_mirror_of_right():
    wrist = make_wrist(0, 1)
    rng = np.random.default_rng(0)
    still = synthesize_wrist_gesture(wrist, "rest", rng, idle="nothing")
    assert abs(np.linalg.norm(still[:, :3], axis=1).mean() - 1) < 0.05
    assert np.abs(still[:, 3:].mean(axis=0) - wrist.bias_dps).max() < 1.0
    for gesture, way in (("right", 1), ("left", -1)):
        arm = make_path(wrist, gesture, 0.2, np.random.default_rng(3))
        force, turning = feel(arm, wrist.forearm_m)
        first = force[np.abs(force[:, 0]) > 0.1][0, 0]
        assert np.sign(first) == way, "a hand that goes right is pushed right first"
        assert np.sign(turning[np.abs(turning[:, 2]) > 10][0, 2]) == -way


def test_people_differ_in_hand_speed_and_strap_and_stay_themselves():
    crowd = [make_wrist(0, number) for number in range(60)]
    assert 2 <= sum(wrist.side == -1 for wrist in crowd) <= 20
    assert make_wrist(0, 7) == crowd[7]
    assert len({wrist.strap for wrist in crowd}) == 60
    twists = [
        synthesize_wrist_gesture(w, "twist", np.random.default_rng(1))[:, 4] for w in crowd[:20]
    ]
    ways = {np.sign(t[np.abs(t) > 80][0]) for t in twists}
    assert ways == {-1, 1}, "left and right hands twist the other way round"


def test_the_same_seed_gives_the_same_windows_and_a_board_without_gyroscope_says_nought():
    data = make_wrist_dataset(seed=3, people=2, repeats=2)
    assert (data.x == make_wrist_dataset(seed=3, people=2, repeats=2).x).all()
    assert (data.x != make_wrist_dataset(seed=4, people=2, repeats=2).x).any()
    assert np.bincount(data.y).tolist() == [4] * len(GESTURES)
    bare = make_wrist_dataset(seed=3, people=2, repeats=2, has_gyroscope=False)
    assert np.array_equal(bare.x[:, :, :3], data.x[:, :, :3])
    assert not bare.x[:, :, 3:].any()
    others = make_wrist_dataset(seed=3, people=1, repeats=2, first_person=1)
    assert others.groups.tolist() == ["h001"] * 12


def test_spells_begin_loud_and_last_a_second():
    data = make_spell_dataset(samples=6)
    assert data.x.shape == (30, 119, 6)
    assert (np.abs(data.x[:, 0, :3]).sum(axis=1) >= 2.5).mean() > 0.7
    assert data.class_names == tuple(SPELLS)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: synthesize_wrist_gesture(make_wrist(0, 0), "wave", rng), "unknown gesture"),
        (lambda rng: synthesize_spell("Lumos", rng), "unknown spell 'Lumos'"),
        (lambda rng: make_wrist_dataset(people=0), "0 people"),
        (lambda rng: make_spell_dataset(samples=0), "0 samples"),
    ],
)
def test_what_cannot_be_made_is_refused(call, message):
    with pytest.raises(DataError, match=message):
        call(np.random.default_rng(0))
