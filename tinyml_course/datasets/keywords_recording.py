"""A long recording with words in it, and the truth about when each was said.

A one-second clip that ends up in the right class says little about a device that listens all day:
most of the day nobody says a keyword. Lesson 12 runs the detector over such a recording.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tinyml_course.datasets.keywords import NOISE_KINDS, SAMPLE_RATE_HZ, Words
from tinyml_course.datasets.keywords_noise import make_noise
from tinyml_course.errors import DataError

NOISE_SECONDS = 10  # each stretch of so long has another noise, faded into the next
FADE_SAMPLES = SAMPLE_RATE_HZ // 2


@dataclass(frozen=True)
class SpokenWord:
    """What was said: its class, its text, and from when to when in seconds."""

    label: int
    start_s: float
    end_s: float
    text: str = ""


@dataclass(frozen=True)
class Recording:
    """Samples and truth.

    Attributes:
        samples: int16.
        words: in order of time.
    """

    samples: np.ndarray = field(repr=False)
    words: tuple[SpokenWord, ...] = field(repr=False)
    sample_rate_hz: int = SAMPLE_RATE_HZ

    @property
    def seconds(self) -> float:
        """Its length in time."""
        return len(self.samples) / self.sample_rate_hz


def make_recording(
    words: Words,
    seconds: float,
    seed: int = 0,
    *,
    every_s: float = 4.0,
    noise_db: tuple[float, float] = (-45.0, -20.0),
) -> Recording:
    """Words at random times in changing noise.

    Args:
        words: to draw from; of equal chance each.
        seconds: how long.
        every_s: mean time from one word's end to the next word's start, at least one second.
        noise_db: level of the noises below that of the words, from and to.

    Raises:
        DataError: no words, or less than a second.
    """
    if not len(words) or seconds < 1 or every_s < 1:
        raise DataError(
            f"a recording of {seconds:g} s with {len(words)} words every {every_s:g} s: give at "
            "least one word, one second, and one second between words"
        )
    rng = np.random.default_rng(seed)
    count = int(seconds * SAMPLE_RATE_HZ)
    sound = np.zeros(count)
    said, labels = [], words.labels
    at = int(SAMPLE_RATE_HZ * rng.uniform(1, 2))
    while True:
        index = int(rng.integers(len(words)))
        samples = words.samples[index].astype(np.float64)
        if at + len(samples) + SAMPLE_RATE_HZ > count:
            break
        level = np.exp(rng.uniform(np.log(800), np.log(5000)))
        sound[at : at + len(samples)] += level * samples / max(samples.std(), 1e-9)
        start_s, end_s = at / SAMPLE_RATE_HZ, (at + len(samples)) / SAMPLE_RATE_HZ
        said.append(SpokenWord(labels[index], start_s, end_s, words.texts[index]))
        pause_s = 1 + rng.exponential(every_s - 1)
        at += len(samples) + int(SAMPLE_RATE_HZ * pause_s)
    sound += _make_background(count, noise_db, rng) + rng.normal(0, 1.5, count)
    return Recording(np.clip(np.rint(sound), -32768, 32767).astype(np.int16), tuple(said))


def _make_background(
    count: int, noise_db: tuple[float, float], rng: np.random.Generator
) -> np.ndarray:
    """Noises one after the other, each faded in over half a second while the last fades out."""
    background = np.zeros(count + FADE_SAMPLES)
    stretch = NOISE_SECONDS * SAMPLE_RATE_HZ
    for start in range(0, count, stretch):
        length = min(stretch + FADE_SAMPLES, len(background) - start)
        noise = make_noise(str(rng.choice(NOISE_KINDS)), length, SAMPLE_RATE_HZ, rng)
        noise *= 2000 * 10 ** (rng.uniform(*noise_db) / 20)
        fade = np.minimum(1, np.arange(length) / FADE_SAMPLES)
        background[start : start + length] += noise * fade * fade[::-1]
    return background[:count]
