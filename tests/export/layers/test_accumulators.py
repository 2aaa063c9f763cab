"""What a layer adds up, and when the fast kernels may round it."""

import numpy as np
import pytest

from tinyml_course.export.layers import accumulators
from tinyml_course.export.layers.accumulators import Sums
from tinyml_course.network.fixed_point import multiply_by_quantized_multiplier
from tinyml_course.network.parameters import Requantization

RELU = Requantization((1 << 30,), (-8,), -128, -128, -128, 127)


def sums(filters, bias=0, shift=-8):
    filters = np.array(filters, np.int8)
    channels = len(filters)
    return Sums(
        filters,
        np.full(channels, bias, np.int64),
        np.full(channels, 1 << 30, np.int64),
        np.full(channels, shift, np.int64),
    )


def test_the_bounds_are_reached_by_the_worst_inputs():
    rng = np.random.default_rng(0)
    filters = rng.integers(-127, 128, (4, 50)).astype(np.int8)
    least, greatest = accumulators.accumulator_bounds(sums(filters, bias=7), zero_point=-5)
    for filter_, low, high in zip(filters.astype(int), least, greatest, strict=True):
        assert (filter_ * (np.where(filter_ > 0, 127, -128) + 5)).sum() + 7 == high
        assert (filter_ * (np.where(filter_ > 0, -128, 127) + 5)).sum() + 7 == low


@pytest.mark.parametrize(("shift", "fits"), [(-1, True), (-22, True), (0, False), (-23, False)])
def test_the_fast_rounding_serves_right_shifts(shift, fits):
    assert accumulators.can_requantize(sums([[1]], shift=shift), RELU) is fits


def test_a_channel_that_never_changes_is_settled_and_keeps_its_output():
    dead = Sums(
        np.array([[5, -3], [100, 1]], np.int8),
        np.array([1 << 30, 300], np.int64),
        np.array([1 << 30, 1 << 30], np.int64),
        np.array([-26, -8], np.int64),
    )
    assert not accumulators.can_requantize(dead, RELU)
    settled = accumulators.settle_constant_channels(dead, RELU)
    assert accumulators.can_requantize(settled, RELU)
    assert settled.filters.tolist() == [[0, 0], [100, 1]]
    before, after = (
        multiply_by_quantized_multiplier(s.bias[0], s.multipliers[0], s.shifts[0])
        for s in (dead, settled)
    )
    assert before == after == 8


def test_a_channel_whose_scale_is_too_small_for_a_multiplier_is_settled_too():
    """vww_96_int8 has one: its multiplier is 0, and it kept a whole layer off the fast kernels."""
    dead = Sums(
        np.array([[5, -3], [100, 1]], np.int8),
        np.array([1 << 20, 300], np.int64),
        np.array([0, 1 << 30], np.int64),
        np.array([0, -8], np.int64),
    )
    settled = accumulators.settle_constant_channels(dead, RELU)
    assert accumulators.can_requantize(settled, RELU)
    after = multiply_by_quantized_multiplier(
        settled.bias[0], settled.multipliers[0], settled.shifts[0]
    )
    assert after == 0
