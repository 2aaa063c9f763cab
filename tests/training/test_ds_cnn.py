"""The keyword network and its fitting: shapes, cost, repeatability, and what the draw does."""

import numpy as np
import pytest

from tinyml_course.errors import DataError
from tinyml_course.training import count_macs, predict_scores
from tinyml_course.training.augmented import draw_chances, fit_augmented
from tinyml_course.training.ds_cnn import build_ds_cnn

SMALL = {"stem_channels": 4, "blocks": ((8, 2), (8, 1))}


def stripes(n, seed):
    """Pictures with a bright band at a height that tells the class; the first class is rare."""
    rng = np.random.default_rng(seed)
    y = rng.choice(3, n, p=[0.04, 0.48, 0.48])
    x = rng.normal(0, 0.3, (n, 16, 12, 1)).astype(np.float32)
    for picture, label in zip(x, y, strict=True):
        picture[:, 4 * label : 4 * label + 3] += 1
    return x, y


def shift(x, y, rng):
    return np.roll(x, int(rng.integers(16)), axis=1)


def fit(model, seed=0, **options):
    parts = (*stripes(300, 1), *stripes(80, 2))
    defaults = {"epochs": 8, "batch_size": 32, "learning_rate": 5e-3, "samples_an_epoch": 256}
    return fit_augmented(
        model, *parts, augment=shift, seed=seed, log_every=0, **{**defaults, **options}
    )


def test_the_network_fits_its_promise():
    model = build_ds_cnn((49, 20, 1), 4)
    assert model.output_shape == (None, 4)
    assert count_macs(model) < 1_100_000
    weights = sum(int(np.prod(w.shape)) for w in model.trainable_weights if "kernel" in w.name)
    assert weights < 25_000
    scores = predict_scores(model, np.zeros((2, 49, 20, 1), np.float32))
    np.testing.assert_allclose(scores.sum(axis=1), 1, rtol=1e-5)
    with pytest.raises(DataError, match="add an axis"):
        build_ds_cnn((49, 20), 4)


def test_the_same_seed_gives_the_same_network():
    x, _ = stripes(20, 3)
    outputs = []
    for seed in (0, 0, 1):
        model = build_ds_cnn((16, 12, 1), 3, seed=seed, **SMALL)
        history = fit(model, seed=seed, epochs=2)
        outputs.append(predict_scores(model, x))
    assert history.epochs == 2
    np.testing.assert_array_equal(outputs[0], outputs[1])
    assert np.abs(outputs[0] - outputs[2]).max() > 1e-3


def test_it_learns_the_rare_class_too():
    model = build_ds_cnn((16, 12, 1), 3, **SMALL)
    history = fit(model)
    x, y = stripes(400, 4)
    right = predict_scores(model, x).argmax(axis=1) == y
    assert min(right[y == label].mean() for label in range(3)) > 0.8
    assert history.val_accuracy[-1] > 0.9
    assert history.loss[-1] < history.loss[0]


def test_importance_decides_what_is_drawn():
    """Half of the training labels are wrong; with no importance they are never drawn."""
    seen = []

    def remember(x, y, rng):
        seen.extend(x[:, 0, 0, 0].tolist())
        return x

    x, y = stripes(100, 1)
    x[:, 0, 0, 0] = np.arange(100)
    importance = (np.arange(100) < 60).astype(float)
    model = build_ds_cnn((16, 12, 1), 3, **SMALL)
    fit_augmented(
        model,
        x,
        y,
        *stripes(10, 2),
        epochs=1,
        batch_size=64,
        learning_rate=1e-3,
        seed=0,
        augment=remember,
        samples_an_epoch=512,
        importance=importance,
        log_every=0,
    )
    assert max(seen) < 60


def test_the_last_quarter_of_the_epochs_is_calm():
    used = []

    def note(name):
        def vary(x, y, rng):
            used.append(name)
            return x

        return vary

    model = build_ds_cnn((16, 12, 1), 3, **SMALL)
    fit_augmented(
        model,
        *stripes(10, 1),
        *stripes(10, 2),
        epochs=8,
        batch_size=8,
        learning_rate=1e-3,
        seed=0,
        augment=note("wild"),
        calm=note("calm"),
        samples_an_epoch=8,
        log_every=0,
    )
    assert used == ["wild"] * 6 + ["calm"] * 2


def test_chances():
    chance = draw_chances(np.array([0, 0, 1, 1]), np.array([3, 1, 5, 5]))
    np.testing.assert_allclose(chance, [0.375, 0.125, 0.25, 0.25])
    with pytest.raises(DataError, match="importance"):
        draw_chances(np.array([0, 1]), np.array([1.0]))
    with pytest.raises(DataError, match="at least one"):
        fit_augmented(
            None,
            np.zeros(0),
            np.zeros(0),
            np.zeros(0),
            np.zeros(0),
            epochs=1,
            batch_size=1,
            learning_rate=1,
            seed=0,
            augment=shift,
        )
