"""Hours of speech from clips: who said what when, and how loud the background is."""

import numpy as np
import pytest

from tinyml_course.datasets.keywords import CLIP_SAMPLES, to_dataset
from tinyml_course.datasets.keywords_streams import find_word, make_stream
from tinyml_course.errors import DataError

LABELS = (0, 1, 2, 3)


@pytest.fixture(scope="module")
def clips():
    """A tone of its own for each word, for 0.3 s; the silent clip is white noise."""
    rng = np.random.default_rng(0)
    time = np.arange(CLIP_SAMPLES) / 16_000
    sounds = []
    for label in LABELS[:3]:
        on = (time > 0.4) & (time < 0.7)
        sounds.append(on * 4000 * np.sin(2 * np.pi * 300 * (label + 1) * time))
    sounds.append(rng.normal(0, 200, CLIP_SAMPLES))
    samples = np.stack(sounds).astype(np.int16)
    return to_dataset(samples, list(LABELS), ["a", "b", "c", "d"], "made", "speakers")


def loudness_db(samples):
    return 10 * np.log10((samples.astype(float) ** 2).mean())


def test_the_truth_names_what_sounds_there(clips):
    stream = make_stream(clips, 120, seed=1)
    assert {word.label for word in stream.words} == {0, 1, 2}
    for word in stream.words:
        piece = stream.samples[round(word.start_s * 16_000) : round(word.end_s * 16_000)]
        spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), 16_000))
        assert abs(spectrum.argmax() - 300 * (word.label + 1)) < 10


def test_an_hour_holds_the_words_that_the_rules_say(clips):
    words = [w for seed in range(4) for w in make_stream(clips, 300, seed).words]
    an_hour = len(words) * 3
    assert 1000 < an_hour < 1220
    assert 0.34 < np.mean([word.label != 2 for word in words]) < 0.46


def test_the_background_lies_as_far_below_as_asked(clips):
    stream = make_stream(clips, 60, seed=2, snr_db=(30.0, 30.0))
    words, pauses = [], np.ones(len(stream.samples), bool)
    for word in stream.words:
        start, end = round(word.start_s * 16_000), round(word.end_s * 16_000)
        words.append(loudness_db(stream.samples[start:end]))
        pauses[start - 8000 : end + 8000] = False
    distance = np.mean(words) - loudness_db(stream.samples[pauses])
    assert 27 < distance < 33


def test_as_recorded_changes_no_level(clips):
    stream = make_stream(clips, 60, seed=2, snr_db=None)
    word = stream.words[0]
    piece = stream.samples[round(word.start_s * 16_000) : round(word.end_s * 16_000)]
    assert np.abs(piece).max() == pytest.approx(4000, rel=0.2)


def test_background_alone_and_the_same_seed_again(clips):
    stream = make_stream(clips, 30, seed=3, words_an_hour=0)
    assert stream.words == ()
    assert stream.samples.any()
    again = make_stream(clips, 30, seed=3, words_an_hour=0)
    assert np.array_equal(stream.samples, again.samples)
    assert not np.array_equal(
        stream.samples, make_stream(clips, 30, seed=4, words_an_hour=0).samples
    )


def test_a_word_at_the_edge_stays_inside():
    clip = np.zeros(CLIP_SAMPLES)
    clip[:3200] = 100
    assert find_word(clip) == (0, 4480 - 640)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"seconds": 4}, "at least 5 s"),
        ({"seconds": 60, "words_an_hour": 3000}, "2,400 words an hour"),
        ({"seconds": float("nan")}, "at least 5 s"),
    ],
)
def test_impossible_streams_are_refused(clips, options, said):
    with pytest.raises(DataError, match=said):
        make_stream(clips, **options)


def test_a_missing_class_is_named(clips):
    with pytest.raises(DataError, match="none of class no"):
        make_stream(clips.subset(clips.y != 1), 60)
