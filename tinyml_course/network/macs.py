"""How many multiplications an operator makes: the unit in which networks are compared."""

from __future__ import annotations

import math

from tinyml_course.network import recurrent
from tinyml_course.network.ir import Graph, Operator


def operator_macs(graph: Graph, operator: Operator) -> int:
    """Multiply-accumulates of one operator; padding counts, as everyone counts it."""
    if operator.kind == "TRANSPOSE_CONV":
        weights = graph.input_of(operator, 1)
        return graph.input_of(operator, 0).elements * math.prod(weights.shape[:3])
    if operator.kind == "UNIDIRECTIONAL_SEQUENCE_LSTM":
        shape = recurrent.lstm_shape(graph, operator)
        return 4 * shape.steps * shape.units * (shape.inputs + shape.units)
    if operator.kind == "SVDF":
        return graph.input_of(operator, 1).elements + graph.input_of(operator, 2).elements
    if operator.kind not in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"):
        return 0
    weights, output = graph.input_of(operator, 1), graph.output_of(operator)
    if operator.kind == "DEPTHWISE_CONV_2D":
        return output.elements * math.prod(weights.shape[1:3])
    return output.elements * math.prod(weights.shape[1:])


def count_macs(graph: Graph) -> int:
    """Multiply-accumulates of one inference."""
    return sum(operator_macs(graph, operator) for operator in graph.operators)
