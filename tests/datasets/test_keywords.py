"""Keyword clips: what is made, and what is read from a folder."""

import numpy as np
import pytest

from tinyml_course.datasets.keywords import (
    CLASS_NAMES,
    CLIP_SAMPLES,
    COMMAND_WORDS,
    COMMON_WORDS,
    NEAR_WORDS,
    OTHER_WORDS,
    load_words,
    make_clips,
    save_words,
    speak_words,
)
from tinyml_course.datasets.keywords_folder import load_keywords
from tinyml_course.datasets.keywords_noise import NOISES, make_noise, make_silence
from tinyml_course.datasets.splits import check_no_leakage, split_by_group
from tinyml_course.datasets.wav import write_wav
from tinyml_course.errors import DataError

VOICES = ("f3", "m2", "steph", "whisper", "zac")


@pytest.fixture(scope="module")
def clips():
    return make_clips(speak_words(1, yes=2, no=2, unknown=4, variants=VOICES), 1, silence=2)


def test_classes_voices_and_units(clips):
    assert clips.x.shape == (50, CLIP_SAMPLES, 1)
    assert clips.class_names == CLASS_NAMES
    assert np.bincount(clips.y).tolist() == [10, 10, 20, 10]
    assert set(clips.groups) == set(VOICES)
    assert np.abs(clips.x).max() <= 1
    counts = clips.x * 32768
    np.testing.assert_array_equal(counts, np.rint(counts))  # what a 16-bit microphone gives


def test_the_same_seed_gives_the_same_bytes(clips):
    words = speak_words(1, yes=2, no=2, unknown=4, variants=VOICES)
    assert make_clips(words, 1, silence=2).x.tobytes() == clips.x.tobytes()
    assert make_clips(words, 2, silence=2).x.tobytes() != clips.x.tobytes()


def test_words_survive_their_file(tmp_path):
    words = speak_words(1, yes=1, no=0, unknown=2, variants=VOICES)
    save_words(words, tmp_path / "words.npz")
    again = load_words(tmp_path / "words.npz")
    assert (again.texts, again.voices, again.source) == (words.texts, words.voices, words.source)
    assert [a.tobytes() for a in again.samples] == [w.tobytes() for w in words.samples]
    (tmp_path / "words.npz").write_bytes(b"PK")
    with pytest.raises(DataError, match="no words"):
        load_words(tmp_path / "words.npz")


def test_words_are_heard_and_whole(clips):
    spoken = clips.x[clips.y != CLASS_NAMES.index("silence"), :, 0]
    middle = (spoken[:, 4000:12_000] ** 2).mean(axis=1)
    edges = (spoken[:, :1000] ** 2).mean(axis=1)
    assert np.median(middle / edges) > 10


def test_voices_can_be_split(clips):
    check_no_leakage(split_by_group(clips, seed=0))


def test_no_keyword_among_the_unknown_words():
    words = NEAR_WORDS + COMMAND_WORDS + COMMON_WORDS + OTHER_WORDS
    assert not {"yes", "no", "know"} & set(words)
    assert len(set(words)) > 95


@pytest.mark.parametrize("kind", NOISES)
def test_noises_have_unit_level(kind):
    noise = make_noise(kind, 16_000, 16_000, np.random.default_rng(4))
    assert noise.std() == pytest.approx(0 if kind == "constant" else 1)
    assert np.isfinite(noise).all()


def test_silence_reaches_from_nearly_nothing_to_the_limits():
    rng = np.random.default_rng(0)
    peaks = [np.abs(make_silence(16_000, 16_000, rng).astype(int)).max() for _ in range(150)]
    assert min(peaks) < 20
    assert max(peaks) >= 32767


# -- folders


def hiss(seed, samples=CLIP_SAMPLES):
    return np.random.default_rng(seed).integers(-500, 500, samples).astype(np.int16)


@pytest.fixture
def folder(tmp_path):
    for speaker in range(6):
        for seed, word in enumerate(("yes", "no", "marvin")):
            path = tmp_path / word / f"{speaker:08x}_nohash_0.wav"
            write_wav(path, hiss(10 * seed + speaker))
    write_wav(tmp_path / "unknown" / "bed_00000003_nohash_1.wav", hiss(90))
    write_wav(tmp_path / "silence" / "17.wav", hiss(91))
    write_wav(tmp_path / "_background_noise_" / "tap.wav", hiss(92, 50_000))
    (tmp_path / "README.md").write_text("not a recording")
    return tmp_path


def test_a_folder_becomes_clips(folder):
    data = load_keywords(folder)
    assert np.bincount(data.y).tolist() == [6, 6, 7, 4]
    assert data.x.shape == (23, CLIP_SAMPLES, 1)
    assert {"00000003", "silence 17", "noise tap"} <= set(data.groups)
    assert (data.groups == "00000003").sum() == 4  # yes, no, marvin, bed
    check_no_leakage(split_by_group(data))


def test_other_lengths_and_rates(folder):
    word = np.zeros(40_000, np.int16)
    word[30_000:34_000] = 5000
    write_wav(folder / "yes" / "ann_1.wav", word)
    write_wav(folder / "no" / "ann_1.wav", hiss(5, 4_000), 8_000)
    data = load_keywords(folder)
    assert data.x.shape[1] == CLIP_SAMPLES
    [yes] = data.x[(data.groups == "ann") & (data.y == 0), :, 0]
    assert np.count_nonzero(yes) == 4000
    [no] = data.x[(data.groups == "ann") & (data.y == 1), :, 0]
    assert not no[:3900].any()
    assert not no[-3900:].any()
    assert no[5000:11_000].any()


def test_large_folders_are_thinned_the_same_way_everywhere(folder):
    data = load_keywords(folder, clips_a_class=3)
    assert np.bincount(data.y)[:3].tolist() == [3, 3, 3]
    again = load_keywords(folder, clips_a_class=3)
    assert data.x.tobytes() == again.x.tobytes()


def test_wrong_folders_are_refused(folder, tmp_path):
    with pytest.raises(DataError, match="no folder"):
        load_keywords(folder / "README.md")
    with pytest.raises(DataError, match=r"no yes/\*\.wav"):
        load_keywords(folder / "yes")
    for clip in (folder / "yes").glob("*.wav"):
        clip.rename(clip.with_suffix(".mp3"))
    with pytest.raises(DataError, match=r"yes.*\.mp3 is no \.wav file: export it as WAV"):
        load_keywords(folder)
    for clip in (folder / "yes").glob("*.mp3"):
        clip.rename(clip.with_suffix(".wav"))
    (folder / "no" / "bad_1.wav").write_bytes(b"OggS....")
    with pytest.raises(DataError, match=r"bad_1\.wav: not a PCM WAV.*ffmpeg"):
        load_keywords(folder)
