"""A log-mel picture of sound in integers: the same numbers in Python and on the microcontroller.

A second of sound is 16,000 samples; a keyword network sees 49 rows of 20 numbers instead: how much
energy each of 20 frequency bands has, every 20 ms, on a logarithmic scale, as the ear hears it.
Computed in floating point, Python and C would differ in the last digits, and some of those would
be another int8. So every step here is integer arithmetic that says where it rounds, and the C in
`export/mel_c.py` does the same steps from the same tables.

One frame of 480 samples, int16, becomes one row of int8:

    level      x[n] - mean                                     a microphone's offset is no sound
    window     y[n] = (x[n] - mean) * hann[n]                  hann in Q15, y below 2^31
    block exp. all y shifted left or right by one s            so that max |y| is below 2^25
    FFT        512 real points as 256 complex, four radix-4    each stage halves: X is 1/16 of it
    power      p[k] = (re^2 + im^2) >> 12                      below 2^48
    mel        E[m] = sum of p[k] * triangle[m][k]             triangles in Q8, E below 2^61
    log2       L[m] = log2(E[m]) in 1/1024 - 2 s - offset      table of 33 and a straight line
    round      q[m] = 8 steps a doubling of energy, clamped    int8, 0.376 dB a step

The block exponent keeps 25 bits of every frame, loud or faint, which is why a 16-bit microphone
needs no floating point. Lesson 12 teaches it.

Sources: triangles on the mel scale after Davis and Mermelstein (1980) with the mel formula of
O'Shaughnessy (1987); two adjacent triangles share each bin and their weights sum to one, as in
TFLM's `signal/src/filter_bank.cc`. The real FFT from a complex one of half the length is the
textbook one (Oppenheim and Schafer, "Discrete-Time Signal Processing").
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, ClassVar

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.features.preprocessing import register_step

FFT_POINTS = 512
COMPLEX_POINTS = FFT_POINTS // 2
FRAME_BITS = 25  # a frame is scaled so that no value has more
WINDOW_BITS = 15
POWER_SHIFT = 12
WEIGHT_BITS = 8
LOG_BITS = 10  # log2 is kept in 1/1024
LOG_SEGMENTS = 32
STEPS_A_DOUBLING = 8  # of energy, in the int8 output
FEATURE_SCALE = 1 / 32  # the float a network trains on is int8 / 32
FRAMES_A_CHUNK = 128  # what the NumPy path has in hand fits a core's cache: four times as fast


@dataclass(frozen=True)
class LogMelSpec:
    """What fixes the front end; everything else follows from it.

    Attributes:
        sample_rate_hz: of the sound.
        window: samples in a frame, even and at most 512.
        hop: samples from one frame to the next.
        n_mels: bands, the columns of the picture.
        low_hz, high_hz: the lower edge of the first triangle and the upper edge of the last.
        floor_doublings: log2 of the energy (in units of one sample squared) that becomes -128;
            fainter is not told apart. +127 is 2^31.9 times as much.

    Raises:
        DataError: a combination that the arithmetic cannot hold.
    """

    sample_rate_hz: int = 16_000
    window: int = 480
    hop: int = 320
    n_mels: int = 20
    low_hz: float = 100.0
    high_hz: float = 7_600.0
    floor_doublings: int = 10

    def __post_init__(self) -> None:
        if (
            self.window % 2
            or not 2 <= self.window <= FFT_POINTS
            or (not 1 <= self.hop <= self.window)
        ):
            raise DataError(
                f"log-mel window {self.window} and hop {self.hop} samples: the window must be even "
                f"and at most {FFT_POINTS}, the hop from 1 to the window"
            )
        if not 0 < self.low_hz < self.high_hz <= self.sample_rate_hz / 2:
            raise DataError(
                f"log-mel bands from {self.low_hz} to {self.high_hz} Hz: they must rise and end "
                f"at or below half the sample rate, {self.sample_rate_hz / 2:g} Hz"
            )
        if (np.diff(self._edges_bins()) < 1).any():
            raise DataError(
                f"{self.n_mels} mel bands between {self.low_hz} and {self.high_hz} Hz: some are "
                f"narrower than the FFT's {self.sample_rate_hz / FFT_POINTS:g} Hz; use fewer bands"
            )

    def frames(self, samples: int) -> int:
        """Rows that a recording of so many samples gives."""
        return max(0, 1 + (samples - self.window) // self.hop)

    def _edges_bins(self) -> np.ndarray:
        """The n_mels + 2 corners of the triangles, in FFT bins, not rounded."""
        low, high = (2595 * np.log10(1 + hz / 700) for hz in (self.low_hz, self.high_hz))
        mels = np.linspace(low, high, self.n_mels + 2)
        return 700 * (10 ** (mels / 2595) - 1) * FFT_POINTS / self.sample_rate_hz

    @cached_property
    def hann(self) -> np.ndarray:
        """`(window,)` int16 in Q15: a periodic Hann window."""
        n = np.arange(self.window)
        hann = 0.5 - 0.5 * np.cos(2 * np.pi * n / self.window)
        return np.minimum(np.round(hann * 2**15), 2**15 - 1).astype(np.int16)

    @property
    def mean_factor(self) -> int:
        """1 / window in Q32."""
        return 2**32 // self.window

    @cached_property
    def twiddles(self) -> np.ndarray:
        """`(384, 2)` int32 in Q31: cos and -sin of 2 pi k / 512, the factors of both FFT parts."""
        angle = 2 * np.pi * np.arange(3 * FFT_POINTS // 4) / FFT_POINTS
        pairs = np.stack([np.cos(angle), -np.sin(angle)], axis=1)
        return np.clip(np.round(pairs * 2**31), -(2**31) + 1, 2**31 - 1).astype(np.int32)

    @cached_property
    def digit_reversal(self) -> np.ndarray:
        """`(256,)` uint8: where the complex sample n goes before the FFT (base-4 digits turned)."""
        n = np.arange(COMPLEX_POINTS)
        return (n % 4 * 64 + n // 4 % 4 * 16 + n // 16 % 4 * 4 + n // 64).astype(np.uint8)

    @cached_property
    def band_starts(self) -> np.ndarray:
        """Where the triangles begin: `(n_mels + 2,)` uint16.

        Triangle m rises from bin starts[m] up to, without, starts[m + 1], and falls from there up
        to, without, starts[m + 2].
        """
        return np.ceil(self._edges_bins()).astype(np.uint16)

    @cached_property
    def mel_weights(self) -> np.ndarray:
        """`(starts[-1] - starts[0],)` uint8 in Q8: the rising weight of each bin from starts[0].

        The falling weight of the same bin is 256 minus it.
        """
        edges = self._edges_bins()
        bins = np.arange(self.band_starts[0], self.band_starts[-1])
        segment = np.searchsorted(self.band_starts, bins, side="right") - 1
        rise = (bins - edges[segment]) / (edges[segment + 1] - edges[segment])
        return np.minimum(np.round(rise * 2**WEIGHT_BITS), 2**WEIGHT_BITS - 1).astype(np.uint8)

    @cached_property
    def log2_table(self) -> np.ndarray:
        """`(33,)` uint16: log2(1 + i / 32) in 1/1024."""
        return np.round(
            np.log2(1 + np.arange(LOG_SEGMENTS + 1) / LOG_SEGMENTS) * 2**LOG_BITS
        ).astype(np.uint16)

    @property
    def log_offset(self) -> int:
        """What log2(E) in 1/1024 holds beyond the energy of one sample squared, plus the floor.

        E carries the Q15 of the Hann window twice, the 1/16 of the FFT twice, the power's shift and
        the Q8 of the triangles: 30 - 8 - 12 + 8 = 18 doublings.
        """
        return (2 * 15 - 8 - POWER_SHIFT + WEIGHT_BITS + self.floor_doublings) << LOG_BITS


def compute_log_mel(samples: np.ndarray, spec: LogMelSpec) -> np.ndarray:
    """The log-mel rows of sound, as int8, in integers throughout.

    Args:
        samples: `(..., samples)` int16.
        spec: the front end.

    Returns:
        `(..., frames, n_mels)` int8; 8 steps are a doubling of energy (3.01 dB).

    Raises:
        DataError: samples that are not int16, or fewer than one window.

    >>> spec = LogMelSpec()
    >>> tone = np.round(8000 * np.sin(2 * np.pi * 1000 * np.arange(16000) / 16000))
    >>> rows = compute_log_mel(tone.astype(np.int16), spec)
    >>> rows.shape, rows.dtype.name, int(rows[10].argmax())
    ((49, 20), 'int8', 6)
    """
    samples = np.asarray(samples)
    if samples.dtype != np.int16:
        raise DataError(
            f"the log-mel front end reads int16 samples, as a microphone gives them, not "
            f"{samples.dtype}: scale -1..1 by 32768, round, clamp and convert"
        )
    count = spec.frames(samples.shape[-1])
    if not count:
        raise DataError(
            f"{samples.shape[-1]} samples are less than one log-mel window of {spec.window}: pad "
            "the clip with zeros"
        )
    starts = spec.hop * np.arange(count)
    flat = samples.reshape(-1, samples.shape[-1])
    windows = np.lib.stride_tricks.sliding_window_view(flat, spec.window, axis=-1)[:, starts]
    rows = np.empty((len(flat), count, spec.n_mels), np.int8)
    clips = max(1, FRAMES_A_CHUNK // count)
    frames = min(count, FRAMES_A_CHUNK)
    for clip, frame in product(range(0, len(flat), clips), range(0, count, frames)):
        chunk = windows[clip : clip + clips, frame : frame + frames]
        done = frame_to_row(chunk.reshape(-1, spec.window), spec)
        rows[clip : clip + clips, frame : frame + frames] = done.reshape(*chunk.shape[:2], -1)
    return rows.reshape(*samples.shape[:-1], count, spec.n_mels)


def frame_to_row(frames: np.ndarray, spec: LogMelSpec) -> np.ndarray:
    """`(n, window)` int16 to `(n, n_mels)` int8; the steps that the module's docstring lists."""
    x = frames.astype(np.int64)
    mean = (x.sum(axis=1, keepdims=True) * spec.mean_factor) >> 32
    y, exponent = scale_block(x - mean, spec.hann)
    re, im = compute_real_fft(y, spec)
    power = (re * re + im * im) >> POWER_SHIFT
    energy = sum_bands(power, spec)
    log2 = log2_fixed(energy, spec.log2_table)
    log2 -= (2 * exponent[:, None] << LOG_BITS) + spec.log_offset
    shift = LOG_BITS - 3  # 1/1024 to 1/8 of a doubling
    rounded = (log2 + (1 << (shift - 1))) >> shift
    rounded = np.where(energy == 0, 0, rounded)  # log2(0): as faint as can be
    return (np.clip(rounded, 0, 255) - 128).astype(np.int8)


def scale_block(x: np.ndarray, hann: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows times the window, shifted so that they need at most 25 bits; the shift, left positive.

    How many bits the largest magnitude has is found as the OR of all `v ^ (v >> 63)`: a negative
    number becomes the positive one below its magnitude, and only the highest bit matters.
    """
    mask = np.bitwise_or.reduce(x ^ (x >> 63), axis=1)
    exponent = FRAME_BITS - WINDOW_BITS - count_bits(mask)
    y = x * hann
    left = np.maximum(exponent, 0)[:, None]
    right = np.maximum(-exponent, 0)[:, None]
    return (y << left) >> right, exponent


def compute_real_fft(y: np.ndarray, spec: LogMelSpec) -> tuple[np.ndarray, np.ndarray]:
    """Bins 0 to 255 of the 512-point FFT of real rows, divided by 16: two int64 arrays.

    Even samples are the real and odd samples the imaginary part of 256 complex numbers; one
    complex FFT of those holds both spectra, and `split_spectra` takes them apart. Points lie along
    the first axis meanwhile, rows along the last: what a step takes lies side by side in memory.
    """
    re, im = np.zeros((2, COMPLEX_POINTS, len(y)), np.int64)
    places = spec.digit_reversal[: y.shape[1] // 2]
    re[places], im[places] = y[:, 0::2].T, y[:, 1::2].T
    quarter = 1
    while quarter < COMPLEX_POINTS:
        re, im = apply_stage(re, im, quarter, spec.twiddles)
        quarter *= 4
    bins_re, bins_im = split_spectra(re, im, spec.twiddles)
    return bins_re.T, bins_im.T


def apply_stage(
    re: np.ndarray, im: np.ndarray, quarter: int, twiddles: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """One radix-4 stage: groups of 4 x `quarter` points, halved on the way."""
    shape = (-1, 4, quarter, re.shape[1])
    re, im = re.reshape(shape), im.reshape(shape)
    step = FFT_POINTS // (4 * quarter)
    legs = [(re[:, 0] >> 1, im[:, 0] >> 1)]
    for leg in (1, 2, 3):
        a, b = re[:, leg], im[:, leg]
        if quarter == 1:  # every factor is 1
            legs.append((a >> 1, b >> 1))
        else:
            factors = twiddles[leg * step * np.arange(quarter)].astype(np.int64)
            legs.append(multiply_high(a, b, factors))
    (r0, i0), (r1, i1), (r2, i2), (r3, i3) = legs
    out_re, out_im = np.empty((2, *re.shape), np.int64)
    a, b, c, d = r0 + r2, r1 + r3, i0 + i2, i1 + i3
    out_re[:, 0], out_re[:, 2], out_im[:, 0], out_im[:, 2] = a + b, a - b, c + d, c - d
    a, b, c, d = r0 - r2, i1 - i3, i0 - i2, r1 - r3
    out_re[:, 1], out_re[:, 3], out_im[:, 1], out_im[:, 3] = a + b, a - b, c - d, c + d
    return out_re.reshape(COMPLEX_POINTS, -1), out_im.reshape(COMPLEX_POINTS, -1)


def multiply_high(
    a: np.ndarray, b: np.ndarray, factors: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(a + jb)(c + jd) / 2 with the factors' c, d in Q31: the sums' high 32 bits, as floor.

    `a`, `b` are `(..., points, rows)` and the factors `(points, 2)`.
    """
    c, d = factors[:, :1], factors[:, 1:]
    re, im = a * c, a * d
    re -= b * d
    im += b * c
    return re >> 32, im >> 32


def split_spectra(
    re: np.ndarray, im: np.ndarray, twiddles: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """X[k] = (Z[k] + Z*[-k]) / 2 - j W^k (Z[k] - Z*[-k]) / 2, for k from 0 to 255."""
    mirror = -np.arange(COMPLEX_POINTS) % COMPLEX_POINTS
    even_re, even_im = re + re[mirror], im - im[mirror]
    odd_re, odd_im = im + im[mirror], re[mirror] - re
    factors = twiddles[:COMPLEX_POINTS].astype(np.int64)
    turned_re, turned_im = multiply_high(odd_re, odd_im, factors)
    return (even_re >> 1) + turned_re, (even_im >> 1) + turned_im


def sum_bands(power: np.ndarray, spec: LogMelSpec) -> np.ndarray:
    """`(n, 256)` power to `(n, n_mels)` energy: each bin shared by two triangles."""
    starts = spec.band_starts.astype(int)
    used = power[:, starts[0] : starts[-1]]
    rising = used * spec.mel_weights
    falling = (used << WEIGHT_BITS) - rising
    edges = starts[:-1] - starts[0]
    up = np.add.reduceat(rising, edges, axis=1)
    down = np.add.reduceat(falling, edges, axis=1)
    return up[:, :-1] + down[:, 1:]


def log2_fixed(energy: np.ndarray, table: np.ndarray) -> np.ndarray:
    """log2 of positive integers below 2^63 in 1/1024: a table of 33, and straight lines between.

    Within 0.0012 of the true logarithm for every value; log2 of 0 is given as 0.
    """
    bits = count_bits(energy)
    # 16 bits after the leading one: 5 pick the segment, 11 the place in it
    mantissa = np.where(
        bits > 17, energy >> np.maximum(bits - 17, 0), energy << np.maximum(17 - bits, 0)
    )
    fraction = mantissa & 0xFFFF
    segment, place = fraction >> 11, fraction & 0x7FF
    low, high = table.astype(np.int64)[segment], table.astype(np.int64)[segment + 1]
    line = low + (((high - low) * place + (1 << 10)) >> 11)
    return np.where(energy > 0, ((bits - 1) << LOG_BITS) + line, 0)


def count_bits(values: np.ndarray) -> np.ndarray:
    """The place of the highest set bit plus one, 0 for 0: 32 or 64 minus C's leading zeros."""
    values = np.array(values, np.int64)
    bits = np.zeros(values.shape, np.int64)
    for step in (32, 16, 8, 4, 2, 1):
        high = values >> step
        larger = high > 0
        bits += np.where(larger, step, 0)
        values = np.where(larger, high, values)
    return bits + (values > 0)


@register_step
@dataclass(frozen=True)
class LogMel:
    """Sound to its log-mel picture, as a step of a `Preprocessing` chain. Lesson 12 teaches it.

    `(n, samples, 1)` float32, full scale at -1 and 1, becomes `(n, frames, n_mels, 1)` float32:
    the int8 rows of `compute_log_mel` times 1/32. A network quantized with that scale and zero
    point 0 takes the int8 rows as they are. There is nothing to fit.
    """

    sample_rate_hz: int = LogMelSpec.sample_rate_hz
    window: int = LogMelSpec.window
    hop: int = LogMelSpec.hop
    n_mels: int = LogMelSpec.n_mels
    low_hz: float = LogMelSpec.low_hz
    high_hz: float = LogMelSpec.high_hz
    floor_doublings: int = LogMelSpec.floor_doublings
    kind: ClassVar[str] = "log_mel"

    @cached_property
    def spec(self) -> LogMelSpec:
        """The front end's figures in one value."""
        return LogMelSpec(**self._parameters())

    def fit(self, x: np.ndarray) -> LogMel:
        """There is nothing to learn: the step itself."""
        return self

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Sound `(n, samples, 1)` to pictures `(n, frames, mels, 1)` float32."""
        rows = compute_log_mel(to_int16(x[..., 0]), self.spec)
        return rows[..., None].astype(np.float32) * np.float32(FEATURE_SCALE)

    def to_spec(self) -> dict[str, Any]:
        """The step as JSON values."""
        return {"kind": self.kind, **self._parameters()}

    def _parameters(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in LogMelSpec.__dataclass_fields__}


def to_int16(x: np.ndarray) -> np.ndarray:
    """Full scale -1..1 to int16, rounded and clamped; exact for what was int16 before."""
    return np.clip(np.rint(np.asarray(x) * 32768), -32768, 32767).astype(np.int16)
