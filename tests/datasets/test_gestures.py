"""Gestures from physics: what the hand does is what the sensor feels."""

import numpy as np
import pytest

from tinyml_course.datasets.gestures import (
    GESTURES,
    least_jerk_acceleration,
    make_gesture_dataset,
    make_hand,
    synthesize_gesture,
    synthesize_session,
)
from tinyml_course.errors import DataError


def test_a_hand_stops_where_it_meant_to():
    share = np.linspace(0, 1, 2001)
    acceleration = least_jerk_acceleration(share, 0.3, 0.5)
    velocity = np.cumsum(acceleration) * 0.5 / 2000
    assert abs(velocity[-1]) < 1e-3
    assert abs(velocity.sum() * 0.5 / 2000 - 0.3) < 1e-3


def test_rest_is_one_g_and_left_is_the_mirror_of_right():
    hand = make_hand(0, 1)
    rest = synthesize_session(hand, "rest", 4)
    assert abs(np.linalg.norm(rest, axis=1).mean() - 1) < 0.03
    left, right = (
        np.mean([synthesize_gesture(hand, g, np.random.default_rng(k))[:, 0] for k in range(20)], 0)
        for g in ("left", "right")
    )
    level = (left + right) / 2
    assert np.corrcoef(left - level, right - level)[0, 1] < -0.95
    first = np.argmax(np.abs(right - right.mean()) > 0.1)
    assert right[first] > right.mean(), "a hand that goes right is pushed right first"


def test_a_shake_is_as_fast_as_the_hand_shakes():
    hand = make_hand(0, 2)
    x = synthesize_gesture(hand, "shake", np.random.default_rng(0))[:, 0]
    spectrum = np.abs(np.fft.rfft(x - x.mean()))
    assert abs(np.fft.rfftfreq(len(x), 1 / 50)[spectrum.argmax()] - hand.shake_hz) < 0.8


def test_the_same_seed_gives_the_same_windows_and_another_seed_others():
    first = make_gesture_dataset(seed=3, people=2, repeats=2)
    assert (first.x == make_gesture_dataset(seed=3, people=2, repeats=2).x).all()
    assert (first.x != make_gesture_dataset(seed=4, people=2, repeats=2).x).any()
    assert np.bincount(first.y).tolist() == [4] * len(GESTURES)


def test_an_unknown_gesture_is_refused():
    with pytest.raises(DataError, match="unknown gesture 'wave'; known: rest"):
        synthesize_gesture(make_hand(0, 0), "wave", np.random.default_rng(0))
