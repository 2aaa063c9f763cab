"""A model is its bytes, read once; what is read without being exportable; what is refused where."""

from pathlib import Path

import numpy as np
import pytest

from tests.network.tflite_builder import TfliteBuilder, schema
from tests.tools import need_tflm
from tinyml_course.bundle import Bundle
from tinyml_course.errors import ExportError, UnsupportedOperatorError
from tinyml_course.export.c_array import export_c_array
from tinyml_course.export.check.self_test import generate_self_test_c
from tinyml_course.export.check.verify import verify_model
from tinyml_course.export.firmware.classifier import export_classifier_c
from tinyml_course.interpreters import litert, tflm
from tinyml_course.network import reader, tflite_file
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.rewrite import keep_first_dense_scale, strip_model

INT8 = {"dtype": "int8", "scale": 0.1}


def test_a_model_is_its_bytes(tmp_path):
    content = bytes(Bundle.load_shipped("motion").model)
    model = TfliteModel.of(content)
    assert model == content
    assert hash(model) == hash(content)
    assert len(model) == len(content)
    (tmp_path / "model.tflite").write_bytes(model)
    assert (tmp_path / "model.tflite").read_bytes() == content
    assert TfliteModel.of(model) is model
    assert len(repr(model)) < 100


@pytest.mark.parametrize("content", ["model.tflite", Path("model.tflite"), None, 7, [1, 2]])
def test_a_path_is_no_model(content):
    with pytest.raises(ExportError, match=r"not \w+: Path\(NAME\)\.read_bytes\(\)"):
        TfliteModel.of(content)


def test_nothing_is_read_before_it_is_asked_for():
    model = TfliteModel(b"no model at all")
    with pytest.raises(ExportError, match=r"no \.tflite model: 15 bytes"):
        _ = model.input


@pytest.mark.parametrize("name", ["motion", "digits"])
def test_a_bundle_is_parsed_once_on_its_way_to_c(monkeypatch, tmp_path, name):
    """Verified, exported in three forms, asked for classes: one reading, one LiteRT interpreter."""
    parsed, loaded = [], []

    def open_model(content):
        parsed.append(len(content))
        return tflite_file.open_model(content)

    def load_interpreter(content):
        loaded.append(len(content))
        return load(content)

    load = litert.load_interpreter
    monkeypatch.setattr(reader, "open_model", open_model)
    monkeypatch.setattr(litert, "load_interpreter", load_interpreter)
    monkeypatch.setattr(tflm, "load_interpreter", load_interpreter)
    bundle = Bundle.load_shipped(name)
    assert verify_model(bundle.model, 3).passed
    export_classifier_c(bundle, tmp_path, name)
    export_c_array(bundle.model, tmp_path, name)
    generate_self_test_c(bundle.model, name, 1)
    assert bundle.model.input.quantize(np.zeros(1)).dtype == np.int8
    assert parsed == [len(bundle.model)]
    assert loaded == []
    bundle.classify(bundle.golden.windows[:2])
    assert parsed == loaded == [len(bundle.model)]


def test_verify_does_not_ask_litert(monkeypatch):
    """LiteRT refuses a few models that TFLM takes; our own checks stand before TFLM then."""
    need_tflm()

    def refuse(content):
        raise ExportError("LiteRT cannot load this model")

    monkeypatch.setattr(tflm, "load_interpreter", refuse)
    assert verify_model(Bundle.load_shipped("motion").model, 3).passed
    b, x, y = relu_graph()
    b.graph.tensors[0].isVariable = True
    with pytest.raises(ExportError, match="LiteRT cannot load"):  # not ours: LiteRT must look
        tflm.run_tflm_samples(b.build([x], [y]), [])


def relu_graph():
    b = TfliteBuilder()
    x = b.tensor((1, 4), **INT8)
    return b, x, b.operator("RELU", [x], b.tensor((1, 4), **INT8))


def float16_weights() -> TfliteModel:
    b = TfliteBuilder()
    x = b.tensor((1, 4), "float32")
    half = b.tensor((2, 4), "float32", data=np.ones((2, 2)))  # 16 bytes: eight values of 16 bits
    b.graph.tensors[half.index].type = schema.TensorType.FLOAT16
    weights = b.operator("DEQUANTIZE", [half], b.tensor((2, 4), "float32"))
    options = ("FullyConnectedOptions", {})
    y = b.operator("FULLY_CONNECTED", [x, weights, None], b.tensor((1, 2), "float32"), options)
    return b.build([x], [y])


def test_float16_is_read_as_it_stands_and_refused_for_export():
    model = float16_weights()
    half = model.graph.tensors[1]
    assert (half.dtype, half.values.dtype, half.shape) == ("float16", np.float16, (2, 4))
    assert model.facts.float16 == ("t1",)
    assert model.facts.operators == ("DEQUANTIZE", "FULLY_CONNECTED")
    assert model.output.shape == (2,)
    with pytest.raises(UnsupportedOperatorError, match=r"t1'.* is of type FLOAT16"):
        _ = model.network


def test_a_hybrid_dense_layer_is_a_fact():
    b = TfliteBuilder()
    x = b.tensor((1, 4), "float32")
    weights = b.tensor((2, 4), "int8", data=np.ones((2, 4)), scales=[0.1, 0.2])
    options = ("FullyConnectedOptions", {})
    y = b.operator("FULLY_CONNECTED", [x, weights, None], b.tensor((1, 2), "float32"), options)
    facts = b.build([x], [y]).facts
    assert facts.hybrid == ("FULLY_CONNECTED 't2'",)
    assert facts.per_channel_dense == ("t2",)
    assert (facts.inputs[0].scale, facts.inputs[0].size) == (None, 4)


def test_two_subgraphs_are_counted_and_refused():
    b, x, y = relu_graph()
    b.build([x], [y])
    b.model.subgraphs = [b.graph, b.graph]
    model = TfliteModel(tflite_file.pack_model(b.model))
    assert model.graph.subgraphs == 2
    with pytest.raises(ExportError, match="2 subgraphs, 1 is needed: no operator runs the others"):
        _ = model.network


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("RELU", "the file has 2 signatures.*signature_keys"), ("WHILE", "loops or cond.*Unroll")],
)
def test_signatures_are_told_from_loops(kind, reason):
    b, x, y = relu_graph()
    b.operator(kind, [x], b.tensor((1, 4), "int8", 0.5))
    b.build([x], [y])
    b.model.subgraphs = [b.graph, b.graph]
    b.model.signatureDefs = [schema.SignatureDefT(), schema.SignatureDefT()]
    with pytest.raises(ExportError, match=f"2 subgraphs, 1 is needed: .*{reason}"):
        _ = TfliteModel(tflite_file.pack_model(b.model)).network


def make_variable(tensor):
    tensor.isVariable = True


def make_sparse(tensor):
    tensor.sparsity = schema.SparsityParametersT()


def make_dynamic(tensor):
    tensor.shapeSignature = [1, -1]


def make_empty(tensor):
    tensor.shape = [1, 0]


def make_wide(tensor):
    tensor.shape = [1] * 7 + [4]


def make_huge(tensor):
    tensor.shape = [1, 1 << 23]


def make_broken(tensor):
    tensor.quantization.scale = [0.0]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (make_variable, "a variable that belongs to no streaming layer"),
        (make_sparse, "is sparse"),
        (make_dynamic, "dynamic shape: axis 1"),
        (make_empty, r"shape \(1, 0\): every size must be at least 1"),
        (make_wide, "8 dimensions, at most 6"),
        (make_huge, "more values than any microcontroller keeps"),
        (make_broken, "broken quantization"),
    ],
)
def test_what_is_well_formed_is_read_and_refused_for_export(change, reason):
    b, x, y = relu_graph()
    change(b.graph.tensors[x.index])
    model = b.build([x], [y])
    assert [operator.kind for operator in model.graph.operators] == ["RELU"]
    assert model.facts.operators == ("RELU",)
    with pytest.raises(ExportError, match=reason):
        _ = model.network


def test_the_facts_that_the_reader_keeps():
    b, x, y = relu_graph()
    make_dynamic(b.graph.tensors[x.index])
    make_variable(b.graph.tensors[y.index])
    make_sparse(b.graph.tensors[y.index])
    first, second = b.build([x], [y]).graph.tensors
    assert (first.shape_signature, first.is_variable, first.is_sparse) == ((1, -1), False, False)
    assert (second.shape_signature, second.is_variable, second.is_sparse) == ((), True, True)


def test_a_model_of_strings_has_no_spec():
    b, x, y = relu_graph()
    b.graph.tensors[x.index].type = schema.TensorType.STRING
    with pytest.raises(UnsupportedOperatorError, match="'t0' is string"):
        _ = b.build([x], [y]).input


def test_a_model_without_inputs_says_so():
    b, _, y = relu_graph()
    with pytest.raises(ExportError, match="no input"):
        _ = b.build([], [y]).input


@pytest.mark.parametrize("rewrite", [strip_model, keep_first_dense_scale])
def test_rewriting_a_damaged_file_is_one_error(rewrite):
    model = Bundle.load_shipped("motion").model
    assert rewrite(model).network.operators
    with pytest.raises(ExportError, match="damaged"):
        rewrite(model[: len(model) // 2])
    with pytest.raises(ExportError, match=r"no \.tflite model"):
        rewrite(b"hello")


def test_asking_for_what_is_not_there_names_the_place():
    b, x, y = relu_graph()
    graph = b.build([x], [y]).graph
    operator = graph.operators[0]
    assert graph.input_of(operator, 0) is graph.optional_input_of(operator, 0)
    assert graph.optional_input_of(operator, 1) is None
    with pytest.raises(ExportError, match=r"RELU \(operator 0, layer 't1'\) lacks its input 1"):
        graph.input_of(operator, 1)
    with pytest.raises(ExportError, match=r"tensor 0 \('t0'\) is known only at run time"):
        _ = graph.tensors[0].values


def test_a_tensor_without_a_scale_says_so():
    b = TfliteBuilder()
    x = b.tensor((1, 4), "float32")
    y = b.operator("RELU", [x], b.tensor((1, 4), "float32"))
    with pytest.raises(ExportError, match=r"'t0'\) has no scale"):
        _ = b.build([x], [y]).graph.tensors[0].scale
