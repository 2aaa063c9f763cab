"""One layer of a model alone gives what it gives in the model."""

import numpy as np
import pytest

from tests.export.check.small_graphs import SMALL_GRAPHS
from tinyml_course.bundle import Bundle
from tinyml_course.errors import ExportError
from tinyml_course.export.check.verify import verify_model
from tinyml_course.network.reference import run_layers
from tinyml_course.network.rewrite import cut_head, cut_layer


@pytest.mark.parametrize("number", [0, 1, 2, 12])
def test_a_layer_alone_gives_what_it_gives_in_the_model(number):
    bundle = Bundle.load_shipped("keywords_people")
    network = bundle.model.network
    values = run_layers(network, [bundle.golden.inputs[:1]])
    layer = network.operators[number]
    alone = cut_layer(bundle.model, number)
    given = [values[tensor.index] for tensor in network.activations_of(layer)]
    assert [o.kind for o in alone.network.operators] == [layer.kind]
    after = run_layers(alone.network, given)[alone.network.outputs[0]]
    assert np.array_equal(after.reshape(-1), values[layer.outputs[0]].reshape(-1))
    assert verify_model(alone, samples=3).bytes_differing == 0


def test_a_number_that_no_layer_has_is_refused():
    with pytest.raises(ExportError, match="there is no layer 99"):
        cut_layer(Bundle.load_shipped("motion").model, 99)


def test_a_layer_between_the_states_of_a_streaming_model_stands_alone():
    model = SMALL_GRAPHS["stream"]
    kinds = [operator.kind for operator in model.network.operators]
    layer = cut_layer(model, kinds.index("CONCATENATION"))
    assert [operator.kind for operator in layer.network.operators] == ["CONCATENATION"]
    assert not layer.network.has_state
    with pytest.raises(ExportError, match="only moves the model's state"):
        cut_layer(model, kinds.index("READ_VARIABLE"))


@pytest.mark.parametrize("name", ["motion", "keywords_people", "personalize"])
def test_a_body_without_its_head_gives_what_the_head_was_given(name):
    bundle = Bundle.load_shipped(name)
    network = bundle.model.network
    head = [o for o in network.operators if o.kind == "FULLY_CONNECTED"][-1]
    (features,) = network.activations_of(head)
    body = cut_head(bundle.model)
    golden = bundle.golden.inputs[:3]
    for row in golden:
        wanted = run_layers(network, [row[None]])[features.index]
        found = run_layers(body.network, [row[None]])[body.network.outputs[0]]
        assert np.array_equal(found, wanted)
    assert verify_model(body, inputs=[[row[None]] for row in golden]).bytes_differing == 0
