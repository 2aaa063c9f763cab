"""Outputs that no layer makes: constants of the model, alone, twice, and beside computed ones."""

import numpy as np
import pytest

from tests.network.tflite_builder import TfliteBuilder
from tinyml_course.export.check.host_build import STRICT_FLAGS, HostModel
from tinyml_course.export.check.verify import random_inputs, verify_model
from tinyml_course.network.folding import prepare_network
from tinyml_course.network.reader import read_tflite

VALUES = {"int8": [[1, -128, 127]], "int16": [[-32768, 5, 32767]], "float32": [[0.1, -3e9, 1e-9]]}


@pytest.mark.parametrize("dtype", ["int8", "int16", "float32"])
@pytest.mark.parametrize("outputs", ["c", "cy", "yc", "ccy"])
def test_a_constant_can_be_an_output(dtype, outputs):
    builder = TfliteBuilder()
    scale = None if dtype == "float32" else 0.5
    x = builder.tensor((1, 4), dtype, scale)
    y = builder.tensor((1, 4), dtype, scale)
    c = builder.tensor((1, 3), dtype, scale, data=VALUES[dtype])
    builder.operator("RELU", [x], y)
    content = builder.build([x], [{"c": c, "y": y}[letter] for letter in outputs])
    found = verify_model(content, samples=4)
    assert (found.bytes_differing, found.max_difference) == (0, 0)
    graph = prepare_network(read_tflite(content))
    with HostModel.build(content, "probe", STRICT_FLAGS) as model:
        (sample,) = random_inputs(graph, 1)
        answer = model.invoke(*sample)[outputs.index("c")]
    assert answer.tolist() == np.array(VALUES[dtype], dtype).tolist()
