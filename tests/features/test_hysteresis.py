"""An alarm with two limits."""

import numpy as np
import pytest

from tinyml_course.errors import DataError
from tinyml_course.features.hysteresis import alarm_below


def test_noise_at_the_limit_switches_it_once():
    rng = np.random.default_rng(0)
    falling = np.linspace(4, 2, 200) + rng.normal(0, 0.1, 200)
    rising = np.linspace(2, 4, 200) + rng.normal(0, 0.1, 200)
    values = np.concatenate([falling, rising])
    one, two = (np.diff(alarm_below(values, 3.0, off).astype(int)) for off in (3.0, 3.5))
    assert np.abs(one).sum() > 10
    assert np.flatnonzero(two).size == 2
    assert np.array_equal(alarm_below(values, 3.0, 3.0), values < 3.0)


def test_it_comes_as_early_with_two_limits():
    values = np.array([3.5, 3.2, 2.99, 3.0, 3.49, 3.5, 3.4])
    assert alarm_below(values, 3.0, 3.5).tolist() == [False, False, True, True, True, False, False]


def test_what_is_no_number_alarms():
    assert alarm_below(np.array([5.0, np.nan, 5.0]), 3.0, 3.5).tolist() == [False, True, False]


def test_limits_that_cross_are_refused():
    with pytest.raises(DataError, match=r"on=3\.5, off=3"):
        alarm_below(np.ones(3), 3.5, 3.0)
    with pytest.raises(DataError, match="one series"):
        alarm_below(np.ones((3, 2)), 3.0, 3.5)
