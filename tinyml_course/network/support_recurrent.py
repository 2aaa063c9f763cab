"""LSTM and SVDF: which forms of them TFLM runs, and so the exporter takes."""

from __future__ import annotations

from collections.abc import Iterable

from tinyml_course.network import recurrent
from tinyml_course.network.fixed_point import Multiplier
from tinyml_course.network.ir import Graph, Operator, Tensor
from tinyml_course.network.refusal import broken, refuse

MAX_ACCUM_DEPTH = 1 << 16  # products that an int32 accumulator surely holds
LSTM_INPUTS = 24
# What only other LSTMs have: peepholes, a projection, layer normalization.
LSTM_ABSENT = (9, 10, 11, 16, 17, 20, 21, 22, 23)
LSTM_BIAS = {"int8": "int32", "int16": "int64", "float32": "float32"}


def check_lstm(graph: Graph, operator: Operator) -> None:
    """Refuses an LSTM that is not the standard one, or whose parts do not fit."""
    if len(operator.inputs) != LSTM_INPUTS:
        raise refuse(
            graph,
            operator,
            f"it has {len(operator.inputs)} inputs, TFLM takes those with 24",
            "Convert with a current TensorFlow",
        )
    if any(operator.inputs[i] is not None for i in LSTM_ABSENT) or (
        operator.options["fused_activation_function"] != "TANH"
    ):
        raise refuse(
            graph,
            operator,
            "it has peepholes, a projection, layer normalization or another activation than tanh",
            "Use tf.keras.layers.LSTM with its defaults",
        )
    source, output = graph.input_of(operator, 0), graph.output_of(operator)
    hidden = graph.input_of(operator, recurrent.LSTM_HIDDEN)
    cell = graph.input_of(operator, recurrent.LSTM_CELL)
    gates = {g: [graph.input_of(operator, i) for i in p] for g, p in recurrent.GATES.items()}
    weights = "float32" if source.dtype == "float32" else "int8"
    types = [t.dtype for parts in gates.values() for t in parts]
    if source.dtype not in LSTM_BIAS or (
        types != [weights, weights, LSTM_BIAS[source.dtype]] * 4
        or hidden.dtype != source.dtype
        or output.dtype != source.dtype
        or cell.dtype != ("float32" if source.dtype == "float32" else "int16")
    ):
        raise refuse(
            graph,
            operator,
            "these types are not supported",
            "It is exported for int8 or int16 with int8 weights and an int16 cell, and for float32 "
            "throughout: quantize fully, or convert as float32",
        )
    _check_states(graph, operator, (hidden, cell))
    _check_constants(graph, operator, (t for parts in gates.values() for t in parts))
    if len(source.shape) != 3 or len(gates["input"][0].shape) != 2:
        raise broken(graph, operator, "the shapes do not fit")
    if source.shape[1 if operator.options["time_major"] else 0] != 1:
        raise refuse(graph, operator, "a batch of more than one", "Fix the batch size to 1")
    shape = recurrent.lstm_shape(graph, operator)
    units = shape.units
    if (
        output.shape != (*source.shape[:2], units)
        or any(
            (w.shape, r.shape, b.shape) != ((units, shape.inputs), (units, units), (units,))
            for w, r, b in gates.values()
        )
        or (hidden.elements, cell.elements) != (units, units)
    ):
        raise broken(graph, operator, "the shapes do not fit")
    if max(shape.inputs, units) > MAX_ACCUM_DEPTH:
        raise refuse(graph, operator, "it sums too many products", "Use a smaller layer")
    if source.dtype == "float32":
        return
    symmetric = [cell, *(t for parts in gates.values() for t in parts[:2])]
    if source.dtype == "int16":
        symmetric += [source, hidden]
    _check_scales(graph, operator, (source, hidden, *symmetric), symmetric)
    if not -15 <= 12 + recurrent.tanh_power(cell) <= 13:
        raise refuse(
            graph, operator, f"its cell has the scale {cell.scale:g}", "Quantize with real data"
        )
    multipliers = [m for g in gates for m in recurrent.gate_multipliers(graph, operator, g)]
    recurrent.cell_scaling(graph, operator)  # raises if a factor is absurd
    if source.dtype == "int16":
        _check_wide(graph, operator, multipliers)


def check_svdf(graph: Graph, operator: Operator) -> None:
    """Refuses an SVDF that TFLM does not run, or whose parts do not fit."""
    if len(operator.inputs) != 5 or operator.inputs[3] is None:
        raise refuse(graph, operator, "TFLM needs its bias", "Convert it with one")
    source, features, times, bias, state = (graph.input_of(operator, i) for i in range(5))
    output = graph.output_of(operator)
    types = tuple(t.dtype for t in (source, features, times, bias, state, output))
    if types not in (
        ("int8", "int8", "int8", "int32", "int8", "int8"),
        ("int8", "int8", "int16", "int32", "int16", "int8"),
        ("float32",) * 6,
    ):
        raise refuse(
            graph,
            operator,
            "these types are not supported",
            "It is exported for int8, and for float32 throughout: quantize fully, or convert as "
            "float32",
        )
    _check_states(graph, operator, (state,))
    _check_constants(graph, operator, (features, times, bias))
    if len(source.shape) != 2 or len(features.shape) != 2 or len(times.shape) != 2:
        raise broken(graph, operator, "the shapes do not fit")
    if source.shape[0] != 1:
        raise refuse(graph, operator, "a batch of more than one", "Fix the batch size to 1")
    filters, rank = features.shape[0], operator.options["rank"]
    if (
        rank < 1
        or filters % rank
        or features.shape[1] != source.shape[1]
        or times.shape[0] != filters
        or state.elements != times.elements
        or output.shape != (1, filters // rank)
        or bias.elements != filters // rank
    ):
        raise broken(graph, operator, "the shapes do not fit")
    if max(features.shape[1], times.shape[1] * rank) > MAX_ACCUM_DEPTH // 256:
        raise refuse(graph, operator, "it sums too many products", "Use a smaller layer")
    if source.dtype == "float32":
        if operator.options["fused_activation_function"] not in (
            "NONE",
            "RELU",
            "RELU6",
            "RELU_N1_TO_1",
        ):
            raise refuse(graph, operator, "another activation than RELU", "Use ReLU")
        return
    symmetric = [features, times, *([state] if state.dtype == "int16" else [])]
    _check_scales(graph, operator, (source, features, times, state, output), symmetric)
    if bias.quantization is None or (
        abs(float(bias.scale) - float(state.scale) * float(times.scale)) >= 1e-5
    ):
        raise refuse(
            graph,
            operator,
            "its bias has another scale than state and weights together, TFLM refuses that too",
            "Convert it again",
        )
    recurrent.svdf_scaling(graph, operator)


def _check_states(graph: Graph, operator: Operator, states: Iterable[Tensor]) -> None:
    if any(state.index not in graph.initial for state in states):
        raise refuse(
            graph, operator, "its state is no variable, TFLM refuses that too", "Convert it again"
        )


def _check_constants(graph: Graph, operator: Operator, tensors: Iterable[Tensor]) -> None:
    if not all(tensor.is_constant for tensor in tensors):
        raise refuse(graph, operator, "its weights are no constants", "Use Dense or Conv")


def _check_scales(
    graph: Graph, operator: Operator, tensors: Iterable[Tensor], symmetric: Iterable[Tensor]
) -> None:
    """Everything has one scale; weights, cell and all int16 the zero point 0."""
    for tensor in tensors:
        if tensor.quantization is None or tensor.quantization.is_per_channel:
            raise refuse(
                graph, operator, f"{tensor.name!r} needs one scale", "Quantize it per tensor"
            )
    if any(tensor.zero_point for tensor in symmetric):
        raise refuse(
            graph,
            operator,
            "its weights or int16 values have a zero point",
            "Quantize them symmetrically, as the converter does",
        )


def _check_wide(graph: Graph, operator: Operator, multipliers: Iterable[Multiplier]) -> None:
    if any(multiplier.shift > 7 for multiplier in multipliers):
        raise refuse(
            graph,
            operator,
            "its scales are so coarse that TFLM's 64-bit rescaling overflows",
            "Quantize with representative data",
        )
