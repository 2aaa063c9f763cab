"""The last layer in whole numbers: what it says is what the network says."""

import numpy as np
import pytest

from tests.on_device.heads import random_head
from tinyml_course.bundle import Bundle
from tinyml_course.errors import DataError, ExportError, UnsupportedOperatorError
from tinyml_course.interpreters.tflm import run_integer_model
from tinyml_course.network.rewrite import cut_head
from tinyml_course.on_device.exponential import TABLE, exp_negative, softmax
from tinyml_course.on_device.head import Head
from tinyml_course.on_device.learner import Learner, LearningSpec

SPEC = LearningSpec(rate_256=32, passes=1, recent=1)


def test_exp_is_exp_within_its_error():
    d = np.linspace(0, 20, 4001)
    found = exp_negative(np.round(d * 2**20), 20) / 2**16
    assert np.abs(found - np.exp(-d)).max() < 4e-5
    assert (np.diff(found) <= 0).all()
    assert exp_negative(np.array([2**41]), 20) == 0
    assert TABLE[0] == 2 * TABLE[-1] == 65536


def test_probabilities_are_softmaxs_and_sum_to_one():
    rng = np.random.default_rng(0)
    for _ in range(50):
        logits = rng.normal(0, 4, 5)
        wanted = np.exp(logits - logits.max())
        found = softmax(np.round(logits * 2**20).astype(np.int64), 20) / 2**15
        assert np.abs(found - wanted / wanted.sum()).max() < 2e-4
        assert 1 - 5 / 2**15 <= found.sum() <= 1


@pytest.mark.parametrize("name", ["motion", "gas", "personalize"])
def test_before_any_label_it_answers_as_the_network_it_was_cut_from(name):
    bundle = Bundle.load_shipped(name)
    body, head = cut_head(bundle.model), Head.from_model(bundle.model)
    features = run_integer_model(body, bundle.golden.inputs).outputs
    learner = Learner(head, SPEC)
    scores = bundle.golden.outputs.astype(int) + 128  # of 256
    mine = np.array([learner.probabilities(x) for x in features]) / 128
    assert np.abs(mine - scores).max() < 12  # the network rounds its logits to int8 before softmax
    certain = np.sort(scores, axis=1)[:, -1] > 160
    assert certain.sum() > 20
    assert np.array_equal(learner.predict(features)[certain], scores.argmax(axis=1)[certain])


def test_what_is_no_head_is_refused():
    keywords_body = cut_head(Bundle.load_shipped("keywords_people").model)
    with pytest.raises(UnsupportedOperatorError, match="ends in MEAN"):
        Head.from_model(keywords_body)
    with pytest.raises(ExportError, match="no dense layer with a body"):
        cut_head(keywords_body)
    head = random_head()
    with pytest.raises(DataError, match="int32"):
        Head(head.weights.astype(np.int64), head.bias, -128)
    with pytest.raises(DataError, match="cannot be"):
        Head(head.weights, head.bias[:2], -128)
    with pytest.raises(DataError, match="8 to 24"):
        Head(head.weights, head.bias, -128, fraction_bits=25)
    with pytest.raises(DataError, match="no int8"):
        Head(head.weights, head.bias, 128)
    with pytest.raises(DataError, match="fewer fraction_bits"):
        random_head(fraction_bits=24, size=1e4)
