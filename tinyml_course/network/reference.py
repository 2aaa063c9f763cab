"""The graph executed in NumPy integers: the arithmetic of the generated C, without any C.

Slow and plain. A learner can set a breakpoint in it, stop after any layer and look at the numbers
(lesson 08 does); tests compare it with TFLM byte by byte. float32 operators follow the same
formulas in float32, so they agree up to the order of a sum.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tinyml_course.network import (
    elementwise,
    fixed_point,
    parameters,
    recurrent,
    reference_pairs,
    resizing,
    softmax,
)
from tinyml_course.network.geometry import (
    block_geometry,
    gather_patches,
    mean_axes,
    nearest_pixels,
    pad_amounts,
    scatter_products,
    slices_of,
)
from tinyml_course.network.ir import Graph, Operator
from tinyml_course.network.parameters import Requantization
from tinyml_course.network.parts import take_part
from tinyml_course.network.reference_float import FLOAT_KERNELS
from tinyml_course.network.state import begins_anew, initial_state

State = dict[int, np.ndarray]
# Takes the graph, the operator and the values of its inputs; gives the value of its output. The
# values of variables among the inputs it may change.
Kernel = Callable[..., np.ndarray]


def run_reference(
    graph: Graph, inputs: Sequence[np.ndarray], state: State | None = None
) -> list[np.ndarray]:
    """Run a graph, as `TfliteModel.network` has it.

    Args:
        inputs: one array for each input of the graph, of its shape and type.
        state: what the network keeps, from `state.initial_state`; the run changes it. Without it
            the network runs as it does first after power-up.

    Returns:
        One array for each output.

    Raises:
        DataError: inputs of another shape or type than the model's.
    """
    values = run_layers(graph, inputs, state)
    return [values[index] for index in graph.outputs]


def run_samples(graph: Graph, samples: Sequence[Sequence[np.ndarray]]) -> list[list[np.ndarray]]:
    """Run samples one after the other; a network with state in sequences of `state.SEQUENCE`.

    Args, returns, raises: as `run_reference`, for each sample.
    """
    state, answers = initial_state(graph), []
    for number, inputs in enumerate(samples):
        if begins_anew(graph, number):
            state = initial_state(graph)
        answers.append(run_reference(graph, inputs, state))
    return answers


def run_layers(
    graph: Graph, inputs: Sequence[np.ndarray], state: State | None = None
) -> dict[int, np.ndarray]:
    """Like `run_reference`, but returns every value by its tensor's index."""
    state = initial_state(graph) if state is None else state
    values = {tensor.index: tensor.values for tensor in graph.constants()} | state
    values |= dict(zip(graph.inputs, graph.check_inputs(inputs), strict=True))
    for operator in graph.operators:
        output = graph.output_of(operator)
        arguments = [None if i is None else values[i] for i in operator.inputs]
        result = _kernel(graph, operator)(graph, operator, *arguments)
        values[output.index] = np.array(result).reshape(output.shape).astype(output.dtype)
    state |= {index: values[index] for index in graph.initial}
    return values


def _kernel(graph: Graph, operator: Operator) -> Kernel:
    """The function for an operator: shape operators do not care about the type."""
    if operator.kind in SHAPE_KERNELS:
        return SHAPE_KERNELS[operator.kind]
    if "float32" in (graph.input_of(operator, 0).dtype, graph.output_of(operator).dtype):
        return FLOAT_KERNELS[operator.kind]
    if operator.kind in elementwise.UNARY:
        return elementwise.evaluate_unary
    return INTEGER_KERNELS[operator.kind]


def _requantize(
    graph: Graph, operator: Operator, accumulators: np.ndarray, r: Requantization
) -> np.ndarray:
    """From accumulators to outputs: scale, add the zero point, clamp."""
    values, shifts = np.array(r.values), np.array(r.shifts)
    if accumulates_in_64_bits(graph, operator):
        values = np.array([fixed_point.reduce_multiplier(v) for v in r.values])
        y = fixed_point.multiply_int64_by_quantized_multiplier(accumulators, values, shifts)
    else:
        y = fixed_point.multiply_by_quantized_multiplier(
            fixed_point.wrap_int32(accumulators), values, shifts
        )
    return fixed_point.clamp(y + r.output_zero_point, r.activation_min, r.activation_max)


def accumulates_in_64_bits(graph: Graph, operator: Operator) -> bool:
    """int16 models accumulate in 64 bits unless their bias is int32."""
    if graph.input_of(operator, 0).dtype != "int16":
        return False
    bias = graph.optional_input_of(operator, 2)
    if operator.kind in ("DEPTHWISE_CONV_2D", "TRANSPOSE_CONV"):
        return True
    if bias is not None:
        return bias.dtype == "int64"
    return operator.options.get("quantized_bias_type") != "int32"


def _fully_connected(
    graph: Graph,
    operator: Operator,
    x: np.ndarray,
    weights: np.ndarray,
    bias: np.ndarray | None = None,
) -> np.ndarray:
    """`reference/integer_ops/fully_connected.h`."""
    r = parameters.fully_connected_requantization(graph, operator)
    rows = x.astype(np.int64).reshape(-1, weights.shape[-1]) - r.input_zero_point
    accumulators = rows @ weights.astype(np.int64).T
    if bias is not None:
        accumulators = accumulators + bias
    return _requantize(graph, operator, accumulators, r)


def _conv_2d(
    graph: Graph,
    operator: Operator,
    x: np.ndarray,
    weights: np.ndarray,
    bias: np.ndarray | None = None,
) -> np.ndarray:
    """`reference/integer_ops/conv.h`. Padding contributes nothing: it is the real value 0."""
    r = parameters.convolution_requantization(graph, operator)
    window = parameters.window(graph, operator)
    patches = gather_patches(x.astype(np.int64) - r.input_zero_point, window, 0)
    accumulators = np.tensordot(patches, weights.astype(np.int64), ((2, 3, 4), (1, 2, 3)))
    if bias is not None:
        accumulators = accumulators + bias
    return _requantize(graph, operator, accumulators, r)


def _depthwise_conv_2d(
    graph: Graph,
    operator: Operator,
    x: np.ndarray,
    weights: np.ndarray,
    bias: np.ndarray | None = None,
) -> np.ndarray:
    """`reference/integer_ops/depthwise_conv.h`."""
    r = parameters.convolution_requantization(graph, operator)
    window = parameters.window(graph, operator)
    patches = gather_patches(x.astype(np.int64) - r.input_zero_point, window, 0)
    patches = np.repeat(patches, weights.shape[-1] // x.shape[-1], axis=-1)
    accumulators = np.einsum("yxijc,ijc->yxc", patches, weights[0].astype(np.int64))
    if bias is not None:
        accumulators = accumulators + bias
    return _requantize(graph, operator, accumulators, r)


def _transpose_conv(
    graph: Graph,
    operator: Operator,
    x: np.ndarray,
    weights: np.ndarray,
    bias: np.ndarray | None = None,
) -> np.ndarray:
    """`reference/integer_ops/transpose_conv.h`."""
    r = parameters.convolution_requantization(graph, operator)
    window = parameters.window(graph, operator)
    x = x.astype(np.int64) - r.input_zero_point
    accumulators = scatter_products(x, weights.astype(np.int64), window)
    if bias is not None:
        accumulators = accumulators + bias
    return _requantize(graph, operator, accumulators, r)


def _average_pool_2d(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    """`reference/integer_ops/pooling.h`: the mean of what lies inside, halves away from zero."""
    window = parameters.window(graph, operator)
    low, high = parameters.activation_range(
        operator.options["fused_activation_function"], graph.output_of(operator)
    )
    total = gather_patches(x.astype(np.int64), window, 0).sum(axis=(2, 3))
    count = gather_patches(np.ones(x.shape, np.int64), window, 0).sum(axis=(2, 3))
    magnitude = (np.abs(total) + count // 2) // count
    return fixed_point.clamp(np.sign(total) * magnitude, low, high)


def _max_pool_2d(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    low, high = parameters.activation_range(
        operator.options["fused_activation_function"], graph.output_of(operator)
    )
    lowest = parameters.LIMITS[graph.output_of(operator).dtype][0]
    window = parameters.window(graph, operator)
    return fixed_point.clamp(
        gather_patches(x.astype(np.int64), window, lowest).max(axis=(2, 3)), low, high
    )


def _mean(graph: Graph, operator: Operator, x: np.ndarray, _axes: np.ndarray) -> np.ndarray:
    """`reference/reduce.h`: the sum, rescaled by a multiplier that contains the division."""
    axes = mean_axes(graph, operator)
    count = int(np.prod([x.shape[a] for a in axes]))
    multiplier = parameters.mean_multiplier(graph, operator, count)
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    total = x.astype(np.int64).sum(axis=axes) - source.zero_point * count
    y = fixed_point.multiply_by_quantized_multiplier(total, *multiplier) + output.zero_point
    return fixed_point.clamp(y, *parameters.LIMITS[output.dtype])


def _add(graph: Graph, operator: Operator, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """`reference/integer_ops/add.h` and `reference/sub.h`."""
    p = parameters.addition(graph, operator)
    multiply = fixed_point.multiply_by_quantized_multiplier
    terms = [
        multiply((x.astype(np.int64) - zero_point) << p.left_shift, *multiplier)
        for x, zero_point, multiplier in zip(
            (first, second), p.input_zero_points, p.input_multipliers, strict=True
        )
    ]
    total = terms[0] + terms[1] if operator.kind == "ADD" else terms[0] - terms[1]
    y = multiply(total, *p.output_multiplier) + p.output_zero_point
    return fixed_point.clamp(y, p.activation_min, p.activation_max)


def _mul(graph: Graph, operator: Operator, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """`reference/integer_ops/mul.h`."""
    r = parameters.multiplication(graph, operator)
    a = first.astype(np.int64) - graph.input_of(operator, 0).zero_point
    b = second.astype(np.int64) - graph.input_of(operator, 1).zero_point
    y = fixed_point.multiply_by_quantized_multiplier(a * b, r.values[0], r.shifts[0])
    return fixed_point.clamp(y + r.output_zero_point, r.activation_min, r.activation_max)


def _softmax(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    run = softmax.softmax_int16 if x.dtype == np.int16 else softmax.softmax_int8
    return run(graph, operator, x)


def _pad(
    graph: Graph,
    operator: Operator,
    x: np.ndarray,
    _paddings: np.ndarray,
    filling: np.ndarray | None = None,
) -> np.ndarray:
    """Pads with the real value 0, which is the output's zero point; PADV2 with another."""
    value = graph.output_of(operator).zero_point if filling is None else filling.reshape(-1)[0]
    return np.pad(x, pad_amounts(graph, operator), constant_values=value)


def _concatenation(graph: Graph, operator: Operator, *parts: np.ndarray) -> np.ndarray:
    return np.concatenate(parts, axis=operator.options["axis"])


def _reshape(graph: Graph, operator: Operator, x: np.ndarray, *_: np.ndarray) -> np.ndarray:
    return x


def _transpose(
    graph: Graph, operator: Operator, x: np.ndarray, permutation: np.ndarray
) -> np.ndarray:
    return np.transpose(x, [int(axis) for axis in permutation])


def _strided_slice(graph: Graph, operator: Operator, x: np.ndarray, *_: np.ndarray) -> np.ndarray:
    return x[slices_of(graph, operator)]


def _blocks(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    walk = block_geometry(graph, operator)
    places = sum(
        (np.arange(n) * step).reshape((-1,) + (1,) * (3 - axis))
        for axis, (n, step) in enumerate(zip(walk.count, walk.step, strict=True))
    )
    taken: np.ndarray = x.reshape(-1)[places]
    return taken


def _resize_nearest(
    graph: Graph, operator: Operator, x: np.ndarray, _size: np.ndarray
) -> np.ndarray:
    rows, columns = (nearest_pixels(graph, operator, axis) for axis in (1, 2))
    return x[:, rows][:, :, columns]


def _pack(graph: Graph, operator: Operator, *parts: np.ndarray) -> np.ndarray:
    return np.stack(parts, axis=operator.options["axis"])


def _gather(graph: Graph, operator: Operator, x: np.ndarray, indices: np.ndarray) -> np.ndarray:
    taken: np.ndarray = np.take(x, indices, axis=operator.options["axis"])
    return taken


def _reduce_max(graph: Graph, operator: Operator, x: np.ndarray, _axes: np.ndarray) -> np.ndarray:
    """`reduce.h`: begins at the type's least value, and passes over what is no number."""
    least = np.finfo(x.dtype).min if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    greatest: np.ndarray = np.fmax.reduce(x, mean_axes(graph, operator), initial=least)
    return greatest


def _arg_max(graph: Graph, operator: Operator, x: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """`reference/arg_min_max.h`: of equal values the first; nothing is greater than no number."""
    along = int(axis.reshape(-1)[0])
    if x.dtype.kind == "f":
        is_first = (np.arange(x.shape[along]) == 0).reshape(
            [-1] + [1] * (x.ndim - 1 - along % x.ndim)
        )
        x = np.where(np.isnan(x), np.where(is_first, np.inf, -np.inf), x)
    places: np.ndarray = np.argmax(x, axis=along)
    return places


def _maximum(graph: Graph, operator: Operator, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """`maximum_minimum.h`: the stored numbers are compared, whatever their scales."""
    return np.where(a > b, a, b)


def _minimum(graph: Graph, operator: Operator, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.where(a < b, a, b)


SHAPE_KERNELS: dict[str, Kernel] = {
    "RESHAPE": _reshape,
    "SQUEEZE": _reshape,
    "EXPAND_DIMS": _reshape,
    "READ_VARIABLE": _reshape,
    "ASSIGN_VARIABLE": _reshape,
    "PAD": _pad,
    "PADV2": _pad,
    "SLICE": _strided_slice,
    "DEPTH_TO_SPACE": _blocks,
    "SPACE_TO_DEPTH": _blocks,
    "RESIZE_BILINEAR": resizing.resize_bilinear,
    "CONCATENATION": _concatenation,
    "TRANSPOSE": _transpose,
    "STRIDED_SLICE": _strided_slice,
    "RESIZE_NEAREST_NEIGHBOR": _resize_nearest,
    "PACK": _pack,
    "SPLIT": take_part,
    "SPLIT_V": take_part,
    "UNPACK": take_part,
    "GATHER": _gather,
    "REDUCE_MAX": _reduce_max,
    "ARG_MAX": _arg_max,
    "CAST": _reshape,  # `run_layers` gives every value its output's type
    "MAXIMUM": _maximum,
    "MINIMUM": _minimum,
}
INTEGER_KERNELS: dict[str, Kernel] = {
    "FULLY_CONNECTED": _fully_connected,
    "CONV_2D": _conv_2d,
    "DEPTHWISE_CONV_2D": _depthwise_conv_2d,
    "TRANSPOSE_CONV": _transpose_conv,
    "AVERAGE_POOL_2D": _average_pool_2d,
    "MAX_POOL_2D": _max_pool_2d,
    "MEAN": _mean,
    "ADD": _add,
    "SUB": _add,
    "MUL": _mul,
    "DIV": reference_pairs.divide,
    "PRELU": reference_pairs.prelu,
    "SQUARED_DIFFERENCE": reference_pairs.squared_difference,
    "SUM": _mean,
    "SOFTMAX": _softmax,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": recurrent.run_lstm,
    "SVDF": recurrent.run_svdf,
}
