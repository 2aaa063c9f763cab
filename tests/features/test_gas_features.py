"""Sniffs as numbers: what cancels, and the same bits in C."""

import ctypes
from dataclasses import replace

import numpy as np
import pytest

from tinyml_course.bundle import Bundle
from tinyml_course.datasets.gas import make_gas_dataset
from tinyml_course.errors import DataError
from tinyml_course.export.check.host_build import STRICT_FLAGS, compile_c
from tinyml_course.export.firmware.classifier import generate_classifier_c
from tinyml_course.export.model_c.source import generate_model_c
from tinyml_course.features.gas_features import FEATURE_NAMES, GasFeatures, contrast


def test_a_load_resistor_cancels():
    """Two dividers over one oxide: other counts, the same features."""
    conductance = np.linspace(0.2, 0.8, 32)[None, :, None] * np.ones(4)
    found = [
        GasFeatures().apply(1023 * conductance * load / (1 + conductance * load))
        for load in (0.5, 2.0)
    ]
    # the mean is taken before the divider is undone: nearly, not wholly
    assert np.abs(found[0] - found[1]).max() < 0.01


def test_contrast_is_half_a_logarithm_bounded():
    a, b = np.float32([1, 2, 100]), np.float32([1, 1, 1])
    assert np.allclose(contrast(a, b), np.tanh(np.log(a / b) / 2))


def test_a_sniff_of_air_is_near_zero_and_ends_of_the_converter_are_finite():
    steady = np.full((1, 32, 4), 300, np.float32)
    assert np.abs(GasFeatures().apply(steady)).max() == 0
    steady[:, 20:] = 1023
    steady[:, :8] = 0
    ends = GasFeatures().apply(steady)
    assert np.abs(ends).max() <= 1  # and no NaN


def test_windows_of_another_shape_are_refused():
    with pytest.raises(DataError, match="32 samples of 4 channels"):
        GasFeatures().apply(np.zeros((1, 30, 4), np.float32))


def test_the_c_twin_gives_the_same_int8_inputs(tmp_path):
    bundle = Bundle.load_shipped("gas")
    assert (len(FEATURE_NAMES),) == bundle.model.input.shape
    model, around = generate_model_c(bundle.model, "gas"), generate_classifier_c(bundle, "gas")
    files = {
        "gas.h": model.header,
        "gas.c": model.source,
        "gas_classify.h": around.header,
        "gas_classify.c": around.source,
    }
    library = ctypes.CDLL(str(compile_c(files, tmp_path, "gas.so", STRICT_FLAGS)))
    windows = make_gas_dataset(5, 2, sessions=3).x
    windows[0], windows[1] = 0, 1023
    wanted = bundle.model.input.quantize(bundle.preprocessing.apply(windows))
    got = np.zeros(wanted.shape[1:], np.int8)
    for window, row in zip(np.ascontiguousarray(windows), wanted, strict=True):
        library.gas_preprocess(
            ctypes.c_void_p(window.ctypes.data), ctypes.c_void_p(got.ctypes.data)
        )
        assert np.array_equal(got, row)


def test_a_bundle_refuses_a_forest_that_is_not_its_own(tmp_path):
    bundle = Bundle.load_shipped("gas")
    with pytest.raises(DataError, match=r"forest\.json is for 12 int8 inputs"):
        replace(bundle, forest=replace(bundle.forest, features=12)).save(tmp_path / "b")
