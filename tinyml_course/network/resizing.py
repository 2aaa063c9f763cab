"""RESIZE_BILINEAR: which two rows and columns an output lies between, and how far from the first.

On int8 the distances are integers, in 1024ths, as in `reference/resize_bilinear.h` of tflite-micro;
on float32 they are float32.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinyml_course.network.ir import Graph, Operator

ONE = 1 << 10  # the distance between two rows


@dataclass(frozen=True)
class Between:
    """Along one axis, for each output: the input before it, the one behind it, and the distance."""

    before: np.ndarray
    behind: np.ndarray
    distance: np.ndarray


def between(graph: Graph, operator: Operator, axis: int) -> Between:
    """Rows (axis 1) or columns (axis 2)."""
    n_in = graph.input_of(operator, 0).shape[axis]
    n_out = graph.output_of(operator).shape[axis]
    aligned = operator.options["align_corners"] and n_out > 1
    half = operator.options["half_pixel_centers"]
    turns, gaps = (n_out - 1, n_in - 1) if aligned else (n_out, n_in)
    i = np.arange(n_out)
    if graph.input_of(operator, 0).dtype == "float32":
        scale = np.float32(gaps) / np.float32(turns)
        place = i.astype(np.float32) * scale
        if half:
            place = (i.astype(np.float32) + np.float32(0.5)) * scale - np.float32(0.5)
        before = np.maximum(np.floor(place), 0).astype(np.int64)
        behind = np.minimum(np.ceil(place).astype(np.int64), n_in - 1)
        return Between(before, behind, (place - before).astype(np.float32))
    step = (ONE * gaps + turns // 2) // turns
    at = i * step + (step // 2 - ONE // 2 if half else 0)
    before = np.maximum(np.where(at >= 0, at // ONE, -(-at // ONE)), 0)
    behind = np.minimum((at + ONE - 1) // ONE, n_in - 1)
    return Between(before, behind, at - ONE * before)


def resize_bilinear(
    graph: Graph, operator: Operator, x: np.ndarray, _size: np.ndarray
) -> np.ndarray:
    """On int8 and float32."""
    is_float = x.dtype == np.float32
    one = np.float32(1) if is_float else ONE
    image = x[0] if is_float else x[0].astype(np.int64)
    rows, columns = between(graph, operator, 1), between(graph, operator, 2)
    down, right = rows.distance[:, None, None], columns.distance[None, :, None]
    upper, lower = image[rows.before], image[rows.behind]
    total = (
        upper[:, columns.before] * (one - down) * (one - right)
        + lower[:, columns.before] * down * (one - right)
        + upper[:, columns.behind] * (one - down) * right
        + lower[:, columns.behind] * down * right
    )
    if is_float:
        return np.asarray(total)
    half = 1 << 19
    return np.asarray(np.where(total > 0, (total + half) >> 20, -((half - total) >> 20)))
