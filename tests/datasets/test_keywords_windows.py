"""Windows cut from streams: each is called what it holds."""

import numpy as np
import pytest

from tinyml_course.datasets.keywords import CLIP_SAMPLES, to_dataset
from tinyml_course.datasets.keywords_recording import Recording, SpokenWord
from tinyml_course.datasets.keywords_windows import cut_windows, label_window, place_windows

YES, NO, UNKNOWN, SILENCE = range(4)
RATE = 16_000


@pytest.fixture(scope="module")
def clips():
    """A tone of its own for each word, for 0.3 s; the silent clip is faint white noise."""
    rng = np.random.default_rng(0)
    time = np.arange(CLIP_SAMPLES) / RATE
    on = (time > 0.4) & (time < 0.7)
    sounds = [on * 4000 * np.sin(2 * np.pi * 300 * (k + 1) * time) for k in (YES, NO, UNKNOWN)]
    sounds.append(rng.normal(0, 20, CLIP_SAMPLES))
    samples = np.stack(sounds * 8).astype(np.int16)
    names = [f"speaker {n}" for n in range(len(samples))]
    return to_dataset(samples, [YES, NO, UNKNOWN, SILENCE] * 8, names, "made", "speakers")


@pytest.fixture(scope="module")
def windows(clips):
    return cut_windows(clips, seed=1)


def energies(windows):
    """`(n, 3)` energy of each word's tone in each window, of one whole word."""
    spectra = np.abs(np.fft.rfft(windows.x[..., 0])) ** 2
    found = np.stack([spectra[:, 300 * (k + 1)] for k in (YES, NO, UNKNOWN)], axis=1)
    return found


def test_a_window_holds_the_word_that_it_is_called(windows):
    assert (np.bincount(windows.y, minlength=4) > 20).all()
    loudest = energies(windows).argmax(axis=1)
    for label in (YES, NO):
        assert (loudest[windows.y == label] == label).mean() > 0.85  # two may be in one window


def test_the_same_seed_gives_the_same_windows(clips, windows):
    again = cut_windows(clips, seed=1)
    assert np.array_equal(again.x, windows.x)
    assert np.array_equal(again.y, windows.y)
    assert not np.array_equal(cut_windows(clips, seed=2).y, windows.y)


def test_there_are_as_many_as_the_clips_pay_for(clips, windows):
    assert 2 * len(clips) < len(windows) < 12 * len(clips)


def test_without_silence_there_is_no_stream_and_no_window(clips):
    assert len(cut_windows(clips.subset(clips.y != SILENCE))) == 0


@pytest.mark.parametrize(
    ("start_s", "label"),
    [
        (0.0, SILENCE),
        (0.60, UNKNOWN),  # a fifth of the yes
        (0.85, None),  # seven tenths of it
        (1.0, YES),
        (1.51, YES),  # all but its first fiftieth
        (1.62, None),  # three quarters, and nobody knows
        (1.9, UNKNOWN),
        (2.5, SILENCE),
        (3.3, UNKNOWN),  # another word, in part
        (5.2, YES),  # a yes, with half of another word
        (7.2, None),  # yes and no, both whole
    ],
)
def test_a_second_is_called_by_how_much_of_a_word_it_holds(start_s, label):
    words = (
        SpokenWord(YES, 1.5, 2.0),
        SpokenWord(UNKNOWN, 4.0, 4.5),
        SpokenWord(YES, 5.4, 5.8),
        SpokenWord(UNKNOWN, 6.0, 6.4),
        SpokenWord(YES, 7.3, 7.6),
        SpokenWord(NO, 7.7, 8.1),
    )
    stream = Recording(np.zeros(10 * RATE, np.int16), words)
    assert label_window(stream, round(start_s * RATE)) == label


def test_places_lie_inside_and_touch_the_word():
    stream = Recording(np.zeros(4 * RATE, np.int16), (SpokenWord(NO, 1.5, 2.0),))
    placed = [p for seed in range(50) for p in place_windows(stream, np.random.default_rng(seed))]
    assert {label for _, label in placed} == {NO, UNKNOWN, SILENCE}
    assert all(0 <= start <= 3 * RATE for start, _ in placed)
    assert all(0.5 * RATE < start < 2 * RATE for start, label in placed if label != SILENCE)
