"""How the fast kernels' weights are stored, and when a layer may use those kernels."""

import numpy as np
import pytest

from tinyml_course.export.layers import dsp_packing
from tinyml_course.export.layers.accumulators import Sums
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


@pytest.mark.parametrize(("depth", "fits"), [(259, True), (260, False)])
def test_the_filter_in_the_upper_half_must_fit_24_bits(depth, fits):
    # 127 * 255 * 259 is the last below 2^23; what stands in the lower half has 32 bits
    assert dsp_packing.can_pair(sums(np.full((2, depth), 127)), RELU) is fits
    lower = np.full((2, depth), 127)
    lower[0] = 0
    assert dsp_packing.can_pair(sums(lower), RELU)


def test_the_weight_minus_128_cannot_share_a_halfword():
    assert not dsp_packing.can_pair(sums([[-128], [0]]), RELU)
