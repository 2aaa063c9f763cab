"""Every shipped model under the name that `tinyml export` gives it: a program that links and runs.

The program holds TFLM's outputs and compares; it is built with each choice of kernels.
"""

import subprocess
from pathlib import Path

import pytest

from tests.tools import need_tflm
from tinyml_course.export.check.host_build import STRICT_FLAGS, compile_c
from tinyml_course.export.check.self_test import generate_self_test_c
from tinyml_course.export.model_c.source import generate_model_c
from tinyml_course.export.names import check_name, name_from_file
from tinyml_course.network.model import TfliteModel
from tinyml_course.shipped import BUNDLES

GOLDEN = Path(__file__).parents[2] / "golden" / "models"
MODELS = sorted([*BUNDLES.rglob("*.tflite"), *GOLDEN.rglob("*.tflite")])


def name_of(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@pytest.mark.parametrize("path", MODELS, ids=name_of)
def test_a_program_with_the_default_name_gives_tflms_outputs(path, tmp_path):
    need_tflm()
    model = TfliteModel(path.read_bytes())
    name = check_name(name_from_file(path.stem))
    code = generate_model_c(model, name)
    files = {f"{name}.h": code.header, f"{name}.c": code.source}
    files |= generate_self_test_c(model, name, samples=4)
    assert "Computed by TFLM" in files[f"{name}_golden.h"]
    values = 4 * sum(model.network.tensors[i].elements for i in model.network.outputs)
    macro = f"{name.upper()}_FAST_KERNELS"
    variants = (0, 1) if f"#ifndef {macro}\n" in code.header else (0,)
    for fast in variants:
        flags = [*STRICT_FLAGS, f"-D{name.upper()}_SELF_TEST_MAIN", f"-D{macro}={fast}"]
        program = compile_c(files, tmp_path, f"self_test_{fast}", flags)
        done = subprocess.run([program], capture_output=True, text=True, check=False)
        assert done.stdout == f"{name}: 4 samples, {values} values, 0 wrong\n"
        assert done.returncode == 0


def test_there_are_models_of_both_kinds():
    """With fast kernels and without: an empty list, or a macro of another name, proves nothing."""
    names = {name_of(path) for path in MODELS}
    assert {"motion-model_int8", "keywords_people-model_int8", "models-conv1d"} <= names
    headers = [generate_model_c(path.read_bytes(), "net").header for path in MODELS]
    assert sum("#ifndef NET_FAST_KERNELS\n" in header for header in headers) >= 5
