"""What a microphone hears when nobody says a word: rooms, machines, hums, and broken signals.

A keyword network that was never shown noise answers noise with a keyword. So the class "silence" is
made of everything here, from near-silence to a microphone driven into its limits. Lesson 12.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

FULL_SCALE = 32767.0


def make_noise(kind: str, samples: int, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
    """One of `NOISES`, float64, scaled to a standard deviation of 1 (a constant stays 0)."""
    noise = NOISES[kind](samples, rate_hz, rng)
    noise = noise - noise.mean()
    return noise / max(noise.std(), 1e-9)


def _coloured(samples: int, rng: np.random.Generator, slope: float) -> np.ndarray:
    """Noise whose power falls with frequency to the power of `slope`: 0 white, 1 pink, 2 brown."""
    spectrum = np.fft.rfft(rng.normal(size=samples))
    spectrum[1:] /= np.arange(1, len(spectrum)) ** (slope / 2)
    spectrum[0] = 0
    return np.fft.irfft(spectrum, samples)


def _room(samples: int, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
    return _coloured(samples, rng, rng.uniform(0, 2.2))


def _white(samples: int, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
    return rng.normal(size=samples)


def _hum(samples: int, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
    """Mains and motors: harmonics of one frequency, and some hiss."""
    t = np.arange(samples) / rate_hz
    base = rng.choice([50.0, 60.0, rng.uniform(80, 400)])
    wave = np.zeros(samples)
    for harmonic in range(1, 25):
        level = rng.exponential() / harmonic ** rng.uniform(0.5, 1.5)
        wave += level * np.sin(2 * np.pi * (base * harmonic * t + rng.uniform()))
    return wave / wave.std() + rng.uniform(0, 0.5) * rng.normal(size=samples)


def _band(samples: int, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
    """Taps, fans, traffic: noise through a broad resonance, swelling slowly."""
    spectrum = np.fft.rfft(rng.normal(size=samples))
    hz = np.fft.rfftfreq(samples, 1 / rate_hz)
    centre, width = np.exp(rng.uniform(np.log(150), np.log(6000))), rng.uniform(0.3, 1.5)
    octaves = np.log2(np.maximum(hz, 20) / centre)
    noise = np.fft.irfft(spectrum * (np.exp(-((octaves / width) ** 2)) + 0.03), samples)
    t = np.arange(samples) / rate_hz
    swell = np.sin(2 * np.pi * (rng.uniform(0.2, 6) * t + rng.uniform()))
    return noise * (1 + rng.uniform(0, 0.95) * swell)


def _clatter(samples: int, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
    """Dishes, keys, knocks: short decaying rings at random instants over a faint hiss."""
    wave = 0.01 * _coloured(samples, rng, 1)
    for _ in range(rng.integers(1, 9)):
        start = rng.integers(samples)
        t = np.arange(samples - start) / rate_hz
        decay = np.exp(-t / np.exp(rng.uniform(np.log(0.003), np.log(0.1))))
        ring = sum(rng.normal() * np.sin(2 * np.pi * rng.uniform(200, 7000) * t) for _ in range(4))
        wave[start:] += decay * (ring + rng.uniform(0, 2) * rng.normal(size=len(t)))
    return wave


def _glide(samples: int, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
    """Sirens, cats, doors: a tone with harmonics whose pitch wanders, with a slow envelope."""
    t = np.arange(samples) / rate_hz
    knots = np.linspace(0, samples / rate_hz, rng.integers(2, 6))
    pitch = np.interp(t, knots, np.exp(rng.uniform(np.log(150), np.log(2500), len(knots))))
    level = np.interp(t, knots, rng.uniform(0, 1, len(knots)))
    phase = 2 * np.pi * np.cumsum(pitch) / rate_hz
    wave = np.zeros(samples)
    for harmonic in range(1, rng.integers(2, 9)):
        audible = pitch * harmonic < 0.45 * rate_hz
        wave += audible * np.sin(harmonic * phase) / harmonic ** rng.uniform(0.3, 2)
    return wave * level + 0.02 * rng.normal(size=samples)


def _tone(samples: int, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
    """A sine or a square wave: test signals, and a microphone that howls."""
    hz = np.exp(rng.uniform(np.log(60), np.log(6000)))
    wave = np.sin(2 * np.pi * (hz * np.arange(samples) / rate_hz + rng.uniform()))
    return np.sign(wave) if rng.random() < 0.5 else wave


def _constant(samples: int, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
    return np.zeros(samples)


NOISES: dict[str, Callable[[int, int, np.random.Generator], np.ndarray]] = {
    "room": _room,
    "white": _white,
    "hum": _hum,
    "band": _band,
    "clatter": _clatter,
    "glide": _glide,
    "tone": _tone,
    "constant": _constant,
}


def make_silence(samples: int, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
    """A recording without a word, int16: any noise, any level, an offset, sometimes clipped."""
    kind = rng.choice(list(NOISES))
    noise = make_noise(kind, samples, rate_hz, rng)
    fate = rng.random()
    if fate < 0.15:  # near-silence
        level = np.exp(rng.uniform(np.log(0.3), np.log(30)))
    elif fate < 0.25:  # driven into the limits
        level = np.exp(rng.uniform(np.log(20_000), np.log(300_000)))
    else:
        level = np.exp(rng.uniform(np.log(20), np.log(10_000)))
    offset = rng.choice([0.0, rng.normal(0, 300), rng.uniform(-20_000, 20_000)], p=[0.6, 0.3, 0.1])
    hiss = rng.normal(0, rng.uniform(0.3, 3), samples)
    return np.clip(np.rint(level * noise + offset + hiss), -32768, 32767).astype(np.int16)
