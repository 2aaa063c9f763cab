"""How the fast kernels' weights are stored, and when a layer may use those kernels."""

import numpy as np
import pytest

from tinyml_course.export.layers import dsp_packing
from tinyml_course.export.layers.dsp_packing import Sums
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


def test_two_filters_can_be_told_apart_in_every_halfword():
    weight = np.arange(-127, 128, dtype=np.int8)
    a, b = (each.reshape(1, -1) for each in np.meshgrid(weight, weight))
    padding = ((0, 0), (0, 1))  # an even number of values
    pairs = dsp_packing.pair_filters(np.pad(np.concatenate([a, b]), padding))
    halfwords = pairs.view("<i2").astype(int).reshape(-1)[:-1]
    low = (halfwords + 128) % 256 - 128
    assert (low == b.reshape(-1)).all()
    assert ((halfwords - low) // 256 == a.reshape(-1)).all()


def test_patches_have_rows_of_even_length_in_the_order_of_sxtab16():
    filters = np.arange(1, 19, dtype=np.int8).reshape(1, 2, 3, 3)
    assert dsp_packing.patch_rows(filters).tolist() == [
        [1, 3, 2, 4, 5, 7, 6, 8, 9, 0, 10, 12, 11, 13, 14, 16, 15, 17, 18, 0]
    ]


def test_blocks_fill_filters_and_depth_to_four():
    packed = dsp_packing.pack_fully_connected(np.ones((5, 7), np.int8))
    assert packed.shape == (2, 4, 2)
    assert packed[1, :, 1].tolist() == [0] * 4, "filters 6 and 7 do not exist"


def test_the_bounds_are_reached_by_the_worst_inputs():
    rng = np.random.default_rng(0)
    filters = rng.integers(-127, 128, (4, 50)).astype(np.int8)
    least, greatest = dsp_packing.accumulator_bounds(sums(filters, bias=7), zero_point=-5)
    for filter_, low, high in zip(filters.astype(int), least, greatest, strict=True):
        assert (filter_ * (np.where(filter_ > 0, 127, -128) + 5)).sum() + 7 == high
        assert (filter_ * (np.where(filter_ > 0, -128, 127) + 5)).sum() + 7 == low


@pytest.mark.parametrize(("depth", "fits"), [(259, True), (260, False)])
def test_the_filter_in_the_upper_half_must_fit_24_bits(depth, fits):
    # 127 * 255 * 259 is the last below 2^23; what stands in the lower half has 32 bits
    assert dsp_packing.can_pair(sums(np.full((2, depth), 127)), RELU) is fits
    lower = np.full((2, depth), 127)
    lower[0] = 0
    assert dsp_packing.can_pair(sums(lower), RELU)


def test_the_weight_minus_128_cannot_share_a_halfword():
    assert not dsp_packing.can_pair(sums([[-128], [0]]), RELU)


@pytest.mark.parametrize(("shift", "fits"), [(-1, True), (-22, True), (0, False), (-23, False)])
def test_the_fast_rounding_serves_right_shifts(shift, fits):
    assert dsp_packing.can_requantize(sums([[1]], shift=shift), RELU) is fits


def test_a_channel_that_never_changes_is_settled_and_keeps_its_output():
    dead = Sums(
        np.array([[5, -3], [100, 1]], np.int8),
        np.array([1 << 30, 300], np.int64),
        np.array([1 << 30, 1 << 30], np.int64),
        np.array([-26, -8], np.int64),
    )
    assert not dsp_packing.can_requantize(dead, RELU)
    settled = dsp_packing.settle_constant_channels(dead, RELU)
    assert dsp_packing.can_requantize(settled, RELU)
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
    settled = dsp_packing.settle_constant_channels(dead, RELU)
    assert dsp_packing.can_requantize(settled, RELU)
    after = multiply_by_quantized_multiplier(
        settled.bias[0], settled.multipliers[0], settled.shifts[0]
    )
    assert after == 0
