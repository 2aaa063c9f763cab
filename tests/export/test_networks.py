"""The generated C of whole networks against TFLM: equal in every byte."""

import pytest

from tests.networks import BUILDERS, tflite_model
from tinyml_course.export.folding import load_graph
from tinyml_course.export.reference import run_reference
from tinyml_course.export.verify import (
    compare_outputs,
    random_inputs,
    run_tflm,
    verify_model,
)


@pytest.mark.parametrize("name", BUILDERS)
def test_int8_network_equals_tflm_in_every_byte(name):
    found = verify_model(tflite_model(name), samples=32)
    assert found.bytes_compared >= 32
    assert found.bytes_differing == 0


@pytest.mark.parametrize("name", BUILDERS)
def test_numpy_reference_equals_tflm_in_every_byte(name):
    model_bytes = tflite_model(name)
    graph = load_graph(model_bytes)
    samples = list(random_inputs(graph, 3))
    found = compare_outputs(
        run_tflm(model_bytes, samples), [run_reference(graph, s) for s in samples], "numpy"
    )
    assert found.bytes_differing == 0
