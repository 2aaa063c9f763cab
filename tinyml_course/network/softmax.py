"""SOFTMAX on integers, in NumPy: fixed point for int8, two small tables for int16.

Follows `reference/softmax.h` and `softmax_common.cc` of tflite-micro. Lesson 08 shows the int8 one.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tinyml_course.network import fixed_point, parameters
from tinyml_course.network.ir import Graph, Operator

ACCUMULATOR_INTEGER_BITS = 12


def softmax_int8(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    """int8 in, along the last axis; out int8 (scale 1/256, zero point -128) or int16 likewise."""
    bits = 16 if graph.output_of(operator).dtype == "int16" else 8
    return softmax_scaled(x, parameters.softmax_scaling(graph, operator), bits)


def softmax_scaled(x: np.ndarray, scaling: parameters.SoftmaxScaling, bits: int = 8) -> np.ndarray:
    """The same from the three numbers that it needs, without a graph; out int8 or int16."""
    difference = x.astype(np.int64) - x.max(axis=-1, keepdims=True)
    counts = difference >= scaling.difference_min
    q5 = fixed_point.multiply_by_quantized_multiplier(
        np.where(counts, difference, 0), scaling.multiplier, scaling.left_shift
    )
    exps = fixed_point.exp_on_negative_values(q5, 5)
    q12 = fixed_point.rounding_divide_by_power_of_two(exps, ACCUMULATOR_INTEGER_BITS)
    total = np.where(counts, q12, 0).sum(axis=-1, keepdims=True)
    headroom = 32 - np.vectorize(lambda v: int(v).bit_length())(total)
    reciprocal = fixed_point.one_over_one_plus_x((total << headroom) - (1 << 31))
    exponent = ACCUMULATOR_INTEGER_BITS - headroom + 31 - bits
    probability = fixed_point.rounding_divide_by_power_of_two(
        fixed_point.doubling_high_multiply(reciprocal, exps), exponent
    )
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1
    return np.where(counts, np.clip(probability + low, low, high), low)


def _populate(
    function: Callable[[np.ndarray], np.ndarray],
    low: np.float32,
    high: np.float32,
    out_span: np.float32,
) -> np.ndarray:
    """513 samples of a function, each moved by half the error that a straight line makes midway.

    Args:
        low, high: the range of inputs.
        out_span: the width of the outputs' range, symmetrical around 0.
    """
    f32 = np.float32
    step = f32((f32(high) - f32(low)) / f32(512))
    half = f32(step / f32(2))
    scaling = f32(f32(65536.0) / f32(out_span))
    i = np.arange(512, dtype=np.float32)
    here = function((f32(low) + i * step).astype(f32))
    middle = function((f32(low) + i * step + half).astype(f32))
    after = function((f32(low) + (i + f32(1)) * step).astype(f32))

    def rounded(v: np.ndarray) -> np.ndarray:
        return np.where(v >= 0, np.floor(v + f32(0.5)), -np.floor(-v + f32(0.5))).astype(f32)

    sample = rounded(here * scaling)
    interpolated = rounded((after * scaling + rounded(here * scaling)) / f32(2))
    bias = rounded((interpolated - rounded(middle * scaling)) / f32(2))
    last = rounded(function(np.array([high], f32)) * scaling)
    samples: np.ndarray = np.clip(np.append(sample - bias, last), -32768, 32767)
    return samples.astype(np.int16)


def exp_table() -> np.ndarray:
    """513 values of exp() from -10 to 0, Q0.15."""
    f32 = np.float32
    input_scale = f32(f32(10.0) / f32(65535))
    output_scale = f32(f32(2.0) / f32(65535))
    return _populate(
        lambda v: np.exp(v.astype(np.float64)).astype(f32),
        input_scale * f32(-65535),
        input_scale * f32(0),
        output_scale * f32(32767) - output_scale * f32(-32768),
    )


def reciprocal_table() -> np.ndarray:
    """513 values of 1 / (1 + x) from 0 to 1, Q0.15."""
    f32 = np.float32
    input_scale = f32(f32(1.0) / f32(65535))
    output_scale = f32(f32(2.0) / f32(65535))
    return _populate(
        lambda v: (f32(1) / (f32(1) + v)).astype(f32),
        input_scale * f32(0),
        input_scale * f32(65535),
        output_scale * f32(32767) - output_scale * f32(-32768),
    )


def _look_up(table: np.ndarray, x: np.ndarray) -> np.ndarray:
    """A table at a 16-bit place: 512 steps of 128, linear in between."""
    table = table.astype(np.int64)
    index = 256 + (x >> 7)
    offset = x & 127
    base = table[index]
    slope = table[index + 1] - base
    found: np.ndarray = base + ((slope * offset + 64) >> 7)
    return found


def softmax_int16(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    """int16 in, int16 out (scale 1/32768), along the last axis."""
    multiplier = parameters.softmax16_multiplier(graph, operator)
    difference = x.astype(np.int64) - x.max(axis=-1, keepdims=True)
    scaled = fixed_point.multiply_by_quantized_multiplier(difference, *multiplier)
    exps = _look_up(exp_table(), np.clip(scaled + 32767, -32768, 32767))
    total = exps.sum(axis=-1, keepdims=True)
    headroom = 32 - np.vectorize(lambda v: int(v).bit_length())(total)
    shifted = ((total << (headroom - 1)) + (1 << 13)) >> 14
    place = np.clip(shifted - (1 << 15) - (1 << 16), -32768, 32767)
    reciprocal = _look_up(reciprocal_table(), place)
    shift = 31 - headroom
    y = (exps * reciprocal + (np.int64(1) << (shift - 1))) >> shift
    return fixed_point.clamp(y, 0, 32767)
