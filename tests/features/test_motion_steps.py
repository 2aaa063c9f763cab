"""The steps turn windows into what the models see, and come back from their specs unchanged."""

import numpy as np
import pytest

from tinyml_course.datasets import make_motion_dataset, split_by_group
from tinyml_course.datasets.motion_physics import random_rotation
from tinyml_course.errors import DataError
from tinyml_course.features import (
    AddMagnitude,
    MotionFeatures,
    Preprocessing,
    Standardize,
    check_fitted_on,
)
from tinyml_course.features.motion_features import FEATURE_NAMES
from tinyml_course.labs import LABS, MOTION, get_lab


@pytest.fixture(scope="module")
def split():
    return split_by_group(make_motion_dataset(people=6, recordings=1))


@pytest.mark.parametrize(("name", "shape"), [("dense", (8,)), ("conv1d", (100, 4))])
def test_a_chain_fits_on_the_training_part_and_survives_its_spec(split, name, shape):
    chain = MOTION.models[name].make_preprocessing().fit(split.train.x)
    check_fitted_on(chain, split.train.x)
    out = chain.apply(split.test.x)
    assert out.shape[1:] == shape
    assert out.dtype == np.float32
    again = Preprocessing.from_spec(chain.to_spec())
    assert again == chain
    np.testing.assert_array_equal(again.apply(split.test.x), out)
    trained = chain.apply(split.train.x).reshape(-1, shape[-1]).astype(np.float64)
    np.testing.assert_allclose(trained.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(trained.std(axis=0), 1, atol=1e-4)


@pytest.mark.parametrize("name", ["dense", "conv1d"])
def test_a_scaler_that_saw_the_test_part_is_caught(split, name):
    everything = np.concatenate([split.train.x, split.val.x, split.test.x])
    chain = MOTION.models[name].make_preprocessing().fit(everything)
    with pytest.raises(DataError, match=r"step 1 \(standardize\): mean .* other data"):
        check_fitted_on(chain, split.train.x)


def slow_features(window):
    """The table of `MotionFeatures`, term by term in float32, as the C does it."""
    f = np.float32
    w = len(window)
    m = [np.sqrt(f(f(a * a) + f(b * b)) + f(c * c)) for a, b, c in window]

    def total(terms):
        s = f(0)
        for term in terms:
            s = f(s + f(term))
        return s

    mean = f(total(m) / f(w))
    d = [f(v - mean) for v in m]
    var = f(total(f(v * v) for v in d) / f(w))
    jerk = f(total(abs(f(m[t] - m[t - 1])) for t in range(1, w)) / f(w - 1))
    swing = f(total(abs(f(m[t] - m[t - 12])) for t in range(12, w)) / f(w - 12))
    v = []
    for c in range(3):
        a = window[:, c]
        mean_c = f(total(a) / f(w))
        v.append(f(total(f(f(s - mean_c) * f(s - mean_c)) for s in a) / f(w)))
    r = [f(total(f(d[t] * d[t - k]) for t in range(k, w)) / f(w - k)) for k in range(15, 40)]
    return [
        mean,
        np.sqrt(var),
        min(m),
        max(m),
        jerk,
        swing,
        np.sqrt(f(v[0] + v[1]) + v[2]),
        f(max(r) / f(var + f(0.001))),
    ]


def test_features_equal_their_formulas_to_the_bit(split):
    windows = split.test.x[::9]
    expected = np.array([slow_features(w) for w in windows], dtype=np.float32)
    found = MotionFeatures().apply(windows)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, expected)
    assert found.shape[1] == len(FEATURE_NAMES) == 8


def test_features_do_not_care_how_the_phone_is_mounted(split):
    turned = split.test.x.astype(np.float64) @ random_rotation(np.random.default_rng(5)).T
    before = MotionFeatures().apply(split.test.x)
    after = MotionFeatures().apply(turned.astype(np.float32))
    np.testing.assert_allclose(after, before, atol=2e-5)


def test_features_do_not_depend_on_the_batch(split):
    together = MotionFeatures().apply(split.test.x)
    alone = np.concatenate([MotionFeatures().apply(w[None]) for w in split.test.x])
    np.testing.assert_array_equal(together, alone)


def test_a_constant_window_has_finite_features():
    x = np.zeros((1, 100, 3), np.float32)
    x[..., 2] = 1
    found = MotionFeatures().apply(x)[0]
    np.testing.assert_array_equal(found, [1, 0, 1, 1, 0, 0, 0, 0])


def test_the_magnitude_is_the_fourth_channel(split):
    out = AddMagnitude().apply(split.test.x)
    np.testing.assert_array_equal(out[..., :3], split.test.x)
    np.testing.assert_allclose(out[..., 3], np.linalg.norm(split.test.x, axis=2), rtol=1e-6)


def test_standardize_agrees_with_scikit_learn(split):
    from sklearn.preprocessing import StandardScaler

    features = MotionFeatures().apply(split.train.x)
    scaler = StandardScaler().fit(features.astype(np.float64))
    step = Standardize().fit(features)
    np.testing.assert_allclose(step.mean, scaler.mean_, rtol=1e-6)
    np.testing.assert_allclose(step.scale, scaler.scale_, rtol=1e-6)


def test_a_constant_channel_becomes_zero():
    step = Standardize().fit(np.full((4, 2), 7.0, np.float32))
    assert step.scale == (1.0, 1.0)
    np.testing.assert_array_equal(step.apply(np.full((1, 2), 7.0, np.float32)), [[0.0, 0.0]])


@pytest.mark.parametrize(
    "call",
    [
        lambda: Standardize().apply(np.zeros((1, 3), np.float32)),
        lambda: Standardize().to_spec(),
        lambda: Standardize().fit(np.zeros((0, 3), np.float32)),
        lambda: Standardize(mean=(0.0,), scale=(0.0,)),
        lambda: Standardize(mean=(0.0,)),
        lambda: Standardize(mean=(0.0,), scale=(1.0, 2.0)),
        lambda: Standardize(mean=(0.0,), scale=(1.0,)).apply(np.zeros((1, 3), np.float32)),
        lambda: AddMagnitude().apply(np.zeros((1, 100, 4), np.float32)),
        lambda: MotionFeatures().apply(np.zeros((1, 20, 3), np.float32)),
        lambda: MotionFeatures().apply(np.zeros((100, 3), np.float32)),
        lambda: Preprocessing.from_spec([{"kind": "wavelets"}]),
        lambda: get_lab("cooking"),
    ],
)
def test_bad_calls_are_data_errors(call):
    with pytest.raises(DataError):
        call()


def test_the_lab_is_listed():
    assert get_lab("motion") is MOTION is LABS["motion"]
    with pytest.raises(DataError, match=r"known labs: .*motion"):
        get_lab("cooking")
