"""Values in units, and what a network makes of them."""

from dataclasses import replace

import numpy as np
import pytest

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.errors import DataError
from tinyml_course.features.targets import Targets

RNG = np.random.default_rng(0)
X = RNG.normal(5, 2, (50, 7, 2)).astype(np.float32)
Y = X[:, -1] * [1, 0] + RNG.normal(3, 0.5, (50, 2))


def test_what_is_encoded_is_decoded():
    targets = Targets.fit(X, Y, ("a", "b"), ("m", "s"), change_of=(0, -1))
    encoded = targets.encode(X, Y)
    assert np.allclose(encoded.mean(axis=0), 0, atol=1e-5)
    assert np.allclose(encoded.std(axis=0), 1, atol=1e-5)
    assert np.allclose(targets.decode(X, encoded), Y, atol=1e-5)
    # nothing is what it was, and what it gained on average
    kept = targets.decode(X, np.zeros((50, 2)))
    assert np.allclose(kept[:, 0], X[:, -1, 0] + targets.mean[0])
    assert np.allclose(kept[:, 1], Y[:, 1].mean())


def test_targets_survive_their_file():
    targets = Targets.fit(X, Y, ("a", "b"), ("m", "s"))
    assert Targets.from_json(targets.to_json()) == targets


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"scale": (0.0, 1.0)}, "above 0"),
        ({"mean": (1.0,)}, "each"),
        ({"names": ()}, "each"),
    ],
)
def test_impossible_targets_are_refused(changed, what):
    targets = Targets.fit(X, Y, ("a", "b"), ("m", "s"))
    with pytest.raises(DataError, match=what):
        replace(targets, **changed)


def test_a_channel_that_is_not_there_is_refused():
    with pytest.raises(DataError, match="channel 2, of 2"):
        Targets.fit(X, Y, ("a", "b"), ("m", "s"), change_of=(0, 2))


def make_dataset(**changed):
    fields = {
        "x": X,
        "y": Y,
        "groups": np.arange(50).astype(str),
        "sample_rate_hz": 1.0,
        "class_names": (),
        "channel_names": ("u", "v"),
        "unit": "m",
        "target_names": ("a", "b"),
        "target_units": ("m", "s"),
    }
    return Dataset(**(fields | changed))


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"y": Y[:, 0]}, "give 2 values and one group a window"),
        ({"y": np.full_like(Y, np.nan)}, "Dataset.y holds NaN"),
        ({"class_names": ("a",)}, "a regression has no classes"),
        ({"target_units": ("m",)}, "1 units"),
    ],
)
def test_a_regressions_data_are_checked(changed, what):
    assert make_dataset().answer_names == ("a", "b")
    with pytest.raises(DataError, match=what):
        make_dataset(**changed)
