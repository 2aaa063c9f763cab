"""The reader, folding and the facts that a graph states."""

import numpy as np
import pytest

from tests.network.tflite_builder import TfliteBuilder
from tests.networks import tflite_model
from tinyml_course.errors import DataError
from tinyml_course.export.check.host_build import HostModel, zig_compiler
from tinyml_course.network.folding import is_alias
from tinyml_course.network.macs import count_macs
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.reference import run_reference

MACS = {  # HARDWARE's table
    "ds_cnn": 2_656_768,
    "mobilenet_v1": 7_489_664,
    "resnet8": 12_501_632,
    "autoencoder": 264_192,
    "conv1d": 32_320,
    "dense3": 656,
}


@pytest.mark.parametrize("name", MACS)
def test_macs_are_those_of_the_published_shapes(name):
    assert count_macs(tflite_model(name).network) == MACS[name]


def test_a_graph_is_what_the_file_says():
    graph = tflite_model("dense3").graph
    assert [o.kind for o in graph.operators] == ["FULLY_CONNECTED"] * 3 + ["SOFTMAX"]
    first = graph.operators[0]
    assert first.options["fused_activation_function"] == "RELU"
    weights = graph.input_of(first, 1)
    assert (weights.dtype, weights.shape, weights.zero_point) == ("int8", (32, 3), 0)
    assert graph.output_of(graph.operators[-1]).scale == 1 / 256
    with pytest.raises(ValueError, match="read-only"):
        weights.data[0] = 1


def flatten_as_keras_leaves_it() -> bytes:
    """SHAPE, STRIDED_SLICE and PACK before a RESHAPE, then a dense layer."""
    b = TfliteBuilder()
    x = b.tensor((1, 3, 4), "int8", 0.1)
    shape = b.operator("SHAPE", [x], b.tensor((3,), "int32"), ("ShapeOptions", {"outType": 2}))
    index = [b.tensor((1,), "int32", data=np.array([i])) for i in (0, 1, 1)]
    masks = dict.fromkeys(("beginMask", "endMask", "ellipsisMask", "newAxisMask"), 0)
    batch = b.operator(
        "STRIDED_SLICE",
        [shape, *index],
        b.tensor((), "int32"),
        ("StridedSliceOptions", {**masks, "shrinkAxisMask": 1}),
    )
    twelve = b.tensor((), "int32", data=np.array(12))
    target = b.operator(
        "PACK",
        [batch, twelve],
        b.tensor((2,), "int32"),
        ("PackOptions", {"valuesCount": 2, "axis": 0}),
    )
    flat = b.operator("RESHAPE", [x, target], b.tensor((1, 12), "int8", 0.1))
    y = b.operator("RELU", [flat], b.tensor((1, 12), "int8", 0.1))
    return b.build([x], [y])


def test_shapes_computed_at_run_time_are_folded_away():
    graph = flatten_as_keras_leaves_it().network
    assert [o.kind for o in graph.operators] == ["RESHAPE", "RELU"]
    assert is_alias(graph, graph.operators[0])
    assert graph.input_of(graph.operators[0], 1).data.tolist() == [1, 12]


def test_outputs_that_are_inputs_or_each_other_are_copied():
    b = TfliteBuilder()
    x = b.tensor((1, 4), "int8", 0.1)
    reshaped = b.operator(
        "RESHAPE",
        [x, b.tensor((3,), "int32", data=np.array([1, 2, 2]))],
        b.tensor((1, 2, 2), "int8", 0.1),
    )
    y = b.operator("RELU", [x], b.tensor((1, 4), "int8", 0.1))
    model_bytes = b.build([x], [reshaped, y, y, x])
    values = np.array([[-3, 1, 2, -128]], np.int8)
    expected = run_reference(TfliteModel.of(model_bytes).network, [values])
    with HostModel.build(model_bytes) as model:
        for a, b_ in zip(expected, model.invoke(values), strict=True):
            np.testing.assert_array_equal(a, b_)


def test_the_wheels_clang_builds_it_too():
    """The course promises that no system compiler is needed."""
    model_bytes = tflite_model("dense3")
    x = np.array([[-100, 3, 90]], np.int8)
    with HostModel.build(model_bytes, compiler=zig_compiler()) as model:
        actual = model.invoke(x)[0]
    np.testing.assert_array_equal(
        actual, run_reference(TfliteModel.of(model_bytes).network, [x])[0]
    )


@pytest.mark.parametrize("x", [np.zeros((1, 3)), np.zeros((1, 4), np.int8)])
def test_inputs_of_another_type_or_shape_are_refused(x):
    model_bytes = tflite_model("dense3")
    with pytest.raises(DataError, match="the model needs int8"):
        run_reference(TfliteModel.of(model_bytes).network, [x])
    with HostModel.build(model_bytes) as model, pytest.raises(DataError, match="needs int8"):
        model.invoke(x)
