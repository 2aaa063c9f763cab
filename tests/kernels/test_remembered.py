"""What is remembered of a fit is what the fit would give; what could differ is not remembered."""

import numpy as np
import pytest

from tests.kernels import FITS
from tests.kernels.remembered import fit, fit_or_remember
from tinyml_course.training import build_dense, import_keras, predict_scores

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(40, 6)).astype(np.float32), RNG.integers(0, 3, 40)
PARTS = (X[:30], Y[:30], X[30:], Y[30:])
SETTINGS = {"epochs": 2, "batch_size": 8, "learning_rate": 0.01, "seed": 3, "log_every": 0}


@pytest.fixture
def fits(tmp_path, monkeypatch):
    """How many fits are kept by now."""
    monkeypatch.setenv(FITS, str(tmp_path))
    return lambda: len(list(tmp_path.iterdir()))


def build(seed=1):
    return build_dense((6,), 3, hidden=(5,), seed=seed)


def test_the_same_fit_is_made_once(fits, capsys):
    made, before, again = build(), build(), build()
    plain = fit(made, *PARTS, **SETTINGS)
    first = fit_or_remember(before, *PARTS, **SETTINGS)
    second = fit_or_remember(again, *PARTS, **SETTINGS)
    assert fits() == 1
    assert "fitted before" in capsys.readouterr().out
    assert plain.loss == first.loss == second.loss
    assert plain.val_accuracy == second.val_accuracy
    for a, b in zip(made.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(predict_scores(made, X), predict_scores(again, X))
    assert again.evaluate(X, Y, verbose=0) == made.evaluate(X, Y, verbose=0)


def test_another_fit_is_made(fits):
    fit_or_remember(build(), *PARTS, **SETTINGS)
    fit_or_remember(build(seed=2), *PARTS, **SETTINGS)
    fit_or_remember(build(), *PARTS, **{**SETTINGS, "seed": 4})
    fit_or_remember(build(), *PARTS, **{**SETTINGS, "epochs": 1})
    fit_or_remember(build(), X[:29], Y[:29], X[30:], Y[30:], **SETTINGS)
    fit_or_remember(build(), X[:30] + 1, *PARTS[1:], **SETTINGS)
    assert fits() == 6


def test_what_could_differ_is_made_each_time(fits, tmp_path):
    keras = import_keras()
    start = keras.layers.Input((6,))
    random = keras.Sequential([start, build(), keras.layers.Dropout(0.5)])
    fit_or_remember(random, *PARTS, **SETTINGS)
    fit_or_remember(build(), *PARTS, callbacks=(keras.callbacks.Callback(),), **SETTINGS)
    fit_or_remember(build(), *PARTS, loss=lambda y, p: keras.backend.mean(p), **SETTINGS)

    class Twice(keras.layers.Layer):
        def call(self, x):
            return x * 2

    fit_or_remember(keras.Sequential([start, build(), Twice()]), *PARTS, **SETTINGS)
    assert fits() == 0
