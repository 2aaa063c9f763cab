"""Weights in the order in which the fast kernels read them, and when those kernels may be used.

The kernels (`kernels/conv_2d_dsp.c` and its neighbours) keep two filters a and b in one halfword,
256 * a + b, so that one widening instruction serves both, and they multiply pairs of int16 values
whose order is what the widening instruction SXTAB16 gives. What they assume about sizes is proven
here for each layer, from its weights; a layer that cannot be proven keeps the readable kernel.
Lesson 08 counts what this saves.
"""

from __future__ import annotations

import numpy as np

from tinyml_course.export.parameters import Requantization

FULL_RANGE = (-128, 127)
HIGH_FILTER_LIMIT = 1 << 23  # of the accumulator that is computed as (256 * A + B - B) / 256
ACCUMULATOR_LIMIT = 1 << 30  # doubled, it must fit int32


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
    """Filters as the patches of `conv_2d_dsp.c`: rows widened, of even length, filled to 4.

    Args:
        filters: int8 (filters, height, width, channels).

    Returns:
        int8 (filters, depth).
    """
    n, height, width, channels = filters.shape
    rows = filters.reshape(n, height, width * channels)
    rows = rows[:, :, widened_order(width * channels)]
    rows = np.pad(rows, ((0, 0), (0, 0), (0, rows.shape[2] % 2))).reshape(n, -1)
    return np.pad(rows, ((0, 0), (0, -rows.shape[1] % 4)))


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


def pack_convolution(filters: np.ndarray) -> np.ndarray:
    """The filters of `conv_2d_dsp.c`; an odd last filter gets a neighbour of zeros."""
    rows = patch_rows(filters)
    return pair_filters(np.pad(rows, ((0, rows.shape[0] % 2), (0, 0))))


def pack_fully_connected(weights: np.ndarray) -> np.ndarray:
    """The weights of `fully_connected_dsp.c`: blocks of four rows, two pairs taking turns.

    Args:
        weights: int8 (outputs, depth).

    Returns:
        int32 (blocks, depth / 2, 2), outputs and depth filled with zeros to multiples of 4.
    """
    rows = weights[:, widened_order(weights.shape[1])]
    rows = np.pad(rows, ((0, -rows.shape[0] % 4), (0, -rows.shape[1] % 4)))
    pairs = pair_filters(rows)
    return pairs.reshape(-1, 2, pairs.shape[1]).transpose(0, 2, 1)


def accumulator_bounds(filters: np.ndarray, bias: np.ndarray, zero_point: int) -> np.ndarray:
    """The greatest absolute value that each accumulator can reach, whatever the input is.

    Args:
        filters: int8 (channels, products); bias: int32 (channels,).
        zero_point: of the int8 input.
    """
    low, high = (limit - zero_point for limit in FULL_RANGE)
    wide = filters.astype(np.int64)
    greatest = np.maximum(wide * low, wide * high).sum(axis=1) + bias
    least = np.minimum(wide * low, wide * high).sum(axis=1) + bias
    return np.maximum(np.abs(greatest), np.abs(least))


def can_requantize(r: Requantization) -> bool:
    """Whether `model_dsp_requantize` gives TFLM's bytes: right shifts only, all of int8 allowed."""
    return (
        (r.activation_min, r.activation_max) == FULL_RANGE
        and all(-22 <= shift <= -1 for shift in r.shifts)
        and all(value >= 1 << 30 for value in r.values)
    )


def can_pair(filters: np.ndarray, bias: np.ndarray, zero_point: int) -> bool:
    """Whether neighbouring filters may share halfwords."""
    bounds = accumulator_bounds(filters, bias, zero_point)
    return bool(
        filters.min() >= -127
        and (bounds[0::2] < HIGH_FILTER_LIMIT).all()
        and (bounds < ACCUMULATOR_LIMIT).all()
    )
