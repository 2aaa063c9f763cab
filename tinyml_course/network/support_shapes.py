"""Shapes and constants that must fit each other, checked operator by operator.

A damaged file that still parses ends here. `support` calls these after types and scales.
"""

from __future__ import annotations

import numpy as np

from tinyml_course.errors import UnsupportedOperatorError
from tinyml_course.network import elementwise, parameters
from tinyml_course.network.geometry import mean_geometry, slice_geometry, transpose_geometry
from tinyml_course.network.ir import Graph, Operator
from tinyml_course.network.refusal import broken, refuse
from tinyml_course.network.support_moves import (
    check_blocks,
    check_prelu,
    check_resize,
    check_slice,
)
from tinyml_course.network.support_recurrent import MAX_ACCUM_DEPTH, check_lstm, check_svdf

MAX_REDUCED = 65_535  # values that MEAN and SUM add up


def check_slice_options(operator: Operator) -> None:
    """Refuse a STRIDED_SLICE with an ellipsis, a new axis or offsets."""
    options = operator.options
    if options["ellipsis_mask"] or options["new_axis_mask"] or options["offset"]:
        raise UnsupportedOperatorError(
            f"STRIDED_SLICE ({operator.name!r}) uses an ellipsis or a new axis. Slice every axis"
        )


def _check_window(graph: Graph, operator: Operator) -> None:
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    if len(source.shape) != 4 or len(output.shape) != 4:
        raise broken(graph, operator, "four dimensions are needed")
    if source.shape[0] != 1 or output.shape[0] != 1:
        raise refuse(graph, operator, "a batch of more than one", "Fix the batch size to 1")
    if max(*source.shape, *output.shape) > 32767:
        raise refuse(graph, operator, "a side of more than 32,767", "Use a smaller input")
    channels = output.shape[3]
    if operator.kind in ("CONV_2D", "DEPTHWISE_CONV_2D"):
        weights, bias = graph.input_of(operator, 1), graph.optional_input_of(operator, 2)
        if len(weights.shape) != 4:
            raise broken(graph, operator, "four dimensions are needed")
        if operator.kind == "CONV_2D":
            if source.shape[3] % weights.shape[3] or weights.shape[0] != channels:
                raise broken(graph, operator, "the filter's shape does not fit")
            if weights.shape[3] != source.shape[3]:
                raise refuse(
                    graph,
                    operator,
                    "a grouped convolution",
                    "Use separate convolutions and a Concatenate",
                )
            depth = weights.elements // channels
        else:
            if (
                weights.shape[0] != 1
                or weights.shape[3] != channels
                or (channels != source.shape[3] * operator.options["depth_multiplier"])
            ):
                raise broken(graph, operator, "the filter's shape does not fit")
            depth = weights.shape[1] * weights.shape[2]
        if bias is not None and bias.elements != channels:
            raise broken(graph, operator, "the bias has the wrong length")
        if depth > MAX_ACCUM_DEPTH:
            raise refuse(graph, operator, f"sums {depth} products", "Use a smaller filter")
    elif channels != source.shape[3]:
        raise broken(graph, operator, "pooling keeps the number of channels")
    parameters.window(graph, operator)
    if operator.kind == "AVERAGE_POOL_2D" and source.dtype != "float32":
        _check_average(graph, operator)


def _check_average(graph: Graph, operator: Operator) -> None:
    """A sum and half of the count, for rounding, must fit an int32 accumulator, TFLM's as ours."""
    source, options = graph.input_of(operator, 0), operator.options
    averaged = min(options["filter_height"], source.shape[1]) * min(
        options["filter_width"], source.shape[2]
    )
    greatest = -parameters.LIMITS[source.dtype][0]
    most = ((1 << 32) - 1) // (2 * greatest + 1)
    if averaged > most:
        raise refuse(
            graph,
            operator,
            f"it averages {averaged:,} values of {source.dtype}, at most {most:,} are supported",
            "Use a smaller window, or pool twice",
        )


def _check_transpose_conv(graph: Graph, operator: Operator) -> None:
    source, weights = graph.input_of(operator, 0), graph.input_of(operator, 1)
    bias, output = graph.optional_input_of(operator, 2), graph.output_of(operator)
    if not len(source.shape) == len(weights.shape) == len(output.shape) == 4:
        raise broken(graph, operator, "four dimensions are needed")
    if source.shape[0] != 1 or output.shape[0] != 1:
        raise refuse(graph, operator, "a batch of more than one", "Fix the batch size to 1")
    if max(*source.shape, *output.shape) > 32767:
        raise refuse(graph, operator, "a side of more than 32,767", "Use a smaller input")
    channels = output.shape[3]
    if weights.shape[0] != channels or weights.shape[3] != source.shape[3]:
        raise broken(graph, operator, "the filter's shape does not fit")
    if bias is not None and bias.elements != channels:
        raise broken(graph, operator, "the bias has the wrong length")
    depth = weights.elements // channels
    if depth > MAX_ACCUM_DEPTH:
        raise refuse(graph, operator, f"sums {depth} products", "Use a smaller filter")
    parameters.window(graph, operator)


def _check_fully_connected(graph: Graph, operator: Operator) -> None:
    source, weights = graph.input_of(operator, 0), graph.input_of(operator, 1)
    bias, output = graph.optional_input_of(operator, 2), graph.output_of(operator)
    if len(weights.shape) != 2 or operator.options["weights_format"] != 0:
        raise refuse(graph, operator, "weights in a special format", "Convert without delegates")
    channels, depth = weights.shape
    if depth > MAX_ACCUM_DEPTH:
        raise refuse(graph, operator, f"sums {depth} products", "Use a smaller layer")
    if (
        source.elements % depth
        or output.elements != source.elements // depth * channels
        or (output.shape[-1:] != (channels,) or (bias is not None and bias.elements != channels))
    ):
        raise broken(graph, operator, "the shapes do not fit")


def _check_broadcast(graph: Graph, operator: Operator) -> None:
    shapes = [graph.input_of(operator, i).shape for i in (0, 1)]
    try:
        shape = np.broadcast_shapes(*shapes)
    except ValueError as error:
        raise broken(graph, operator, str(error)) from error
    if shape != graph.output_of(operator).shape or len(shape) > 4:
        raise refuse(
            graph,
            operator,
            "these shapes do not broadcast in four dimensions",
            "Reshape before the layer",
        )
    if graph.output_of(operator).dtype != "float32" and operator.kind in ("ADD", "SUB"):
        parameters.addition(graph, operator)
    if graph.output_of(operator).dtype != "float32" and operator.kind == "DIV":
        parameters.division(graph, operator)
    if graph.output_of(operator).dtype != "float32" and operator.kind == "SQUARED_DIFFERENCE":
        parameters.squared_difference(graph, operator)


def _check_quantize(graph: Graph, operator: Operator) -> None:
    _check_same_elements(graph, operator)
    for tensor in (graph.input_of(operator, 0), graph.output_of(operator)):
        if tensor.dtype != "int32":
            continue
        if tensor.quantization is None or tensor.zero_point != 0:
            raise refuse(
                graph,
                operator,
                f"{tensor.name!r} needs a scale and the zero point 0, as all int32 values",
                "Convert with a current TensorFlow",
            )


def _check_same_elements(graph: Graph, operator: Operator) -> None:
    if graph.input_of(operator, 0).elements != graph.output_of(operator).elements:
        raise broken(graph, operator, "the number of values changes")


def _check_softmax(graph: Graph, operator: Operator) -> None:
    source = graph.input_of(operator, 0)
    _check_same_elements(graph, operator)
    if not source.shape or source.shape[-1] > 4095:
        raise refuse(graph, operator, "1 to 4095 classes are supported", "Use fewer classes")
    if source.dtype == "int8":
        parameters.softmax_scaling(graph, operator)


def _check_mean(graph: Graph, operator: Operator) -> None:
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    axes = graph.input_of(operator, 1).values.reshape(-1)
    rank = len(source.shape)
    if any(not -rank <= a < rank for a in axes):
        raise broken(graph, operator, "an axis that is not there")
    geometry = mean_geometry(graph, operator)
    if geometry.outer * geometry.inner != output.elements:
        raise broken(graph, operator, "the shapes do not fit")
    if geometry.reduced > MAX_REDUCED:
        raise refuse(
            graph,
            operator,
            f"it sums {geometry.reduced:,} values, at most {MAX_REDUCED:,} are supported",
            "Pool before it, or reduce one axis after the other",
        )


def _check_pad(graph: Graph, operator: Operator) -> None:
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    table = graph.input_of(operator, 1).values
    if table.size != 2 * len(source.shape) or (table < 0).any() or (table > 1 << 20).any():
        raise broken(graph, operator, "the paddings do not fit")
    padded = tuple(
        n + int(a) + int(b) for n, (a, b) in zip(source.shape, table.reshape(-1, 2), strict=True)
    )
    if padded != output.shape:
        raise broken(graph, operator, "the shapes do not fit")
    if len(source.shape) > 4:
        raise refuse(graph, operator, "more than four dimensions", "Reshape before the layer")
    if operator.kind == "PADV2" and graph.input_of(operator, 2).elements != 1:
        raise broken(graph, operator, "one value to fill with is needed")


def _check_concatenation(graph: Graph, operator: Operator) -> None:
    output = graph.output_of(operator)
    parts = [graph.tensors[i] for i in operator.inputs if i is not None]
    rank = len(output.shape)
    axis = operator.options["axis"]
    if len(parts) != len(operator.inputs) or not -rank <= axis < rank:
        raise broken(graph, operator, "the shapes do not fit")
    if (
        output.dtype not in ("int8", "int16", "float32")
        or any(p.dtype != output.dtype for p in parts)
        or operator.options["fused_activation_function"] != "NONE"
    ):
        raise refuse(
            graph,
            operator,
            "parts must be of one type",
            "Concatenate values of one type",
        )
    axis %= rank
    fits = all(
        len(p.shape) == rank
        and all(
            a == b for i, (a, b) in enumerate(zip(p.shape, output.shape, strict=True)) if i != axis
        )
        for p in parts
    )
    if not fits or sum(p.shape[axis] for p in parts) != output.shape[axis]:
        raise broken(graph, operator, "the shapes do not fit")


def _check_pack(graph: Graph, operator: Operator) -> None:
    output = graph.output_of(operator)
    parts = [graph.tensors[i] for i in operator.inputs if i is not None]
    rank, axis = len(output.shape), operator.options["axis"]
    if len(parts) != len(operator.inputs) or not -rank <= axis < rank:
        raise broken(graph, operator, "the shapes do not fit")
    if output.dtype not in ("int8", "int16", "float32") or any(
        part.dtype != output.dtype for part in parts
    ):
        raise refuse(
            graph,
            operator,
            "parts must be of one type",
            "Stack values of one type",
        )
    axis %= rank
    shape = output.shape[:axis] + output.shape[axis + 1 :]
    count = operator.options["values_count"]
    if count != len(parts) or count != output.shape[axis] or any(p.shape != shape for p in parts):
        raise broken(graph, operator, "the shapes do not fit")


def _check_gather(graph: Graph, operator: Operator) -> None:
    source, indices = graph.input_of(operator, 0), graph.input_of(operator, 1)
    rank, axis = len(source.shape), operator.options["axis"]
    if not -rank <= axis < rank:
        raise broken(graph, operator, "an axis that is not there")
    if operator.options["batch_dims"]:
        raise refuse(graph, operator, "indices in batches", "Gather along one axis")
    axis %= rank
    size = source.shape[axis]
    if source.shape[:axis] + indices.shape + source.shape[axis + 1 :] != (
        graph.output_of(operator).shape
    ) or not all(0 <= i < size for i in indices.values.reshape(-1)):
        raise broken(graph, operator, "the shapes do not fit")
    if size > 65536:
        raise refuse(graph, operator, "an axis of more than 65,536", "Gather from less")


def _check_reduce_max(graph: Graph, operator: Operator) -> None:
    rank = len(graph.input_of(operator, 0).shape)
    if any(not -rank <= a < rank for a in graph.input_of(operator, 1).values.reshape(-1)):
        raise broken(graph, operator, "an axis that is not there")
    geometry = mean_geometry(graph, operator)
    if geometry.outer * geometry.inner != graph.output_of(operator).elements:
        raise broken(graph, operator, "the shapes do not fit")


def _check_arg_max(graph: Graph, operator: Operator) -> None:
    if graph.input_of(operator, 1).elements != 1:
        raise refuse(graph, operator, "several axes", "Search along one axis")
    _check_reduce_max(graph, operator)


def _check_transpose(graph: Graph, operator: Operator) -> None:
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    permutation = [int(a) for a in graph.input_of(operator, 1).values.reshape(-1)]
    if sorted(permutation) != list(range(len(source.shape))) or (
        tuple(source.shape[a] for a in permutation) != output.shape
    ):
        raise broken(graph, operator, "the shapes do not fit")
    transpose_geometry(graph, operator)


def _check_strided_slice(graph: Graph, operator: Operator) -> None:
    check_slice_options(operator)
    sizes = {graph.input_of(operator, i).elements for i in (1, 2, 3)}
    source = graph.input_of(operator, 0)
    if len(sizes) != 1 or max(sizes) > len(source.shape):
        raise broken(graph, operator, "begin, end and strides differ in length")
    if len(source.shape) > 4:
        raise refuse(graph, operator, "more than four dimensions", "Reshape before the layer")
    if (graph.input_of(operator, 3).values == 0).any():
        raise broken(graph, operator, "a stride of 0")
    geometry = slice_geometry(graph, operator)
    if int(np.prod(geometry.count)) != graph.output_of(operator).elements:
        raise broken(graph, operator, "the shapes do not fit")


def _check_sigmoid(graph: Graph, operator: Operator) -> None:
    _check_same_elements(graph, operator)
    if graph.input_of(operator, 0).dtype == "int16":
        parameters.sigmoid16_scaling(graph, operator)


def _check_hard_swish(graph: Graph, operator: Operator) -> None:
    _check_same_elements(graph, operator)
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    if source.dtype == "int8" and float(source.scale) / 128 / float(output.scale) >= 1:
        raise refuse(graph, operator, "its output scale is too fine", "Quantize with real data")


SHAPE_CHECKS = {
    "UNIDIRECTIONAL_SEQUENCE_LSTM": check_lstm,
    "SVDF": check_svdf,
    "CONV_2D": _check_window,
    "DEPTHWISE_CONV_2D": _check_window,
    "TRANSPOSE_CONV": _check_transpose_conv,
    "MAX_POOL_2D": _check_window,
    "AVERAGE_POOL_2D": _check_window,
    "FULLY_CONNECTED": _check_fully_connected,
    "ADD": _check_broadcast,
    "SUB": _check_broadcast,
    "MUL": _check_broadcast,
    "DIV": _check_broadcast,
    "MAXIMUM": _check_broadcast,
    "MINIMUM": _check_broadcast,
    "RESIZE_NEAREST_NEIGHBOR": check_resize,
    "RESIZE_BILINEAR": check_resize,
    "SLICE": check_slice,
    "DEPTH_TO_SPACE": check_blocks,
    "SPACE_TO_DEPTH": check_blocks,
    "PRELU": check_prelu,
    "SQUARED_DIFFERENCE": _check_broadcast,
    "PADV2": _check_pad,
    "SUM": _check_mean,
    "SOFTMAX": _check_softmax,
    "MEAN": _check_mean,
    "PAD": _check_pad,
    "CONCATENATION": _check_concatenation,
    "PACK": _check_pack,
    "GATHER": _check_gather,
    "REDUCE_MAX": _check_reduce_max,
    "ARG_MAX": _check_arg_max,
    "TRANSPOSE": _check_transpose,
    "STRIDED_SLICE": _check_strided_slice,
    "HARD_SWISH": _check_hard_swish,
    "LOGISTIC": _check_sigmoid,
    "TANH": _check_sigmoid,
    "QUANTIZE": _check_quantize,
    **dict.fromkeys(
        (
            "RESHAPE",
            "SQUEEZE",
            "EXPAND_DIMS",
            "RELU",
            "RELU6",
            "LEAKY_RELU",
            "DEQUANTIZE",
            "CAST",
            "ABS",
            "ELU",
            *elementwise.FLOAT_ONLY,
            "READ_VARIABLE",
            "ASSIGN_VARIABLE",
        ),
        _check_same_elements,
    ),
}
