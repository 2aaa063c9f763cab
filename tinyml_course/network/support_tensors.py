"""Tensors that the exporter takes, checked one by one before anything is computed with them.

The reader reads what is well-formed; here is said which of it no generated C can hold: open
shapes, sparse or 16-bit float weights, values larger than any chip.
`support` looks at the operators afterwards.
"""

from __future__ import annotations

import math

from tinyml_course.errors import ExportError, UnsupportedOperatorError
from tinyml_course.network.ir import ITEM_BYTES, Graph, Operator, Tensor

MAX_ELEMENTS = 1 << 24  # of one tensor: 16 Mi, beyond any microcontroller's flash
MAX_ACTIVATIONS = 1 << 22  # of one value at run time: 4 Mi, beyond any microcontroller's RAM
MAX_RANK = 6


def check_tensors(graph: Graph) -> None:
    """Raises for the first tensor that cannot be exported as it stands.

    Raises:
        ExportError: of a kind that no microcontroller runs, or with a broken quantization.
        UnsupportedOperatorError: well-formed, but not supported.
    """
    for tensor in _used_tensors(graph):
        check_tensor(tensor)
        if tensor.is_variable and (tensor.index not in graph.initial or tensor.is_constant):
            raise UnsupportedOperatorError(
                f"{_name(tensor)} is a variable that belongs to no streaming layer, LSTM or SVDF. "
                "Use one of these for what the network keeps"
            )


def check_tensor(tensor: Tensor) -> None:
    """One tensor by itself: shape, type, size, quantization. Raises as `check_tensors`."""
    _check_shape(tensor)
    if tensor.is_sparse:
        raise UnsupportedOperatorError(
            f"{_name(tensor)} is sparse: the exporter stores every weight. Export it dense"
        )
    if tensor.dtype not in ITEM_BYTES:
        raise UnsupportedOperatorError(
            f"{_name(tensor)} is of type {tensor.dtype.upper()}: the exporter knows "
            f"{', '.join(sorted(ITEM_BYTES)).upper()}. Convert with full integer quantization, "
            "or as float32"
        )
    if not tensor.is_constant and tensor.elements > MAX_ACTIVATIONS:
        raise ExportError(
            f"{_name(tensor)} has the shape {tensor.shape}: more values than any "
            "microcontroller keeps. Make the network's input smaller"
        )
    _check_quantization(tensor)


def _used_tensors(graph: Graph) -> list[Tensor]:
    """In the file's order, without what no operator touches, such as an LSTM's inner scales."""
    used = {*graph.inputs, *graph.outputs}
    for operator in graph.operators:
        used |= {i for i in operator.inputs if i is not None} | set(operator.outputs)
    return [graph.tensors[i] for i in sorted(used)]


def _name(tensor: Tensor) -> str:
    return f"tensor {tensor.index} ({tensor.name!r})"


def _check_shape(tensor: Tensor) -> None:
    shape = tensor.shape
    if len(shape) > MAX_RANK:
        raise ExportError(
            f"{_name(tensor)} has {len(shape)} dimensions, at most {MAX_RANK} are supported. "
            "Reshape before the layer"
        )
    if tensor.is_constant and math.prod(shape) > MAX_ELEMENTS:
        raise ExportError(
            f"{_name(tensor)} holds {math.prod(shape):,} constants, at most {MAX_ELEMENTS:,} fit "
            "into any microcontroller's flash. Make the layer that has them smaller"
        )
    if any(size < 1 for size in shape) or math.prod(shape) > MAX_ELEMENTS:
        raise ExportError(
            f"{_name(tensor)} has the shape {shape}: every size must be at least 1, with at most "
            f"{MAX_ELEMENTS} elements together. Fix the input shape before converting"
        )
    for axis, size in enumerate(tensor.shape_signature):
        if size < 0 and (axis > 0 or shape[:1] != (1,)):
            raise UnsupportedOperatorError(
                f"{_name(tensor)} has a dynamic shape: axis {axis} is known only at run time. "
                "Give the model an input shape in which only the batch is open"
            )


def _check_quantization(tensor: Tensor) -> None:
    quantization = tensor.quantization
    if quantization is None:
        return
    count = len(quantization.scales)
    # A vector has one axis, whatever the file says: old converters took a bias's from its filter
    axis = quantization.axis if len(tensor.shape) > 1 else 0
    bits = 8 * ITEM_BYTES[tensor.dtype]
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1
    if tensor.dtype == "uint8":
        low, high = 0, 255
    if (
        not all(math.isfinite(s) and s > 0 for s in quantization.scales)
        or len(quantization.zero_points) != count
        or not all(low <= z <= high for z in quantization.zero_points)
        or (count > 1 and (not 0 <= axis < len(tensor.shape) or tensor.shape[axis] != count))
    ):
        raise ExportError(
            f"tensor {tensor.name!r} has a broken quantization: scales must be positive, zero "
            f"points within {low}..{high}, as many as the axis is long. Convert the model again"
        )


def check_order(graph: Graph) -> None:
    """Every value must be made, once, before it is used; a variable is there from the start.

    Raises:
        ExportError: it is not.
    """
    known = {tensor.index for tensor in graph.constants()} | set(graph.inputs) | set(graph.initial)
    if set(graph.initial) & {*graph.inputs, *graph.outputs}:
        raise ExportError("the .tflite file is damaged: a variable is an input or output")
    if any(graph.tensors[i].is_constant for i in graph.inputs):
        raise ExportError("the .tflite file is damaged: an input of the model is a constant")
    for index in graph.inputs:
        if graph.inputs.count(index) > 1:
            raise ExportError(
                f"the model lists its input {graph.tensors[index].name!r} more than once: an "
                "interpreter keeps one value for all of them, so a caller could give no two. "
                "Convert the model with each input once"
            )
    for operator in graph.operators:
        if any(i is not None and i not in known for i in operator.inputs):
            raise ExportError(
                f"the .tflite file is damaged: {operator.kind} ({operator.name!r}) reads a tensor "
                "that nothing has written yet"
            )
        if (known - _assigned(operator)) & set(operator.outputs) or len(
            set(operator.outputs)
        ) < len(operator.outputs):
            raise ExportError(
                f"the .tflite file is damaged: {operator.kind} ({operator.name!r}) writes a tensor "
                "that is already there"
            )
        known |= set(operator.outputs)
    if not graph.inputs or not graph.outputs or not set(graph.outputs) <= known:
        raise ExportError("the .tflite file is damaged: its inputs or outputs are not there")


def _assigned(operator: Operator) -> set[int]:
    """The variable that an operator gives a new value."""
    return set(operator.outputs) if operator.kind == "ASSIGN_VARIABLE" else set()
