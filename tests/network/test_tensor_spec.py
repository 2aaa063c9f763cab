"""Shape, type, scale and zero point against what LiteRT says of the same files."""

from pathlib import Path

import numpy as np
import pytest

from tinyml_course.interpreters.litert import load_interpreter
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.tensor_spec import TensorSpec
from tinyml_course.shipped import BUNDLES

GOLDEN = Path(__file__).parents[1] / "golden" / "models"
FILES = sorted([*GOLDEN.glob("*.tflite"), *BUNDLES.glob("*/model_int8.tflite")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_spec_is_what_litert_says(path):
    model = TfliteModel(path.read_bytes())
    interpreter = load_interpreter(model)
    for specs, details in (
        (model.inputs, interpreter.get_input_details()),
        (model.outputs, interpreter.get_output_details()),
    ):
        for spec, detail in zip(specs, details, strict=True):
            assert spec.name == detail["name"]
            assert spec.shape == tuple(detail["shape"][1:])
            assert spec.dtype == detail["dtype"]
            assert (spec.scale, spec.zero_point) == detail["quantization"]


def test_quantize_rounds_half_away_from_zero_and_clamps():
    spec = TensorSpec("x", (1,), np.dtype(np.int8), 0.1, 3)
    values = np.array([-100, -0.05, 0, 0.04, 0.05, 100], np.float32)
    assert spec.quantize(values).tolist() == [-128, 2, 3, 3, 4, 127]
    assert spec.dequantize(np.array([3, 13], np.int8)).tolist() == pytest.approx([0, 1])


def test_a_uint8_input_is_filled_from_0_to_255():
    spec = TensorSpec("picture", (3,), np.dtype(np.uint8), 0.25, 8)
    q = spec.quantize(np.array([-9.0, 0.375, 99.0]))
    assert q.dtype == np.uint8
    assert q.tolist() == [0, 10, 255]
    assert spec.dequantize(q).tolist() == [-2.0, 0.5, 61.75]
