"""Which layer is the first that differs: named, with its values; on the host and on a core."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from tests.network.tflite_builder import TfliteBuilder
from tinyml_course.board.cores import core_runner
from tinyml_course.cli import main
from tinyml_course.export.check import verify
from tinyml_course.export.check.host_build import HostModel
from tinyml_course.export.check.layers import compare_layers
from tinyml_course.export.check.verify import Runner, run_on_host
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.rewrite import expose_layers
from tinyml_course.shipped import BUNDLES

MODELS = Path(__file__).parents[2] / "golden" / "models"


def run_with_a_wrong_weight(layer):
    """Generated C whose `layer` has one weight that is one step off: wrong from there on."""

    def run(model, samples):
        graph = TfliteModel.of(model).network
        weights = graph.input_of(graph.operators[layer], 1)
        data = weights.values.copy()
        data.flat[np.abs(data).argmax()] //= 2
        tensors = list(graph.tensors)
        tensors[weights.index] = dataclasses.replace(weights, data=data)
        wrong = TfliteModel(model)
        wrong.__dict__["network"] = dataclasses.replace(graph, tensors=tuple(tensors))
        with HostModel.build(wrong) as built:
            return [built.invoke(*x) for x in samples]

    return Runner("host", run)


@pytest.mark.parametrize("path", sorted([*MODELS.glob("*.tflite"), *BUNDLES.glob("*/*.tflite")]))
def test_no_layer_of_a_model_of_the_course_differs(path):
    found = compare_layers(path.read_bytes(), samples=2)
    assert found.first_differing is None
    assert sum(layer.bytes_compared for layer in found.layers) > 0
    assert "no layer differs from TFLM" in str(found)


def test_an_emulated_core_is_asked_as_the_host_is():
    content = (MODELS / "conv1d.tflite").read_bytes()
    found = compare_layers(content, samples=1, runner=core_runner("cortex-m0plus"))
    assert (found.first_differing, found.target) == (None, "cortex-m0plus")


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_the_first_layer_that_differs_is_named_with_its_values(layer):
    content = (BUNDLES / "motion" / "model_int8.tflite").read_bytes()
    found = compare_layers(content, samples=20, runner=run_with_a_wrong_weight(layer))
    first = found.first_differing
    assert first is not None
    assert (first.number, first.kind) == (layer, "FULLY_CONNECTED")
    assert first.first.expected != first.first.found
    assert all(result.bytes_differing == 0 for result in found.layers[:layer])
    assert f"the first layer that differs is {layer}, FULLY_CONNECTED" in str(found)


def test_the_numbers_are_those_of_the_generated_c():
    """Operators that are folded away have no number there."""
    content = (MODELS / "conv1d.tflite").read_bytes()
    numbers = [layer.number for layer in compare_layers(content, samples=1).layers]
    assert numbers == list(range(len(numbers)))
    assert len(numbers) < len(TfliteModel(content).graph.operators)


def test_exposing_layers_changes_no_value():
    model = TfliteModel((MODELS / "dense3.tflite").read_bytes())
    exposed, layers = expose_layers(model)
    x = [list(verify.random_inputs(model.network, 3))[2]]
    assert np.array_equal(run_on_host(exposed, x)[0][-1], run_on_host(model, x)[0][0])
    assert len(exposed.network.outputs) == len(layers)


def test_a_hostile_name_does_not_reach_the_terminal():
    builder = TfliteBuilder()
    x = builder.tensor((1, 4), "int8", 0.5)
    y = builder.tensor((1, 4), "int8", 0.5)
    builder.graph.tensors[y.index].name = b"\x1b[2J\x07cleared"
    builder.operator("RELU", [x], y)
    text = str(compare_layers(builder.build([x], [y]), samples=1))
    assert "\x1b" not in text
    assert "cleared" in text


def test_the_command_names_the_layer_and_fails(monkeypatch, capsys):
    path = str(BUNDLES / "motion" / "model_int8.tflite")
    assert main(["verify", path, "--layers", "--samples", "5"]) == 0
    assert "no layer differs" in capsys.readouterr().out
    monkeypatch.setattr("tinyml_course.board.cores.HOST", run_with_a_wrong_weight(1))
    assert main(["verify", path, "--layers", "--samples", "20", "--json"]) == 1
    value = json.loads(capsys.readouterr().out)
    assert value["first_differing"]["number"] == 1
    assert [layer["number"] for layer in value["layers"]] == [0, 1, 2, 3]
