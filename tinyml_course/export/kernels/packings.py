"""How the fast kernels' tables read, and how to get the model's numbers out of them again.

A packed table can be traced back: the comment above it in NAME.c says how it reads, and
`tinyml verify` unpacks it and compares every weight with the model's. The functions here know the
kernels (`conv_2d_dsp.c` and its neighbours) and nothing of the code that packs, so that an error
in one of the two shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

Tables = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class FilterShape:
    """What one must know of a layer to read its tables.

    Attributes:
        channels: filters, one for each output channel.
        height, width, depth: of one filter; 1, 1 and the inputs for a dense layer; depth 1 for a
            depthwise one.
        zero_point: of the input.
        walks_down: a 3x3 depthwise kernel that goes down columns has its filters transposed.
        inputs_at_a_time: of a dense layer whose kernel takes its inputs in parts.
    """

    channels: int
    height: int
    width: int
    depth: int
    zero_point: int
    walks_down: bool = False
    inputs_at_a_time: int = 0

    @property
    def products(self) -> int:
        """How many products an output sums."""
        return self.height * self.width * self.depth


@dataclass(frozen=True)
class Unpacked:
    """A layer's numbers, in the model's order.

    Attributes:
        weights: int64 (channels, products), products by row, column, input channel.
        bias, multipliers, shifts: int64 (channels,); shifts are negative to the right.
    """

    weights: np.ndarray
    bias: np.ndarray
    multipliers: np.ndarray
    shifts: np.ndarray


@dataclass(frozen=True)
class Packing:
    """comments: for each table, how it reads. unpack: all tables of a layer, in C's flat order."""

    comments: Mapping[str, str]
    unpack: Callable[[Tables, FilterShape], Unpacked]


def find_packing(kernels: tuple[str, ...]) -> Packing | None:
    """The packing of a layer that runs these kernels ("conv_2d_dsp", "depthwise_3x3_dsp:50")."""
    found = (PACKINGS.get(kernel.partition(":")[0]) for kernel in kernels)
    return next((packing for packing in found if packing), None)


def inputs_at_a_time(kernels: tuple[str, ...]) -> int:
    """The number behind the name of a dense kernel, as in "fully_connected_deep_dsp:256", or 0."""
    numbers = [k.partition(":")[2] for k in kernels if k.startswith("fully_connected_")]
    return next((int(number) for number in numbers if number.isdecimal()), 0)


def _wrapped(values: np.ndarray) -> np.ndarray:
    """int64 as int32 arithmetic leaves it."""
    low: np.ndarray = (values + (1 << 31)) % (1 << 32) - (1 << 31)
    return low


def _in_order(count: int) -> np.ndarray:
    """Which place each product has where groups of four come as 0 2 1 3."""
    places = np.arange(count)
    groups = places[: count // 4 * 4].reshape(-1, 4)
    groups[:] = groups[:, [0, 2, 1, 3]]
    return places


def _four_rows(words: np.ndarray, depth: int) -> np.ndarray:
    """Blocks of four filters as int64 (filters, depth): halfwords 256 * a + b, pairs in turns."""
    halfwords = np.ascontiguousarray(words.astype("<i4")).view("<i2").astype(np.int64)
    # block, word, which pair of the four filters, which half of the word
    blocks = halfwords.reshape(-1, depth // 2, 2, 2)
    low = (blocks + 128) % 256 - 128
    high = (blocks - low) // 256
    rows = np.stack([high, low], axis=3)  # block, word, pair, first or second of the pair, half
    return rows.transpose(0, 2, 3, 1, 4).reshape(-1, depth)


def _starts(pairs: np.ndarray) -> np.ndarray:
    """Where sums begin: 256 * a + b, b one after the other, back to a, b."""
    both, second = pairs.reshape(-1, 2).T.astype(np.int64)
    first = (_wrapped(both - second)) >> 8
    return np.stack([first, second], axis=1).reshape(-1)


def _up_to_four(count: int) -> int:
    return -(-count // 4) * 4


def _conv_2d_dsp(tables: Tables, shape: FilterShape) -> Unpacked:
    n, row = shape.channels, shape.width * shape.depth
    even_row = row + row % 2
    depth = _up_to_four(shape.height * even_row)
    rows = _four_rows(tables["filter"], depth)[:n, : shape.height * even_row]
    rows = rows.reshape(n, shape.height, even_row)[:, :, _in_order(row)]
    blocks = tables["channels"].astype(np.int64).reshape(-1, 12)
    scaling = blocks[:, 4:].reshape(-1, 2)[:n]
    bias = _starts(blocks[:, :4])[:n]
    return Unpacked(rows.reshape(n, -1), bias, scaling[:, 0], -scaling[:, 1] - 1)


def _scales(tables: Tables, channels: int) -> np.ndarray:
    """Multiplier and shift of each channel, also where one pair serves all."""
    scaling = tables["scaling"].astype(np.int64).reshape(-1, 2)
    return np.resize(scaling, (channels, 2)) if len(scaling) == 1 else scaling[:channels]


def _fully_connected_dsp(tables: Tables, shape: FilterShape) -> Unpacked:
    n, depth = shape.channels, shape.depth
    rows = _four_rows(tables["weights"], _up_to_four(depth))[:n, _in_order(depth)]
    scaling = _scales(tables, n)
    return Unpacked(rows, _starts(tables["begin"])[:n], scaling[:, 0], -scaling[:, 1] - 1)


def _fully_connected_deep_dsp(tables: Tables, shape: FilterShape) -> Unpacked:
    n, words = shape.channels, tables["weights"]
    parts, begin = [], 0
    for at in range(0, shape.depth, shape.inputs_at_a_time):
        count = min(shape.inputs_at_a_time, shape.depth - at)
        size = _up_to_four(n) // 2 * _up_to_four(count) // 2
        rows = _four_rows(words[begin : begin + size], _up_to_four(count))
        parts.append(rows[:n, _in_order(count)])
        begin += size
    bias, scaling = tables["bias"].astype(np.int64)[:n], _scales(tables, n)
    return Unpacked(np.concatenate(parts, axis=1), bias, scaling[:, 0], -scaling[:, 1] - 1)


def _as_in_the_file(tables: Tables, shape: FilterShape) -> tuple[np.ndarray, np.ndarray]:
    """Depthwise filters, channels last, and the table of bias, multiplier and shift."""
    weights = tables["filter"].astype(np.int64).reshape(-1, shape.channels).T
    return weights, tables["channels"].astype(np.int64).reshape(-1, 3)


def _depthwise_conv_2d_dsp(tables: Tables, shape: FilterShape) -> Unpacked:
    weights, scales = _as_in_the_file(tables, shape)
    return Unpacked(weights, scales[:, 0], scales[:, 1], -scales[:, 2] - 1)


def _depthwise_conv_2d_small(tables: Tables, shape: FilterShape) -> Unpacked:
    weights, scales = _as_in_the_file(tables, shape)
    return Unpacked(weights, scales[:, 0], scales[:, 1], -scales[:, 2])


def _unfolded(folded: np.ndarray, weights: np.ndarray, shape: FilterShape) -> np.ndarray:
    """The bias without the input's zero point."""
    return _wrapped(folded.astype(np.int64) + shape.zero_point * weights.sum(axis=1))


def _nine(tables: Tables, shape: FilterShape) -> np.ndarray:
    filters = tables["filter"].astype(np.int64).reshape(shape.channels, 3, 3)
    if shape.walks_down:
        filters = filters.transpose(0, 2, 1)
    return filters.reshape(shape.channels, 9)


def _depthwise_3x3_dsp(tables: Tables, shape: FilterShape) -> Unpacked:
    weights = _nine(tables, shape)
    folded, multipliers, shifts = tables["channels"].astype(np.int64).reshape(-1, 3).T
    return Unpacked(weights, _unfolded(folded, weights, shape), multipliers, -shifts - 1)


def _depthwise_3x3_small(tables: Tables, shape: FilterShape) -> Unpacked:
    weights = _nine(tables, shape)
    folded, multipliers, shifts = tables["channels"].astype(np.int64).reshape(-1, 3).T
    return Unpacked(weights, _unfolded(folded, weights, shape), multipliers, -shifts)


def _conv_2d_small(tables: Tables, shape: FilterShape) -> Unpacked:
    rows = np.ascontiguousarray(tables["filter"].astype("<i4")).view("<i1").astype(np.int64)
    weights = rows.reshape(shape.channels, -1)[:, : shape.products]
    folded, multipliers, shifts = tables["channels"].astype(np.int64).reshape(-1, 3).T
    return Unpacked(weights, _unfolded(folded, weights, shape), multipliers, -shifts)


def _fully_connected_small(tables: Tables, shape: FilterShape) -> Unpacked:
    weights = tables["weights"].astype(np.int64).reshape(shape.channels, -1)
    scaling = _scales(tables, shape.channels)
    bias = _unfolded(tables["begin"], weights, shape)
    return Unpacked(weights, bias, scaling[:, 0], -scaling[:, 1])


def _fully_connected_thumb1(tables: Tables, shape: FilterShape) -> Unpacked:
    n, words = shape.channels, tables["weights"].astype("<u4")
    parts, begin, pairs = [], 0, 0
    for at in range(0, shape.depth, shape.inputs_at_a_time):
        count = min(shape.inputs_at_a_time, shape.depth - at)
        even = count + count % 2
        size = _up_to_four(n) // 4 * even
        rows = np.ascontiguousarray(words[begin : begin + size]).view("<u1").astype(np.int64) - 128
        parts.append(rows.reshape(-1, even, 4).transpose(0, 2, 1).reshape(-1, even)[:n, :count])
        begin += size
        pairs += even // 2
    weights = np.concatenate(parts, axis=1)
    # of rows 0 and 2, then of 1 and 3: all and high
    starts = tables["begin"].astype(np.int64).reshape(-1, 2, 2)
    low = _wrapped(starts[:, :, 0] - 65536 * starts[:, :, 1] + 32768 * pairs)
    folded = np.stack([low, starts[:, :, 1]], axis=1).reshape(-1)[:n]
    scaling = _scales(tables, n)
    return Unpacked(weights, _unfolded(folded, weights, shape), scaling[:, 0], -scaling[:, 1])


_PAIRS = (
    "two rows a, b in a halfword, 256 * a + b; words of the pairs (0, 1), (2, 3) of four rows take "
    "turns"
)
_FOLDED = "bias minus zero point times sum of weights, multiplier, right shift"
PACKINGS: dict[str, Packing] = {
    "conv_2d_dsp": Packing(
        {
            "filter": f"{_PAIRS}; of a row of the filter, groups of four values come as 0 2 1 3",
            "channels": "of four filters: biases as 256 * a + b, b, 256 * c + d, d; then of each "
            "multiplier, right shift - 1",
        },
        _conv_2d_dsp,
    ),
    "fully_connected_dsp": Packing(
        {
            "weights": f"{_PAIRS}; groups of four inputs come as 0 2 1 3",
            "begin": "biases of four outputs as 256 * a + b, b, 256 * c + d, d",
            "scaling": "multiplier, right shift - 1; one pair if it serves all outputs",
        },
        _fully_connected_dsp,
    ),
    "fully_connected_deep_dsp": Packing(
        {
            "weights": f"some inputs after the other, of each part {_PAIRS}; groups of four inputs "
            "come as 0 2 1 3",
            "scaling": "multiplier, right shift - 1; one pair if it serves all outputs",
        },
        _fully_connected_deep_dsp,
    ),
    "depthwise_conv_2d_dsp": Packing(
        {"channels": "of each: bias, multiplier, right shift - 1"}, _depthwise_conv_2d_dsp
    ),
    "depthwise_conv_2d_small": Packing(
        {"channels": "of each: bias, multiplier, right shift"}, _depthwise_conv_2d_small
    ),
    "depthwise_3x3_dsp": Packing(
        {
            "filter": "nine weights a channel, along the walk",
            "channels": f"of each: {_FOLDED} - 1",
        },
        _depthwise_3x3_dsp,
    ),
    "conv_2d_small": Packing(
        {
            "filter": "filter after filter, four weights in a word, the first in its lowest byte",
            "channels": f"of each: {_FOLDED}",
        },
        _conv_2d_small,
    ),
    "depthwise_3x3_small": Packing(
        {
            "filter": "nine weights a channel, along the walk",
            "channels": f"of each: {_FOLDED}",
        },
        _depthwise_3x3_small,
    ),
    "fully_connected_small": Packing(
        {
            "begin": "biases minus zero point times sum of weights",
            "scaling": "multiplier, right shift; one pair if it serves all outputs",
        },
        _fully_connected_small,
    ),
    "fully_connected_thumb1": Packing(
        {
            "weights": "some inputs after the other, of each part four rows after the other; a "
            "word is an input's weights in four rows, each plus 128, the first row's in its "
            "lowest byte",
            "begin": "of four rows, with the bias minus zero point times sum of weights: 65536 * "
            "row 2 + row 0 - 32768 for each two inputs, row 2; the same of rows 3 and 1",
            "scaling": "multiplier, right shift; one pair if it serves all outputs",
        },
        _fully_connected_thumb1,
    ),
}
