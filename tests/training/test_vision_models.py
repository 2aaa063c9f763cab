"""Three picture networks: what they cost by formula, and what C makes of them."""

import numpy as np
import pytest

from tinyml_course import training
from tinyml_course.compress.quantize import convert_int8, representative_dataset
from tinyml_course.errors import DataError
from tinyml_course.export.check.verify import verify_model
from tinyml_course.network.macs import count_macs as count_macs_in_c
from tinyml_course.training.vision_models import (
    build_cnn,
    build_inverted_residual,
    build_separable,
)

BUILDERS = {"cnn": build_cnn, "separable": build_separable, "inverted": build_inverted_residual}


def test_macs_are_those_of_the_formulas():
    plain = training.list_macs(build_cnn((8, 8), 10))
    # places: 8 x 8, then stride 2, 1 and 2
    assert plain == {
        "stem": 9 * 1 * 16 * 64,
        "conv_1": 9 * 16 * 24 * 16,
        "conv_2": 9 * 24 * 32 * 16,
        "conv_3": 9 * 32 * 48 * 4,
        "scores": 48 * 10,
    }
    split = training.list_macs(build_separable((8, 8), 10))
    assert split["depthwise_2"] == 9 * 24 * 16
    assert split["pointwise_2"] == 24 * 32 * 16
    assert split["depthwise_3"] == 9 * 32 * 4
    inverted = training.list_macs(build_inverted_residual((8, 8), 10))
    assert inverted["widen_3"] == 20 * 60 * 16
    assert inverted["depthwise_3"] == 9 * 60 * 16
    assert inverted["narrow_3"] == 60 * 20 * 16


@pytest.mark.parametrize("name", BUILDERS)
def test_the_c_of_each_is_tflm_in_every_byte(name):
    """Untrained weights: the arithmetic does not care."""
    model = BUILDERS[name]((8, 8), 10)
    x = np.random.default_rng(0).uniform(0, 1, (20, 8, 8)).astype(np.float32)
    content = convert_int8(model, representative_dataset(x))
    assert verify_model(content, 8).bytes_differing == 0
    assert count_macs_in_c(content.network) == training.count_macs(model)
    assert ("ADD" in {o.kind for o in content.network.operators}) == (name == "inverted")


@pytest.mark.parametrize("name", BUILDERS)
def test_same_seed_same_weights(name):
    first, again, other = (
        BUILDERS[name]((28, 28), 10, stem=(8, 2), seed=seed).get_weights() for seed in (1, 1, 2)
    )
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])


def test_a_flattened_map_keeps_its_places():
    average, flat = (build_separable((8, 8), 10, flatten=flag) for flag in (False, True))
    assert average.get_layer("scores").kernel.shape == (48, 10)
    assert flat.get_layer("scores").kernel.shape == (2 * 2 * 48, 10)


def test_windows_with_channels_are_no_pictures():
    with pytest.raises(DataError, match="rows, columns"):
        build_cnn((8, 8, 3), 10)
