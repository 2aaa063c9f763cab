"""Each operator of `small_graphs`: C on this computer and on two cores, NumPy, against TFLM."""

import numpy as np
import pytest

from tests.export.check.small_graphs import SMALL_GRAPHS
from tinyml_course.board.cores import core_runner
from tinyml_course.export.check.verify import random_inputs, verify_model
from tinyml_course.interpreters.tflm import run_tflm_samples
from tinyml_course.network.reference import run_samples


@pytest.mark.parametrize("name", SMALL_GRAPHS)
def test_c_on_this_computer_equals_tflm(name):
    found = verify_model(SMALL_GRAPHS[name], samples=50)
    assert found.bytes_differing == 0, found


@pytest.mark.slow
@pytest.mark.parametrize("target", ["cortex-m4", "cortex-m0plus"])
@pytest.mark.parametrize("name", SMALL_GRAPHS)
def test_c_on_a_core_equals_tflm(name, target):
    found = verify_model(SMALL_GRAPHS[name], samples=10, runner=core_runner(target))
    assert found.bytes_differing == 0, found


@pytest.mark.parametrize("name", SMALL_GRAPHS)
def test_numpy_equals_tflm(name):
    samples = list(random_inputs(SMALL_GRAPHS[name].network, 50))
    expected = run_tflm_samples(SMALL_GRAPHS[name], samples, in_sequences=True)
    found = run_samples(SMALL_GRAPHS[name].network, samples)
    for outputs, answers in zip(expected, found, strict=True):
        for wanted, got in zip(outputs, answers, strict=True):
            np.testing.assert_array_equal(got.reshape(wanted.shape), wanted)
