"""Which values an operator takes, and in which order: windows, axes, slices, walks through memory.

Axes of length one vanish and neighbours that move together merge, so one C kernel with four loops
serves every rank.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tinyml_course.network.ir import Graph, Operator
from tinyml_course.network.parameters import Window
from tinyml_course.network.refusal import broken, refuse


def gather_patches(x: np.ndarray, window: Window, pad_value: int | float) -> np.ndarray:
    """Every position's receptive field: `(out_h, out_w, filter_h, filter_w, channels)`."""
    (n_h, n_w), (f_h, f_w) = window.output, window.filter
    top, left = window.padding
    need = [
        (window.output[i] - 1) * window.stride[i] + (window.filter[i] - 1) * window.dilation[i] + 1
        for i in range(2)
    ]
    image = x[0]
    bottom = max(need[0] - image.shape[0] - top, 0)
    right = max(need[1] - image.shape[1] - left, 0)
    image = np.pad(image, ((top, bottom), (left, right), (0, 0)), constant_values=pad_value)
    rows = np.arange(n_h)[:, None] * window.stride[0] + np.arange(f_h) * window.dilation[0]
    columns = np.arange(n_w)[:, None] * window.stride[1] + np.arange(f_w) * window.dilation[1]
    patches: np.ndarray = image[rows[:, None, :, None], columns[None, :, None, :]]
    return patches


def scatter_products(x: np.ndarray, weights: np.ndarray, window: Window) -> np.ndarray:
    """Of TRANSPOSE_CONV: the sums `(out_h, out_w, channels)`, without a bias.

    Args:
        x: `(1, in_h, in_w, in_channels)`, zero point subtracted.
        weights: `(channels, filter_h, filter_w, in_channels)`.
    """
    (n_h, n_w), (s_h, s_w), (f_h, f_w) = window.input, window.stride, window.filter
    (out_h, out_w), (top, left) = window.output, window.padding
    sums = np.zeros((n_h * s_h + f_h + out_h, n_w * s_w + f_w + out_w, len(weights)), x.dtype)
    for i in range(f_h):
        for j in range(f_w):
            sums[i : i + n_h * s_h : s_h, j : j + n_w * s_w : s_w] += x[0] @ weights[:, i, j].T
    return sums[top : top + out_h, left : left + out_w]


def mean_axes(graph: Graph, operator: Operator) -> tuple[int, ...]:
    """The axes of a MEAN, non-negative and in order."""
    rank = len(graph.input_of(operator, 0).shape)
    return tuple(sorted({int(a) % rank for a in graph.input_of(operator, 1).values.reshape(-1)}))


@dataclass(frozen=True)
class MeanGeometry:
    """A MEAN as three loops: value [o][r][i] is summed over r."""

    outer: int
    reduced: int
    inner: int


def mean_geometry(graph: Graph, operator: Operator) -> MeanGeometry:
    """How a MEAN walks through memory.

    Raises:
        UnsupportedOperatorError: the axes that are averaged do not lie side by side.
    """
    shape = graph.input_of(operator, 0).shape
    axes = mean_axes(graph, operator)
    kinds = [(axis in axes, size) for axis, size in enumerate(shape) if size > 1]
    reduced = [i for i, (is_reduced, _) in enumerate(kinds) if is_reduced]
    if not reduced:
        return MeanGeometry(math.prod(shape), 1, 1)
    first, last = reduced[0], reduced[-1]
    if last - first + 1 != len(reduced):
        raise refuse(graph, operator, "axes that are not neighbours", "Use two Means")
    sizes = [size for _, size in kinds]
    return MeanGeometry(
        math.prod(sizes[:first]), math.prod(sizes[first : last + 1]), math.prod(sizes[last + 1 :])
    )


@dataclass(frozen=True)
class Walk:
    """Four nested loops: `count` steps, each `step` elements further in the source."""

    start: int
    count: tuple[int, int, int, int]
    step: tuple[int, int, int, int]


def _strides(shape: tuple[int, ...]) -> list[int]:
    return [math.prod(shape[i + 1 :]) for i in range(len(shape))]


def _walk(start: int, counts: list[int], steps: list[int]) -> Walk | None:
    """Drops loops of one turn, merges a loop with the one inside that it continues."""
    merged: list[tuple[int, int]] = []
    for count, step in zip(counts, steps, strict=True):
        if count == 1:
            continue
        if merged and merged[-1][1] == step * count:
            merged[-1] = (merged[-1][0] * count, step)
        else:
            merged.append((count, step))
    if len(merged) > 4:
        return None
    a, b, c, d = [(1, 0)] * (4 - len(merged)) + merged
    return Walk(start, (a[0], b[0], c[0], d[0]), (a[1], b[1], c[1], d[1]))


def transpose_geometry(graph: Graph, operator: Operator) -> Walk:
    """Where each output value of a TRANSPOSE comes from.

    Raises:
        UnsupportedOperatorError: more than four loops remain.
    """
    shape = graph.input_of(operator, 0).shape
    permutation = [int(a) for a in graph.input_of(operator, 1).values.reshape(-1)]
    strides = _strides(shape)
    walk = _walk(0, [shape[a] for a in permutation], [strides[a] for a in permutation])
    if walk is None:
        raise refuse(graph, operator, "more than four dimensions move", "Transpose in two steps")
    return walk


def block_geometry(graph: Graph, operator: Operator) -> Walk:
    """Where each output value of a DEPTH_TO_SPACE or SPACE_TO_DEPTH comes from.

    A block's values lie in rows: two of its four loops change places, row by row.
    """
    size = operator.options["block_size"]
    spread = operator.kind == "DEPTH_TO_SPACE"
    small = graph.input_of(operator, 0) if spread else graph.output_of(operator)
    _, height, width, depth = small.shape
    row = depth // size
    if spread:
        counts = [height, size, width, row]
        steps = [width * depth, row, depth, 1]
    else:
        counts = [height, width, size, row]
        steps = [width * depth, row, width * row, 1]
    return Walk(0, tuple_of_four(counts), tuple_of_four(steps))


def tuple_of_four(values: list[int]) -> tuple[int, int, int, int]:
    """Four numbers, as a loop's counts and steps are."""
    a, b, c, d = values
    return a, b, c, d


def slices_of(graph: Graph, operator: Operator) -> tuple[slice | int, ...]:
    """Of STRIDED_SLICE and SLICE: what to take along each axis."""
    if operator.kind == "SLICE":
        first, sizes = (graph.input_of(operator, i).values.reshape(-1) for i in (1, 2))
        return tuple(
            slice(int(a), None if n == -1 else int(a + n))
            for a, n in zip(first, sizes, strict=True)
        )
    begin, end, stride = (graph.input_of(operator, i).values for i in (1, 2, 3))
    return slices_of_values(operator, begin, end, stride)


def slices_of_values(
    operator: Operator, begin: np.ndarray, end: np.ndarray, stride: np.ndarray
) -> tuple[slice | int, ...]:
    """The same, of constants that are at hand."""
    options = operator.options
    taken: list[slice | int] = []
    for axis, (first, last, step) in enumerate(
        zip(begin.reshape(-1), end.reshape(-1), stride.reshape(-1), strict=True)
    ):
        if options["shrink_axis_mask"] >> axis & 1:
            taken.append(int(first))
            continue
        taken.append(
            slice(
                None if options["begin_mask"] >> axis & 1 else int(first),
                None if options["end_mask"] >> axis & 1 else int(last),
                int(step),
            )
        )
    return tuple(taken)


def slice_geometry(graph: Graph, operator: Operator) -> Walk:
    """Where each output value of a STRIDED_SLICE or SLICE comes from.

    Raises:
        ExportError: it takes nothing, or what is not there.
    """
    shape = graph.input_of(operator, 0).shape
    taken = list(slices_of(graph, operator))
    taken += [slice(None)] * (len(shape) - len(taken))
    start, counts, steps = 0, [], []
    for axis, (size, stride) in enumerate(zip(shape, _strides(shape), strict=True)):
        along = taken[axis]
        if isinstance(along, int):
            if not -size <= along < size:
                raise broken(graph, operator, "the shapes do not fit")
            indices = range(along % size, along % size + 1)
        else:
            indices = range(*along.indices(size))
        if not indices:
            raise broken(graph, operator, "the shapes do not fit")
        start += indices[0] * stride
        counts.append(len(indices))
        steps.append(indices.step * stride)
    walk = _walk(start, counts, steps)
    if walk is None:
        raise broken(graph, operator, "the shapes do not fit")
    return walk


def broadcast_steps(
    shape: tuple[int, ...], output: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Counts of the output's four loops and the input's step in each (0 where it repeats)."""
    padded = (1,) * (len(output) - len(shape)) + tuple(shape)
    steps = [0 if n == 1 else stride for n, stride in zip(padded, _strides(padded), strict=True)]
    lead = 4 - len(output)
    return (1,) * lead + tuple(output), (0,) * lead + tuple(steps)


def nearest_pixels(graph: Graph, operator: Operator, axis: int) -> np.ndarray:
    """Of RESIZE_NEAREST_NEIGHBOR: which input row (axis 1) or column (axis 2) each output takes.

    Follows `GetNearestNeighbor` in `reference/resize_nearest_neighbor.h`, in float32 as it does.
    """
    n_in = graph.input_of(operator, 0).shape[axis]
    n_out = graph.output_of(operator).shape[axis]
    aligned, half = operator.options["align_corners"], operator.options["half_pixel_centers"]
    if aligned and n_out > 1:
        scale = np.float32(n_in - 1) / np.float32(n_out - 1)
    else:
        scale = np.float32(n_in) / np.float32(n_out)
    places = (np.arange(n_out, dtype=np.float32) + np.float32(0.5 if half else 0)) * scale
    nearest = np.floor(places + np.float32(0.5)) if aligned else np.floor(places)
    pixels: np.ndarray = np.clip(nearest, 0, n_in - 1).astype(np.int64)
    return pixels


def pad_amounts(graph: Graph, operator: Operator) -> list[tuple[int, int]]:
    """Of PAD: (before, after) for each axis."""
    table = graph.input_of(operator, 1).values.reshape(-1, 2)
    return [(int(before), int(after)) for before, after in table]
