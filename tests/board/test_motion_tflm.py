"""The sketch motion_tflm as far as it can be checked without a board.

Checked: its model bytes, arena and operators in today's TFLM, window by window against Python; its
C++ against declarations of today's TFLM. Not checked: the library that the Nano's owner downloads.
"""

import re
import subprocess

import numpy as np
import pytest

from tests.tools import need_tflm
from tinyml_course.board.build.prototypes import join_inos
from tinyml_course.board.build.toolchain import compiler_flags
from tinyml_course.board.compiler import zig_command
from tinyml_course.board.models import ARDUINO_FOLDER, MODELS
from tinyml_course.board.virtual.traces import read_trace
from tinyml_course.bundle import Bundle
from tinyml_course.errors import UnsupportedOperatorError
from tinyml_course.export.c_array import check_tflm_accepts
from tinyml_course.interpreters.litert import run_litert
from tinyml_course.network.facts import resolver_method
from tinyml_course.network.model import TfliteModel
from tinyml_course.shipped import BUNDLES, SKETCHES

FOLDER = SKETCHES / "motion_tflm"
API = SKETCHES.parent / "tests" / "board" / "tflm_api"
# What tutorials still write and TFLM no longer has, each as a change of the sketch.
GONE = {
    "ErrorReporter header": (
        '#include "sensor.h"',
        '#include "sensor.h"\n#include "tensorflow/lite/micro/micro_error_reporter.h"',
        "micro_error_reporter.h",
    ),
    "AllOpsResolver header": (
        '#include "sensor.h"',
        '#include "sensor.h"\n#include "tensorflow/lite/micro/all_ops_resolver.h"',
        "all_ops_resolver.h",
    ),
    "AllOpsResolver": (
        "tflite::MicroMutableOpResolver<MOTION_OPERATOR_COUNT> resolver",
        "tflite::AllOpsResolver resolver",
        "AllOpsResolver",
    ),
    "five arguments with a reporter": (
        "the_interpreter(model, resolver, arena, sizeof arena)",
        "the_interpreter(model, resolver, arena, sizeof arena, &Serial)",
        "no matching constructor",
    ),
    "resolver with a reporter": (
        "MOTION_OPERATOR_COUNT> resolver;",
        "MOTION_OPERATOR_COUNT> resolver(&Serial);",
        "no matching constructor",
    ),
}


def compile_against_todays_tflm(code, tmp_path, standard="gnu++14"):
    model = MODELS["nano33ble"]
    source = tmp_path / "motion_tflm.ino"
    source.write_text(code)
    joined = tmp_path / "motion_tflm.cpp"
    joined.write_text(join_inos([source]))
    include = [API, FOLDER, ARDUINO_FOLDER / "core", ARDUINO_FOLDER / "variants" / "nano33ble"]
    include += [ARDUINO_FOLDER / "libraries" / name for name in model.libraries.values()]
    defines = {**model.defines, "BOARD_CORE_API": 1, "ARDUINO": 10819}
    return subprocess.run(
        [
            *zig_command(),
            "c++",
            *compiler_flags("cortex-m4"),
            f"-std={standard}",
            "-c",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-fno-exceptions",
            "-fno-rtti",
            *(f"-I{path}" for path in include),
            *(f"-D{key}={value}" for key, value in defines.items()),
            str(joined),
            "-o",
            str(tmp_path / "out.o"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def header():
    """The generated header's model bytes, arena size and operator calls."""
    text = (FOLDER / "motion_model_data.h").read_text()
    body = text[text.index("motion_model[") :]
    model = bytes(int(value, 16) for value in re.findall(r"0x([0-9a-f]{2})", body))
    return {
        "model": model,
        "arena_bytes": int(re.search(r"MOTION_ARENA_BYTES (\d+)", text)[1]),
        "operator_count": int(re.search(r"MOTION_OPERATOR_COUNT (\d+)", text)[1]),
        "calls": re.findall(r"\(resolver\)\.(Add\w+)\(\)", text),
    }


@pytest.mark.parametrize("standard", ["gnu++11", "gnu++14"])
def test_the_sketch_compiles_against_todays_tflm(tmp_path, standard):
    code = (FOLDER / "motion_tflm.ino").read_text()
    done = compile_against_todays_tflm(code, tmp_path, standard)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", GONE)
def test_what_tflm_no_longer_has_is_rejected(name, tmp_path):
    old, new, message = GONE[name]
    code = (FOLDER / "motion_tflm.ino").read_text()
    assert old in code
    done = compile_against_todays_tflm(code.replace(old, new), tmp_path)
    assert done.returncode != 0
    assert message in done.stderr


def test_the_operators_are_the_models(header):
    facts = TfliteModel.of(header["model"]).facts
    assert header["calls"] == [resolver_method(o) for o in facts.operators]
    assert header["operator_count"] == len(facts.operators)
    code = (FOLDER / "motion_tflm.ino").read_text()
    assert "MOTION_ADD_OPERATORS(resolver)" in code
    assert not re.findall(r"resolver\.Add", code)  # nothing by hand beside it


def test_every_window_gives_what_python_gives_in_the_sketchs_arena(header):
    need_tflm()
    from tflite_micro.python.tflite_micro import runtime

    bundle = Bundle.load(BUNDLES / "motion")
    assert header["model"] == bundle.model
    windows = []
    for person in range(6):
        values = read_trace(SKETCHES.parent / "data" / f"motion_p{person:03d}.csv").values
        windows += [values[s : s + 100] for s in range(0, len(values) - 99, 50)]
    features = bundle.preprocessing.apply(np.stack(windows))
    inputs = bundle.model.input.quantize(features)
    interpreter = runtime.Interpreter.from_bytes(header["model"], arena_size=header["arena_bytes"])
    outputs = []
    for x in inputs:
        interpreter.set_input(x[None], 0)
        interpreter.invoke()
        outputs.append(interpreter.get_output(0)[0].copy())
    assert len(outputs) > 100
    expected = run_litert(bundle.model, features)
    assert (np.argmax(outputs, axis=1) == expected.argmax(axis=1)).all()
    with pytest.raises(RuntimeError):  # the arena is no waste: half of it is too small
        runtime.Interpreter.from_bytes(header["model"], arena_size=header["arena_bytes"] // 2)


def test_per_channel_dense_is_refused(header):
    facts = TfliteModel.of(header["model"]).facts
    check_tflm_accepts(facts)
    assert not facts.per_channel_dense
    from dataclasses import replace

    with pytest.raises(UnsupportedOperatorError, match="answers wrongly without an error"):
        check_tflm_accepts(replace(facts, per_channel_dense=("dense",)))
