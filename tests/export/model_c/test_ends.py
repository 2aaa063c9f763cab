"""Inputs and outputs of one shape have names in the header; a single layer has no arena."""

import subprocess

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from tests.network.tflite_builder import TfliteBuilder
from tinyml_course.cli.main import main
from tinyml_course.export.check.host_build import STRICT_FLAGS, HostModel, zig_compiler
from tinyml_course.export.check.verify import verify_model
from tinyml_course.export.model_c.source import export_model_c, generate_model_c


def two_and_two(names, signature=()):
    """Sum and difference of two inputs.

    names: of the four tensors. signature: (field, name, which tensor), if the file has one.
    """
    b = TfliteBuilder()
    x, y, total, rest = (b.tensor((1, 4), "float32") for _ in range(4))
    for tensor, name in zip(b.graph.tensors, names, strict=True):
        tensor.name = name
    b.operator("ADD", [x, y], total, ("AddOptions", {}))
    b.operator("SUB", [x, y], rest, ("SubOptions", {}))
    if signature:
        found = schema.SignatureDefT()
        found.inputs, found.outputs = [], []
        for field, name, index in signature:
            entry = schema.TensorMapT()
            entry.name, entry.tensorIndex = name, index
            getattr(found, field).append(entry)
        b.model.signatureDefs = [found]
    return b.build([x, y], [rest, total])


def ends(header):
    return [line[3:] for line in header.splitlines() if line.startswith((" * input", " * output"))]


def test_ends_of_one_shape_have_the_names_of_their_tensors():
    header = generate_model_c(two_and_two([b"left", b"right", b"sum", b"gap"]), "net").header
    assert ends(header) == [
        'input_0    1 x 4 float32, "left"',
        'input_1    1 x 4 float32, "right"',
        'output_0   1 x 4 float32, "gap"',
        'output_1   1 x 4 float32, "sum"',
    ]


def test_the_signature_names_what_it_knows():
    signature = [("inputs", b"a", 1), ("outputs", b"s", 2), ("outputs", b"d", 3)]
    header = generate_model_c(two_and_two([b"x", b"y", b"p", b"q"], signature), "net").header
    assert [line.split()[-1] for line in ends(header)] == ['"x"', '"a"', '"d"', '"s"']


def test_a_name_can_neither_end_the_comment_nor_fill_it():
    names = [b"*/ int x; /*", "µ\n??/".encode(), b"s" * 5000, b"g" * 60]
    model = two_and_two(names)
    code = generate_model_c(model, "net")
    shown = [line.partition(", ")[2] for line in ends(code.header)]
    assert shown[0] == '"* / int x; / *"'
    assert shown[1].isascii()
    assert "??" not in shown[1]
    assert shown[2:] == [f'"{"g" * 60}"', f'"{"s" * 57}..."']
    assert max(map(len, (code.header + code.source).splitlines())) < 200
    assert verify_model(model, samples=3).max_difference == 0


def test_a_single_input_and_output_stay_without_names():
    assert ends(generate_model_c(one_dense_layer(), "net").header) == [
        "input      1 x 4 int8, scale 0.5, zero point 0",
        "output     1 x 3 int8, scale 1, zero point 0",
    ]


@pytest.mark.parametrize("single", [False, True])
def test_the_call_that_is_printed_is_the_headers(single, tmp_path, capsys):
    model = one_dense_layer() if single else two_and_two([b"a", b"b", b"c", b"d"])
    (tmp_path / "net.tflite").write_bytes(model)
    assert main(["export", str(tmp_path / "net.tflite"), "--out", str(tmp_path)]) == 0
    call = "(input, output)" if single else "(input_0, input_1, output_0, output_1)"
    assert f"\ncall net_invoke{call}\n" in capsys.readouterr().out
    declaration = (tmp_path / "net.h").read_text().partition("void net_invoke(")[2]
    arguments = declaration.partition(")")[0].split(", ")
    assert [each.split("*")[1] for each in arguments] == call.strip("()").split(", ")


def one_dense_layer():
    b = TfliteBuilder()
    x = b.tensor((1, 4), "int8", 0.5)
    weights = b.tensor((3, 4), "int8", 0.5, data=np.arange(12))
    y = b.tensor((1, 3), "int8", 1.0)
    b.operator("FULLY_CONNECTED", [x, weights, None], y, ("FullyConnectedOptions", {}))
    return b.build([x], [y])


@pytest.mark.parametrize("family", [0, 2, 3])
def test_no_array_of_no_bytes(family, tmp_path):
    """ISO C forbids it; only the DSP variant of one dense layer keeps something on its way."""
    header, source = export_model_c(one_dense_layer(), tmp_path, "net")
    assert "#define NET_ARENA_BYTES 0\n" in header.read_text()
    flags = ["-std=c99", "-pedantic-errors", "-Wall", "-Wextra", "-Werror"]
    flags.append(f"-DNET_FAST_KERNELS={family}")
    command = [*zig_compiler(), *flags, "-c", source.name, "-o", "net.o"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    text = source.read_text()
    assert "net_invoke_with(NULL, input, output);" in text
    assert "net_invoke_with(&net_arena, input, output);" in text


def test_one_dense_layer_answers_without_an_arena():
    assert verify_model(one_dense_layer(), samples=8).bytes_differing == 0
    with HostModel.build(one_dense_layer(), "net", [*STRICT_FLAGS, "-pedantic-errors"]) as model:
        assert len(model.invoke(np.zeros((1, 4), np.int8))) == 1
