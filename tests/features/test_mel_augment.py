"""Variations of log-mel pictures: each does what it says, and nothing to the label."""

from dataclasses import replace

import numpy as np
import pytest

from tinyml_course.features.mel import FEATURE_SCALE, LogMelSpec, compute_log_mel
from tinyml_course.features.mel_augment import MelAugmenter

SILENCE = 3
STILL = {
    **dict.fromkeys(("shift", "stretch", "throat", "level", "equalizer", "noise_share"), 0.0),
    **dict.fromkeys(("hidden_frames", "hidden_bands"), 0),
}


def noise_pictures(level, n=40):
    rng = np.random.default_rng(0)
    sounds = np.rint(rng.normal(0, level, (n, 16_000))).astype(np.int16)
    return compute_log_mel(sounds, LogMelSpec()).astype(np.float32)


@pytest.fixture(scope="module")
def still():
    return MelAugmenter(noise_pictures(20), SILENCE, **STILL)


@pytest.fixture(scope="module")
def x():
    """Forty pictures of a blob in frame 20, band 8, over a floor."""
    picture = np.full((49, 20), -80.0)
    picture[18:23, 7:10] = 60
    return (np.repeat(picture[None, :, :, None], 40, 0) * FEATURE_SCALE).astype(np.float32)


Y = np.zeros(40, int)


def test_without_strength_nothing_changes(still, x):
    np.testing.assert_array_equal(still.apply(x, Y, np.random.default_rng(1)), x)


def test_everything_at_once_stays_on_the_grid(x):
    augmenter = MelAugmenter(noise_pictures(20), SILENCE)
    out = augmenter.apply(x, Y, np.random.default_rng(1))
    assert out.shape == x.shape
    assert out.dtype == np.float32
    steps = out / np.float32(FEATURE_SCALE)
    np.testing.assert_array_equal(steps, np.rint(steps))
    assert steps.min() >= -128
    assert steps.max() <= 127
    assert len({picture.tobytes() for picture in out}) == 40
    again = augmenter.apply(x, Y, np.random.default_rng(1))
    np.testing.assert_array_equal(out, again)


def blob_place(out):
    weights = np.clip(out[..., 0] / FEATURE_SCALE + 80, 0, None)
    total = weights.sum(axis=(1, 2))
    frames = (weights.sum(axis=2) * np.arange(49)).sum(axis=1) / total
    bands = (weights.sum(axis=1) * np.arange(20)).sum(axis=1) / total
    return frames, bands


def test_shift_moves_along_time_only(still, x):
    out = replace(still, shift=8.0).apply(x, Y, np.random.default_rng(1))
    frames, bands = blob_place(out)
    assert 5 < np.ptp(frames) <= 16.5
    np.testing.assert_allclose(bands, 8, atol=0.05)


def test_throat_moves_along_frequency_only(still, x):
    out = replace(still, throat=0.1).apply(x, Y, np.random.default_rng(1))
    frames, bands = blob_place(out)
    assert np.ptp(bands) > 1
    np.testing.assert_allclose(frames, 20, atol=0.05)


def test_level_moves_all_alike(still, x):
    out = replace(still, level=8.0).apply(x, Y, np.random.default_rng(1))
    change = (out - x) / FEATURE_SCALE
    assert (np.ptp(change, axis=(1, 2, 3)) == 0).all()
    assert change.std() > 3


def test_two_equal_sounds_are_one_doubling(still):
    pictures = noise_pictures(2000)
    augmenter = replace(still, noises=pictures[:1], noise_share=1.0, noise_below=(0.0, 0.0))
    mixed = augmenter.mix_noise(pictures[:1], np.array([False]), np.random.default_rng(1))
    gained = mixed - pictures[:1]
    assert abs(float(np.median(gained)) - 8) < 2  # 8 steps: twice the energy


def test_mixing_agrees_with_mixing_the_sounds(still):
    rng = np.random.default_rng(0)
    a, b = (np.rint(rng.normal(0, level, 16_000)).astype(np.int16) for level in (3000, 1500))
    pa, pb = (compute_log_mel(s, LogMelSpec()).astype(np.float32) for s in (a, b))
    wanted = compute_log_mel(a + b, LogMelSpec())
    louder = np.maximum(pa, pb)
    mixed = louder + 8 * np.log2(1 + np.exp2(-np.abs(pa - pb) / 8))
    assert abs(float((mixed - wanted).mean())) < 1


def test_silence_gets_noise_at_any_level(still, x):
    augmenter = replace(still, noise_share=1.0)
    out = augmenter.apply(x, np.full(40, SILENCE), np.random.default_rng(1))
    assert np.ptp(np.median(out[..., 0] / FEATURE_SCALE, axis=(1, 2))) > 20


def test_strips_are_hidden(still, x):
    out = replace(still, hidden_frames=49).apply(x, Y, np.random.default_rng(1))
    changed = (out != x).any(axis=(1, 2, 3))
    assert 5 < changed.sum() < 35
