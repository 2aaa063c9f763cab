"""The log-mel front end: its integers against floating point, and at the edges of int16."""

import numpy as np
import pytest

from tests.sounds import awkward_sounds
from tinyml_course.errors import DataError
from tinyml_course.features.mel import (
    FEATURE_SCALE,
    LogMel,
    LogMelSpec,
    compute_log_mel,
    count_bits,
    log2_fixed,
)
from tinyml_course.features.preprocessing import Preprocessing

SPEC = LogMelSpec()


def float_log_mel(samples, spec):
    """The same picture by the book, in float64, in steps of 1/8 of a doubling."""
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(float), spec.window)
    frames = frames[:: spec.hop]
    frames = frames - frames.mean(axis=1, keepdims=True)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(spec.window) / spec.window)
    power = np.abs(np.fft.rfft(frames * hann, 512)[:, :256]) ** 2
    mel = 2595 * np.log10(1 + np.array([spec.low_hz, spec.high_hz]) / 700)
    hz = 700 * (10 ** (np.linspace(*mel, spec.n_mels + 2) / 2595) - 1)
    edges, bins = hz * 512 / spec.sample_rate_hz, np.arange(256)
    triangles = np.stack(
        [
            np.clip(np.minimum((bins - a) / (b - a), (c - bins) / (c - b)), 0, None)
            for a, b, c in zip(edges, edges[1:], edges[2:], strict=False)
        ]
    )
    doublings = np.log2(np.maximum(power @ triangles.T, 1e-9)) - spec.floor_doublings
    return np.clip(8 * doublings - 128, -128, 127)


@pytest.mark.parametrize("amplitude", [1, 30, 1000, 9000])
def test_noise_agrees_with_floating_point(amplitude):
    noise = np.random.default_rng(3).normal(0, amplitude, 16_000)
    samples = np.clip(np.rint(noise), -32768, 32767).astype(np.int16)
    error = np.abs(compute_log_mel(samples, SPEC) - float_log_mel(samples, SPEC))
    assert error.max() < 0.6  # half a step is rounding


def test_a_faint_tone_beside_a_loud_one_is_seen():
    t = np.arange(16_000) / 16_000
    samples = np.rint(30_000 * np.sin(2 * np.pi * 200 * t) + 8 * np.sin(2 * np.pi * 4000 * t))
    samples = samples.astype(np.int16)
    band = compute_log_mel(np.rint(3000 * np.sin(2 * np.pi * 4000 * t)).astype(np.int16), SPEC)
    band = band[20].argmax()
    error = (compute_log_mel(samples, SPEC) - float_log_mel(samples, SPEC))[:, band]
    assert np.abs(error).max() < 1  # 71 dB below, and still within 0.4 dB


@pytest.mark.parametrize("n_mels", [10, 20, 40])
def test_a_tone_lights_its_band(n_mels):
    spec = LogMelSpec(n_mels=n_mels)
    centres = spec._edges_bins()[1:-1] * 16_000 / 512
    t = np.arange(16_000) / 16_000
    for band in range(1, n_mels, 3):
        samples = np.rint(5000 * np.sin(2 * np.pi * centres[band] * t)).astype(np.int16)
        assert compute_log_mel(samples, spec)[20].argmax() == band


def test_nothing_overflows():
    for name, samples in awkward_sounds().items():
        by_the_book = float_log_mel(samples, SPEC)
        # the window's 16 bits leave a floor 90 dB below the loudest thing there can be
        loudest = 2 * np.log2(1 + 240 * np.ptp(samples.astype(float)) / 2) - SPEC.floor_doublings
        audible = by_the_book > 8 * (loudest - 30) - 128
        error = np.abs(compute_log_mel(samples, SPEC) - by_the_book)[audible]
        assert error.max() < 2, name


def test_ten_times_louder_is_the_same_picture_higher():
    quiet = np.random.default_rng(1).normal(0, 100, 16_000)
    a, b = (compute_log_mel(np.rint(k * quiet).astype(np.int16), SPEC) for k in (1, 16))
    assert np.abs(b.astype(int) - a - 8 * 8).max() <= 1  # 16 times the amplitude: 8 doublings


def test_a_constant_is_silence():
    for level in (0, 1, -1, 20_000, -32768):
        assert (compute_log_mel(np.full(16_000, level, np.int16), SPEC) == -128).all()


def test_many_clips_at_once_are_each_clip_alone():
    samples = np.random.default_rng(0).integers(-9000, 9000, (90, 16_000), np.int16)
    together = compute_log_mel(samples, SPEC)
    assert together.shape == (90, 49, 20)
    for i in (0, 44, 89):
        np.testing.assert_array_equal(together[i], compute_log_mel(samples[i], SPEC))


def test_log2_is_close_everywhere():
    rng = np.random.default_rng(0)
    values = np.unique(
        np.r_[np.arange(1, 5000), 2 ** np.arange(62), (2.0 ** rng.uniform(0, 61, 9000)).astype(int)]
    )
    found = log2_fixed(values, SPEC.log2_table) / 1024
    assert np.abs(found - np.log2(values.astype(float))).max() < 1.3e-3
    assert log2_fixed(np.array([0]), SPEC.log2_table)[0] == 0


def test_count_bits():
    values = [0, 1, 2, 3, 255, 256, 2**31 - 1, 2**31, 2**62]
    assert count_bits(values).tolist() == [v.bit_length() for v in values]


def test_the_step_survives_its_spec():
    x = np.random.default_rng(0).integers(-5000, 5000, (3, 16_000, 1)).astype(np.float32) / 32768
    chain = Preprocessing((LogMel(n_mels=12),)).fit(x)
    features = chain.apply(x)
    assert features.shape == (3, 49, 12, 1)
    assert features.dtype == np.float32
    again = Preprocessing.from_spec(chain.to_spec()).apply(x)
    np.testing.assert_array_equal(features, again)
    steps = features / np.float32(FEATURE_SCALE)
    np.testing.assert_array_equal(steps, np.rint(steps))


@pytest.mark.parametrize(
    "wrong",
    [{"window": 481}, {"window": 514}, {"hop": 0}, {"hop": 500}, {"high_hz": 9000}, {"n_mels": 80}],
)
def test_impossible_specs_are_refused(wrong):
    with pytest.raises(DataError):
        LogMelSpec(**wrong)


def test_wrong_input_is_refused():
    with pytest.raises(DataError, match="int16"):
        compute_log_mel(np.zeros(16_000), SPEC)
    with pytest.raises(DataError, match="less than one"):
        compute_log_mel(np.zeros(479, np.int16), SPEC)
