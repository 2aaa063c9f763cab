"""LSTM and SVDF: what is refused, and that the state lives where the file says."""

import numpy as np
import pytest

from tests.export.check.small_graphs import SMALL_GRAPHS
from tests.network.tflite_builder import TfliteBuilder
from tinyml_course.errors import ExportError
from tinyml_course.network.macs import count_macs
from tinyml_course.network.reference import run_reference
from tinyml_course.network.state import initial_state

UNITS, INPUTS = 2, 3


def lstm(change=None, **fields):
    """An int8 LSTM; `change` gets its inputs as arguments of `TfliteBuilder.tensor`."""

    def weights(*shape):
        return {"shape": shape, "dtype": "int8", "scale": 0.01, "data": np.ones(shape)}

    bias = {"shape": (UNITS,), "dtype": "int32", "scale": 0.001, "data": np.ones(UNITS)}
    inputs = [{"shape": (1, 4, INPUTS), "dtype": "int8", "scale": 0.1}]
    inputs += [weights(UNITS, INPUTS)] * 4 + [weights(UNITS, UNITS)] * 4 + [None] * 3
    inputs += [bias] * 4 + [None] * 2
    state = {"shape": (1, UNITS), "is_variable": True}
    inputs += [
        {**state, "dtype": "int8", "scale": 0.01, "zero_point": 3},
        {**state, "dtype": "int16", "scale": 1 / 2048},
    ]
    inputs += [None] * 4
    if change is not None:
        change(inputs)
    b = TfliteBuilder()
    values = [None if i is None else b.tensor(**i) for i in inputs]
    y = b.tensor((*inputs[0]["shape"][:2], UNITS), "int8", 0.01, 3)
    options = {"fusedActivationFunction": 4, "cellClip": 1.0, "timeMajor": False} | fields
    b.operator(
        "UNIDIRECTIONAL_SEQUENCE_LSTM",
        values,
        y,
        ("UnidirectionalSequenceLSTMOptions", options),
    )
    return b.build([values[0]], [y])


def peephole(inputs):
    inputs[9] = {"shape": (UNITS,), "dtype": "int16", "scale": 0.1, "data": np.ones(UNITS)}


def old_form(inputs):
    del inputs[20:]


def two_at_once(inputs):
    inputs[0] = inputs[0] | {"shape": (2, 4, INPUTS)}
    for i in (18, 19):
        inputs[i] = inputs[i] | {"shape": (2, UNITS)}


def cell_of_8_bits(inputs):
    inputs[19] = inputs[19] | {"dtype": "int8"}


def no_variable(inputs):
    inputs[18] = inputs[18] | {"is_variable": False, "data": np.zeros((1, UNITS))}


def shifted_weights(inputs):
    inputs[6] = inputs[6] | {"zero_point": 1}


def coarse_cell(inputs):
    inputs[19] = inputs[19] | {"scale": 4.0}


def wrong_shape(inputs):
    inputs[2] = inputs[2] | {"shape": (UNITS, INPUTS + 1), "data": np.ones((UNITS, INPUTS + 1))}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (peephole, "peepholes"),
        (old_form, "24"),
        (two_at_once, "batch of more than one"),
        (cell_of_8_bits, "types are not supported"),
        (no_variable, "no variable"),
        (shifted_weights, "zero point"),
        (coarse_cell, "cell has the scale 4"),
        (wrong_shape, "shapes do not fit"),
    ],
)
def test_what_tflm_does_not_run_is_refused(change, reason):
    with pytest.raises(ExportError, match=f"UNIDIRECTIONAL_SEQUENCE_LSTM.*{reason}"):
        _ = lstm(change).network


def test_another_activation_is_refused():
    with pytest.raises(ExportError, match="another activation than tanh"):
        _ = lstm(fusedActivationFunction=1).network


def test_state_begins_at_the_real_zero_and_belongs_to_the_caller():
    graph = lstm().network
    hidden, cell = graph.initial
    assert set(graph.initial[hidden].reshape(-1)) == {3}
    assert not graph.initial[cell].any()
    state = initial_state(graph)
    x = [np.full((1, 4, INPUTS), 90, np.int8)]
    first = run_reference(graph, x, state)[0]
    assert state[cell].any()
    np.testing.assert_array_equal(run_reference(graph, x)[0], first)
    assert (run_reference(graph, x, state)[0] != first).any()


def test_products_are_counted():
    assert count_macs(lstm().network) == 4 * 4 * UNITS * (UNITS + INPUTS)
    assert count_macs(SMALL_GRAPHS["keyword_by_svdf"].network) == 8 * 6 + 8 * 5


def test_an_svdf_without_a_bias_is_refused():
    b = TfliteBuilder()
    x = b.tensor((1, 3), "int8", 0.1)
    w = b.tensor((2, 3), "int8", 0.1, data=np.ones((2, 3)))
    state = b.tensor((1, 6), "int8", 0.1, is_variable=True)
    y = b.tensor((1, 2), "int8", 0.1)
    fields = ("SVDFOptions", {"rank": 1, "fusedActivationFunction": 0})
    b.operator("SVDF", [x, w, w, None, state], y, fields)
    with pytest.raises(ExportError, match=r"SVDF.*needs its bias"):
        _ = b.build([x], [y]).network


@pytest.mark.parametrize("clip", [float("nan"), float("inf")])
def test_a_setting_that_is_no_number_is_damage(clip):
    with pytest.raises(ExportError, match=r"damaged: UNIDIRECTIONAL_SEQUENCE_LSTM's CellClip"):
        _ = lstm(cellClip=clip).network
