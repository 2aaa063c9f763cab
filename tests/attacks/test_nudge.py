"""Nudges: the gradient is the gradient, the change is small, and chance does not do it."""

import numpy as np
import pytest

from tinyml_course.attacks.nudge import StolenModel, random_nudges, smallest_nudge
from tinyml_course.bundle import Bundle
from tinyml_course.errors import DataError
from tinyml_course.export.sealed.image import ModelImage


@pytest.fixture(scope="module")
def bundle():
    return Bundle.load_shipped("motion")


@pytest.fixture(scope="module")
def model(bundle):
    return StolenModel(ModelImage.of(bundle), bundle)


def test_the_stolen_model_answers_as_the_board(bundle, model):
    golden = bundle.golden
    assert np.array_equal(model.outputs(golden.windows), golden.outputs)
    assert np.array_equal(model.answer(golden.windows), golden.outputs.argmax(axis=1))


def test_the_gradient_of_the_layers_is_that_of_small_differences(model):
    rng = np.random.default_rng(0)

    def last_layer(x):
        for layer in model.image.layers:
            factor = layer.multiplier * 2.0 ** (layer.shift - 31)
            y = (layer.weights.astype(float) @ (x - layer.input_zero_point) + layer.bias) * factor
            x = np.clip(y + layer.output_zero_point, layer.activation_min, layer.activation_max)
        return x[1] - x[0]

    for _ in range(5):
        x = rng.uniform(-100, 100, 8)
        found = model._input_gradient(x, 0, 1)
        steps = np.eye(8) * 1e-6
        expected = [(last_layer(x + s) - last_layer(x - s)) / 2e-6 for s in steps]
        assert found == pytest.approx(expected, abs=1e-4)


def test_a_nudge_of_some_hundredths_of_a_g_and_chance_of_the_same_size(bundle, model):
    golden = bundle.golden
    still = golden.windows[(golden.labels == 0) & (golden.outputs.argmax(axis=1) == 0)][:3]
    rng = np.random.default_rng(1)
    for window in still:
        nudge = smallest_nudge(model, window, towards=1)
        assert nudge.worked
        assert nudge.size < 0.1
        assert np.abs(nudge.delta).max() <= nudge.size + 1e-6
        assert bundle.predict_scores(window + nudge.delta).argmax() == nudge.answer != 0
        chance = window + random_nudges(window.shape, nudge.size, 50, rng)
        assert (model.answer(chance) == 0).mean() > 0.9


def test_what_cannot_be_nudged_says_so(bundle, model):
    window = bundle.golden.windows[0]
    answer = int(model.answer(window[None])[0])
    with pytest.raises(DataError, match="says class"):
        smallest_nudge(model, window, answer)
    assert not smallest_nudge(model, window, (answer + 1) % 3, step=1e-4, most=1e-4).worked
