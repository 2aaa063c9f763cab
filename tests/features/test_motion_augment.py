"""Variations of movements, against cases known by hand; and channels that are kept."""

import numpy as np
import pytest

from tinyml_course.errors import DataError
from tinyml_course.features import KeepChannels, Preprocessing, Standardize
from tinyml_course.features.motion_augment import drop_gyroscope, shift_in_time, vary_gestures

RNG = np.random.default_rng


def test_a_shift_either_way_keeps_the_edge():
    x = np.arange(4.0).reshape(1, 4, 1)
    assert shift_in_time(x, np.array([2]))[0, :, 0].tolist() == [0, 0, 0, 1]
    assert shift_in_time(x, np.array([-1]))[0, :, 0].tolist() == [1, 2, 3, 3]


def test_only_chosen_windows_lose_their_gyroscope_and_the_given_ones_stay():
    x = np.ones((3, 5, 6))
    dropped = drop_gyroscope(x, np.array([False, True, False]))
    assert dropped.sum(axis=(1, 2)).tolist() == [30, 15, 30]
    assert not dropped[1, :, 3:].any()
    assert x.all()


def test_variations_keep_gravity_and_drop_the_share_that_is_asked_for():
    x = np.ones((400, 50, 6), np.float32)
    x[:, 20:25, 0] = 3.0
    varied = vary_gestures(x, RNG(0), noise=0.0, without_gyroscope=0.5)
    assert varied.dtype == np.float32
    assert np.allclose(np.median(varied[:, :, 0], axis=1), 1.0)
    assert 2.65 < varied[:, :, 0].max(axis=1).min() < varied.max() < 3.35
    assert 0.4 < (varied[:, 0, 3] == 0).mean() < 0.6
    assert np.array_equal(vary_gestures(x, RNG(0)), vary_gestures(x, RNG(0)))
    three = vary_gestures(x[:, :, :3], RNG(0), without_gyroscope=1.0)
    assert three.any(axis=(1, 2)).all(), "three channels are an accelerometer alone"


def test_channels_are_kept_in_the_order_given_and_read_back():
    x = np.arange(12.0, dtype=np.float32).reshape(1, 2, 6)
    steps = Preprocessing((KeepChannels((5, 0)), Standardize())).fit(x)
    assert KeepChannels((5, 0)).apply(x)[0].tolist() == [[5, 0], [11, 6]]
    assert np.array_equal(Preprocessing.from_spec(steps.to_spec()).apply(x), steps.apply(x))


@pytest.mark.parametrize("channels", [(), (0, 0), (-1,)])
def test_channels_that_are_none_are_refused(channels):
    with pytest.raises(DataError, match="different channels from 0 on"):
        KeepChannels(channels)
    with pytest.raises(DataError, match="the windows have 3"):
        KeepChannels((3,)).apply(np.zeros((1, 2, 3)))
