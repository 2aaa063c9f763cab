"""A board's clock over a bad cable: gaps, resets and wrong digits are told apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinyml_course.observe.board_clock import BoardClock


def feed(times):
    """Steps of the accepted samples and the clock's counts."""
    clock = BoardClock(period_ms=20)
    samples = [s for t in times for s in clock.feed(t, b"%d" % t)]
    samples += clock.finish()
    return [s.step_ms for s in samples], [int(s.values) for s in samples], clock


@pytest.mark.parametrize(
    ("times", "steps", "damaged", "resets"),
    [
        ([7, 27, 47], [None, 20, 20], 0, 0),
        ([0, 20, 80, 100], [None, 20, 60, 20], 0, 0),  # samples were dropped
        ([0, 40, 80, 120], [None, 40, 40, 40], 0, 0),  # every other one
        ([0, 20, 5020, 5040], [None, 20, 5000, 20], 0, 0),  # the cable was pulled
        ([5000, 5020, 3, 23], [None, 20, None, 20], 0, 1),  # a reset
        ([5000, 5020, 3, 63], [None, 20, None, 60], 0, 1),
        ([40, 60, 3, 23], [None, 20, None, 20], 0, 1),  # a reset right after the start
        ([0, 20, 9040, 60, 80], [None, 20, 40, 20], 1, 0),  # 40 with a wrong digit
        ([0, 20, 90000040, 60, 80], [None, 20, 40, 20], 1, 0),
        ([100, 120, 10, 160, 180], [None, 20, 40, 20], 1, 0),  # 140 with a wrong digit
        ([100, 120, 180, 160, 180, 200], [None, 20, 40, 20, 20], 1, 0),
        ([100, 120, 120, 140], [None, 20, 20], 1, 0),  # the same twice
        ([0, 20, 4_000_000, 4_000_020], [None, 20, None, 20], 0, 1),  # an hour is no gap
        ([0, 20, 80], [None, 20, 60], 0, 0),  # at the end, in doubt for it
        ([500, 520, 3], [None, 20, None], 0, 1),
        ([0, 20, 9040], [None, 20, None], 0, 0),
    ],
)
def test_each_case(times, steps, damaged, resets):
    found, _, clock = feed(times)
    assert found == steps
    assert (clock.damaged, clock.resets) == (damaged, resets)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_one_wrong_digit_costs_one_sample_at_most_and_ends_nothing(data):
    start = data.draw(st.integers(0, 10**6))
    times = [start + 20 * k for k in range(30)]
    place = data.draw(st.integers(1, 28))
    digits = list(str(times[place]))
    digit = data.draw(st.integers(0, len(digits) - 1))
    digits[digit] = data.draw(st.sampled_from("0123456789"))
    torn = [*times]
    torn[place] = int("".join(digits))
    steps, kept, clock = feed(torn)
    assert [t for t in times if t not in kept] in ([], [times[place]])
    assert clock.resets <= 1
    assert sum(step or 20 for step in steps) <= 30 * 20 + 100


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 29), max_size=25))
def test_dropped_records_lose_no_other(dropped):
    times = [1000 + 20 * k for k in range(30) if k not in dropped]
    steps, kept, clock = feed(times)
    assert kept == times
    assert np.cumsum([step or 0 for step in steps]).tolist() == [t - 1000 for t in times]
    assert (clock.damaged, clock.resets) == (0, 0)
