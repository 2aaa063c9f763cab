"""WAV files: what is read is what was written, what cannot be read is refused with the way out."""

import struct
import tracemalloc
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


def riff(path, rate=16_000, frames=1000, channels=1, parts=(), announced=None):
    """A WAV file by hand, with parts between its form and its samples."""
    samples = (np.arange(frames * channels) % 2000).astype("<i2").tobytes()
    form = struct.pack("<HHIIHH", 1, channels, rate, (rate * 2) & 0xFFFFFFFF, 2 * channels, 16)
    body = b"WAVEfmt " + struct.pack("<I", 16) + form + b"".join(parts)
    body += b"data" + struct.pack("<I", len(samples) if announced is None else announced) + samples
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


@pytest.mark.parametrize("rate", [0, 1, 3_999, 192_001, 4_000_000_000])
def test_a_rate_that_no_microphone_has_is_refused(tmp_path, rate):
    for wanted in (None, 16_000):
        with pytest.raises(DataError, match=r"a\.wav: .* samples a second; 4,000 to 192,000"):
            read_wav(riff(tmp_path / "a.wav", rate), wanted)


@pytest.mark.parametrize("rate", [4_000, 11_025, 192_000])
def test_rates_within_are_read(tmp_path, rate):
    samples, found = read_wav(riff(tmp_path / "a.wav", rate), 16_000)
    assert (len(samples), found) == (1000 * 16_000 // rate, 16_000)


@pytest.mark.parametrize(
    ("parts", "is_fine"),
    [
        ((b"JUNK" + struct.pack("<I", 11) + b"x" * 12,), True),
        ((b"JUNK" + struct.pack("<I", 2_000_000) + b"x" * 2_000_000,), True),
        ((b"JUNK" + struct.pack("<I", 0xFFFFFFF0) + b"x" * 10,), False),
        ((b"JUNK" + struct.pack("<I", 0x7FFFFFFF),), False),
        ((b"JU",), False),
    ],
)
def test_a_junk_part_is_skipped_or_refused(tmp_path, parts, is_fine):
    path = riff(tmp_path / "a.wav", parts=parts)
    if is_fine:
        assert len(read_wav(path)[0]) == 1000
    else:
        with pytest.raises(DataError, match="not a PCM WAV file"):
            read_wav(path)


def test_more_samples_than_the_file_holds_or_the_memory_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"a\.wav"):
        read_wav(riff(tmp_path / "a.wav", announced=0xFFFFFFFF))
    with pytest.raises(DataError, match=r"1000 of the 500000 samples"):
        read_wav(riff(tmp_path / "a.wav", announced=1_000_000))
    with pytest.raises(DataError, match="33 channels"):
        read_wav(riff(tmp_path / "a.wav", channels=33))
    long = riff(tmp_path / "long.wav", 4_000, frames=10, announced=2 * 4_000 * 3700)
    with open(long, "r+b") as file:
        file.seek(4)
        file.write(struct.pack("<I", 2 * 4_000 * 3700 + 36))
        file.truncate(2 * 4_000 * 3700 + 44)  # silence that takes no disk
    with pytest.raises(DataError, match="lasts 62 minutes, 60 are possible"):
        read_wav(long)


def test_resampling_in_blocks_is_resampling_at_once(monkeypatch):
    noise = np.random.default_rng(0).integers(-32768, 32767, 5_001).astype(np.int16)
    for from_hz, to_hz in ((48_000, 16_000), (11_025, 16_000), (22_050, 44_100), (8_000, 8_000)):
        whole = resample(noise, from_hz, to_hz)
        with monkeypatch.context() as small:
            small.setattr("tinyml_course.datasets.wav.BLOCK_SAMPLES", 2_000)
            np.testing.assert_array_equal(resample(noise, from_hz, to_hz), whole)
    assert len(resample(noise[:0], 48_000, 16_000)) == 0


def test_stereo_in_blocks_is_stereo_at_once(tmp_path, monkeypatch):
    path = riff(tmp_path / "a.wav", 48_000, channels=2, frames=3_000)
    whole = read_wav(path)[0]
    resampled = read_wav(path, 16_000)[0]
    monkeypatch.setattr("tinyml_course.datasets.wav.BLOCK_SAMPLES", 700)
    np.testing.assert_array_equal(read_wav(path)[0], whole)
    np.testing.assert_array_equal(read_wav(path, 16_000)[0], resampled)
    np.testing.assert_array_equal(resampled, resample(whole, 48_000, 16_000))


def test_three_minutes_at_48_khz_take_little_memory(tmp_path):
    path = tmp_path / "long.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48_000)
        for _ in range(180):
            file.writeframes(bytes(4 * 48_000))
    tracemalloc.start()
    samples, _ = read_wav(path, 16_000)
    most_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(samples) == 180 * 16_000
    assert most_bytes < samples.nbytes + 60e6  # it was 2,200 MB


PCM_NAME = bytes.fromhex("0100 0000 0000 1000 8000 00aa 0038 9b71")


def extensible(path, name=PCM_NAME, bits=16, channels=1, valid=None):
    """A file as many recorders and editors write it: the format has a long name."""
    samples = (np.arange(1000 * channels) % 2000).astype("<i2").tobytes()
    size = channels * bits // 8
    form = struct.pack("<HHIIHH", 0xFFFE, channels, 16_000, 16_000 * size, size, bits)
    form += struct.pack("<HHI", 22, bits if valid is None else valid, 4) + name
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form
    body += b"data" + struct.pack("<I", len(samples)) + samples
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


@pytest.mark.parametrize("channels", [1, 2])
def test_the_long_form_of_the_head_holds_the_same_samples(tmp_path, channels):
    read, rate = read_wav(extensible(tmp_path / "long.wav", channels=channels))
    assert rate == 16_000
    np.testing.assert_array_equal(read, read_wav(riff(tmp_path / "a.wav", channels=channels))[0])


@pytest.mark.parametrize(
    ("number", "bits", "words"),
    [
        (1, 24, "24-bit samples; 16-bit PCM is needed"),
        (1, 8, "8-bit samples; 16-bit PCM is needed"),
        (3, 32, r"32-bit floating-point samples; 16-bit PCM is needed"),
        (7, 8, r"8-bit compressed samples \(mu-law\)"),
        (0x1234, 16, "16-bit samples of the unknown format 0x1234"),
    ],
)
@pytest.mark.parametrize("form", ["short", "long"])
def test_other_samples_are_named_with_the_way_out(tmp_path, form, number, bits, words):
    path = tmp_path / "a.wav"
    if form == "long":
        extensible(path, struct.pack("<H", number) + PCM_NAME[2:], bits)
    else:
        content = bytearray(riff(path).read_bytes())
        struct.pack_into("<H", content, 20, number)
        struct.pack_into("<H", content, 34, bits)
        path.write_bytes(content)
    with pytest.raises(DataError, match=rf"a\.wav: {words}.*Audacity.*ffmpeg"):
        read_wav(path)


def test_a_long_name_that_its_maker_alone_knows_is_refused(tmp_path):
    with pytest.raises(DataError, match="of a format that only its maker knows"):
        read_wav(extensible(tmp_path / "a.wav", PCM_NAME[:8] + bytes(8)))
    cut = extensible(tmp_path / "b.wav", b"")
    with pytest.raises(DataError, match="does not say what its samples are"):
        read_wav(cut)


@pytest.mark.parametrize(
    ("begins", "words"),
    [
        (b"", "the file is empty"),
        (b"ID3\x04", "it is an MP3"),
        (b"fLaC", "it is a FLAC file"),
        (b"RF64", "for more than 4 GB"),
        (b"text", "no WAV file, whatever its name says"),
        (b"RIFF\x04\0\0\0WAVEfmt ", "it ends before its samples"),
    ],
)
def test_what_it_is_instead_is_said(tmp_path, begins, words):
    path = tmp_path / "a.wav"
    path.write_bytes(begins + b" " * (0 if begins[:4] in (b"", b"RIFF") else 20))
    with pytest.raises(DataError, match=rf"a\.wav: not a PCM WAV file: .*{words}"):
        read_wav(path)
