"""Structs that several families of kernels take, as C: window, quantization, clamping range."""

from __future__ import annotations

from tinyml_course.export.text import float_literal as f32
from tinyml_course.network import parameters
from tinyml_course.network.ir import Operator
from tinyml_course.network.parameters import Requantization, Window


def window_text(w: Window, in_channels: int, out_channels: int) -> str:
    """The `model_window` of a layer."""
    return (
        "    static const model_window window = {\n"
        f"        {w.input[0]}, {w.input[1]}, {in_channels}, /* input: height, width, channels */\n"
        f"        {w.output[0]}, {w.output[1]}, {out_channels}, /* output */\n"
        f"        {w.filter[0]}, {w.filter[1]}, {w.stride[0]}, {w.stride[1]}, "
        "/* filter and stride: height, width */\n"
        f"        {w.dilation[0]}, {w.dilation[1]}, {w.padding[0]}, {w.padding[1]} "
        "/* dilation; padding above and on the left */\n"
        "    };\n"
    )


def quantization_text(r: Requantization) -> str:
    """The `model_quantization` of a layer."""
    return (
        "    static const model_quantization quantization = {\n"
        f"        {r.input_zero_point}, {r.output_zero_point}, /* zero points: input, output */\n"
        f"        {r.activation_min}, {r.activation_max} "
        "/* activation: least, greatest */\n"
        "    };\n"
    )


def float_range(operator: Operator) -> tuple[str, str]:
    """The least and the greatest value of a fused activation, as C."""
    low, high = parameters.float_activation_range(operator.options["fused_activation_function"])
    return f32(low), f32(high)
