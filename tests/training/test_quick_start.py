"""A fit begins with its variables made: the step is traced once, and no weight changes by it."""

import numpy as np
import pytest

from tests.trained import fit_digits
from tinyml_course import training
from tinyml_course.training import augmented, fitting


def fitted():
    model = training.build_dense((64,), 10, seed=0)
    history = fit_digits(model, epochs=2)
    return model, history


def test_the_step_is_traced_once_and_gives_the_same_weights(monkeypatch):
    model, history = fitted()
    assert model.train_function.experimental_get_tracing_count() == 1
    monkeypatch.setattr(fitting, "make_variables", lambda model, y: None)
    plain, plain_history = fitted()
    for ours, kerass in zip(model.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, kerass)
    assert history.loss == plain_history.loss
    assert history.val_accuracy == plain_history.val_accuracy


def fitted_varied():
    keras = training.import_keras()
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((6,)),
            keras.layers.Dense(5),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    rng = np.random.default_rng(0)
    x, y = rng.random((40, 6), np.float32), rng.integers(0, 3, 40)
    history = augmented.fit_augmented(
        model,
        *(x, y, x[:10], y[:10]),
        epochs=3,
        batch_size=8,
        learning_rate=0.01,
        seed=0,
        augment=lambda x, y, rng: x + rng.normal(0, 0.1, x.shape).astype(np.float32),
        samples_an_epoch=36,
        log_every=0,
    )
    return model, history


def test_so_does_a_fit_of_variations(monkeypatch):
    model, history = fitted_varied()
    assert model.train_function.experimental_get_tracing_count() == 1
    monkeypatch.setattr(augmented, "make_variables", lambda model, y: None)
    plain, plain_history = fitted_varied()
    assert plain.train_function.experimental_get_tracing_count() == 2
    for ours, kerass in zip(model.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, kerass)
    assert (history.loss, history.val_loss) == (plain_history.loss, plain_history.val_loss)


@pytest.mark.parametrize(("dropout", "made"), [(0.0, True), (0.2, False)])
def test_what_draws_random_numbers_is_left_to_keras(dropout, made):
    keras = training.import_keras()
    layers = [keras.layers.Dropout(dropout)] if dropout else []
    model = keras.Sequential([keras.Input((4,)), *layers, keras.layers.Dense(2)])
    model.compile(optimizer="adam", loss="mse")
    before = len(model.optimizer.variables)
    fitting.make_variables(model, np.zeros((3, 2), np.float32))
    assert (len(model.optimizer.variables) > before) == made
