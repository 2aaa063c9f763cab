"""Sounds that strain the arithmetic: both limits of int16, offsets, steps, near-silence."""

import numpy as np


def awkward_sounds():
    """`{name: (16000,) int16}`."""
    rng = np.random.default_rng(11)
    t = np.arange(16_000)
    square = np.where(t // 8 % 2, 32767, -32768)
    one_click = np.zeros(16_000)
    one_click[5000] = -32768
    step = np.where(t < 5000, -32768, 32767)
    almost_all_high = np.full(16_000, 32767)
    almost_all_high[::480] = -32768
    sounds = {
        "zero": np.zeros(16_000),
        "full-scale alternation": np.where(t % 2, 32767, -32768),
        "square wave": square,
        "clipped noise": np.clip(rng.normal(0, 2e5, 16_000), -32768, 32767),
        "one click": one_click,
        "step": step,
        "mean at the limit": almost_all_high,
        "one bit": rng.integers(0, 2, 16_000),
        "hiss on an offset": -20_000 + rng.normal(0, 3, 16_000),
        "loud sine": 32767 * np.sin(t * 0.39),
        "fading noise": rng.normal(0, 1, 16_000) * 2 ** (t / 1100),
    }
    return {name: np.clip(np.rint(s), -32768, 32767).astype(np.int16) for name, s in sounds.items()}
