"""The generated self-test: it passes, it fails when it must, and it is clean under sanitizers."""

import re
import subprocess
import sys

import pytest

from tests.networks import tflite_model
from tinyml_course.export.check.host_build import (
    STRICT_FLAGS,
    compile_c,
    find_compiler,
    has_sanitizers,
    zig_compiler,
)
from tinyml_course.export.check.self_test import export_self_test_c, generate_self_test_c
from tinyml_course.export.check.verify import random_inputs
from tinyml_course.export.model_c.source import generate_model_c
from tinyml_course.network.model import TfliteModel

CASES = [
    ("conv1d", "int8"),
    ("dense3", "int8_per_channel_dense"),
    ("inverted_residual", "int8"),
    ("inverted_residual", "int16x8"),
    ("conv1d", "float32"),
]


def files_of(model_bytes: bytes, name: str) -> dict[str, str]:
    code = generate_model_c(model_bytes, name)
    return {
        f"{name}.h": code.header,
        f"{name}.c": code.source,
        **generate_self_test_c(model_bytes, name, samples=3),
    }


def run(program) -> subprocess.CompletedProcess:
    return subprocess.run([program], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("network", "kind"), CASES)
@pytest.mark.parametrize("fast", [0, 1])
def test_self_test_passes_under_sanitizers(tmp_path, network, kind, fast):
    flags = [*STRICT_FLAGS, "-DNET_SELF_TEST_MAIN", f"-DNET_FAST_KERNELS={fast}"]
    if has_sanitizers():
        flags += ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    files = files_of(tflite_model(network, kind), "net")
    done = run(compile_c(files, tmp_path, "test.exe", flags))
    assert done.returncode == 0, done.stderr
    assert "net: 3 samples" in done.stdout
    assert ", 0 wrong" in done.stdout


def test_golden_answers_that_are_all_the_same_are_said(tmp_path):
    model = tflite_model("dense3")
    (one,) = random_inputs(TfliteModel.of(model).network, 1)
    code = generate_model_c(model, "net")
    for inputs, is_said in (([one, one], True), (None, False)):
        tests = generate_self_test_c(model, "net", inputs=inputs)
        assert ("answers are the same" in tests["net_golden.h"]) == is_said
        files = {"net.h": code.header, "net.c": code.source, **tests}
        done = run(compile_c(files, tmp_path, "test.exe", [*STRICT_FLAGS, "-DNET_SELF_TEST_MAIN"]))
        assert done.returncode == 0
        assert ("answers are the same" in done.stdout) == is_said


def test_self_test_fails_for_wrong_weights(tmp_path):
    files = files_of(tflite_model("conv1d"), "net")
    table = r"(static const int8_t net_1_filter\[\d+\] = )\{[^}]*\}"
    files["net.c"], found = re.subn(table, r"\1{1}", files["net.c"])
    assert found == 1
    flags = ["-DNET_SELF_TEST_MAIN", "-DNET_FAST_KERNELS=0"]
    done = run(compile_c(files, tmp_path, "test.exe", flags))
    assert done.returncode == 1
    assert ", 0 wrong" not in done.stdout


def test_a_nan_is_no_right_answer(tmp_path):
    """No number is greater than a NaN is apart: who asks "more than the bound?" hears no."""
    files = files_of(tflite_model("conv1d", "float32"), "net")
    files["net.c"] = """#include "net.h"
        void net_invoke(const float *input, float *output)
        {
            (void)input;
            for (int i = 0; i < NET_OUTPUT_SIZE; i++) output[i] = __builtin_nanf("");
        }"""
    done = run(compile_c(files, tmp_path, "test.exe", ["-DNET_SELF_TEST_MAIN"]))
    assert (done.returncode, done.stdout) == (1, "net: 3 samples, 12 values, 12 wrong\n")


def test_two_models_live_in_one_program(tmp_path):
    main = """
    #include <stdio.h>
    int first_self_test(void);
    int second_self_test(void);
    int main(void) { printf("%d %d", first_self_test(), second_self_test()); return 0; }
    """
    files = {
        **files_of(tflite_model("conv1d"), "first"),
        **files_of(tflite_model("inverted_residual"), "second"),
        "main.c": main,
    }
    assert run(compile_c(files, tmp_path, "test.exe", STRICT_FLAGS)).stdout == "0 0"


def compile_as(tmp_path, files, command) -> str:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.parametrize("kind", ["int8", "int16x8", "float32"])
@pytest.mark.parametrize("fast", [0, 1])
def test_clang_has_nothing_to_say(tmp_path, kind, fast):
    command = [*zig_compiler(), "-std=c99", "-O2", *STRICT_FLAGS, f"-DNET_FAST_KERNELS={fast}"]
    files = files_of(tflite_model("inverted_residual", kind), "net")
    compile_as(tmp_path, files, [*command, "-c", "net.c", "-o", "net.o"])
    compile_as(tmp_path, files, [*command, "-c", "net_self_test.c", "-o", "net_self_test.o"])


@pytest.mark.parametrize("fast", [0, 1])
def test_it_compiles_as_cpp_of_gcc_7s_time(tmp_path, fast):
    """Arduino's toolchains are GCC 7: its default dialect is gnu++14, a sketch's is gnu++11."""
    command = [sys.executable, "-m", "ziglang", "c++"]
    if len(find_compiler()) == 1:
        command = ["g++"]
    flags = ["-std=gnu++11", "-Wall", "-Wextra", "-Werror", f"-DNET_FAST_KERNELS={fast}"]
    flags += ["-x", "c++", "-c", "net.c", "-o", "net.o"]
    for kind in ("int8", "int16x8", "float32"):
        compile_as(
            tmp_path, files_of(tflite_model("inverted_residual", kind), "net"), [*command, *flags]
        )


def test_no_symbol_outside_the_prefix(tmp_path):
    """The object offers `NAME_invoke` and `NAME_invoke_with`; it needs memcpy or memset at most."""
    for kind in ("int8", "float32"):
        files = files_of(tflite_model("inverted_residual", kind), "net")
        compile_as(tmp_path, files, [*find_compiler(), "-O2", "-c", "net.c", "-o", "net.o"])
        lines = subprocess.run(
            ["nm", "-g", "net.o"], cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout.splitlines()
        names = {line.split()[-1]: line.split()[-2] for line in lines}
        offered = {name for name, letter in names.items() if letter != "U"}
        assert offered == {"net_invoke", "net_invoke_with"}
        assert set(names) - offered <= {"memcpy", "memset", "_GLOBAL_OFFSET_TABLE_"}


@pytest.mark.parametrize("kind", ["int8", "int16x8", "float32"])
def test_every_name_at_file_scope_has_the_prefix(kind):
    """Not even a static name may collide: two models may be included into one file."""
    source = generate_model_c(tflite_model("inverted_residual", kind), "net").source
    names = re.findall(r"^static (?:inline )?(?:const )?\w+ \*?(\w+)", source, re.M)
    names += re.findall(r"^\} (\w+)", source, re.M)
    names += re.findall(r"^#define (\w+)", source, re.M)
    assert len(names) > 20
    assert all(name.lower().startswith("net_") for name in names), names


def test_export_writes_both_files(tmp_path):
    paths = export_self_test_c(tflite_model("dense3"), tmp_path / "new", "dense", samples=2)
    assert [p.name for p in paths] == ["dense_golden.h", "dense_self_test.c"]
    assert "DENSE_GOLDEN_SAMPLES 2" in paths[0].read_text()
