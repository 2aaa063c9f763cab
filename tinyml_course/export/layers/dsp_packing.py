"""Weights in the order in which the fast kernels read them, and when those kernels may be used.

The kernels (`kernels/conv_2d_dsp.c` and its neighbours) keep two filters a and b in one halfword,
256 * a + b, so that one widening instruction serves both, and they multiply pairs of int16 values
whose order is what the widening instruction SXTAB16 gives. What they assume about sizes is proven
here for each layer, from its weights; a layer that cannot be proven keeps the readable kernel.
Lesson 08 counts what this saves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyml_course.network.fixed_point import multiply_by_quantized_multiplier
from tinyml_course.network.parameters import Requantization

FULL_RANGE = (-128, 127)
HIGH_FILTER_LIMIT = 1 << 23  # of the accumulator that is computed as (256 * A + B - B) / 256
ACCUMULATOR_LIMIT = 1 << 29  # doubled, and the rounding added, it must fit int32
GREATEST_SHIFT = 22  # of the result; the rounding is up to 255 * 2**(shift - 1)


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


@dataclass(frozen=True)
class Sums:
    """What a layer computes for each output channel, before it becomes int8.

    Attributes:
        filters: int8 (channels, products).
        bias: int64 (channels,).
        multipliers, shifts: as `quantize_multiplier` gives them, one a channel.
    """

    filters: np.ndarray
    bias: np.ndarray
    multipliers: np.ndarray
    shifts: np.ndarray


def gather_sums(filters: np.ndarray, bias: np.ndarray | None, r: Requantization) -> Sums:
    """The `Sums` of a layer from its filters (channels first), its bias and its scales."""
    channels = filters.shape[0]
    return Sums(
        filters.reshape(channels, -1),
        np.zeros(channels, np.int64) if bias is None else bias.reshape(-1).astype(np.int64),
        np.resize(np.array(r.values, np.int64), channels),
        np.resize(np.array(r.shifts, np.int64), channels),
    )


def accumulator_bounds(sums: Sums, zero_point: int) -> tuple[np.ndarray, np.ndarray]:
    """The least and the greatest value of each accumulator, over all int8 inputs."""
    low, high = (limit - zero_point for limit in FULL_RANGE)
    wide = sums.filters.astype(np.int64)
    return (
        np.minimum(wide * low, wide * high).sum(axis=1) + sums.bias,
        np.maximum(wide * low, wide * high).sum(axis=1) + sums.bias,
    )


def _can_requantize_channels(sums: Sums, r: Requantization) -> np.ndarray:
    least, greatest = accumulator_bounds(sums, r.input_zero_point)
    can: np.ndarray = (
        (sums.shifts >= -GREATEST_SHIFT)
        & (sums.shifts <= -1)
        & (sums.multipliers >= 1 << 30)
        & (np.maximum(-least, greatest) < ACCUMULATOR_LIMIT)
    )
    return can


def can_requantize(sums: Sums, r: Requantization) -> bool:
    """Whether `model_dsp_requantize` gives TFLM's values: right shifts only, nothing overflows."""
    return bool(_can_requantize_channels(sums, r).all())


def settle_constant_channels(sums: Sums, r: Requantization) -> Sums:
    """Channels that give the same output whatever the input: zeros, and a bias that says it.

    Training leaves such dead channels behind. Their scales, and with them bias and shift, may be
    absurd, and one of them would exclude the whole layer; only those are settled.
    """
    bounds = accumulator_bounds(sums, r.input_zero_point)
    least, greatest = (
        np.clip(
            multiply_by_quantized_multiplier(bound, sums.multipliers, sums.shifts)
            + r.output_zero_point,
            r.activation_min,
            r.activation_max,
        )
        for bound in bounds
    )
    # the output grows with the accumulator, as long as that neither overflows nor is shifted left
    monotone = (
        (sums.multipliers >= 0) & (sums.shifts <= 0) & (np.maximum(-bounds[0], bounds[1]) < 1 << 31)
    )
    settled = monotone & (least == greatest) & ~_can_requantize_channels(sums, r)
    return Sums(
        np.where(settled[:, None], 0, sums.filters).astype(np.int8),
        # 4 * y with the factor 1/4
        np.where(settled, 4 * (least - r.output_zero_point), sums.bias),
        np.where(settled, 1 << 30, sums.multipliers),
        np.where(settled, -1, sums.shifts),
    )


def can_pair(sums: Sums, r: Requantization) -> bool:
    """Whether neighbouring filters may share halfwords."""
    least, greatest = accumulator_bounds(sums, r.input_zero_point)
    return bool(
        sums.filters.min() >= -127
        and (np.maximum(-least, greatest)[0::2] < HIGH_FILTER_LIMIT).all()
    )
