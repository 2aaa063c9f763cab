"""Zeros put into a finished int8 model: magnitude pruning without any training. Lesson 05."""

from __future__ import annotations

import numpy as np

from tinyml_course.network.model import TfliteModel
from tinyml_course.network.tflite_file import import_schema, pack_model, unpack_model


def zero_smallest_in_file(content: bytes, share: float) -> TfliteModel:
    """The same model with the smallest `share` of each layer's weights set to zero.

    The filters of dense layers and convolutions are int8 with zero point 0, so a zero weight is a
    zero byte. Biases stay. Without training afterwards it hurts early; `prune_magnitude` trains.

    Args:
        content: an int8 .tflite file.
        share: of each filter's weights, 0 to 1.

    Raises:
        ExportError: no model, or damaged.
    """
    schema = import_schema()
    with_filters = {
        schema.BuiltinOperator.FULLY_CONNECTED,
        schema.BuiltinOperator.CONV_2D,
        schema.BuiltinOperator.DEPTHWISE_CONV_2D,
    }
    model = unpack_model(content)
    graph = model.subgraphs[0]
    for operator in graph.operators:
        code = model.operatorCodes[operator.opcodeIndex]
        if max(code.builtinCode, code.deprecatedBuiltinCode) not in with_filters:
            continue
        buffer = model.buffers[graph.tensors[operator.inputs[1]].buffer]
        weights = np.array(buffer.data, np.uint8).view(np.int8)
        sizes = np.abs(weights.astype(np.int16))
        smallest = np.argsort(sizes, kind="stable")[: round(share * weights.size)]
        weights[smallest] = 0
        buffer.data = weights.view(np.uint8)
    return TfliteModel(pack_model(model))


def count_zero_weights(content: bytes) -> tuple[int, int]:
    """How many of the int8 weights in a file are zero, and how many there are."""
    zeros = total = 0
    network = TfliteModel.of(content).network
    for operator in network.operators:
        for index in operator.inputs[1:2]:
            tensor = network.tensors[index] if index >= 0 else None
            if tensor is not None and tensor.data is not None and tensor.dtype == "int8":
                zeros += int((np.asarray(tensor.data) == 0).sum())
                total += int(np.asarray(tensor.data).size)
    return zeros, total
