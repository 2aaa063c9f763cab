"""The trigger: it waits for a gesture, takes one, and waits for a quiet moment."""

import numpy as np
import pytest

from tinyml_course.datasets.wrist_gestures import make_wrist, synthesize_wrist_gesture
from tinyml_course.errors import DataError
from tinyml_course.features.onset import OnsetSpec, cut_gestures, find_onsets

NAMES = ("ax", "ay", "az", "gx", "gy", "gz")
SPEC = OnsetSpec.of(NAMES, 100, 50.0)


def still(n):
    return np.tile(np.float32([0.1, 0, 1, 1, -1, 0]), (n, 1))


def test_a_push_is_found_after_the_samples_that_confirm_it():
    stream = still(300)
    stream[100:110, 0] += 0.5
    found = find_onsets(stream, SPEC)
    assert found.begun.tolist() == [100 + SPEC.confirm - 1]
    assert found.starts.tolist() == [found.begun[0] - SPEC.before]
    assert found.energy[:100].max() < 1e-6
    window = cut_gestures(stream, SPEC)[0]
    assert np.array_equal(window, stream[89:189])


def test_a_single_odd_sample_and_a_slow_tilt_begin_nothing():
    stream = still(600)
    stream[100, 0] += 3.0
    angle = np.linspace(0, np.pi / 2, 300)
    stream[250:550, 0], stream[250:550, 2] = np.sin(angle), np.cos(angle)
    assert not len(find_onsets(stream[:250], SPEC).begun)
    assert not len(find_onsets(stream[101:550], SPEC).begun)


def test_a_turn_counts_as_well_as_a_push():
    stream = still(200)
    stream[50:60, 5] += 100.0
    assert len(find_onsets(stream, SPEC).begun) == 1


def test_without_a_quiet_moment_there_is_no_second_gesture():
    rng = np.random.default_rng(0)
    stream = still(900)
    stream[100:700, :3] += rng.normal(0, 1.0, (600, 3))
    stream[800:810, 0] += 0.5
    assert [begun // 100 for begun in find_onsets(stream, SPEC).begun] == [1, 8]


def test_the_window_of_a_first_gesture_reaches_before_the_stream():
    stream = still(200)
    stream[3:20, 1] += 1.0
    (window,) = cut_gestures(stream, SPEC)
    assert np.array_equal(window[:8], np.repeat(stream[:1], 8, axis=0))


@pytest.mark.parametrize("gesture", ["left", "right", "circle", "shake", "twist"])
def test_gestures_are_found_where_they_begin(gesture):
    rng = np.random.default_rng(1)
    late = []
    for number in range(20):
        wrist = make_wrist(9, number)
        lead = np.concatenate([synthesize_wrist_gesture(wrist, gesture, rng, 0.3) for _ in "12"])
        begun = find_onsets(lead, SPEC).begun
        if len(begun):
            late.append(begun[0] / 50 - 0.3)
    assert len(late) >= 17
    assert -0.05 < np.median(late) < 0.2


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"threshold_g": 0.0}, "threshold_g is 0.0"),
        ({"before": 100}, "before is 100"),
        ({"confirm": 0}, "confirm is 0"),
    ],
)
def test_rules_that_cannot_be_are_refused(rules, message):
    with pytest.raises(DataError, match=message):
        OnsetSpec.of(NAMES, 100, 50.0, **rules)


def test_a_stream_of_other_channels_is_refused():
    with pytest.raises(DataError, match="trigger of 6 channels"):
        find_onsets(np.zeros((10, 3)), SPEC)
