"""float32 operators in NumPy, and the two that cross between floats and integers.

Sums run in float32, but NumPy orders them its own way, so results agree with C up to rounding.
After the files of the same names in TFLM's `reference/`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tinyml_course.network import fixed_point, parameters, recurrent
from tinyml_course.network.geometry import gather_patches, mean_axes, scatter_products
from tinyml_course.network.ir import Graph, Operator

F32 = np.float32


def _clamp(operator: Operator, y: np.ndarray) -> np.ndarray:
    low, high = parameters.float_activation_range(
        operator.options.get("fused_activation_function", "NONE")
    )
    clamped: np.ndarray = np.clip(y, F32(low), F32(high))
    return clamped


def _plus(y: np.ndarray, bias: np.ndarray | None) -> np.ndarray:
    return y if bias is None else y + bias


def _fully_connected(
    graph: Graph,
    operator: Operator,
    x: np.ndarray,
    weights: np.ndarray,
    bias: np.ndarray | None = None,
) -> np.ndarray:
    return _clamp(operator, _plus(x.reshape(-1, weights.shape[-1]) @ weights.T, bias))


def _conv_2d(
    graph: Graph,
    operator: Operator,
    x: np.ndarray,
    weights: np.ndarray,
    bias: np.ndarray | None = None,
) -> np.ndarray:
    patches = gather_patches(x, parameters.window(graph, operator), 0)
    return _clamp(operator, _plus(np.tensordot(patches, weights, ((2, 3, 4), (1, 2, 3))), bias))


def _depthwise_conv_2d(
    graph: Graph,
    operator: Operator,
    x: np.ndarray,
    weights: np.ndarray,
    bias: np.ndarray | None = None,
) -> np.ndarray:
    patches = gather_patches(x, parameters.window(graph, operator), 0)
    patches = np.repeat(patches, weights.shape[-1] // x.shape[-1], axis=-1)
    return _clamp(operator, _plus(np.einsum("yxijc,ijc->yxc", patches, weights[0]), bias))


def _transpose_conv(
    graph: Graph,
    operator: Operator,
    x: np.ndarray,
    weights: np.ndarray,
    bias: np.ndarray | None = None,
) -> np.ndarray:
    sums = scatter_products(x, weights, parameters.window(graph, operator))
    return _clamp(operator, _plus(sums, bias))


def _average_pool_2d(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    window = parameters.window(graph, operator)
    total = gather_patches(x, window, 0).sum(axis=(2, 3))
    return _clamp(operator, total / gather_patches(np.ones_like(x), window, 0).sum(axis=(2, 3)))


def _max_pool_2d(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    window = parameters.window(graph, operator)
    # the search begins at the least finite float and passes over what is no number
    least = -parameters.GREATEST_FLOAT
    return _clamp(operator, np.fmax.reduce(gather_patches(x, window, least), (2, 3), initial=least))


def _mean(graph: Graph, operator: Operator, x: np.ndarray, _axes: np.ndarray) -> np.ndarray:
    means: np.ndarray = x.mean(axis=mean_axes(graph, operator), dtype=F32)
    return means


def _softmax(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    exps = np.exp((x - x.max(axis=-1, keepdims=True)) * F32(operator.options["beta"]))
    shares: np.ndarray = exps / exps.sum(axis=-1, keepdims=True, dtype=F32)
    return shares


def _quantize(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    """`AffineQuantize`: halves away from zero; what is no number becomes the least value."""
    output = graph.output_of(operator)
    ratio = (x / output.scale).astype(np.float64)
    ratio[np.isnan(ratio)] = -np.inf
    rounded = np.where(ratio >= 0, np.floor(ratio + 0.5), -np.floor(-ratio + 0.5))
    return fixed_point.clamp(rounded + output.zero_point, *parameters.LIMITS[output.dtype])


def _dequantize(graph: Graph, operator: Operator, x: np.ndarray) -> np.ndarray:
    source = graph.input_of(operator, 0)
    return (float(source.scale) * (x.astype(np.int64) - source.zero_point)).astype(F32)


FLOAT_KERNELS: dict[str, Callable[..., np.ndarray]] = {
    "FULLY_CONNECTED": _fully_connected,
    "CONV_2D": _conv_2d,
    "DEPTHWISE_CONV_2D": _depthwise_conv_2d,
    "TRANSPOSE_CONV": _transpose_conv,
    "AVERAGE_POOL_2D": _average_pool_2d,
    "MAX_POOL_2D": _max_pool_2d,
    "MEAN": _mean,
    "ADD": lambda graph, operator, a, b: _clamp(operator, a + b),
    "SUB": lambda graph, operator, a, b: _clamp(operator, a - b),
    "MUL": lambda graph, operator, a, b: _clamp(operator, a * b),
    "DIV": lambda graph, operator, a, b: _clamp(operator, a / b),
    "SQUARED_DIFFERENCE": lambda graph, operator, a, b: (a - b) ** 2,
    "PRELU": lambda graph, operator, x, slope: np.asarray(np.where(x >= 0, x, x * slope)),
    "SUM": lambda graph, operator, x, _: x.sum(axis=mean_axes(graph, operator), dtype=F32),
    "ABS": lambda graph, operator, x: np.abs(x),
    "NEG": lambda graph, operator, x: -x,
    "SQUARE": lambda graph, operator, x: x * x,
    "SQRT": lambda graph, operator, x: np.sqrt(x),
    "RSQRT": lambda graph, operator, x: F32(1) / np.sqrt(x),
    "EXP": lambda graph, operator, x: np.exp(x),
    "ELU": lambda graph, operator, x: np.maximum(x, F32(0)) + np.expm1(np.minimum(x, F32(0))),
    "SOFTMAX": _softmax,
    "LOGISTIC": lambda graph, operator, x: F32(1) / (F32(1) + np.exp(-x)),
    "TANH": lambda graph, operator, x: np.tanh(x),
    "RELU": lambda graph, operator, x: np.maximum(x, F32(0)),
    "RELU6": lambda graph, operator, x: np.clip(x, F32(0), F32(6)),
    "LEAKY_RELU": lambda graph, operator, x: np.where(x > 0, x, x * F32(operator.options["alpha"])),
    "HARD_SWISH": lambda graph, operator, x: x * np.clip(x + F32(3), F32(0), F32(6)) / F32(6),
    "QUANTIZE": _quantize,
    "DEQUANTIZE": _dequantize,
    "UNIDIRECTIONAL_SEQUENCE_LSTM": recurrent.run_lstm_float,
    "SVDF": recurrent.run_svdf_float,
}
