"""What is made of your recordings is trained with, as a source of its own, and judges nothing."""

from dataclasses import replace

import numpy as np
import pytest

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.features.preprocessing import Preprocessing
from tinyml_course.labs.lab import FineTuning, ModelChoice
from tinyml_course.pipeline.own_recordings import learn_from_recordings
from tinyml_course.pipeline.stages import Trained
from tinyml_course.training.keras_setup import import_keras

PEOPLE, WINDOW = 10, 4


class Fit:
    """Trains nothing and remembers what it was given."""

    def __call__(self, model, x, y, *validation, importance, **options):
        self.x, self.y, self.importance, self.validation = x, y, importance, validation


@pytest.fixture
def fit():
    return Fit()


@pytest.fixture
def recordings():
    x = np.repeat(np.arange(PEOPLE), 2)[:, None, None] * np.ones((1, WINDOW, 1))
    people = np.repeat([f"p{n}" for n in range(PEOPLE)], 2)
    return Dataset(x, [0, 1] * PEOPLE, people, 50.0, ("a", "b"), ("c",), "g")


@pytest.fixture
def trained(fit):
    keras = import_keras()
    layers = [keras.layers.Input((WINDOW, 1)), keras.layers.Flatten()]
    model = keras.Sequential([*layers, keras.layers.Dense(2, "softmax")])
    choice = ModelChoice(lambda: Preprocessing(()), None, 1, 8, 0.01, 0.0, fit=fit)
    inputs = {part: np.full((3, WINDOW, 1), -1, np.float32) for part in ("train", "val", "test")}
    labels = {part: np.array([0, 1, 1]) for part in inputs}
    return Trained("net", choice, Preprocessing(()), model, None, inputs, labels)


def enlarge(clips, seed):
    """Two windows a recording, told by a hundred that is added."""
    more = np.concatenate([clips.x, clips.x]) + 100
    return replace(
        clips, x=more, y=np.tile(clips.y, 2), groups=np.tile(clips.groups, 2), source=f"{seed}"
    )


def learn(trained, recordings, enlarge):
    tuning = FineTuning(weight=1.5, enlarge=enlarge)
    return learn_from_recordings(trained, recordings, 7, lambda line: None, tuning)


def test_they_train_and_are_of_no_one_who_judges(trained, recordings, fit):
    _, judged = learn(trained, recordings, enlarge)
    made = fit.x[fit.x >= 100] - 100
    kept = fit.x[(fit.x >= 0) & (fit.x < 100)]
    assert set(made) == set(kept)
    assert len(made) == 2 * len(kept)
    held_out = {float(name[1:]) for name in judged.held_out}
    assert held_out
    assert not held_out & set(made.tolist())
    assert (fit.validation[0] < 100).all()


def test_each_source_weighs_as_it_should(trained, recordings, fit):
    learn(trained, recordings, enlarge)
    value = fit.x[:, 0, 0]
    sums = [
        [fit.importance[chosen & (fit.y == label)].sum() for label in (0, 1)]
        for chosen in (value < 0, (value >= 0) & (value < 100), value >= 100)
    ]
    assert np.allclose(sums, [[1, 1], [1.5, 1.5], [1.5, 1.5]])


def test_without_any_made_all_is_as_it_was(trained, recordings, fit):
    learn(trained, recordings, None)
    plain = fit.x, fit.importance
    learn(trained, recordings, lambda clips, seed: clips.subset(np.zeros(len(clips), bool)))
    assert np.array_equal(plain[0], fit.x)
    assert np.array_equal(plain[1], fit.importance)
