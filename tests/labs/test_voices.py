"""Who said it: voices made by hand, a folder with one clip a speaker, and the command."""

import numpy as np
import pytest

from tinyml_course.bundle import Bundle
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.wav import write_wav
from tinyml_course.errors import DataError
from tinyml_course.labs import voices

RATE = 16_000


def voice(pitch_hz, seed):
    """A buzz with a pitch of its own, never twice the same."""
    rng = np.random.default_rng(seed)
    t = np.arange(RATE) / RATE
    buzz = sum(np.sin(2 * np.pi * k * pitch_hz * t + rng.uniform(0, 6)) / k for k in range(1, 20))
    return (3000 * buzz + rng.normal(0, 30, RATE)).clip(-32768, 32767).astype(np.int16)


@pytest.fixture
def folder(tmp_path):
    for word in voices.WORDS:
        (tmp_path / word).mkdir()
        for number, pitch in enumerate((90, 140, 210, 330)):
            for take in (1, 2):
                write_wav(tmp_path / word / f"s{number}_{take}.wav", voice(pitch, take), RATE)
    return tmp_path


def test_ties_count_by_their_share():
    who = np.array(["a", "a", "b", "b"])
    assert voices.nearest_is_same(np.zeros((4, 1)), who).tolist() == [1 / 3] * 4
    apart = np.array([[0.0], [0.1], [5.0], [5.2]])
    assert voices.nearest_is_same(apart, who).tolist() == [1.0] * 4


def test_a_pitch_of_ones_own_is_found_in_the_features(folder, capsys):
    assert voices.main([str(folder)]) == 0
    said = capsys.readouterr().out
    assert "16 clips of 4 speakers" in said
    rows = dict(line.rsplit(None, 1) for line in said.splitlines() if line[-1:].isdigit())
    assert float(rows["its mean over time"]) == 1.0
    assert float(rows["chance"]) == pytest.approx(1 / 7, abs=0.001)
    assert float(rows["the answer"]) < 0.5


def test_without_a_second_clip_there_is_nothing_to_recognise(folder):
    for word in voices.WORDS:
        for file in (folder / word).glob("*_2.wav"):
            file.unlink()
    assert voices.main([str(folder)]) == 1
    assert voices.main([]) == 2


def test_a_word_that_nobody_said_is_left_out():
    x = np.stack([voice(100, 1), voice(100, 2), voice(200, 3), voice(200, 4)])[..., None]
    names = ("yes", "no", "unknown", "silence")
    data = Dataset(
        x=(x / 32768).astype(np.float32),
        y=np.zeros(4, np.int64),
        groups=np.array(["a", "a", "b", "b"]),
        sample_rate_hz=RATE,
        class_names=names,
        channel_names=("sound",),
        unit="full scale",
        source="made by hand",
    )
    found = voices.measure_voices(data, Bundle.load_shipped("keywords_people"))
    assert found.clips == 4
    assert found.speakers == 2
    bundle = Bundle.load_shipped("keywords_people")
    with pytest.raises(DataError, match="no speaker has two clips of one word"):
        voices.measure_voices(data.subset(np.array([0, 2])), bundle)
