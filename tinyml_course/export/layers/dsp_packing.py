"""Weights in the order in which the fast kernels read them, and when those kernels may be used.

The kernels (`kernels/conv_2d_dsp.c` and its neighbours) keep two filters a and b in one halfword,
256 * a + b, so that one widening instruction serves both, and they multiply pairs of int16 values
whose order is what the widening instruction SXTAB16 gives. What they assume about sizes is proven
here for each layer, from its weights; a layer that cannot be proven keeps the readable kernel.
Lesson 08 counts what this saves.
"""

from __future__ import annotations

import numpy as np

from tinyml_course.export.layers.accumulators import Sums, accumulator_bounds
from tinyml_course.network.parameters import Requantization

HIGH_FILTER_LIMIT = 1 << 23  # of the accumulator that is computed as (256 * A + B - B) / 256
SAFE_DEPTH = 256  # products of any weights from -127 up and any inputs: below 127 * 255 * 256


def widened_order(count: int) -> np.ndarray:
    """Where SXTAB16 puts `count` neighbouring bytes: 0 2 1 3 in each group of four.

    >>> widened_order(6).tolist()
    [0, 2, 1, 3, 4, 5]
    """
    order = np.arange(count)
    groups = order[: count // 4 * 4].reshape(-1, 4)
    groups[:, [1, 2]] = groups[:, [2, 1]]
    return order


def patch_rows(filters: np.ndarray) -> np.ndarray:
    """Filters as the patches of `conv_2d_dsp.c`: rows in the widened order, of even length.

    Args:
        filters: int8 (filters, height, width, channels).

    Returns:
        int8 (filters, depth).
    """
    n, height, width, channels = filters.shape
    rows = filters.reshape(n, height, width * channels)
    rows = rows[:, :, widened_order(width * channels)]
    return np.pad(rows, ((0, 0), (0, 0), (0, rows.shape[2] % 2))).reshape(n, -1)


def pair_filters(rows: np.ndarray) -> np.ndarray:
    """Neighbouring filters a, b as halfwords 256 * a + b, two halfwords a word.

    Args:
        rows: int8 (filters, depth), both even.

    Returns:
        int32 (filters / 2, depth / 2).
    """
    wide = rows.astype(np.int32)
    halfwords = np.ascontiguousarray((256 * wide[0::2] + wide[1::2]).astype("<i2"))
    return halfwords.view("<i4")


def pack_blocks(rows: np.ndarray) -> np.ndarray:
    """Weights as the kernels read them: blocks of four rows, the words of two pairs taking turns.

    Args:
        rows: int8 (filters, depth).

    Returns:
        int32 (blocks, depth / 2, 2); filters and depth are filled with zeros to multiples of 4.
    """
    rows = np.pad(rows, ((0, -rows.shape[0] % 4), (0, -rows.shape[1] % 4)))
    pairs = pair_filters(rows)
    return pairs.reshape(-1, 2, pairs.shape[1]).transpose(0, 2, 1)


def pack_convolution(filters: np.ndarray) -> np.ndarray:
    """The filters of `conv_2d_dsp.c`, from int8 (filters, height, width, channels)."""
    return pack_blocks(patch_rows(filters))


def pack_fully_connected(weights: np.ndarray) -> np.ndarray:
    """The weights of `fully_connected_dsp.c`, from int8 (outputs, depth)."""
    return pack_blocks(weights[:, widened_order(weights.shape[1])])


def can_pair(sums: Sums, r: Requantization) -> bool:
    """Whether neighbouring filters may share halfwords."""
    least, greatest = accumulator_bounds(sums, r.input_zero_point)
    return bool(
        sums.filters.min() >= -127
        and (np.maximum(-least, greatest)[0::2] < HIGH_FILTER_LIMIT).all()
    )
