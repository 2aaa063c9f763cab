"""The words that come with the course, and long recordings made of them."""

import numpy as np
import pytest

from tinyml_course.datasets.keywords import load_words
from tinyml_course.datasets.keywords_recording import make_recording
from tinyml_course.datasets.keywords_shipped import (
    SHIPPED_SOUND,
    make_shipped_sound,
    speak_shipped_words,
)
from tinyml_course.datasets.wav import read_wav
from tinyml_course.errors import DataError


@pytest.fixture(scope="module")
def words():
    return load_words()


def test_the_shipped_words_can_be_made_again(words):
    again = speak_shipped_words()
    assert again.texts == words.texts
    assert again.voices == words.voices
    assert [a.tobytes() for a in again.samples] == [w.tobytes() for w in words.samples]


def test_the_shipped_sound_can_be_made_again(words):
    samples, rate = read_wav(SHIPPED_SOUND)
    sound = make_shipped_sound(words)
    assert rate == sound.sample_rate_hz
    np.testing.assert_array_equal(samples, sound.samples)
    assert [word.text for word in sound.words] == ["yes", "down", "yes", "stop", "no", "no"]


def test_the_truth_points_at_the_words(words):
    recording = make_recording(words, 60, seed=3)
    assert recording.samples.shape == (60 * 16_000,)
    assert len(recording.words) > 8
    ends = [0.0]
    for word in recording.words:
        assert word.start_s >= ends[-1] + 1
        assert (word.label == 0) == (word.text == "yes")
        inside = recording.samples[int(word.start_s * 16_000) : int(word.end_s * 16_000)]
        before = recording.samples[int(word.start_s * 16_000) - 8000 : int(word.start_s * 16_000)]
        assert inside.astype(float).std() > 1.5 * before.astype(float).std()
        ends.append(word.end_s)


def test_the_same_seed_gives_the_same_recording(words):
    a, b, c = (make_recording(words, 20, seed) for seed in (1, 1, 2))
    assert a.samples.tobytes() == b.samples.tobytes() != c.samples.tobytes()
    assert a.words == b.words


def test_background_never_stops(words):
    recording = make_recording(words, 35, seed=0)
    blocks = recording.samples[: 35 * 16_000].reshape(-1, 1600)
    assert (np.abs(blocks.astype(int)).max(axis=1) > 0).all()


def test_impossible_recordings_are_refused(words):
    with pytest.raises(DataError):
        make_recording(words, 0.5)
    with pytest.raises(DataError):
        make_recording(words, 10, every_s=0.2)
