"""What is remembered is what would be computed; what could differ is not remembered."""

import functools

import numpy as np
import pytest

from tests.kernels import REMEMBERED, remembered
from tinyml_course.compress import cluster, prune, qat, quantize
from tinyml_course.features.digit_forms import draw_forms
from tinyml_course.training import augmented, build_dense, fitting, import_keras, predict_scores

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(40, 6)).astype(np.float32), RNG.integers(0, 3, 40)
PARTS = (X[:30], Y[:30], X[30:], Y[30:])
SETTINGS = {"epochs": 2, "batch_size": 8, "learning_rate": 0.01, "seed": 3, "log_every": 0}
fit_or_remember = remembered.remembers_fit(fitting.fit_model, remembered.compile_plain)
augment_or_remember = remembered.remembers_fit(augmented.fit_augmented, remembered.compile_smoothed)


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """How many results are kept by now."""
    monkeypatch.setenv(REMEMBERED, str(tmp_path))
    return lambda: len(list(tmp_path.iterdir()))


def build(seed=1):
    return build_dense((6,), 3, hidden=(5,), seed=seed)


def build_dropping():
    keras = import_keras()
    return keras.Sequential([keras.layers.Input((6,)), build(), keras.layers.Dropout(0.5)])


def hold_back(x, y, rng):
    """An augmentation that draws."""
    return x * rng.uniform(0.5, 1, (len(x), 1)).astype(np.float32)


def stand_still(model, *parts, **settings):
    """For a fit, where what matters is whether it is made."""
    return "a history"


def stand_aside(model, *parts, **settings):
    """For another one."""
    return "another history"


def same(first, second):
    for a, b in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("made", [build, build_dropping])
def test_the_same_fit_is_made_once(kept, capsys, made):
    plain, before, again = made(), made(), made()
    history = fitting.fit_model(plain, *PARTS, **SETTINGS)
    first = fit_or_remember(before, *PARTS, **SETTINGS)
    second = fit_or_remember(again, *PARTS, **SETTINGS)
    assert kept() == 1
    assert "fitted before" in capsys.readouterr().out
    assert history.loss == first.loss == second.loss
    assert history.val_accuracy == second.val_accuracy
    same(plain, again)
    np.testing.assert_array_equal(predict_scores(plain, X), predict_scores(again, X))
    assert again.evaluate(X, Y, verbose=0) == plain.evaluate(X, Y, verbose=0)


def test_a_fit_on_draws_is_made_once(kept):
    settings = {**SETTINGS, "augment": hold_back}
    plain, before, again = build(), build(), build()
    augmented.fit_augmented(plain, *PARTS, **settings)
    augment_or_remember(before, *PARTS, **settings)
    augment_or_remember(again, *PARTS, **settings)
    assert kept() == 1
    same(plain, again)
    targets = np.eye(3)[Y]
    assert again.evaluate(X, targets, verbose=0) == plain.evaluate(X, targets, verbose=0)


SMALLER = {
    "pruned": functools.partial(prune.prune_magnitude, sparsity=0.5),
    "clustered": functools.partial(cluster.cluster_weights, clusters=3),
    "qat": qat.train_qat,
}


@pytest.mark.parametrize("name", SMALLER)
def test_the_toolkit_goes_on_from_what_is_remembered_as_from_what_is_made(kept, monkeypatch, name):
    samples = quantize.representative_dataset(X)
    one = SMALLER[name](build(), *PARTS, epochs=2)
    for module in (prune, cluster, qat):
        monkeypatch.setattr(module, "fit_model", fit_or_remember)
    before, again = (SMALLER[name](build(), *PARTS, epochs=2) for _ in range(2))
    assert kept() == 1
    same(one, before)
    same(one, again)
    convert = remembered.remembers_file(quantize.convert_int8)
    plain = quantize.convert_int8(one, samples)
    assert plain == convert(before, samples) == convert(again, samples)
    assert kept() == 2


def test_another_fit_is_made(kept):
    fit_or_remember = remembered.remembers_fit(stand_still, remembered.compile_plain)
    augment_or_remember = remembered.remembers_fit(stand_aside, remembered.compile_smoothed)
    fit_or_remember(build(), *PARTS, **SETTINGS)
    fit_or_remember(build(seed=2), *PARTS, **SETTINGS)
    fit_or_remember(build(), *PARTS, **{**SETTINGS, "seed": 4})
    fit_or_remember(build(), *PARTS, **{**SETTINGS, "epochs": 1})
    fit_or_remember(build(), X[:29], Y[:29], X[30:], Y[30:], **SETTINGS)
    fit_or_remember(build(), X[:30] + 1, *PARTS[1:], **SETTINGS)
    augment_or_remember(build(), *PARTS, **SETTINGS, augment=hold_back)
    assert kept() == 7


def test_another_file_is_made(kept):
    samples = quantize.representative_dataset(X)
    int8, int16 = map(remembered.remembers_file, (quantize.convert_int8, quantize.convert_int16x8))
    model = build()
    files = {int8(model, samples), int16(model, samples), int8(build(seed=2), samples)}
    files.add(int8(model, quantize.representative_dataset(X * 3)))
    files.add(int8(model, samples, per_channel_dense=True))
    assert len(files) == kept() == 5
    assert type(int8(model, samples)) is type(quantize.convert_int8(model, samples))


def test_what_could_differ_is_made_each_time(kept, tmp_path):
    keras = import_keras()
    fit_or_remember = remembered.remembers_fit(stand_still, remembered.compile_plain)

    class Twice(keras.layers.Layer):
        def call(self, x):
            return x * 2

    foreign = keras.Sequential([keras.layers.Input((6,)), build(), Twice()])
    fit_or_remember(foreign, *PARTS, **SETTINGS)
    fit_or_remember(build(), *PARTS, callbacks=(keras.callbacks.Callback(),), **SETTINGS)
    fit_or_remember(build(), *PARTS, loss=lambda y, p: keras.backend.mean(p), **SETTINGS)
    named = dict(zip(("x_train", "y_train", "x_val", "y_val"), PARTS, strict=True))
    fit_or_remember(build(), **named, **SETTINGS)
    fit_or_remember(build(), *PARTS, log_dir=tmp_path / "logs", **SETTINGS)
    assert kept() == 0
    fit_or_remember(build(), *PARTS, **SETTINGS)
    assert kept() == 1


def test_a_name_of_the_notebook_is_no_description(kept, monkeypatch):
    monkeypatch.setattr(hold_back, "__module__", "__main__")
    monkeypatch.setattr("__main__.hold_back", hold_back, raising=False)
    augment_or_remember(build(), *PARTS, **SETTINGS, augment=hold_back)
    assert kept() == 0


def test_fewer_bits_are_not_told_apart_by_their_description(kept, monkeypatch):
    monkeypatch.setattr(qat, "fit_model", fit_or_remember)
    qat.train_qat(build(), *PARTS, epochs=1, weight_bits=3)
    assert kept() == 0


def test_a_function_of_arrays_is_called_once(kept):
    draw = remembered.remembers(draw_forms)
    pictures = RNG.random((3, 8, 8)).astype(np.float32)
    made = draw_forms(pictures, 1)
    np.testing.assert_array_equal(draw(pictures, 1), made)
    np.testing.assert_array_equal(draw(pictures, 1), made)
    assert kept() == 1
    draw(pictures, 2)
    assert kept() == 2
