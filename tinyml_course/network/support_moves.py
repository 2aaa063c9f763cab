"""Shapes of operators that move values or look between them: SLICE, blocks, PADV2, resizing."""

from __future__ import annotations

import numpy as np

from tinyml_course.network.geometry import slice_geometry, slices_of
from tinyml_course.network.ir import Graph, Operator
from tinyml_course.network.refusal import broken, refuse


def check_slice(graph: Graph, operator: Operator) -> None:
    """SLICE with constant bounds."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    begin, size = (graph.input_of(operator, i).values.reshape(-1) for i in (1, 2))
    rank = len(source.shape)
    if len(begin) != rank or len(size) != rank:
        raise broken(graph, operator, "begin and size must name every axis")
    fits = all(
        0 <= first <= n and (count == -1 or 0 < count <= n - first)
        for n, first, count in zip(source.shape, begin, size, strict=True)
    )
    if not fits or np.empty(source.shape, bool)[slices_of(graph, operator)].shape != output.shape:
        raise broken(graph, operator, "the shapes do not fit")
    if rank > 4:
        raise refuse(graph, operator, "more than four dimensions", "Reshape before the layer")
    slice_geometry(graph, operator)


def check_blocks(graph: Graph, operator: Operator) -> None:
    """DEPTH_TO_SPACE and SPACE_TO_DEPTH."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    size = operator.options["block_size"]
    small, large = source, output
    if operator.kind == "SPACE_TO_DEPTH":
        small, large = output, source
    if len(source.shape) != 4 or len(output.shape) != 4 or not 1 <= size <= 1 << 12:
        raise broken(graph, operator, "four dimensions and a block of at least 1 are needed")
    n, height, width, depth = small.shape
    if depth % size**2 or (n, height * size, width * size, depth // size**2) != large.shape:
        raise broken(graph, operator, "the shapes do not fit")
    if n != 1:
        raise refuse(graph, operator, "a batch of more than one", "Fix the batch size to 1")


def check_resize(graph: Graph, operator: Operator) -> None:
    """RESIZE_NEAREST_NEIGHBOR and RESIZE_BILINEAR."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    size = graph.input_of(operator, 1)
    if len(source.shape) != 4 or size.shape != (2,):
        raise broken(graph, operator, "four dimensions and a size of two numbers are needed")
    if output.shape != (source.shape[0], *map(int, size.values), source.shape[3]):
        raise broken(graph, operator, "the shapes do not fit")
    if source.shape[0] != 1:
        raise refuse(graph, operator, "a batch of more than one", "Fix the batch size to 1")
    if max(*source.shape, *output.shape) > 32767:
        raise refuse(graph, operator, "a side of more than 32,767", "Use a smaller input")
    options = operator.options
    if operator.kind == "RESIZE_BILINEAR" and (
        options["align_corners"] and options["half_pixel_centers"]
    ):
        raise refuse(
            graph, operator, "aligned corners and half pixels, TFLM refuses that too", "Choose one"
        )


def check_prelu(graph: Graph, operator: Operator) -> None:
    """PRELU: the slopes repeat, the values do not."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    slopes = graph.input_of(operator, 1)
    try:
        shape = np.broadcast_shapes(source.shape, slopes.shape)
    except ValueError as error:
        raise broken(graph, operator, str(error)) from error
    if not shape == source.shape == output.shape or len(shape) > 4:
        raise refuse(
            graph,
            operator,
            "these shapes do not broadcast in four dimensions",
            "Reshape before the layer",
        )
