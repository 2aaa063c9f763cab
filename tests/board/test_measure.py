"""Measurements of exported networks and of single functions."""

from pathlib import Path

import numpy as np
import pytest

from tinyml_course.board.measure import ModelOnCore, measure_function, measure_model
from tinyml_course.board.targets import TARGETS
from tinyml_course.export.check.verify import random_inputs, run_on_host

MODELS = Path(__file__).parents[1] / "golden" / "models"
DOT = """
#include <stdint.h>
int32_t dot(const int8_t *a, const int8_t *b, int n) {
  int32_t sum = 0;
  for (int i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}
void scale(int16_t *out, const int16_t *in, int n) {
  for (int i = 0; i < n; i++) out[i] = (int16_t)(2 * in[i]);
}
"""


@pytest.mark.parametrize("target", TARGETS)
def test_the_core_computes_what_the_host_computes(target):
    model = (MODELS / "dense3.tflite").read_bytes()
    core = ModelOnCore(model, target=target)
    samples = list(random_inputs(core.graph, 20))
    expected = run_on_host(model, samples)
    for inputs, wanted in zip(samples, expected, strict=True):
        assert np.array_equal(core.invoke(*inputs)[0], wanted[0])


def test_a_measurement_is_complete_and_repeatable():
    model = (MODELS / "conv1d.tflite").read_bytes()
    first, second = (measure_model(model) for _ in range(2))
    assert first.macs == 32_320
    assert first.instructions > 2 * first.macs / 4
    assert first.instructions < first.estimated_cycles < 3 * first.instructions
    assert first.weights_bytes < first.flash_bytes
    assert first.arena_bytes < first.ram_bytes < first.arena_bytes + 300
    assert 50 < first.stack_bytes < 2000
    assert sum(entry.instructions for entry in first.profile) == first.instructions
    assert first.instructions == second.instructions
    assert first.estimated_cycles == second.estimated_cycles


def test_the_start_up_code_is_not_counted():
    few = measure_function([DOT], "dot", bytes(10), bytes(10), 10)
    padded = DOT + "\nint table[1000] = {1};\nint use(int i) { return table[i]; }\n"
    padded = padded.replace("int32_t sum = 0", "extern int use(int); int32_t sum = use(n) * 0")
    more = measure_function([padded], "dot", bytes(10), bytes(10), 10)
    assert more.instructions < few.instructions + 30


def test_a_function_of_ones_own():
    out, values = np.zeros(9, np.int16), np.arange(9, dtype=np.int16)
    one = measure_function([DOT], "scale", out, values, 9)
    assert out.tolist() == [2 * i for i in range(9)]
    two = measure_function([DOT], "scale", np.zeros(90, np.int16), np.zeros(90, np.int16), 90)
    assert 5 < two.instructions / one.instructions < 12
