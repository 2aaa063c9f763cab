"""New clips from old ones, on their log-mel pictures: cheap enough to do anew in every epoch.

A network that sees the same clips again and again learns the clips. Here each time is another: said
earlier or later, slower or quicker, by a longer or shorter throat, nearer or farther, through
another microphone, beside another noise, with a strip hidden. On a log-mel picture each of these is
simple: a level is an addition, two sounds at once are the logarithm of a sum of powers, a throat is
a stretch along the mel axis. The keywords lab trains with it; lesson 13 shows the idea on digits.

Sources: vocal tract length perturbation after Jaitly and Hinton (2013); hidden strips after Park et
al., "SpecAugment" (2019).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tinyml_course.features.mel import FEATURE_SCALE, STEPS_A_DOUBLING

PEAK_DEVIATIONS = 1.5  # mean plus so many standard deviations stands for a picture's loud part
FLOOR_DEVIATIONS = 0.8  # and mean minus so many for its faint part
MEL_ORIGIN = 4.0  # bands below the first band at which frequency would be about zero
EQUALIZER_KNOTS = 5


@dataclass(frozen=True)
class MelAugmenter:
    """How much to vary, and the noises to mix in. Levels are in features: 8 steps are 3 dB.

    Attributes:
        noises: `(n, frames, n_mels)` float32 pictures of noise.
        silence: the label of clips without speech; they get other noise at any level.
        shift: frames to move by, at most, to either side.
        stretch: tempo, as a logarithm: 0.15 is 14 % slower to 16 % quicker.
        throat: stretch along the mel axis, as a logarithm.
        level: standard deviation of a change of level.
        equalizer: standard deviation of a microphone's curve at its knots.
        noise_share: part of the clips that get noise.
        noise_below: the noise's loud part lies so many steps below the clip's, drawn between.
        hidden_frames, hidden_bands: widest strips that are hidden, in half of the clips each.
    """

    noises: np.ndarray = field(repr=False)
    silence: int
    shift: float = 8.0
    stretch: float = 0.15
    throat: float = 0.09
    level: float = 16.0
    equalizer: float = 8.0
    noise_share: float = 0.7
    noise_below: tuple[float, float] = (-15.0, 70.0)
    hidden_frames: int = 6
    hidden_bands: int = 3

    def apply(self, x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """`(n, frames, n_mels, 1)` float32 network inputs and their labels to new inputs.

        The result is on the grid of int8 features, like everything the front end gives.
        """
        pictures = x[..., 0] / np.float32(FEATURE_SCALE)
        pictures = self.warp(pictures, rng)
        n, frames, bands = pictures.shape
        pictures += rng.normal(0, self.level, (n, 1, 1)).astype(np.float32)
        pictures += _smooth_curves(n, bands, self.equalizer, rng)[:, None, :]
        pictures = self.mix_noise(pictures, y == self.silence, rng)
        hidden = _strips(n, frames, self.hidden_frames, rng)[:, :, None]
        hidden = hidden | _strips(n, bands, self.hidden_bands, rng)[:, None, :]
        floor = _deviate(pictures, -FLOOR_DEVIATIONS)
        pictures = np.where(hidden, floor, pictures)
        return np.rint(np.clip(pictures, -128, 127))[..., None] * np.float32(FEATURE_SCALE)

    def warp(self, pictures: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Move and stretch along time, stretch along frequency, by linear interpolation."""
        n, frames, bands = pictures.shape
        tempo = np.exp(rng.uniform(-self.stretch, self.stretch, (n, 1)))
        move = rng.uniform(-self.shift, self.shift, (n, 1))
        time = (np.arange(frames) - frames / 2) * tempo + frames / 2 + move
        throat = np.exp(rng.uniform(-self.throat, self.throat, (n, 1)))
        mel = (np.arange(bands) + MEL_ORIGIN) * throat - MEL_ORIGIN
        warped = _interpolate(pictures, time)
        return _interpolate(warped.swapaxes(1, 2), mel).swapaxes(1, 2)

    def mix_noise(
        self, pictures: np.ndarray, is_silence: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """Add the power of a random noise, at a random level, to some of the pictures."""
        n = len(pictures)
        noise = self.noises[rng.integers(len(self.noises), size=n)]
        noise = np.where((rng.random(n) < 0.5)[:, None, None], noise[:, ::-1], noise)
        below = rng.uniform(*self.noise_below, (n, 1, 1))
        beside_speech = _deviate(pictures, PEAK_DEVIATIONS) - _deviate(noise, PEAK_DEVIATIONS)
        anywhere = rng.normal(0, 2 * STEPS_A_DOUBLING, (n, 1, 1))
        offset = np.where(is_silence[:, None, None], anywhere, beside_speech - below)
        noise = noise + offset.astype(np.float32)
        louder = np.maximum(pictures, noise)
        apart = np.abs(pictures - noise) / STEPS_A_DOUBLING
        mixed = louder + STEPS_A_DOUBLING * np.log2(1 + np.exp2(-apart))
        chosen = rng.random((n, 1, 1)) < self.noise_share
        return np.where(chosen, mixed, pictures).astype(np.float32)


def _interpolate(pictures: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Rows of `(n, rows, columns)` at fractional `places` `(n, m)`; the edge rows go on."""
    rows = pictures.shape[1]
    places = np.clip(places, 0, rows - 1)
    below = np.minimum(places.astype(np.int64), rows - 2)
    part = (places - below).astype(np.float32)[:, :, None]
    which = np.arange(len(pictures))[:, None]
    return pictures[which, below] * (1 - part) + pictures[which, below + 1] * part


def _smooth_curves(n: int, bands: int, deviation: float, rng: np.random.Generator) -> np.ndarray:
    knots = rng.normal(0, deviation, (n, EQUALIZER_KNOTS, 1)).astype(np.float32)
    places = np.broadcast_to(np.linspace(0, EQUALIZER_KNOTS - 1, bands), (n, bands))
    return _interpolate(knots, places)[:, :, 0]


def _deviate(pictures: np.ndarray, deviations: float) -> np.ndarray:
    mean = pictures.mean(axis=(1, 2), keepdims=True)
    return mean + np.float32(deviations) * pictures.std(axis=(1, 2), keepdims=True)


def _strips(n: int, length: int, widest: int, rng: np.random.Generator) -> np.ndarray:
    """`(n, length)` bool: in half of the rows a strip of up to `widest`, anywhere."""
    width = rng.integers(0, widest + 1, (n, 1)) * (rng.random((n, 1)) < 0.5)
    start = rng.integers(0, length, (n, 1))
    place = np.arange(length)
    return (place >= start) & (place < start + width)
