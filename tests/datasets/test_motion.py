"""The physics: what must hold for every person, wherever the phone sits."""

import dataclasses
import hashlib
import time

import numpy as np
import pytest

from tinyml_course.datasets import make_motion_dataset
from tinyml_course.datasets import motion_physics as physics
from tinyml_course.datasets.motion import (
    CLASS_NAMES,
    FULL_SCALE_G,
    GRID_G,
    PLACES,
    cut_windows,
    make_mounting,
    make_person,
    synthesize_recording,
)
from tinyml_course.errors import DataError

PEOPLE = [make_person(3, number) for number in range(12)]


@pytest.fixture(scope="module")
def data():
    return make_motion_dataset(people=20)


def magnitude(x):
    return np.linalg.norm(x, axis=-1)


def waist(person, activity, seed, seconds=20.0):
    mounting = make_mounting(np.random.default_rng(seed), "waist")
    return synthesize_recording(person, activity, seconds, seed, mounting)


def strongest_hz(signal, low_hz=0.8):
    spectrum = np.abs(np.fft.rfft((signal - signal.mean()) * np.hanning(len(signal))))
    f = np.fft.rfftfreq(len(signal), 1 / 50)
    spectrum[f < low_hz] = 0
    return f[spectrum.argmax()]


def test_the_dataset_is_balanced_in_g_and_grouped_by_person(data):
    assert data.x.shape[1:] == (100, 3)
    assert data.x.dtype == np.float32
    assert (data.unit, data.sample_rate_hz, data.class_names) == ("g", 50.0, CLASS_NAMES)
    assert len(set(np.bincount(data.y).tolist())) == 1
    assert len(set(data.groups)) == 20


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(data):
    again = make_motion_dataset(people=20)
    assert again.x.tobytes() == data.x.tobytes()
    assert make_motion_dataset(seed=1, people=1).x.tobytes() != again.x[:63].tobytes()
    # people do not depend on how many others there are
    assert make_motion_dataset(people=2, first_person=5).x.tobytes() == (
        data.subset(np.isin(data.groups, ["p005", "p006"])).x.tobytes()
    )


def test_one_recording_is_the_same_on_every_machine():
    """Sines may differ in the last bit between processors; rounding to the grid hides it."""
    recording = synthesize_recording(PEOPLE[0], "run", 8.0, 1)
    counts = np.rint(recording / GRID_G).astype("<i2")
    assert hashlib.sha256(counts.tobytes()).hexdigest()[:16] == "ccff1d573ae20586"


def test_making_the_default_dataset_is_fast():
    start = time.process_time()
    make_motion_dataset()
    assert time.process_time() - start < 3.0


def test_every_sample_is_on_the_12_bit_grid_and_within_4_g(data):
    counts = data.x.astype(np.float64) / GRID_G
    assert (counts == np.rint(counts)).all()
    assert counts.min() >= -2048
    assert counts.max() <= 2047


def test_the_sensor_clips_at_its_full_scale():
    force = np.tile([9.0, -9.0, 0.5], (40, 1))
    out = physics.measure(
        force, np.random.default_rng(0), bias_g=np.zeros(3), scale=np.ones(3), noise_g=0.0
    )
    np.testing.assert_array_equal(out, np.tile([4 - GRID_G, -4.0, 0.5], (10, 1)))
    assert FULL_SCALE_G == 4.0


@pytest.mark.parametrize("place", PLACES)
def test_at_rest_gravity_is_1_g_whichever_way_the_phone_points(place):
    directions = []
    for seed in range(8):
        mounting = make_mounting(np.random.default_rng(seed), place)
        recording = synthesize_recording(PEOPLE[0], "still", 30.0, seed, mounting)
        assert np.median(magnitude(recording)) == pytest.approx(1.0, abs=0.12)
        directions.append(np.median(recording, axis=0))
    spread = np.std(directions, axis=0)
    assert (spread > 0.25).all(), "mountings should point gravity everywhere"


@pytest.mark.parametrize("seed", range(20))
def test_a_mounting_is_a_rotation_and_keeps_lengths(seed):
    r = physics.random_rotation(np.random.default_rng(seed))
    np.testing.assert_allclose(r @ r.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(r) == pytest.approx(1.0)


@pytest.mark.parametrize("number", range(12))
def test_walking_has_its_rhythm_and_running_a_faster_one(number):
    person = dataclasses.replace(PEOPLE[number], limp=0.0)
    walk = strongest_hz(magnitude(waist(person, "walk", number)), low_hz=1.2)
    run = strongest_hz(magnitude(waist(person, "run", number)))
    assert 1.2 <= walk <= 2.6 or walk == pytest.approx(2 * person.walk_step_hz, rel=0.2)
    assert 2.2 <= run <= 3.6
    assert run > person.walk_step_hz


def test_most_people_walk_between_1_4_and_2_6_steps_a_second():
    rates = [strongest_hz(magnitude(waist(p, "walk", i))) for i, p in enumerate(PEOPLE)]
    assert np.mean([(1.2 <= r <= 2.6) for r in rates]) >= 0.75
    for person in PEOPLE:
        assert 1.4 <= person.walk_step_hz <= 2.6
        assert person.run_step_hz > 2.3


@pytest.mark.parametrize("number", range(12))
def test_runners_fly_and_land_harder_than_walkers(number):
    walk = magnitude(waist(PEOPLE[number], "walk", number))
    run = magnitude(waist(PEOPLE[number], "run", number))
    assert run.std() > 1.1 * walk.std(), "even beside somebody in a great hurry"
    assert np.quantile(run, 0.02) < 0.35, "in flight a phone weighs nearly nothing"
    assert run.max() > 1.9


@pytest.mark.parametrize("contact", [0.58, 0.7, 0.84])
def test_flight_push_balances_gravity(contact):
    steps = np.linspace(0, 40, 40_001)[:-1]
    push = physics.flight_push(steps, contact)
    assert push.mean() == pytest.approx(1.0, abs=1e-3)
    assert push.max() == pytest.approx(np.pi / (2 * contact), rel=1e-3)
    assert (push[steps % 1 > contact] == 0).all()


def test_the_hip_of_a_compass_gait_rises_by_centimetres():
    assert physics.pendulum_rise_m(0.9, 0.0) == 0.0
    assert physics.pendulum_rise_m(0.9, 0.7) == pytest.approx(0.0708, abs=1e-3)


def test_a_freely_swinging_limb_feels_nothing_across():
    """A pendulum of length g / (2 pi f)^2 falls with gravity: only the pull along it is left."""
    f = 0.8
    lever_m = physics.GRAVITY_MS2 / (2 * np.pi * f) ** 2
    t = np.arange(400) / physics.PHYSICS_RATE_HZ
    angle = 0.05 * np.sin(2 * np.pi * f * t)
    force = physics.tilt(np.tile([0.0, 0.0, 1.0], (400, 1)), 1, angle)
    felt = force + physics.swing_lever(angle, lever_m)
    assert np.abs(felt[5:-5, 0]).max() < 0.002
    assert felt[5:-5, 2].max() > 1.0


def test_still_is_not_always_quiet(data):
    spread = magnitude(data.x[data.y == 0]).std(axis=1)
    assert np.quantile(spread, 0.3) < 0.01
    assert np.quantile(spread, 0.97) > 0.05, "fidgets and vehicles"


def test_windows_overlap_as_asked():
    recording = np.arange(30, dtype=np.float32).reshape(10, 3)
    windows = cut_windows(recording, window=4, hop=3)
    assert windows.shape == (3, 4, 3)
    np.testing.assert_array_equal(windows[2], recording[6:10])
    assert cut_windows(recording, window=11).shape == (0, 11, 3)


def test_a_person_can_be_printed_and_changed():
    person = make_person(0, 1)
    assert f"walk_step_hz     {person.walk_step_hz:.3g}" in str(person).splitlines()
    with pytest.raises(dataclasses.FrozenInstanceError):
        person.leg_m = 1.0
    quick = dataclasses.replace(person, walk_step_hz=2.2)
    assert quick != person


@pytest.mark.parametrize(
    "call",
    [
        lambda: synthesize_recording(PEOPLE[0], "fly", 4, 0),
        lambda: synthesize_recording(PEOPLE[0], "walk", 0, 0),
        lambda: synthesize_recording(PEOPLE[0], "walk", float("nan"), 0),
        lambda: cut_windows(np.zeros((10, 3)), hop=0),
        lambda: make_motion_dataset(people=0),
        lambda: make_motion_dataset(people=1, seconds=1.0),
        lambda: make_mounting(np.random.default_rng(0), "shoe"),
    ],
)
def test_bad_calls_are_data_errors(call):
    with pytest.raises(DataError):
        call()
