"""WAV files: what is read is what was written, what cannot be read is refused with the way out."""

import wave

import numpy as np
import pytest

from tinyml_course.datasets.wav import read_wav, resample, write_wav
from tinyml_course.errors import DataError, OutputError


def tone(hz, rate, seconds=1.0, amplitude=9000):
    t = np.arange(int(rate * seconds)) / rate
    return np.round(amplitude * np.sin(2 * np.pi * hz * t)).astype(np.int16)


def test_round_trip(tmp_path):
    samples = np.array([0, 1, -1, 32767, -32768], np.int16)
    read, rate = read_wav(write_wav(tmp_path / "sub" / "a.wav", samples))
    assert rate == 16_000
    assert read.dtype == np.int16
    np.testing.assert_array_equal(read, samples)


def test_stereo_is_averaged(tmp_path):
    path = tmp_path / "stereo.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(np.array([[100, 200], [-5, -8]], "<i2").tobytes())
    np.testing.assert_array_equal(read_wav(path)[0], [150, -6])


@pytest.mark.parametrize(
    ("from_hz", "to_hz"), [(22_050, 16_000), (44_100, 16_000), (8_000, 16_000)]
)
def test_resampling_keeps_a_tone(from_hz, to_hz):
    found = resample(tone(1000, from_hz), from_hz, to_hz)
    wanted = tone(1000, to_hz)
    assert len(found) == len(wanted)
    middle = slice(200, -200)
    assert np.abs(found[middle].astype(int) - wanted[middle]).max() <= 2


def test_resampling_removes_what_the_new_rate_cannot_hold():
    found = resample(tone(10_500, 44_100), 44_100, 16_000)
    assert np.abs(found[200:-200].astype(int)).max() <= 2


def test_reading_at_another_rate_resamples(tmp_path):
    path = write_wav(tmp_path / "a.wav", tone(500, 8000), 8000)
    samples, rate = read_wav(path, 16_000)
    assert (len(samples), rate) == (16_000, 16_000)


def write_raw(path, width=2, frames=100, announce=None):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(width)
        file.setframerate(16_000)
        file.writeframes(bytes(width * frames))
    if announce is not None:
        content = path.read_bytes()
        path.write_bytes(content[: len(content) - announce])
    return path


@pytest.mark.parametrize("width", [1, 3, 4])
def test_other_sample_widths_are_refused(tmp_path, width):
    path = write_raw(tmp_path / "wide.wav", width)
    with pytest.raises(DataError, match=rf"wide\.wav: {8 * width}-bit .*ffmpeg"):
        read_wav(path)


def test_what_is_no_wav_file_is_refused(tmp_path):
    path = tmp_path / "song.wav"
    path.write_bytes(b"ID3 this is an mp3")
    with pytest.raises(DataError, match=r"song\.wav: not a PCM WAV.*ffmpeg"):
        read_wav(path)
    with pytest.raises(DataError, match=r"gone\.wav: no such file"):
        read_wav(tmp_path / "gone.wav")


def test_a_cut_file_is_refused(tmp_path):
    path = write_raw(tmp_path / "cut.wav", announce=60)
    with pytest.raises(DataError, match=r"cut\.wav: 70 of the 100 samples"):
        read_wav(path)
    with pytest.raises(DataError, match=r"empty\.wav"):
        read_wav(write_raw(tmp_path / "empty.wav", frames=0))


def test_write_refuses_what_it_cannot_write(tmp_path):
    with pytest.raises(DataError, match="int16"):
        write_wav(tmp_path / "a.wav", np.zeros(5))
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot write"):
        write_wav(tmp_path / "file" / "a.wav", np.zeros(5, np.int16))
