"""What a layer adds up for each output channel, and when the fast kernels round it as TFLM does.

The fast kernels of all core families round in 32 bits what TFLM rounds in 64, for right shifts and
accumulators below 2^29. A layer whose weights and scales do not prove that keeps the readable
kernel; a channel that never changes its output is settled first, so that its absurd scale does not
throw out the rest. Lesson 08 counts what the fast kernels save.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyml_course.network.fixed_point import multiply_by_quantized_multiplier, wrap_int32
from tinyml_course.network.ir import Graph, Operator
from tinyml_course.network.parameters import Requantization

FULL_RANGE = (-128, 127)
ACCUMULATOR_LIMIT = 1 << 29  # doubled, and the rounding added, it must fit int32
GREATEST_SHIFT = 22  # of the result; the rounding is up to 255 * 2**(shift - 1)


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


def layer_sums(
    graph: Graph, operator: Operator, filters: np.ndarray, r: Requantization
) -> Sums | None:
    """What a layer computes, its constant channels settled; None if it cannot be requantized.

    filters: int8, channels first.
    """
    bias = graph.optional_input_of(operator, 2)
    sums = gather_sums(filters, None if bias is None else bias.values, r)
    sums = settle_constant_channels(sums, r)
    return sums if can_requantize(sums, r) else None


def folded_bias(sums: Sums, zero_point: int) -> np.ndarray:
    """The bias for a kernel that multiplies inputs as they are, their zero point not subtracted."""
    folded: np.ndarray = wrap_int32(
        sums.bias - zero_point * sums.filters.astype(np.int64).sum(axis=1)
    )
    return folded
