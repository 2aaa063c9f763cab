"""When a fast kernel fits a layer, and if not, why: the checks that the core families share.

Each `why_not_` function returns a few words for the head comment of NAME.c, or None if all is well.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tinyml_course.export.layers.accumulators import FULL_RANGE
from tinyml_course.export.layers.code import LayerCode
from tinyml_course.export.text import call_text
from tinyml_course.network import parameters
from tinyml_course.network.fixed_point import Multiplier
from tinyml_course.network.ir import Graph, Operator, Tensor

INT16_MAX = 32767
MOST_VALUES_TO_AVERAGE = 256
HALF = Multiplier(1 << 30, 0)
TOO_LONG = "a side longer than 32,767"
NO_ROUNDING = "sums or scales beyond the fast rounding"


def is_convolution(graph: Graph, operator: Operator) -> bool:
    """Whether a depthwise convolution is an ordinary one: all its filters see the same channel."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    return source.shape[3] == 1 < output.shape[3]


def convolution_filters(graph: Graph, operator: Operator) -> np.ndarray:
    """int8 (filters, height, width, channels), also of a depthwise layer that is no other."""
    filters = graph.input_of(operator, 1).values
    return filters.transpose(3, 1, 2, 0) if operator.kind == "DEPTHWISE_CONV_2D" else filters


def why_not_convolution(graph: Graph, operator: Operator) -> str | None:
    """CONV_2D of any filter size."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    if convolution_filters(graph, operator).shape[3] != source.shape[3]:
        return "grouped filters"
    if parameters.window(graph, operator).dilation != (1, 1):
        return "dilated filters"
    return TOO_LONG if max(*source.shape, *output.shape) > INT16_MAX else None


def why_not_depthwise_3x3(graph: Graph, operator: Operator) -> str | None:
    """DEPTHWISE_CONV_2D with filters of 3x3."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    w = parameters.window(graph, operator)
    if w.filter != (3, 3):
        return "filters other than 3x3"
    if w.stride not in ((1, 1), (2, 2)):
        return "strides other than 1 and 2"
    if w.dilation != (1, 1):
        return "dilated filters"
    if source.shape[3] != output.shape[3]:
        return "several outputs a channel"
    return TOO_LONG if max(*source.shape, *output.shape) > INT16_MAX else None


def why_not_depthwise(graph: Graph, operator: Operator) -> str | None:
    """DEPTHWISE_CONV_2D of any filter size."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    return TOO_LONG if max(*source.shape, *output.shape) > INT16_MAX else None


def why_not_fully_connected(graph: Graph, operator: Operator) -> str | None:
    """FULLY_CONNECTED with one row of inputs."""
    depth = graph.input_of(operator, 1).shape[1]
    return "several rows" if graph.input_of(operator, 0).elements != depth else None


def why_not_pooling(graph: Graph, operator: Operator) -> str | None:
    """MAX_POOL_2D and AVERAGE_POOL_2D."""
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    height, width = parameters.window(graph, operator).filter
    if height * width > MOST_VALUES_TO_AVERAGE:
        return "windows of more than 256 values"
    return TOO_LONG if max(*source.shape, *output.shape) > INT16_MAX else None


def exact_input(graph: Graph, operator: Operator) -> int:
    """Of ADD: which input has the larger scale; its factor is exactly 1/2."""
    return 0 if parameters.addition(graph, operator).input_multipliers[0] == HALF else 1


def why_not_addition(graph: Graph, operator: Operator) -> str | None:
    """ADD of two values of the same shape."""
    p = parameters.addition(graph, operator)
    output = graph.output_of(operator)
    exact = exact_input(graph, operator)
    shifts = (p.output_multiplier.shift, p.input_multipliers[1 - exact].shift)
    if [tensor.shape for tensor in graph.activations_of(operator)] != [output.shape] * 2:
        return "inputs of different shapes, or a constant"
    if p.input_multipliers[exact] != HALF or not all(-22 <= shift <= -1 for shift in shifts):
        return "equal or far too different scales"
    return None


def walk_is_down(w: parameters.Window) -> bool:
    """Whether a depthwise kernel walks down columns instead of along rows: the longer side."""
    return w.output[0] > w.output[1]


def clamped(code: LayerCode, output: Tensor, activation: tuple[int, int]) -> LayerCode:
    """The kernels saturate to int8; a narrower activation takes another turn over the output.

    The converter chooses scales so that RELU and RELU6 end where int8 ends: then it costs nothing.
    """
    if activation == FULL_RANGE:
        return code
    call = call_text("model_clamp_int8", output.elements, *activation, "output", "output")
    return replace(code, body=f"{code.body}\n{call}", kernels=(*code.kernels, "clamp:int8"))
