"""Damaged files: one `ExportError`, or C that computes what the damaged file says.

`make test` tries 300 mutations; TINYML_BAD_FILES=10000 tries more.
"""

import os
import tempfile
from pathlib import Path

import numpy as np
import pytest

from tests.export.check.small_graphs import SMALL_GRAPHS
from tests.network.tflite_builder import TfliteBuilder
from tinyml_course.errors import ExportError, UnsupportedOperatorError
from tinyml_course.export.check.host_build import HostModel, compile_c
from tinyml_course.export.check.verify import random_inputs, verify_model
from tinyml_course.export.model_c.source import export_model_c, generate_model_c
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.reference import run_samples

MUTATIONS = int(os.environ.get("TINYML_BAD_FILES", "300"))
SEED = 20240301
BATCH = 50
MODELS = sorted((Path(__file__).parents[2] / "golden" / "models").glob("*.tflite"))


def mutate(content: bytes, rng: np.random.Generator) -> bytes:
    """Cut, flip bits, overwrite with noise, or repeat a piece."""
    data = bytearray(content)
    kind = rng.integers(0, 5)
    at = int(rng.integers(0, len(data)))
    if kind == 0:
        return bytes(data[:at])
    if kind == 1:
        for _ in range(int(rng.integers(1, 9))):
            data[int(rng.integers(0, len(data)))] ^= 1 << int(rng.integers(0, 8))
    elif kind == 2:
        noise = rng.integers(0, 256, int(rng.integers(1, 9)), dtype=np.uint8).tobytes()
        data[at : at + len(noise)] = noise
    elif kind == 3:
        value = rng.choice([0, 1, -1, 2**31 - 1, -(2**31), 0x7F800000, 255])
        at -= at % 4
        data[at : at + 4] = int(value & 0xFFFFFFFF).to_bytes(4, "little")
    else:
        other = int(rng.integers(0, len(data)))
        n = int(rng.integers(1, 65))
        data[at : at + n] = data[other : other + n]
    return bytes(data)


def test_mutated_models_are_refused_or_exported_as_they_are():
    assert MODELS
    rng = np.random.default_rng(SEED)
    originals = [*(path.read_bytes() for path in MODELS), *SMALL_GRAPHS.values()]
    refused, survivors = 0, []
    for i in range(MUTATIONS):
        if i % 100 == 99:
            content = rng.integers(0, 256, int(rng.integers(0, 500)), dtype=np.uint8).tobytes()
            content = content[:4] + b"TFL3" + content[8:] if i % 200 == 99 else content
        else:
            content = mutate(originals[i % len(originals)], rng)
        try:
            code = generate_model_c(content, f"m{len(survivors) % BATCH}")
        except ExportError as error:
            assert len(str(error)) > 20
            refused += 1
        else:
            survivors.append((content, code))
    print(f"\nseed {SEED}: {MUTATIONS} mutations, {refused} refused, {len(survivors)} exported")
    assert refused > MUTATIONS // 10
    assert survivors
    for start in range(0, len(survivors), BATCH):
        check_batch(survivors[start : start + BATCH])


def check_batch(batch) -> None:
    """What was exported must still compute what the file says."""
    with tempfile.TemporaryDirectory() as folder:
        for _, code in batch:
            (Path(folder) / f"{code.name}.h").write_text(code.header)
            (Path(folder) / f"{code.name}.c").write_text(code.source)
        everything = "".join(f'#include "{code.name}.c"\n' for _, code in batch)
        # a mutated bias may overflow a sum; then both wrap
        library = compile_c({"all.c": everything}, Path(folder), "all.so", ["-O1", "-fwrapv"])
        for content, code in batch:
            graph = TfliteModel.of(content).network
            model = HostModel(graph, code.name, library)
            samples = list(random_inputs(graph, 2))
            for inputs, expected in zip(samples, run_samples(graph, samples), strict=True):
                for a, b in zip(expected, model.invoke(*inputs), strict=True):
                    np.testing.assert_array_equal(a.reshape(-1), b.reshape(-1))


def test_no_file_is_written_for_a_refused_model(tmp_path):
    with pytest.raises(ExportError):
        export_model_c(b"no model", tmp_path / "out", "motion")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["", "Motion", "3d", "int", "a-b", "model", "x" * 60])
def test_a_name_that_c_cannot_take_is_refused(name):
    with pytest.raises(ExportError, match="name"):
        generate_model_c(MODELS[0].read_bytes(), name)


def one_operator(kind, inputs, output, options=None) -> bytes:
    """A model of one operator; `inputs` are arguments of `TfliteBuilder.tensor`."""
    b = TfliteBuilder()
    values = [None if i is None else b.tensor(**i) for i in inputs]
    y = b.operator(kind, values, b.tensor(**output), options)
    return b.build([values[0]], [y])


INT8 = {"dtype": "int8", "scale": 0.1}
DENSE = ("FullyConnectedOptions", {})
WEIGHTS = np.ones((2, 4))
REFUSED = {
    "hybrid": one_operator(
        "FULLY_CONNECTED",
        [{"shape": (1, 4), "dtype": "float32"}, {"shape": (2, 4), "data": WEIGHTS, **INT8}, None],
        {"shape": (1, 2), "dtype": "float32"},
        DENSE,
    ),
    "not supported": one_operator("ROUND", [{"shape": (1, 4), **INT8}], {"shape": (1, 4), **INT8}),
    "zero point": one_operator(
        "FULLY_CONNECTED",
        [
            {"shape": (1, 4), **INT8},
            {"shape": (2, 4), "data": WEIGHTS, "zero_point": 3, **INT8},
            None,
        ],
        {"shape": (1, 2), **INT8},
        DENSE,
    ),
    "must have the scale": one_operator(
        "SOFTMAX",
        [{"shape": (1, 4), **INT8}],
        {"shape": (1, 4), **INT8},
        ("SoftmaxOptions", {"beta": 1.0}),
    ),
    "no constants": one_operator(
        "FULLY_CONNECTED",
        [{"shape": (1, 4), **INT8}, {"shape": (2, 4), **INT8}, None],
        {"shape": (1, 2), **INT8},
        DENSE,
    ),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_refusal_names_operator_types_and_remedy(reason):
    content = REFUSED[reason]
    with pytest.raises(ExportError) as caught:
        _ = TfliteModel.of(content).network
    message = str(caught.value)
    if reason == "no constants":  # nothing has written the second input
        return
    assert isinstance(caught.value, UnsupportedOperatorError)
    assert reason in message
    assert "operator 0" in message
    assert "layer 't" in message
    assert "[1, 4]" in message
    assert message.count(". ") >= 1  # a remedy follows


def test_a_dynamic_shape_is_refused():
    b = TfliteBuilder()
    x = b.tensor((1, 1, 4), **INT8)
    b.graph.tensors[0].shapeSignature = [-1, -1, 4]
    y = b.operator("RELU", [x], b.tensor((1, 1, 4), **INT8))
    with pytest.raises(UnsupportedOperatorError, match="dynamic shape: axis 1"):
        _ = b.build([x], [y]).network


def test_an_open_batch_is_taken_as_one():
    b = TfliteBuilder()
    x = b.tensor((1, 4), **INT8)
    b.graph.tensors[0].shapeSignature = [-1, 4]
    y = b.operator("RELU", [x], b.tensor((1, 4), **INT8))
    assert b.build([x], [y]).network.tensors[0].shape == (1, 4)


@pytest.mark.parametrize("kind", ["STRIDED_SLICE", "PACK", "SHAPE"])
def test_shape_operators_with_inputs_missing_are_refused(kind):
    b = TfliteBuilder()
    x = b.tensor((1, 4), **INT8)
    constant = b.tensor((2,), "int32", data=np.array([1, 2]))
    other = b.tensor((3,), "int32", data=np.array([1, 2, 3]))
    inputs = {"STRIDED_SLICE": [constant, constant], "PACK": [constant, other], "SHAPE": [None]}
    shape = b.operator(kind, inputs[kind], b.tensor((2,), "int32"))
    y = b.operator("RESHAPE", [x, shape], b.tensor((2, 2), **INT8))
    with pytest.raises(ExportError):
        _ = b.build([x], [y]).network


def test_a_vector_has_one_axis_whatever_the_file_calls_it():
    """Old converters number a bias's axis by its layer's filter; TFLM does not look at it."""
    builder = TfliteBuilder()
    x = builder.tensor((1, 4, 4, 2), "int8", 0.5)
    scales = [0.01, 0.02]
    w = builder.tensor((1, 3, 3, 2), "int8", scales=scales, data=np.ones((1, 3, 3, 2)), axis=3)
    bias = builder.tensor((2,), "int32", scales=[0.005, 0.01], data=[7, -7], axis=3)
    y = builder.tensor((1, 4, 4, 2), "int8", 1.0)
    fields = {"padding": 0, "strideH": 1, "strideW": 1, "depthMultiplier": 1}
    fields |= {"dilationHFactor": 1, "dilationWFactor": 1, "fusedActivationFunction": 0}
    builder.operator("DEPTHWISE_CONV_2D", [x, w, bias], y, ("DepthwiseConv2DOptions", fields))
    assert verify_model(builder.build([x], [y]), samples=3).bytes_differing == 0


def test_twenty_megabytes_of_weights_are_told_to_shrink_the_layer():
    builder = TfliteBuilder()
    x = builder.tensor((1, 4096), "int8", 0.5)
    w = builder.tensor((5000, 4096), "int8", 0.5, data=np.zeros((5000, 4096), np.int8))
    y = builder.tensor((1, 5000), "int8", 1.0)
    fields = {"fusedActivationFunction": 0, "keepNumDims": False}
    builder.operator("FULLY_CONNECTED", [x, w, None], y, ("FullyConnectedOptions", fields))
    with pytest.raises(ExportError, match=r"20,480,000 constants.*Make the layer") as refusal:
        generate_model_c(builder.build([x], [y]), "net")
    assert "input shape" not in str(refusal.value)


def test_a_custom_operators_name_cannot_write_to_the_terminal():
    builder = TfliteBuilder()
    x = builder.tensor((1, 4), "int8", 0.5)
    y = builder.tensor((1, 4), "int8", 0.5)
    builder.operator("CUSTOM", [x], y)
    builder.model.operatorCodes[0].customCode = b"\x1b[2Jcleared\n"
    with pytest.raises(UnsupportedOperatorError) as refusal:
        generate_model_c(builder.build([x], [y]), "net")
    assert str(refusal.value).isprintable()
    assert "cleared" in str(refusal.value)
