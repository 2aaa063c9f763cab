"""The C array: the bytes of the model, const and aligned, with what a sketch needs beside it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.export.check.small_graphs import SMALL_GRAPHS
from tests.network.tflite_builder import TfliteBuilder
from tinyml_course.errors import ExportError, UnsupportedOperatorError
from tinyml_course.export.c_array import export_c_array, render_c_array, render_xxd
from tinyml_course.network.facts import resolver_method
from tinyml_course.network.model import TfliteModel

MODELS = Path(__file__).parents[1] / "golden" / "models"
CONV1D = (MODELS / "conv1d.tflite").read_bytes()
DENSE = (MODELS / "dense3.tflite").read_bytes()


def exported(tmp_path, **options):
    return export_c_array(CONV1D, tmp_path, "motion", allow_per_channel_dense=True, **options)


def test_the_array_holds_the_model_byte_for_byte(tmp_path):
    text = exported(tmp_path).header.read_text()
    body = text[text.index("motion_model[") :]
    assert bytes(int(b, 16) for b in re.findall(r"0x([0-9a-f]{2})", body)) == CONV1D


def test_the_array_is_const_aligned_and_guarded(tmp_path):
    text = exported(tmp_path).header.read_text()
    assert "MOTION_ALIGN16 static const unsigned char motion_model[MOTION_MODEL_BYTES]" in text
    assert "alignas(16)" in text
    assert text.count("MOTION_MODEL_DATA_H_") == 3


def test_the_resolver_gets_each_operator_once(tmp_path):
    array = exported(tmp_path)
    text = array.header.read_text()
    assert f"MOTION_OPERATOR_COUNT {len(array.facts.operators)}\n" in text
    assert len(re.findall(r"\(resolver\)\.Add\w+\(\);", text)) == len(array.facts.operators)
    assert len(set(array.facts.operators)) == len(array.facts.operators)
    assert "AddRelu" not in text, "ReLU is fused into the layer before it"


def test_the_quantization_reads_back_as_the_same_float(tmp_path):
    text = exported(tmp_path).header.read_text()
    array_scale = re.search(r"MOTION_INPUT_SCALE ([0-9.e+-]+)f", text).group(1)
    assert np.float32(array_scale) == np.float32(TfliteModel.of(CONV1D).facts.inputs[0].scale)


def test_the_same_model_gives_the_same_text(tmp_path):
    first = exported(tmp_path / "a").header.read_bytes()
    assert first == exported(tmp_path / "b").header.read_bytes()


def compilers():
    found = [[path] for name in ("gcc", "clang") if (path := shutil.which(name))]
    return [*found, [sys.executable, "-m", "ziglang", "cc"]]


@pytest.mark.parametrize("language", [["-x", "c", "-std=c11"], ["-x", "c++", "-std=c++11"]])
def test_it_compiles_without_a_warning(tmp_path, language):
    exported(tmp_path, class_names=("still", "walk", 'r"un', "other"), arena_bytes=9000)
    source = tmp_path / "main.c"
    source.write_text(
        '#include "motion_model_data.h"\n'
        "struct resolver { int n; };\n"
        "int main(void) { return motion_model[0] + motion_class_names[0][0] + MOTION_ARENA_BYTES; }"
    )
    command = compilers()[0] + ["-Wall", "-Wextra", "-Wconversion", "-Werror", *language]
    subprocess.run([*command, "-fsyntax-only", str(source)], check=True)


def test_what_xxd_would_cost_is_what_the_linker_says(tmp_path):
    """The header's array adds nothing to .data; plain xxd output adds all of it."""
    array = exported(tmp_path)
    (tmp_path / "const.c").write_text(
        '#include "motion_model_data.h"\nconst unsigned char *p(void) { return motion_model; }'
    )
    (tmp_path / "xxd.c").write_text(render_xxd(CONV1D, "motion"))
    for name in ("const", "xxd"):
        command = [sys.executable, "-m", "ziglang", "cc", "-target", "thumb-freestanding-eabi"]
        command += ["-mcpu=cortex_m4", "-c", f"{name}.c", "-o", f"{name}.o"]
        subprocess.run(command, cwd=tmp_path, check=True)
    assert data_bytes(tmp_path / "const.o") == array.ram_bytes == 0
    assert data_bytes(tmp_path / "xxd.o") == array.xxd_ram_bytes


def data_bytes(object_file: Path) -> int:
    """Bytes of initialised writable sections in a 32-bit little-endian ELF object."""
    import struct

    raw = object_file.read_bytes()
    offset, size, count = (
        struct.unpack_from(f, raw, at)[0] for f, at in (("<I", 32), ("<H", 46), ("<H", 48))
    )
    total = 0
    for index in range(count):
        _, kind, flags, _, _, length = struct.unpack_from("<6I", raw, offset + index * size)
        progbits, writable_and_allocated = 1, 3
        if kind == progbits and flags & 3 == writable_and_allocated:
            total += length
    return total


def test_a_per_channel_dense_layer_is_refused_unless_asked_for(tmp_path):
    with pytest.raises(UnsupportedOperatorError, match=r"FULLY_CONNECTED .* answers wrongly"):
        export_c_array(DENSE, tmp_path, "net")
    assert list(tmp_path.iterdir()) == []


def test_a_custom_operator_is_refused_because_no_resolver_adds_it(tmp_path):
    b = TfliteBuilder()
    x = b.tensor((1, 4), "int8", 0.1)
    y = b.operator("CUSTOM", [x], b.tensor((1, 4), "int8", 0.1))
    b.model.operatorCodes[0].customCode = b"FancyLayer"
    with pytest.raises(UnsupportedOperatorError, match=r"^CUSTOM \(FancyLayer\): .*resolver"):
        export_c_array(b.build([x], [y]), tmp_path, "net")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["2fast", "my-model", "", "a b", "x;y"])
def test_a_name_that_c_cannot_take_is_refused(tmp_path, name):
    with pytest.raises(ExportError, match="prefix of C functions"):
        export_c_array(CONV1D, tmp_path, name, allow_per_channel_dense=True)


@pytest.mark.parametrize("bad", [b"", b"hello", b"\0" * 100, CONV1D[:40], CONV1D[:6000]])
def test_bytes_that_are_no_model_are_one_clear_error(tmp_path, bad):
    with pytest.raises(ExportError, match="model"):
        export_c_array(bad, tmp_path, "net")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", range(40))
def test_flipped_bytes_never_end_in_another_error(tmp_path, seed):
    random = np.random.default_rng(seed)
    damaged = bytearray(CONV1D)
    for position in random.integers(0, len(damaged), 20):
        damaged[position] ^= int(random.integers(1, 256))
    try:
        export_c_array(bytes(damaged), tmp_path, "net", allow_per_channel_dense=True)
    except ExportError as error:
        assert str(error)


def test_every_operator_of_the_schema_has_a_method_name():
    from ai_edge_litert.schema_py_generated import BuiltinOperator

    names = [name for name in vars(BuiltinOperator) if name.isupper()]
    assert all(re.fullmatch(r"Add[A-Z][A-Za-z0-9]*", resolver_method(name)) for name in names)
    assert resolver_method("MAX_POOL_2D") == "AddMaxPool2D"
    assert resolver_method("PADV2") == "AddPadV2"
    assert resolver_method("UNIDIRECTIONAL_SEQUENCE_LSTM") == "AddUnidirectionalSequenceLSTM"


def test_a_model_with_state_says_how_many_variables_its_interpreter_needs():
    text = render_c_array(SMALL_GRAPHS["stream"], "stream")
    assert "#define STREAM_RESOURCE_VARIABLES 2" in text
    assert "RESOURCE_VARIABLES" not in render_c_array(SMALL_GRAPHS["choices"], "choices")
