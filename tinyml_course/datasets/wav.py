"""Reading and writing WAV files, and changing a recording's sample rate, with documented rounding.

Only what keyword recordings need: 16-bit PCM. Everything else is refused with the way out, because
a file read wrongly trains a model that is wrong without an error. Lesson 12 uses it.
"""

from __future__ import annotations

import io
import wave
from math import gcd
from pathlib import Path

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.files import write_bytes

ZERO_CROSSINGS = 16  # of the sinc on each side; 32 input samples make one output sample
KAISER_BETA = 8.0  # stop band about 80 dB down
CONVERT = "convert it, for instance with  ffmpeg -i IN -ar 16000 -ac 1 -sample_fmt s16 OUT.wav"


def read_wav(path: Path | str, sample_rate_hz: int | None = None) -> tuple[np.ndarray, int]:
    """The samples of a 16-bit PCM WAV file as int16 mono, and their rate in Hz.

    Several channels are averaged. With `sample_rate_hz`, a file of another rate is resampled.

    Raises:
        DataError: no WAV file, damaged, not 16-bit PCM, or empty.
    """
    path = Path(path)
    try:
        with wave.open(str(path), "rb") as file:
            width, channels = file.getsampwidth(), file.getnchannels()
            rate, count = file.getframerate(), file.getnframes()
            raw = file.readframes(count)
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file") from error
    except (wave.Error, EOFError, OSError) as error:
        raise DataError(
            f"{path}: not a PCM WAV file ({error or 'it ends too early'}); {CONVERT}"
        ) from error
    if width != 2:
        raise DataError(f"{path}: {8 * width}-bit samples; 16-bit PCM is needed: {CONVERT}")
    if len(raw) < 2 * channels * count or not count:
        raise DataError(
            f"{path}: {len(raw) // (2 * channels)} of the {count} samples it announces are there; "
            "record or copy it again"
        )
    samples = np.frombuffer(raw, "<i2").reshape(-1, channels)
    mono = samples[:, 0] if channels == 1 else _to_int16(samples.mean(axis=1))
    if sample_rate_hz is not None and rate != sample_rate_hz:
        mono, rate = resample(mono, rate, sample_rate_hz), sample_rate_hz
    return np.ascontiguousarray(mono, dtype=np.int16), rate


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
    divisor = gcd(int(from_hz), int(to_hz))
    up, down = int(to_hz) // divisor, int(from_hz) // divisor
    cutoff = min(1.0, up / down)  # in units of the input's Nyquist frequency
    half = int(np.ceil(ZERO_CROSSINGS / cutoff))
    # Output n sits at input position n * down / up: whole part and one of `up` phases.
    n = np.arange(len(samples) * up // down)
    whole, phase = n * down // up, n * down % up
    taps = _phase_taps(up, half, cutoff)
    padded = np.concatenate([np.zeros(half), samples.astype(np.float64), np.zeros(half + 1)])
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    return _to_int16(np.einsum("nt,nt->n", around[whole], taps[phase]))


def _phase_taps(up: int, half: int, cutoff: float) -> np.ndarray:
    """`(up, 2 * half + 1)` weights: one row for each place between two input samples."""
    distance = np.arange(-half, half + 1)[None, :] - np.arange(up)[:, None] / up
    taper = np.i0(KAISER_BETA * np.sqrt(np.clip(1 - (distance / (half + 1)) ** 2, 0, 1)))
    taps = np.sinc(cutoff * distance) * taper
    return taps / taps.sum(axis=1, keepdims=True)


def _to_int16(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), -32768, 32767).astype(np.int16)
