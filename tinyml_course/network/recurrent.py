"""LSTM and SVDF: their shapes and factors as `Prepare` derives them, and both in NumPy.

An LSTM looks at a sequence step by step. Four gates, each a dense layer of the step's input and of
the last step's output, say what the cell forgets, what it takes up, and what it shows. An SVDF is a
dense layer whose last answers are kept and weighed over time. Both read and write variable tensors,
which come to these functions as arrays and are changed in place. Follows `lstm_eval_common.cc`,
`lstm_eval.h` and `svdf_common.cc` of tflite-micro.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tinyml_course.network import elementwise, fixed_point, parameters
from tinyml_course.network.fixed_point import Multiplier, quantize_multiplier
from tinyml_course.network.ir import Graph, Operator, Tensor

# Where an LSTM has the parts of a gate: weights for the input, weights for the state, the bias.
GATES = {"input": (1, 5, 12), "forget": (2, 6, 13), "cell": (3, 7, 14), "output": (4, 8, 15)}
LSTM_HIDDEN, LSTM_CELL = 18, 19
GATE_SCALE = 1 / 4096  # of a gate before its activation
ACTIVATED_SCALE = 1 / 32768  # and behind it
SVDF_STATE = 4


@dataclass(frozen=True)
class LstmShape:
    """steps: of the sequence; inputs: numbers a step; units: numbers of the state."""

    steps: int
    inputs: int
    units: int


def lstm_shape(graph: Graph, operator: Operator) -> LstmShape:
    """The sizes of an LSTM with a batch of one."""
    source = graph.input_of(operator, 0).shape
    steps = source[0] if operator.options["time_major"] else source[1]
    return LstmShape(steps, source[2], graph.input_of(operator, 1).shape[0])


def gate_multipliers(graph: Graph, operator: Operator, gate: str) -> tuple[Multiplier, Multiplier]:
    """Of the sums over the input and over the state: to steps of 1/4096."""
    weights, recurrent, _ = (graph.input_of(operator, i) for i in GATES[gate])
    source, hidden = graph.input_of(operator, 0), graph.input_of(operator, LSTM_HIDDEN)
    return (
        quantize_multiplier(float(source.scale) * float(weights.scale) / GATE_SCALE),
        quantize_multiplier(float(hidden.scale) * float(recurrent.scale) / GATE_SCALE),
    )


@dataclass(frozen=True)
class CellScaling:
    """Of an integer LSTM behind its gates.

    Attributes:
        forget, update, output: of the products gate x cell, input gate x cell gate, and
            tanh(cell) x output gate.
        clip: the greatest magnitude of the cell; 0 if nothing is clipped.
        tanh: multiplier and right shift that bring the cell to tanh's table.
    """

    forget: Multiplier
    update: Multiplier
    output: Multiplier
    clip: int
    tanh: tuple[int, int]


def cell_scaling(graph: Graph, operator: Operator) -> CellScaling:
    """The factors of an integer LSTM's state."""
    hidden, cell = graph.input_of(operator, LSTM_HIDDEN), graph.input_of(operator, LSTM_CELL)
    scale, activated = float(cell.scale), ACTIVATED_SCALE
    shift = 12 + tanh_power(cell)
    clip = float(np.float32(operator.options["cell_clip"]))
    return CellScaling(
        quantize_multiplier(activated * scale / scale),
        quantize_multiplier(activated * activated / scale),
        quantize_multiplier(activated * activated / float(hidden.scale)),
        int(min(max(clip / scale, -32768.0), 32767.0)) if clip > 0 else 0,
        (3 << shift, 0) if shift >= 0 else (3, -shift),
    )


def tanh_power(cell: Tensor) -> int:
    """The cell's scale as a power of two."""
    return fixed_point.round_half_away(math.log2(float(cell.scale)))


def run_lstm(graph: Graph, operator: Operator, x: np.ndarray, *inputs: np.ndarray) -> np.ndarray:
    """UNIDIRECTIONAL_SEQUENCE_LSTM on int8 or int16 with an int16 cell.

    Args:
        x: `(1, steps, inputs)`, or with the steps first.
        inputs: the operator's other 23; the two states among them are changed.

    Returns:
        The state `hidden` after each step: `(steps, units)`.
    """
    shape, scaling = lstm_shape(graph, operator), cell_scaling(graph, operator)
    hidden, cell = inputs[LSTM_HIDDEN - 1].reshape(-1), inputs[LSTM_CELL - 1].reshape(-1)
    zero = graph.input_of(operator, LSTM_HIDDEN).zero_point
    limits = parameters.LIMITS[hidden.dtype.name]
    multiply = fixed_point.multiply_by_quantized_multiplier
    outputs = []
    for step in x.reshape(shape.steps, shape.inputs).astype(np.int64):
        gates = {name: _gate(graph, operator, name, step, hidden, inputs) for name in GATES}
        kept = _int16(multiply(gates["forget"] * cell, *scaling.forget))
        new = _int16(multiply(gates["input"] * gates["cell"], *scaling.update))
        cell[:] = _int16(kept + new)
        if scaling.clip:
            cell[:] = fixed_point.clamp(cell, -scaling.clip, scaling.clip)
        shown = elementwise.sigmoid16(cell.astype(np.int64), *scaling.tanh, is_tanh=True)
        y = multiply(shown * gates["output"], *scaling.output) + zero
        hidden[:] = fixed_point.clamp(y, *limits)
        outputs.append(hidden.copy())
    return np.array(outputs)


def _gate(
    graph: Graph,
    operator: Operator,
    gate: str,
    step: np.ndarray,
    hidden: np.ndarray,
    inputs: tuple[np.ndarray, ...],
) -> np.ndarray:
    weights, recurrent, bias = (inputs[i - 1] for i in GATES[gate])
    zero_points = (graph.input_of(operator, i).zero_point for i in (0, LSTM_HIDDEN))
    of_input, of_state = gate_multipliers(graph, operator, gate)
    sums = []
    for vector, zero_point, matrix, offset, multiplier in zip(
        (step, hidden.astype(np.int64)),
        zero_points,
        (weights, recurrent),
        (bias, 0),
        (of_input, of_state),
        strict=True,
    ):
        total = matrix.astype(np.int64) @ (vector - zero_point) + offset
        if hidden.dtype == np.int16:
            value = fixed_point.reduce_multiplier(multiplier.value)
            y = fixed_point.multiply_int64_by_quantized_multiplier(total, value, multiplier.shift)
        else:
            y = fixed_point.multiply_by_quantized_multiplier(
                fixed_point.wrap_int32(total), *multiplier
            )
        sums.append(_int16(y))
    return elementwise.sigmoid16(_int16(sums[0] + sums[1]), 3, 0, is_tanh=gate == "cell")


def _int16(x: np.ndarray) -> np.ndarray:
    return fixed_point.clamp(x, *parameters.LIMITS["int16"])


def run_lstm_float(
    graph: Graph, operator: Operator, x: np.ndarray, *inputs: np.ndarray
) -> np.ndarray:
    """The same on float32."""
    shape = lstm_shape(graph, operator)
    hidden, cell = inputs[LSTM_HIDDEN - 1].reshape(-1), inputs[LSTM_CELL - 1].reshape(-1)
    clip = np.float32(operator.options["cell_clip"])
    outputs = []
    for step in x.reshape(shape.steps, shape.inputs):
        gates = {}
        for name, places in GATES.items():
            weights, recurrent, bias = (inputs[i - 1] for i in places)
            total = weights @ step + bias + recurrent @ hidden
            one = np.float32(1)
            gates[name] = np.tanh(total) if name == "cell" else one / (one + np.exp(-total))
        cell[:] = gates["forget"] * cell + gates["input"] * gates["cell"]
        if clip > 0:
            cell[:] = np.clip(cell, -clip, clip)
        hidden[:] = np.tanh(cell) * gates["output"]
        outputs.append(hidden.copy())
    return np.array(outputs)


@dataclass(frozen=True)
class SvdfScaling:
    """Of an integer SVDF: to the state, and from the state to the output."""

    to_state: Multiplier
    to_output: Multiplier


def svdf_scaling(graph: Graph, operator: Operator) -> SvdfScaling:
    """Follows `PrepareSvdf`."""
    source, features, times = (graph.input_of(operator, i) for i in (0, 1, 2))
    state, output = graph.input_of(operator, SVDF_STATE), graph.output_of(operator)
    return SvdfScaling(
        quantize_multiplier(float(source.scale) * float(features.scale) / float(state.scale)),
        quantize_multiplier(float(state.scale) * float(times.scale) / float(output.scale)),
    )


def run_svdf(
    graph: Graph,
    operator: Operator,
    x: np.ndarray,
    features: np.ndarray,
    times: np.ndarray,
    bias: np.ndarray,
    state: np.ndarray,
) -> np.ndarray:
    """SVDF on int8, its state and its weights over time int8 or int16."""
    scaling = svdf_scaling(graph, operator)
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    zero = graph.input_of(operator, SVDF_STATE).zero_point
    multiply = fixed_point.multiply_by_quantized_multiplier
    memory = state.reshape(times.shape)
    total = features.astype(np.int64) @ (x.reshape(-1).astype(np.int64) - source.zero_point)
    newest = multiply(fixed_point.wrap_int32(total), *scaling.to_state)
    newest = fixed_point.clamp(newest, *parameters.LIMITS[state.dtype.name])
    memory[:, :-1] = memory[:, 1:].copy()
    memory[:, -1] = (newest + zero).astype(state.dtype)  # beyond the range it wraps, as in TFLM
    sums = (times.astype(np.int64) * (memory.astype(np.int64) - zero)).sum(axis=1)
    sums = fixed_point.wrap_int32(sums.reshape(-1, operator.options["rank"]).sum(axis=1) + bias)
    y = multiply(sums, *scaling.to_output) + output.zero_point
    return fixed_point.clamp(y, *parameters.LIMITS["int8"])


def run_svdf_float(
    graph: Graph,
    operator: Operator,
    x: np.ndarray,
    features: np.ndarray,
    times: np.ndarray,
    bias: np.ndarray | None,
    state: np.ndarray,
) -> np.ndarray:
    """SVDF on float32."""
    memory = state.reshape(times.shape)
    memory[:, :-1] = memory[:, 1:].copy()
    memory[:, -1] = features @ x.reshape(-1)
    sums = (times * memory).sum(axis=1).reshape(-1, operator.options["rank"]).sum(axis=1)
    y = sums if bias is None else sums + bias
    # `ActivationValFloat` in TFLM's activation_utils.h: what is no number ends at a limit
    activation = operator.options["fused_activation_function"]
    low, high = map(np.float32, parameters.float_activation_range(activation))
    if activation in ("RELU6", "RELU_N1_TO_1"):
        y = np.where(y < high, y, high)
    if activation != "NONE":
        y = np.where(y > low, y, low)
    return np.asarray(y)
