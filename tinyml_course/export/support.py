"""What the exporter takes and what it refuses, decided before a file is written.

A refusal names the operator, the layer, the types of its tensors and the remedy, because a learner
meets it at the worst moment: after training. Lesson 08 provokes one.
"""

from __future__ import annotations

import numpy as np

from tinyml_course.errors import ExportError, UnsupportedOperatorError
from tinyml_course.export import parameters
from tinyml_course.export.ir import Graph, Operator

MAX_ACCUM_DEPTH = 1 << 16  # products that an int32 accumulator surely holds

# What each operator may be fed with: the types of (inputs ..., output). "?" marks an optional one.
_CONV = (
    ("int8", "int8", "int32?", "int8"),
    ("int16", "int8", "int64?", "int16"),
    ("int16", "int8", "int32?", "int16"),
    ("float32", "float32", "float32?", "float32"),
)
_PAIR = tuple((t, t, t) for t in ("int8", "int16", "float32"))
_SAME = tuple((t, t) for t in ("int8", "int16", "float32"))
_WITH_INDEX = tuple((t, "int32", t) for t in ("int8", "int16", "float32"))
SIGNATURES: dict[str, tuple[tuple[str, ...], ...]] = {
    "FULLY_CONNECTED": _CONV,
    "CONV_2D": _CONV,
    "DEPTHWISE_CONV_2D": (_CONV[0], _CONV[1], _CONV[3]),
    "MAX_POOL_2D": _SAME,
    "AVERAGE_POOL_2D": _SAME,
    "MEAN": _WITH_INDEX,
    "ADD": _PAIR,
    "SUB": _PAIR,
    "MUL": _PAIR,
    "PAD": (*_WITH_INDEX, *((t, "int64", t) for t in ("int8", "int16", "float32"))),
    "RESHAPE": tuple((t, "int32?", t) for t in ("int8", "int16", "float32")),
    "SQUEEZE": _SAME,
    "EXPAND_DIMS": (*_WITH_INDEX, *((t, "int64", t) for t in ("int8", "int16", "float32"))),
    "TRANSPOSE": _WITH_INDEX,
    "STRIDED_SLICE": tuple(
        (t, "int32", "int32", "int32", t) for t in ("int8", "int16", "float32")
    ),
    "SOFTMAX": _SAME,
    "LOGISTIC": _SAME,
    "TANH": _SAME,
    "RELU": _SAME,
    "RELU6": _SAME,
    "LEAKY_RELU": _SAME,
    "HARD_SWISH": (_SAME[0], _SAME[2]),
    "QUANTIZE": (
        ("float32", "int8"),
        ("float32", "int16"),
        *((a, b) for a in ("int8", "int16") for b in ("int8", "int16")),
    ),
    "DEQUANTIZE": (("int8", "float32"), ("int16", "float32")),
}
INDEX_INPUTS = {"MEAN": (1,), "PAD": (1,), "TRANSPOSE": (1,), "STRIDED_SLICE": (1, 2, 3)}

REMEDIES = {
    "CUSTOM": "Build the layer from standard operators",
    "WHILE": "Unroll the recurrent layer (unroll=True), or use Conv1D",
    "UNIDIRECTIONAL_SEQUENCE_LSTM": "Use Conv1D, or unroll the recurrent layer (unroll=True)",
    "BATCH_MATMUL": "Use Dense layers",
    "SPLIT": "Use slices, or unroll=True with a network without gates",
    "TRANSPOSE_CONV": "Use UpSampling by PAD and Conv2D, or a Dense decoder",
    "MAXIMUM": "Use ReLU",
    "PRELU": "Use LeakyReLU, whose slope is one number",
    "ELU": "Use ReLU or HARD_SWISH",
    "BATCH_TO_SPACE_ND": "Give the input a fixed length, so that dilation stays in the convolution",
    "SPACE_TO_BATCH_ND": "Give the input a fixed length, so that dilation stays in the convolution",
}


def describe(graph: Graph, operator: Operator) -> str:
    """One line that identifies an operator to its author."""

    def types(indices) -> str:
        found = [None if i is None else graph.tensors[i] for i in indices]
        return ", ".join("none" if t is None else f"{t.dtype} {list(t.shape)}" for t in found)

    return (
        f"{operator.kind} (operator {operator.index}, layer {operator.name!r}, "
        f"{types(operator.inputs)} -> {types(operator.outputs)})"
    )


def check_graph(graph: Graph) -> None:
    """Raises for the first operator that cannot be exported as it stands.

    Raises:
        UnsupportedOperatorError: well-formed, but not supported.
        ExportError: shapes or constants that contradict each other.
    """
    for operator in graph.operators:
        _check_signature(graph, operator)
        _check_quantization(graph, operator)
        if operator.kind in _SHAPE_CHECKS:
            _SHAPE_CHECKS[operator.kind](graph, operator)
    for index in (*graph.inputs, *graph.outputs):
        tensor = graph.tensors[index]
        if tensor.dtype not in ("int8", "int16", "float32"):
            raise UnsupportedOperatorError(
                f"the model's input or output {tensor.name!r} is {tensor.dtype}: int8, int16 or "
                "float32 is needed. Set inference_input_type and inference_output_type to int8"
            )


def refuse(graph: Graph, operator: Operator, reason: str, remedy: str) -> UnsupportedOperatorError:
    return UnsupportedOperatorError(f"{describe(graph, operator)}: {reason}. {remedy}")


def _broken(graph: Graph, operator: Operator, reason: str) -> ExportError:
    return ExportError(f"{describe(graph, operator)}: {reason}. Convert the model again")


def _check_signature(graph: Graph, operator: Operator) -> None:
    kind = operator.kind
    if kind not in SIGNATURES:
        remedy = REMEDIES.get(kind.split(" ")[0], "Use another layer, or TFLM on a board")
        raise refuse(
            graph, operator, "not supported", f"{remedy}. Supported: {', '.join(SIGNATURES)}"
        )
    if len(operator.outputs) != 1:
        raise _broken(graph, operator, "one output is needed")
    if kind == "CONCATENATION":
        return
    actual = [None if i is None else graph.tensors[i].dtype for i in operator.inputs]
    output = graph.output_of(operator).dtype
    for signature in SIGNATURES[kind]:
        *wanted, result = signature
        given = actual + [None] * (len(wanted) - len(actual))
        if len(given) == len(wanted) and output == result and all(
            g == w.rstrip("?") or (g is None and w.endswith("?"))
            for g, w in zip(given, wanted, strict=True)
        ):
            break
    else:
        if actual[:2] in (["float32", "int8"], ["float32", "int16"]):
            raise refuse(
                graph,
                operator,
                "a hybrid model: float32 values with integer weights, which TFLM refuses too",
                "Quantize fully, with a representative data set and int8 as the only operator set",
            )
        raise refuse(
            graph,
            operator,
            "these types are not supported",
            "Quantize fully to int8 (or to int16 activations), or convert as float32",
        )
    for position in INDEX_INPUTS.get(kind, ()):
        if not graph.input_of(operator, position).is_constant:
            raise refuse(
                graph, operator, "depends on a value known only at run time", "Fix the shapes"
            )
    if kind in ("FULLY_CONNECTED", "CONV_2D", "DEPTHWISE_CONV_2D"):
        for tensor in (graph.input_of(operator, 1), graph.input_of(operator, 2)):
            if tensor is not None and not tensor.is_constant:
                raise refuse(graph, operator, "its weights are no constants", "Use Dense or Conv")
    elif kind not in ("ADD", "SUB", "MUL") and graph.input_of(operator, 0).is_constant:
        raise refuse(graph, operator, "works on a constant", "Compute it before converting")
    elif not graph.activations_of(operator):
        raise refuse(graph, operator, "works on constants only", "Compute it before converting")


def _check_quantization(graph: Graph, operator: Operator) -> None:
    weights_at = 1 if operator.kind in ("FULLY_CONNECTED", "CONV_2D", "DEPTHWISE_CONV_2D") else -1
    skipped = INDEX_INPUTS.get(operator.kind, ())
    tensors = [
        (position, graph.tensors[index])
        for position, index in enumerate(operator.inputs)
        if index is not None and position not in skipped
    ]
    for position, tensor in [*tensors, (0, graph.output_of(operator))]:
        if tensor.dtype not in ("int8", "int16"):
            continue
        if tensor.quantization is None:
            raise refuse(graph, operator, f"{tensor.name!r} has no scale", "Quantize the model")
        if position == weights_at and tensor is not graph.output_of(operator):
            axis = 3 if operator.kind == "DEPTHWISE_CONV_2D" else 0
            if tensor.quantization.is_per_channel and tensor.quantization.axis != axis:
                raise refuse(graph, operator, "its weights have scales along a wrong axis",
                             "Convert with a current TensorFlow")
            if any(tensor.quantization.zero_points):
                raise refuse(graph, operator, "its weights have a zero point",
                             "Quantize weights symmetrically, as the converter does")
        elif tensor.quantization.is_per_channel:
            raise refuse(graph, operator, f"{tensor.name!r} has one scale a channel",
                         "Quantize activations per tensor")
        elif tensor.dtype == "int16" and tensor.zero_point != 0:
            raise refuse(graph, operator, "int16 values need the zero point 0",
                         "Convert with a current TensorFlow")
    _check_fixed_scales(graph, operator)


def _check_fixed_scales(graph: Graph, operator: Operator) -> None:
    """Operators whose kernels assume certain scales."""
    output = graph.output_of(operator)
    source = graph.activations_of(operator)[0]
    fixed = {
        ("SOFTMAX", "int8"): (1 / 256, -128),
        ("LOGISTIC", "int8"): (1 / 256, -128),
        ("TANH", "int8"): (1 / 128, 0),
        ("SOFTMAX", "int16"): (1 / 32768, 0),
        ("LOGISTIC", "int16"): (1 / 32768, 0),
        ("TANH", "int16"): (1 / 32768, 0),
    }.get((operator.kind, output.dtype))
    if fixed and (abs(output.scale / fixed[0] - 1) > 1e-3 or output.zero_point != fixed[1]):
        raise refuse(
            graph, operator,
            f"its output must have the scale {fixed[0]:g} and the zero point {fixed[1]}",
            "Convert with the TFLite converter, which sets them",
        )
    same = {"MAX_POOL_2D", "AVERAGE_POOL_2D", "CONCATENATION", "PAD", "TRANSPOSE",
            "STRIDED_SLICE", "RESHAPE", "SQUEEZE", "EXPAND_DIMS"}
    if operator.kind in same and output.dtype in ("int8", "int16"):
        sources = graph.activations_of(operator)[: None if operator.kind == "CONCATENATION" else 1]
        for source in sources:
            if abs(float(source.scale) - float(output.scale)) > 1e-6 or (
                source.zero_point != output.zero_point
            ):
                raise refuse(graph, operator, "input and output must have the same scale",
                             "Convert with the TFLite converter, which sees to it")


def _check_window(graph: Graph, operator: Operator) -> None:
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    if len(source.shape) != 4 or len(output.shape) != 4:
        raise _broken(graph, operator, "four dimensions are needed")
    if source.shape[0] != 1 or output.shape[0] != 1:
        raise refuse(graph, operator, "a batch of more than one", "Fix the batch size to 1")
    channels = output.shape[3]
    if operator.kind in ("CONV_2D", "DEPTHWISE_CONV_2D"):
        weights, bias = graph.input_of(operator, 1), graph.input_of(operator, 2)
        if len(weights.shape) != 4:
            raise _broken(graph, operator, "four dimensions are needed")
        if operator.kind == "CONV_2D":
            if source.shape[3] % weights.shape[3] or weights.shape[0] != channels:
                raise _broken(graph, operator, "the filter's shape does not fit")
            if weights.shape[3] != source.shape[3]:
                raise refuse(graph, operator, "a grouped convolution",
                             "Use separate convolutions and a Concatenate")
            depth = weights.elements // channels
        else:
            if weights.shape[0] != 1 or weights.shape[3] != channels or (
                channels != source.shape[3] * operator.options["depth_multiplier"]
            ):
                raise _broken(graph, operator, "the filter's shape does not fit")
            depth = weights.shape[1] * weights.shape[2]
        if bias is not None and bias.elements != channels:
            raise _broken(graph, operator, "the bias has the wrong length")
        if depth > MAX_ACCUM_DEPTH:
            raise refuse(graph, operator, f"sums {depth} products", "Use a smaller filter")
    elif channels != source.shape[3]:
        raise _broken(graph, operator, "pooling keeps the number of channels")
    parameters.window(graph, operator)


def _check_fully_connected(graph: Graph, operator: Operator) -> None:
    source, weights = graph.input_of(operator, 0), graph.input_of(operator, 1)
    bias, output = graph.input_of(operator, 2), graph.output_of(operator)
    if len(weights.shape) != 2 or operator.options["weights_format"] != 0:
        raise refuse(graph, operator, "weights in a special format", "Convert without delegates")
    channels, depth = weights.shape
    if depth > MAX_ACCUM_DEPTH:
        raise refuse(graph, operator, f"sums {depth} products", "Use a smaller layer")
    if source.elements % depth or output.elements != source.elements // depth * channels or (
        output.shape[-1:] != (channels,) or (bias is not None and bias.elements != channels)
    ):
        raise _broken(graph, operator, "the shapes do not fit")


def _check_broadcast(graph: Graph, operator: Operator) -> None:
    shapes = [graph.input_of(operator, i).shape for i in (0, 1)]
    try:
        shape = np.broadcast_shapes(*shapes)
    except ValueError as error:
        raise _broken(graph, operator, str(error)) from error
    if shape != graph.output_of(operator).shape or len(shape) > 4:
        raise refuse(graph, operator, "these shapes do not broadcast in four dimensions",
                     "Reshape before the layer")
    if graph.output_of(operator).dtype != "float32" and operator.kind != "MUL":
        parameters.addition(graph, operator)


def _check_same_elements(graph: Graph, operator: Operator) -> None:
    if graph.input_of(operator, 0).elements != graph.output_of(operator).elements:
        raise _broken(graph, operator, "the number of values changes")


def _check_softmax(graph: Graph, operator: Operator) -> None:
    source = graph.input_of(operator, 0)
    _check_same_elements(graph, operator)
    if not source.shape or source.shape[-1] > 4095:
        raise refuse(graph, operator, "1 to 4095 classes are supported", "Use fewer classes")
    if source.dtype == "int8":
        parameters.softmax_scaling(graph, operator)


def _check_mean(graph: Graph, operator: Operator) -> None:
    from tinyml_course.export.geometry import mean_geometry

    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    axes = graph.input_of(operator, 1).data.reshape(-1)
    rank = len(source.shape)
    if any(not -rank <= a < rank for a in axes):
        raise _broken(graph, operator, "an axis that is not there")
    geometry = mean_geometry(graph, operator)
    if geometry is None:
        raise refuse(graph, operator, "axes that are not neighbours", "Use two Means")
    if geometry.outer * geometry.inner != output.elements or geometry.reduced > 65535:
        raise _broken(graph, operator, "the shapes do not fit")


def _check_pad(graph: Graph, operator: Operator) -> None:
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    table = graph.input_of(operator, 1).data
    if table.size != 2 * len(source.shape) or (table < 0).any() or (table > 1 << 20).any():
        raise _broken(graph, operator, "the paddings do not fit")
    padded = tuple(n + int(a) + int(b) for n, (a, b) in
                   zip(source.shape, table.reshape(-1, 2), strict=True))
    if padded != output.shape:
        raise _broken(graph, operator, "the shapes do not fit")
    if len(source.shape) > 4:
        raise refuse(graph, operator, "more than four dimensions", "Reshape before the layer")


def _check_concatenation(graph: Graph, operator: Operator) -> None:
    output = graph.output_of(operator)
    parts = [None if i is None else graph.tensors[i] for i in operator.inputs]
    rank = len(output.shape)
    axis = operator.options["axis"]
    if None in parts or not -rank <= axis < rank:
        raise _broken(graph, operator, "the shapes do not fit")
    if output.dtype not in ("int8", "int16", "float32") or any(
        p.dtype != output.dtype or p.is_constant for p in parts
    ) or operator.options["fused_activation_function"] != "NONE":
        raise refuse(graph, operator, "parts must be computed values of one type",
                     "Concatenate activations of one type")
    axis %= rank
    fits = all(
        len(p.shape) == rank
        and all(a == b for i, (a, b) in enumerate(zip(p.shape, output.shape, strict=True))
                if i != axis)
        for p in parts
    )
    if not fits or sum(p.shape[axis] for p in parts) != output.shape[axis]:
        raise _broken(graph, operator, "the shapes do not fit")


def _check_transpose(graph: Graph, operator: Operator) -> None:
    from tinyml_course.export.geometry import transpose_geometry

    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    permutation = [int(a) for a in graph.input_of(operator, 1).data.reshape(-1)]
    if sorted(permutation) != list(range(len(source.shape))) or (
        tuple(source.shape[a] for a in permutation) != output.shape
    ):
        raise _broken(graph, operator, "the shapes do not fit")
    if transpose_geometry(graph, operator) is None:
        raise refuse(graph, operator, "more than four dimensions move", "Transpose in two steps")


def check_slice_options(operator: Operator) -> None:
    options = operator.options
    if options["ellipsis_mask"] or options["new_axis_mask"] or options["offset"]:
        raise UnsupportedOperatorError(
            f"STRIDED_SLICE ({operator.name!r}) uses an ellipsis or a new axis. Slice every axis"
        )


def _check_strided_slice(graph: Graph, operator: Operator) -> None:
    from tinyml_course.export.geometry import slice_geometry

    check_slice_options(operator)
    sizes = {graph.input_of(operator, i).elements for i in (1, 2, 3)}
    source = graph.input_of(operator, 0)
    if len(sizes) != 1 or max(sizes) > len(source.shape):
        raise _broken(graph, operator, "begin, end and strides differ in length")
    if len(source.shape) > 4:
        raise refuse(graph, operator, "more than four dimensions", "Reshape before the layer")
    if (graph.input_of(operator, 3).data == 0).any():
        raise _broken(graph, operator, "a stride of 0")
    geometry = slice_geometry(graph, operator)
    if geometry is None or int(np.prod(geometry.count)) != graph.output_of(operator).elements:
        raise _broken(graph, operator, "the shapes do not fit")


def _check_hard_swish(graph: Graph, operator: Operator) -> None:
    _check_same_elements(graph, operator)
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    if source.dtype == "int8" and float(source.scale) / 128 / float(output.scale) >= 1:
        raise refuse(graph, operator, "its output scale is too fine", "Quantize with real data")


SIGNATURES["CONCATENATION"] = ()
_SHAPE_CHECKS = {
    "CONV_2D": _check_window,
    "DEPTHWISE_CONV_2D": _check_window,
    "MAX_POOL_2D": _check_window,
    "AVERAGE_POOL_2D": _check_window,
    "FULLY_CONNECTED": _check_fully_connected,
    "ADD": _check_broadcast,
    "SUB": _check_broadcast,
    "MUL": _check_broadcast,
    "SOFTMAX": _check_softmax,
    "MEAN": _check_mean,
    "PAD": _check_pad,
    "CONCATENATION": _check_concatenation,
    "TRANSPOSE": _check_transpose,
    "STRIDED_SLICE": _check_strided_slice,
    "HARD_SWISH": _check_hard_swish,
    **dict.fromkeys(
        ("RESHAPE", "SQUEEZE", "EXPAND_DIMS", "LOGISTIC", "TANH", "RELU", "RELU6",
         "LEAKY_RELU", "QUANTIZE", "DEQUANTIZE"),
        _check_same_elements,
    ),
}
