"""Layers that keep a state of their own: UNIDIRECTIONAL_SEQUENCE_LSTM and SVDF."""

from __future__ import annotations

from tinyml_course.export.layers.code import LayerCode, Table
from tinyml_course.export.layers.structs import float_range
from tinyml_course.export.text import call_text as _call
from tinyml_course.export.text import float_literal as f32
from tinyml_course.network import parameters, recurrent
from tinyml_course.network.fixed_point import Multiplier, reduce_multiplier
from tinyml_course.network.ir import Graph, Operator


def lstm_layer(graph: Graph, operator: Operator) -> LayerCode:
    """UNIDIRECTIONAL_SEQUENCE_LSTM on int8, int16 (with an int16 cell) and float32."""
    shape = recurrent.lstm_shape(graph, operator)
    dtype = graph.input_of(operator, 0).dtype
    suffix = "float" if dtype == "float32" else dtype
    tables, gates = [], []
    for gate, places in recurrent.GATES.items():
        names = [f"{gate}_gate_{part}" for part in ("weights", "recurrent", "bias")]
        for name, place in zip(names, places, strict=True):
            tensor = graph.input_of(operator, place)
            tables.append(Table(name, tensor.c_type, tensor.values))
        entries = [f"layer_{name}" for name in names]
        if dtype != "float32":
            for multiplier in recurrent.gate_multipliers(graph, operator, gate):
                value = multiplier.value
                entries.append(str(reduce_multiplier(value) if dtype == "int16" else value))
                entries.append(str(multiplier.shift))
        gates.append("        {" + ",\n         ".join(entries) + "},\n")
    body = (
        "    /* gates: input, forget, cell, output */\n"
        f"    static const model_lstm_gate_{suffix} gates[4] = {{\n"
        f"{''.join(gates)}    }};\n"
    )
    scratch = 4 * shape.units * (4 if dtype == "float32" else 2)
    states = ("input", "state_0", "state_1")
    if dtype == "float32":
        clip = f32(operator.options["cell_clip"])
        sizes = (shape.steps, shape.inputs, shape.units, clip)
        body += _call(
            "model_lstm_float", *sizes, "gates", *states, "(float *)(void *)scratch", "output"
        )
        return LayerCode(body, ("lstm_float",), tuple(tables), scratch)
    body += _lstm_text(graph, operator)
    body += _call(f"model_lstm_{dtype}", "&lstm", "gates", *states, "scratch", "output")
    kernels = ("lstm_gate_16" if dtype == "int16" else "lstm_gate_8", f"lstm:{dtype}")
    return LayerCode(body, kernels, tuple(tables), scratch)


def _factor(multiplier: Multiplier) -> str:
    return f"{multiplier.value}, {multiplier.shift}"


def _lstm_text(graph: Graph, operator: Operator) -> str:
    """The `model_lstm` of a layer."""
    shape, scaling = (
        recurrent.lstm_shape(graph, operator),
        recurrent.cell_scaling(graph, operator),
    )
    source = graph.input_of(operator, 0)
    hidden = graph.input_of(operator, recurrent.LSTM_HIDDEN)
    low, high = parameters.LIMITS[hidden.dtype]
    return (
        "    static const model_lstm lstm = {\n"
        f"        {shape.steps}, {shape.inputs}, {shape.units}, /* steps, inputs, units */\n"
        f"        {source.zero_point}, {hidden.zero_point}, {low}, {high}, "
        "/* zero points of input and output, its range */\n"
        f"        {_factor(scaling.forget)}, /* forget gate x cell */\n"
        f"        {_factor(scaling.update)}, /* input gate x cell gate */\n"
        f"        {_factor(scaling.output)}, /* tanh(cell) x output gate */\n"
        f"        {scaling.clip}, {scaling.tanh[0]}, {scaling.tanh[1]} "
        "/* clip; to tanh's table */\n"
        "    };\n"
    )


def svdf_layer(graph: Graph, operator: Operator) -> LayerCode:
    """SVDF on int8, with a state of int8 or int16, and on float32."""
    source, features, times, bias = (graph.input_of(operator, i) for i in range(4))
    state, output = graph.input_of(operator, recurrent.SVDF_STATE), graph.output_of(operator)
    tables = (
        Table("features", features.c_type, features.values),
        Table("times", times.c_type, times.values),
        Table("bias", bias.c_type, bias.values),
    )
    values = ("layer_features", "layer_times", "layer_bias", "input", "state", "output")
    inputs, memory = features.shape[1], times.shape[1]
    rank, units = operator.options["rank"], output.elements
    if source.dtype == "float32":
        sizes = (inputs, units, rank, memory)
        body = _call("model_svdf_float", *sizes, *float_range(operator), *values)
        return LayerCode(body, ("svdf_float",), tables)
    scaling = recurrent.svdf_scaling(graph, operator)
    low, high = parameters.LIMITS[state.dtype]
    body = (
        "    static const model_svdf svdf = {\n"
        f"        {inputs}, {units}, {rank}, {memory}, /* inputs, units, rank, memory */\n"
        f"        {source.zero_point}, {state.zero_point}, {output.zero_point}, {low}, {high}, "
        "/* zero points of input, state, output; the state's range */\n"
        f"        {_factor(scaling.to_state)}, {_factor(scaling.to_output)} "
        "/* to the state, to the output */\n"
        "    };\n"
    )
    body += _call(f"model_svdf_{state.dtype}", "&svdf", *values)
    return LayerCode(body, (f"svdf:{state.dtype}",), tables)
