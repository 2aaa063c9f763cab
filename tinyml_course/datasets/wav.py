"""Reading and writing WAV files, and changing a recording's sample rate, with documented rounding.

Only what keyword recordings need: 16-bit PCM. Everything else is refused with the way out, because
a file read wrongly trains a model that is wrong without an error. Lesson 12 uses it.
"""

from __future__ import annotations

import io
import wave
from collections.abc import Callable
from math import gcd
from pathlib import Path
from typing import BinaryIO

import numpy as np

from tinyml_course.datasets.wav_head import WavError, WavHead, read_head
from tinyml_course.errors import DataError
from tinyml_course.files import meant_file, write_bytes

ZERO_CROSSINGS = 16  # of the sinc on each side; 32 input samples make one output sample
KAISER_BETA = 8.0  # stop band about 80 dB down
LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 4_000, 192_000
MOST_SECONDS = 3600
MOST_CHANNELS = 32
BLOCK_SAMPLES = 1 << 20  # read, or multiplied, at a time
SAMPLE_BYTES = 2
CONVERT = (
    "export it as WAV, mono, signed 16-bit PCM (Audacity: File, Export Audio), or convert it with  "
    "ffmpeg -i IN -ar 16000 -ac 1 -sample_fmt s16 OUT.wav"
)

ReadBlock = Callable[[int, int], np.ndarray]  # samples from and to, as int16


def read_wav(
    path: Path | str, sample_rate_hz: int | None = None, *, most_channels: int = MOST_CHANNELS
) -> tuple[np.ndarray, int]:
    """The samples of a 16-bit PCM WAV file as int16 mono, and their rate in Hz.

    Its head may have the short form or the long one (WAVE_FORMAT_EXTENSIBLE).
    Several channels, up to `most_channels`, are averaged. With `sample_rate_hz`, a file of another
    rate is resampled. The file is read a block at a time: ten minutes at 48 kHz take the memory of
    their result.

    Raises:
        DataError: no WAV file, damaged, not 16-bit PCM, empty, longer than an hour, or of a rate
            below 4 or above 192 kHz.
    """
    path = Path(path)
    if path.exists() and not path.is_file():
        raise DataError(f"{path} is no file: name a WAV file")
    try:
        with open(path, "rb") as file:
            head = read_head(file)
            _check_form(path, head, most_channels)
            count, rate = _check_length(path, file, head), head.rate_hz
            read = _block_reader(file, head, count)
            if sample_rate_hz is None or rate == sample_rate_hz:
                blocks = [read(a, a + BLOCK_SAMPLES) for a in range(0, count, BLOCK_SAMPLES)]
                return np.concatenate(blocks).astype(np.int16, copy=False), rate
            return _resample_blocks(read, count, rate, sample_rate_hz), sample_rate_hz
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file{meant_file(path)}") from error
    except WavError as error:
        raise DataError(f"{path}: not a PCM WAV file: {error}; {CONVERT}") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from error


def _check_form(path: Path, head: WavHead, most_channels: int) -> None:
    """Refuse what cannot be a recording of somebody's voice."""
    rate = head.rate_hz
    if head.kind or head.bits != 8 * SAMPLE_BYTES:
        what = f"{head.bits}-bit {head.kind or 'samples'}; 16-bit PCM is needed"
    elif not LOWEST_RATE_HZ <= rate <= HIGHEST_RATE_HZ:
        what = f"{rate:,} samples a second; {LOWEST_RATE_HZ:,} to {HIGHEST_RATE_HZ:,} are possible"
    elif not 1 <= head.channels <= most_channels:
        possible = "one is" if most_channels == 1 else f"1 to {most_channels} are"
        what = f"{head.channels:,} channels; {possible} possible"
    elif not head.data_bytes:
        raise DataError(f"{path}: there is no sample in it; record or copy it again")
    else:
        return
    raise DataError(f"{path}: {what}: {CONVERT}")


def _check_length(path: Path, file: BinaryIO, head: WavHead) -> int:
    """How many samples there are, at one time in all channels.

    Refuses a file that is cut off, and one that nobody wants in the memory.
    """
    size = SAMPLE_BYTES * head.channels
    count = head.data_bytes // size
    there = (file.seek(0, io.SEEK_END) - head.begin) // size
    if there < count:
        raise DataError(
            f"{path}: {there} of the {count} samples it announces are there; "
            "record or copy it again"
        )
    if count > MOST_SECONDS * head.rate_hz:
        raise DataError(
            f"{path} lasts {count / head.rate_hz / 60:,.0f} minutes, {MOST_SECONDS // 60} are "
            "possible: cut it into pieces"
        )
    return count


def _block_reader(file: BinaryIO, head: WavHead, count: int) -> ReadBlock:
    """A function that reads samples `a` to `b` as int16 mono; fewer at the end of the file."""
    channels = head.channels
    size = SAMPLE_BYTES * channels

    def read(a: int, b: int) -> np.ndarray:
        file.seek(head.begin + a * size)
        raw = file.read((min(b, count) - a) * size)
        samples = np.frombuffer(raw, "<i2").reshape(-1, channels)
        return samples[:, 0] if channels == 1 else _to_int16(samples.mean(axis=1))

    return read


def write_wav(path: Path | str, samples: np.ndarray, sample_rate_hz: int = 16_000) -> Path:
    """Write mono int16 samples as a WAV file; folders are made as needed.

    Raises:
        DataError: samples that are not one row of int16.
        OutputError: the file cannot be written.
    """
    samples = np.asarray(samples)
    if samples.dtype != np.int16 or samples.ndim != 1:
        raise DataError(f"write_wav takes one row of int16, not {samples.dtype} {samples.shape}")
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate_hz)
        file.writeframes(samples.astype("<i2").tobytes())
    return write_bytes(Path(path), content.getvalue())


def resample(samples: np.ndarray, from_hz: int, to_hz: int) -> np.ndarray:
    """A recording at another sample rate: int16 in, int16 out, about n * to_hz / from_hz samples.

    Each output sample is the sum of the input around its instant, weighted with a sinc that is cut
    off at the lower of the two Nyquist frequencies and tapered by a Kaiser window (beta 8, 16 zero
    crossings on each side); computed in float64 and rounded once. The method is the textbook's
    (Smith, "Digital Audio Resampling"); frequencies that the new rate cannot hold are 80 dB down
    beyond a transition band of about a sixth of the cut-off.

    Raises:
        DataError: a rate that is not a positive whole number.

    >>> tone = np.round(9000 * np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)).astype(np.int16)
    >>> half = resample(tone, 22050, 16000)
    >>> len(half), bool(abs(int(half[1000:-1000].max()) - 9000) < 10)
    (16000, True)
    """
    if from_hz <= 0 or to_hz <= 0 or from_hz != int(from_hz) or to_hz != int(to_hz):
        raise DataError(f"cannot resample from {from_hz} to {to_hz} Hz: give positive whole rates")
    samples = np.asarray(samples)
    if from_hz == to_hz or not len(samples):
        return samples.astype(np.int16)
    return _resample_blocks(lambda a, b: samples[a:b], len(samples), int(from_hz), int(to_hz))


def _resample_blocks(read: ReadBlock, count: int, from_hz: int, to_hz: int) -> np.ndarray:
    """`resample` of `count` samples that are read when they are needed."""
    if to_hz <= 0 or to_hz != int(to_hz):
        raise DataError(f"cannot resample to {to_hz} Hz: give a positive whole rate")
    divisor = gcd(from_hz, int(to_hz))
    up, down = int(to_hz) // divisor, from_hz // divisor
    cutoff = min(1.0, up / down)  # in units of the input's Nyquist frequency
    half = int(np.ceil(ZERO_CROSSINGS / cutoff))
    taps = _phase_taps(up, half, cutoff)
    resampled = np.empty(count * up // down, np.int16)
    step = max(1, BLOCK_SAMPLES // (2 * half + 1))
    for begin in range(0, len(resampled), step):
        # Output n sits at input position n * down / up: whole part and one of `up` phases.
        n = np.arange(begin, min(begin + step, len(resampled)))
        whole, phase = n * down // up, n * down % up
        first, last = int(whole[0]) - half, int(whole[-1]) + half + 1
        inside = read(max(first, 0), min(last, count)).astype(np.float64)
        padded = np.pad(inside, (max(-first, 0), max(last - count, 0)))
        around = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
        weighted = np.einsum("nt,nt->n", around[whole - whole[0]], taps[phase])
        resampled[n[0] : n[-1] + 1] = _to_int16(weighted)
    return resampled


def _phase_taps(up: int, half: int, cutoff: float) -> np.ndarray:
    """`(up, 2 * half + 1)` weights: one row for each place between two input samples."""
    distance = np.arange(-half, half + 1)[None, :] - np.arange(up)[:, None] / up
    taper = np.i0(KAISER_BETA * np.sqrt(np.clip(1 - (distance / (half + 1)) ** 2, 0, 1)))
    taps = np.sinc(cutoff * distance) * taper
    return taps / taps.sum(axis=1, keepdims=True)


def _to_int16(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), -32768, 32767).astype(np.int16)
