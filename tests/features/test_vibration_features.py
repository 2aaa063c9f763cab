"""Vibration as numbers: what cancels, what a rhythm does, and the same bits in C."""

import ctypes

import numpy as np
import pytest

from tinyml_course.bundle import Bundle
from tinyml_course.datasets.vibration import make_vibration_dataset
from tinyml_course.datasets.vibration_physics import random_turn
from tinyml_course.errors import DataError
from tinyml_course.export.check.host_build import STRICT_FLAGS, compile_c
from tinyml_course.export.firmware.detector import generate_detector_c
from tinyml_course.export.model_c.source import generate_model_c
from tinyml_course.features.commissioning import (
    Centre,
    learn_level,
    learn_normal,
    running_median,
    score_residuals,
)
from tinyml_course.features.vibration_features import (
    BANDS,
    FEATURE_NAMES,
    VibrationFeatures,
    band_edges,
    compute_spectrum,
    hann,
    log2_float,
)
from tinyml_course.interpreters.tflm import run_integer_model


@pytest.fixture(scope="module")
def windows():
    return make_vibration_dataset(5, 1, healthy=20, faulty=2).x


def test_the_spectrum_is_numpys(windows):
    level = windows - windows.mean(axis=1, keepdims=True)
    exact = np.fft.rfft(level * hann(120)[None, :, None], axis=1)[:, 1:60].transpose(0, 2, 1)
    re, im = compute_spectrum(windows)
    assert np.allclose(re[:, :, 1:], exact.real, atol=1e-5)
    assert np.allclose(im[:, :, 1:], exact.imag, atol=1e-5)


def test_neither_the_mean_nor_a_turn_nor_a_gain_changes_them(windows):
    plain = VibrationFeatures().apply(windows)
    turned = windows @ random_turn(np.random.default_rng(1)).T.astype(np.float32)
    assert np.allclose(VibrationFeatures().apply(turned), plain, atol=0.01)
    assert np.allclose(VibrationFeatures().apply(windows + np.float32(0.5)), plain, atol=0.01)
    assert np.allclose(VibrationFeatures().apply(windows * np.float32(1.25)), plain, atol=0.001)


def test_a_line_stands_in_its_band_and_knocks_in_their_beat():
    t = np.arange(120) / 120
    noise = np.random.default_rng(0).normal(0, 1, (40, 120, 1))
    plain = VibrationFeatures().apply(noise).mean(axis=0)
    line = VibrationFeatures().apply(noise + 2 * np.sin(2 * np.pi * 5 * t)[:, None]).mean(axis=0)
    assert (line - plain)[:BANDS].argmax() == 1  # lines 4, 5, 6
    knocking = 1 + 0.9 * np.sin(2 * np.pi * 9 * t)[:, None]
    beat = VibrationFeatures().apply(noise * knocking).mean(axis=0)
    assert FEATURE_NAMES[BANDS + (beat - plain)[BANDS:].argmax()] == "beat_08_10"


@pytest.mark.parametrize("window", [110, 120, 200, 1000])
def test_bands_cover_every_line_once(window):
    edges = band_edges(window)
    assert (edges[0], edges[-1]) == (1, window // 2)
    assert (np.diff(edges) >= 2).all()


def test_log2_is_the_logarithm():
    values = np.exp2(np.random.default_rng(0).uniform(-80, 30, 10_000)).astype(np.float32)
    assert np.abs(log2_float(values) - np.log2(values.astype(float))).max() < 4e-6


def test_a_dead_sensor_has_features_and_short_windows_none():
    assert np.isfinite(VibrationFeatures().apply(np.zeros((1, 120, 3)))).all()
    with pytest.raises(DataError, match="at least 110 samples"):
        VibrationFeatures().apply(np.zeros((1, 100, 3)))


def test_commissioning_wants_windows_and_a_constant_feature_is_no_division_by_zero():
    with pytest.raises(DataError, match="5 healthy windows"):
        learn_normal(np.zeros((5, 3)))
    _, scale = learn_normal(np.ones((8, 3)))
    assert scale.min() > 0
    assert running_median(np.arange(3)).size == 0


def test_the_c_learns_and_judges_in_the_same_bits(windows, tmp_path):
    bundle = Bundle.load_shipped("vibration")
    model, around = generate_model_c(bundle.model, "fan"), generate_detector_c(bundle, "fan")
    files = {
        "fan.h": model.header,
        "fan.c": model.source,
        "fan_detect.h": around.header,
        "fan_detect.c": around.source,
    }
    library = ctypes.CDLL(str(compile_c(files, tmp_path, "fan.so", STRICT_FLAGS)))
    for name in ("score", "deviation"):
        getattr(library, f"fan_{name}").restype = ctypes.c_float

    def at(array):
        return ctypes.c_void_p(array.ctypes.data)

    features = VibrationFeatures().apply(windows)
    in_c = np.zeros_like(features)
    for window, row in zip(np.ascontiguousarray(windows), in_c, strict=True):
        library.fan_features(at(window), at(row))
    assert np.array_equal(in_c, features)

    learnt = features[:12]
    mean, scale = learn_normal(learnt)
    z = (features - mean) / scale
    outputs = run_integer_model(bundle.model, bundle.model.input.quantize(z)).outputs
    scores = score_residuals(z, bundle.model.output.dequantize(outputs))
    level, spread = learn_level(scores[:12])
    centre = np.zeros(2 * 24 + 2, np.float32)
    library.fan_commission(at(in_c), 12, at(centre))
    assert np.array_equal(centre, np.float32([*mean, *scale, level, spread]))
    found = np.float32([library.fan_deviation(at(centre), at(row)) for row in in_c])
    assert np.array_equal(found, Centre(mean, scale, level, spread).deviations(scores))
