"""The generated C of whole networks against TFLM: equal in every byte.

float32: C sums in TFLM's order, so on a host without fused multiply-adds only exp() may differ, by
two units in the last place of a value below 1; a SOFTMAX output is a quotient of such values. The
bound allows four, 2**-22, relative to the larger of 1 and the value.
"""

import math

import pytest

from tests.networks import BUILDERS, KEPT, make_network, tflite_model, tflite_path
from tinyml_course.export.check.verify import (
    compare_outputs,
    random_inputs,
    verify_model,
)
from tinyml_course.export.model_c.source import generate_model_c
from tinyml_course.interpreters.tflm import run_tflm_samples
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.reference import run_reference


@pytest.mark.parametrize("name", ["dense3", "conv1d"])
def test_a_kept_file_is_what_its_builder_makes(name):
    """Edit a builder and the key is another: `python -m tests.networks --keep` makes the file."""
    kept = tflite_path(name)
    assert kept.parent == KEPT
    assert kept.read_bytes() == make_network(name, "int8")


@pytest.mark.parametrize("name", BUILDERS)
def test_int8_network_equals_tflm_in_every_byte(name):
    found = verify_model(tflite_model(name), samples=32)
    assert found.bytes_compared >= 32
    assert found.bytes_differing == 0


@pytest.mark.parametrize("name", BUILDERS)
def test_numpy_reference_equals_tflm_in_every_byte(name):
    model_bytes = tflite_model(name)
    graph = TfliteModel.of(model_bytes).network
    samples = list(random_inputs(graph, 3))
    found = compare_outputs(
        run_tflm_samples(model_bytes, samples), [run_reference(graph, s) for s in samples], "numpy"
    )
    assert found.bytes_differing == 0


@pytest.mark.parametrize("name", ["dense3", "conv1d", "autoencoder", "ds_cnn"])
def test_dense_layers_with_a_scale_a_channel_equal_tflm(name):
    found = verify_model(tflite_model(name, "int8_per_channel_dense"), samples=16)
    assert found.bytes_differing == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", BUILDERS)
def test_int16x8_network_equals_tflm_in_every_byte(name):
    found = verify_model(tflite_model(name, "int16x8"), samples=16)
    assert found.bytes_compared >= 2 * 16
    assert found.bytes_differing == 0


@pytest.mark.parametrize("name", ["dense3", "conv1d", "autoencoder", "inverted_residual"])
def test_float32_network_stays_within_its_bound(name):
    found = verify_model(tflite_model(name, "float32"), samples=16)
    assert found.max_difference <= 2**-22


# HARDWARE's table: the smallest arena that works plus other static data, plus stack.
PEER_RAM_BYTES = {
    "ds_cnn": 23_400 + 1_260,
    "mobilenet_v1": 101_288 + 1_260,
    "resnet8": 55_576 + 1_260,
    "autoencoder": 3_312 + 772,
    "conv1d": 5_080 + 1_260,
    "dense3": 2_184 + 752,
}


@pytest.mark.parametrize("name", PEER_RAM_BYTES)
def test_static_ram_and_the_callers_buffers_are_well_below_tflms(name):
    """Input and output count, which are the caller's; 512 bytes are left for the stack."""
    model_bytes = tflite_model(name)
    graph = TfliteModel.of(model_bytes).network
    code = generate_model_c(model_bytes, "net")
    ends = [graph.tensors[i].size_bytes for i in (*graph.inputs, *graph.outputs)]
    assert code.arena_bytes + sum(ends) + 512 <= math.floor(0.9 * PEER_RAM_BYTES[name])


def test_the_same_model_gives_the_same_text():
    model_bytes = tflite_model("inverted_residual")
    first, second = (generate_model_c(model_bytes, "net") for _ in range(2))
    assert (first.header, first.source) == (second.header, second.source)
