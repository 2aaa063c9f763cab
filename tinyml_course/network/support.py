"""What the exporter takes and what it refuses, decided before a file is written.

A refusal names the operator, the layer, the types of its tensors and the remedy, because a learner
meets it at the worst moment: after training. Lesson 08 provokes one.
"""

from __future__ import annotations

import numpy as np

from tinyml_course.errors import ExportError, UnsupportedOperatorError
from tinyml_course.network import elementwise, state
from tinyml_course.network.ir import Graph, Operator
from tinyml_course.network.refusal import broken, refuse
from tinyml_course.network.remedies import remedy, types_remedy
from tinyml_course.network.support_shapes import SHAPE_CHECKS

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
    "TRANSPOSE_CONV": (_CONV[0], _CONV[1], _CONV[3]),  # the shape is gone, see `parts`
    "MAX_POOL_2D": _SAME,
    "AVERAGE_POOL_2D": _SAME,
    "MEAN": _WITH_INDEX,
    "ADD": _PAIR,
    "SUB": _PAIR,
    "MUL": _PAIR,
    "DIV": (_PAIR[0], _PAIR[2]),
    "MAXIMUM": _PAIR,
    "MINIMUM": _PAIR,
    "PAD": (*_WITH_INDEX, *((t, "int64", t) for t in ("int8", "int16", "float32"))),
    "RESHAPE": tuple((t, "int32?", t) for t in ("int8", "int16", "float32")),
    "SQUEEZE": _SAME,
    "EXPAND_DIMS": (*_WITH_INDEX, *((t, "int64", t) for t in ("int8", "int16", "float32"))),
    "TRANSPOSE": _WITH_INDEX,
    "RESIZE_NEAREST_NEIGHBOR": _WITH_INDEX,
    "RESIZE_BILINEAR": (_WITH_INDEX[0], _WITH_INDEX[2]),
    "SUM": _WITH_INDEX,
    "SLICE": tuple((t, i, i, t) for t in ("int8", "int16", "float32") for i in ("int32", "int64")),
    "DEPTH_TO_SPACE": (_SAME[0], _SAME[2]),
    "SPACE_TO_DEPTH": (_SAME[0], _SAME[2]),
    "PADV2": tuple((t, i, t, t) for t in ("int8", "int16", "float32") for i in ("int32", "int64")),
    "PRELU": (_PAIR[0], _PAIR[2]),
    "SQUARED_DIFFERENCE": _PAIR,
    "STRIDED_SLICE": tuple((t, "int32", "int32", "int32", t) for t in ("int8", "int16", "float32")),
    "SOFTMAX": (*_SAME, ("int8", "int16")),
    "LOGISTIC": _SAME,
    "TANH": _SAME,
    "RELU": _SAME,
    "RELU6": _SAME,
    "LEAKY_RELU": _SAME,
    "HARD_SWISH": (_SAME[0], _SAME[2]),
    "ABS": (_SAME[0], _SAME[2]),
    "ELU": (_SAME[0], _SAME[2]),
    **{kind: (_SAME[2],) for kind in elementwise.FLOAT_ONLY},
    "QUANTIZE": (
        ("float32", "int8"),
        ("float32", "int16"),
        *((a, b) for a in ("int8", "int16") for b in ("int8", "int16")),
        ("int8", "uint8"),
        ("uint8", "int8"),
        *((a, b) for t in ("int8", "int16") for a, b in ((t, "int32"), ("int32", t))),
    ),
    "DEQUANTIZE": (("int8", "float32"), ("uint8", "float32"), ("int16", "float32")),
    "SPLIT": _SAME,  # these three: one output each, after `parts`
    "SPLIT_V": _SAME,
    "UNPACK": _SAME,
    "GATHER": (_WITH_INDEX[0], _WITH_INDEX[2]),
    "REDUCE_MAX": (_WITH_INDEX[0], _WITH_INDEX[2]),
    "ARG_MAX": (("int8", "int32", "int32"), ("float32", "int32", "int32")),
    "CAST": (
        *(("int8", t) for t in ("int16", "int32", "float32")),
        *(("int16", t) for t in ("int8", "int32", "float32")),
        *(("int32", t) for t in ("int8", "int16", "float32")),
    ),
    "READ_VARIABLE": tuple((t, t) for t in ("int8", "int16", "float32")),  # as `state` has them
    "ASSIGN_VARIABLE": tuple((t, t) for t in ("int8", "int16", "float32")),
    # these look at their own inputs: `support_recurrent`, `support_shapes`
    "UNIDIRECTIONAL_SEQUENCE_LSTM": (),
    "SVDF": (),
    "CONCATENATION": (),
    "PACK": (),
}
INDEX_INPUTS = {
    "MEAN": (1,),
    "PAD": (1,),
    "TRANSPOSE": (1,),
    "STRIDED_SLICE": (1, 2, 3),
    "RESIZE_NEAREST_NEIGHBOR": (1,),
    "RESIZE_BILINEAR": (1,),
    "SUM": (1,),
    "SLICE": (1, 2),
    "PADV2": (1, 2),
    "RESHAPE": (1,),
    "EXPAND_DIMS": (1,),
    "GATHER": (1,),
    "REDUCE_MAX": (1,),
    "ARG_MAX": (1,),
}
WITH_WEIGHTS = ("FULLY_CONNECTED", "CONV_2D", "DEPTHWISE_CONV_2D", "TRANSPOSE_CONV")
JOINS = ("CONCATENATION", "PACK")
PAIRS = (
    "ADD",
    "SUB",
    "MUL",
    "DIV",
    "MAXIMUM",
    "MINIMUM",
    "SQUARED_DIFFERENCE",
)  # either operand may be a constant


def check_graph(graph: Graph) -> None:
    """Raises for the first operator that cannot be exported as it stands.

    Raises:
        UnsupportedOperatorError: well-formed, but not supported.
        ExportError: shapes or constants that contradict each other.
    """
    check_kinds(graph, ())
    for operator in graph.operators:
        _check_signature(graph, operator)
        _check_quantization(graph, operator)
        if operator.kind in SHAPE_CHECKS:
            SHAPE_CHECKS[operator.kind](graph, operator)
    for tensor in graph.constants():
        if tensor.dtype == "float32" and not np.isfinite(tensor.values).all():
            raise ExportError(
                f"the constant {tensor.name!r} holds values that are no numbers. Train again with "
                "a lower learning rate, or copy the file again"
            )
    for index in (*graph.inputs, *graph.outputs):
        tensor = graph.tensors[index]
        if tensor.dtype not in ("int8", "uint8", "int16", "int32", "float32"):
            raise UnsupportedOperatorError(
                f"the model's input or output {tensor.name!r} is {tensor.dtype}: int8, uint8, "
                "int16, int32 or float32 is needed. Set inference_input_type and "
                "inference_output_type to int8"
            )


def check_kinds(graph: Graph, without: tuple[str, ...]) -> None:
    """Raises for the first operator of a kind that is not supported, whatever its tensors are.

    without: kinds that never reach the checks, because they are computed before.

    Raises:
        UnsupportedOperatorError: one is there.
    """
    for operator in graph.operators:
        if operator.kind not in SIGNATURES and operator.kind not in without:
            supported = ", ".join(sorted(SIGNATURES))
            raise refuse(
                graph, operator, "not supported", f"{remedy(operator.kind)}. Supported: {supported}"
            )


def _check_signature(graph: Graph, operator: Operator) -> None:
    kind = operator.kind
    if len(operator.outputs) != 1:
        raise broken(graph, operator, "one output is needed")
    own = [operator.inputs[i] for i in state.OWN_STATE.get(kind, ()) if i < len(operator.inputs)]
    if kind != "READ_VARIABLE" and any(t.index not in own for t in graph.state_of(operator)):
        raise refuse(graph, operator, "reads the state of another layer", "Keep states apart")
    if kind in state.OWN_STATE and graph.activations_of(operator):
        return
    if kind in JOINS:
        if not graph.activations_of(operator):
            raise refuse(graph, operator, "works on constants only", "Compute it before converting")
        return
    actual = [None if i is None else graph.tensors[i].dtype for i in operator.inputs]
    output = graph.output_of(operator).dtype
    for signature in SIGNATURES[kind]:
        *wanted, result = signature
        given = actual + [None] * (len(wanted) - len(actual))
        if (
            len(given) == len(wanted)
            and output == result
            and all(
                g == w.rstrip("?") or (g is None and w.endswith("?"))
                for g, w in zip(given, wanted, strict=True)
            )
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
        if kind == "CAST" and actual == ["float32"]:
            raise refuse(
                graph,
                operator,
                "what a float outside an integer's range becomes depends on the processor",
                "Quantize instead of casting",
            )
        ends = actual[0] if actual else None, output
        raise refuse(
            graph,
            operator,
            "these types are not supported",
            types_remedy(kind, ends, SIGNATURES[kind]),
        )
    for position in INDEX_INPUTS.get(kind, ()):
        tensor = graph.optional_input_of(operator, position)
        if tensor is not None and not tensor.is_constant:
            raise refuse(
                graph, operator, "depends on a value known only at run time", "Fix the shapes"
            )
    if kind in WITH_WEIGHTS:
        for tensor in (graph.input_of(operator, 1), graph.optional_input_of(operator, 2)):
            if tensor is not None and not tensor.is_constant:
                raise refuse(graph, operator, "its weights are no constants", "Use Dense or Conv")
    elif kind not in PAIRS and graph.input_of(operator, 0).is_constant:
        raise refuse(graph, operator, "works on a constant", "Compute it before converting")
    elif kind != "READ_VARIABLE" and not graph.activations_of(operator):
        raise refuse(graph, operator, "works on constants only", "Compute it before converting")


def _check_quantization(graph: Graph, operator: Operator) -> None:
    # CAST moves numbers, whatever they stand for; recurrent operators look for themselves
    if operator.kind == "CAST" or operator.kind in state.OWN_STATE:
        return
    weights_at = 1 if operator.kind in WITH_WEIGHTS else -1
    skipped = INDEX_INPUTS.get(operator.kind, ())
    tensors = [
        (position, graph.tensors[index])
        for position, index in enumerate(operator.inputs)
        if index is not None and position not in skipped
    ]
    for position, tensor in [*tensors, (0, graph.output_of(operator))]:
        if tensor.dtype not in ("int8", "uint8", "int16"):
            continue
        if tensor.quantization is None:
            raise refuse(graph, operator, f"{tensor.name!r} has no scale", "Quantize the model")
        if position == weights_at and tensor is not graph.output_of(operator):
            axis = 3 if operator.kind == "DEPTHWISE_CONV_2D" else 0
            if tensor.quantization.is_per_channel and tensor.quantization.axis != axis:
                raise refuse(
                    graph,
                    operator,
                    "its weights have scales along a wrong axis",
                    "Convert with a current TensorFlow",
                )
            if any(tensor.quantization.zero_points):
                raise refuse(
                    graph,
                    operator,
                    "its weights have a zero point",
                    "Quantize weights symmetrically, as the converter does",
                )
        elif tensor.quantization.is_per_channel:
            raise refuse(
                graph,
                operator,
                f"{tensor.name!r} has one scale a channel",
                "Quantize activations per tensor",
            )
        elif tensor.dtype == "int16" and tensor.zero_point and not _may_have_zero_point(operator):
            raise refuse(
                graph,
                operator,
                "int16 values need the zero point 0",
                "Convert with a current TensorFlow",
            )
    _check_fixed_scales(graph, operator)
    _check_fine_scales(graph, operator)


def _may_have_zero_point(operator: Operator) -> bool:
    """SOFTMAX from int8 gives int16 with a zero point, which QUANTIZE then takes away."""
    return operator.kind in ("SOFTMAX", "QUANTIZE")


def _check_fine_scales(graph: Graph, operator: Operator) -> None:
    """What TFLM rounds as a float and casts to an int32 must fit: bounds, and the answers of ELU.

    `Quantize` in `kernel_util.cc` refuses it, `activations.cc` and `elu.cc` do not look.
    """
    output = graph.output_of(operator)
    if output.dtype not in ("int8", "int16"):
        return
    source = graph.input_of(operator, 0)
    activation, tensor = operator.options.get("fused_activation_function"), output
    if operator.kind == "RELU6":
        activation, tensor = operator.kind, source
    greatest = {"RELU6": 6.0, "RELU_N1_TO_1": 1.0}.get(str(activation), 0.0)
    if operator.kind == "ELU":
        greatest = float(source.scale) * (127 - source.zero_point)
    if greatest / float(tensor.scale) >= 2.0**31:
        raise refuse(
            graph,
            operator,
            f"the scale {float(tensor.scale):.3g} is too fine: {greatest:.3g} is 2^31 steps or "
            "more",
            "Quantize with representative data",
        )


def _check_fixed_scales(graph: Graph, operator: Operator) -> None:
    """Operators whose kernels assume certain scales."""
    output = graph.output_of(operator)
    fixed = {
        ("SOFTMAX", "int8"): (1 / 256, -128),
        ("LOGISTIC", "int8"): (1 / 256, -128),
        ("TANH", "int8"): (1 / 128, 0),
        ("SOFTMAX", "int16"): (1 / 32768, 0),
        ("LOGISTIC", "int16"): (1 / 32768, 0),
        ("TANH", "int16"): (1 / 32768, 0),
    }.get((operator.kind, output.dtype))
    if operator.kind == "SOFTMAX" and graph.input_of(operator, 0).dtype != output.dtype:
        fixed = (1 / 65536, -32768)
    if fixed and (abs(output.scale / fixed[0] - 1) > 1e-3 or output.zero_point != fixed[1]):
        raise refuse(
            graph,
            operator,
            f"its output must have the scale {fixed[0]:g} and the zero point {fixed[1]}",
            "Convert with the TFLite converter, which sets them",
        )
    same = {
        "MAX_POOL_2D",
        "AVERAGE_POOL_2D",
        *JOINS,
        "SPLIT",
        "SPLIT_V",
        "UNPACK",
        "GATHER",
        "REDUCE_MAX",
        "PAD",
        "TRANSPOSE",
        "STRIDED_SLICE",
        "RESIZE_NEAREST_NEIGHBOR",
        "RESIZE_BILINEAR",
        "SLICE",
        "DEPTH_TO_SPACE",
        "SPACE_TO_DEPTH",
        "PADV2",
        "RESHAPE",
        "SQUEEZE",
        "EXPAND_DIMS",
        "ASSIGN_VARIABLE",
    }
    if operator.kind in same and output.dtype in ("int8", "int16"):
        sources = graph.activations_of(operator)[: None if operator.kind in JOINS else 1]
        for source in sources:
            if abs(float(source.scale) - float(output.scale)) > 1e-6 or (
                source.zero_point != output.zero_point
            ):
                raise refuse(
                    graph,
                    operator,
                    "input and output must have the same scale",
                    "Convert with the TFLite converter, which sees to it",
                )
