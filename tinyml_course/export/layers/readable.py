"""The readable variant of every supported operator: which function makes its layer's code.

One function an operator, one file a family; each returns a `LayerCode`. What the numbers mean is in
`network.parameters`, how the kernels work in `kernels/`.
"""

from __future__ import annotations

from collections.abc import Callable

from tinyml_course.export.layers.activations import (
    cast_layer,
    dequantize_layer,
    softmax_layer,
    unary_layer,
)
from tinyml_course.export.layers.binary import (
    binary_layer,
    choice_layer,
    division_layer,
    prelu_layer,
    squared_difference_layer,
)
from tinyml_course.export.layers.code import LayerCode
from tinyml_course.export.layers.moves import (
    between_layer,
    concatenation_layer,
    copy_layer,
    gather_layer,
    pad_layer,
    part_layer,
    resize_layer,
    walk_layer,
)
from tinyml_course.export.layers.pooling import greatest_layer, mean_layer, pooling_layer
from tinyml_course.export.layers.recurrent import lstm_layer, svdf_layer
from tinyml_course.export.layers.sums import convolution_layer, fully_connected_layer
from tinyml_course.network import elementwise, parts
from tinyml_course.network.ir import Graph, Operator


def readable_layer(graph: Graph, operator: Operator) -> LayerCode:
    """The readable variant of any supported operator that is no alias."""
    return EMITTERS[operator.kind](graph, operator)


EMITTERS: dict[str, Callable[[Graph, Operator], LayerCode]] = {
    "FULLY_CONNECTED": fully_connected_layer,
    "CONV_2D": convolution_layer,
    "DEPTHWISE_CONV_2D": convolution_layer,
    "TRANSPOSE_CONV": convolution_layer,
    "MAX_POOL_2D": pooling_layer,
    "AVERAGE_POOL_2D": pooling_layer,
    "MEAN": mean_layer,
    "ADD": binary_layer,
    "SUB": binary_layer,
    "MUL": binary_layer,
    "DIV": division_layer,
    "PRELU": prelu_layer,
    "SQUARED_DIFFERENCE": squared_difference_layer,
    "SUM": mean_layer,
    "SLICE": walk_layer,
    "DEPTH_TO_SPACE": walk_layer,
    "SPACE_TO_DEPTH": walk_layer,
    "PADV2": pad_layer,
    "RESIZE_BILINEAR": between_layer,
    "MAXIMUM": choice_layer,
    "MINIMUM": choice_layer,
    "SOFTMAX": softmax_layer,
    **dict.fromkeys((*elementwise.UNARY, *elementwise.FLOAT_ONLY), unary_layer),
    "DEQUANTIZE": dequantize_layer,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": lstm_layer,
    "SVDF": svdf_layer,
    "TRANSPOSE": walk_layer,
    "STRIDED_SLICE": walk_layer,
    "PAD": pad_layer,
    "CONCATENATION": concatenation_layer,
    "PACK": concatenation_layer,
    **dict.fromkeys(parts.PARTED, part_layer),
    "GATHER": gather_layer,
    "REDUCE_MAX": greatest_layer,
    "ARG_MAX": greatest_layer,
    "CAST": cast_layer,
    "RESIZE_NEAREST_NEIGHBOR": resize_layer,
    **dict.fromkeys(
        ("RESHAPE", "SQUEEZE", "EXPAND_DIMS", "READ_VARIABLE", "ASSIGN_VARIABLE"), copy_layer
    ),
}
