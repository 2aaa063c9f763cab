"""Hours of speech from clips of people, with the truth about every word: what a detector faces.

`make_recording` does that with synthetic words and noises. Here words and background are people's
clips (Speech Commands, or your own in that form), so that words come with their own rooms and
microphones. The rules of the stream, which a false-accept rate means nothing without:

    words       1,110 an hour, of which 440 are keywords and 670 others, at random times
    loudness    each word's own sound has one loudness, give or take 6 dB
    background  silent clips, each faded into the next, at one level for about 15 s at a time:
                10 to 40 dB below the words. With `snr_db=None` words and background stay as loud
                as they were recorded

`python -m tests.listening` measures a detector with it and says what that gave.
"""

from __future__ import annotations

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.keywords import CLASS_NAMES, CLIP_SAMPLES, SAMPLE_RATE_HZ
from tinyml_course.datasets.keywords_recording import Recording, SpokenWord
from tinyml_course.errors import DataError

WORDS_AN_HOUR, KEYWORDS_AN_HOUR = 1110, 440
LOUDNESS = 1500.0  # root mean square of a word's own samples, int16
LOUDNESS_DB = 6.0
BACKGROUND_S = 15.0  # from one level of the background to the next
FRAME = 320  # 20 ms: a word begins and ends at a whole one
SOUNDING = 0.05  # of the loudest frame's energy above the clip's floor: the word is on
MARGIN_FRAMES = 2
FADE = SAMPLE_RATE_HZ // 4
EDGE_FADE = FRAME  # a clip's cut ends would click


def make_stream(
    clips: Dataset,
    seconds: float,
    seed: int = 0,
    *,
    words_an_hour: float = WORDS_AN_HOUR,
    snr_db: tuple[float, float] | None = (10.0, 40.0),
) -> Recording:
    """Words of `clips` in their own background; `features.streaming` is judged by it.

    Args:
        clips: of `load_keywords`, at full scale 1; silent ones are the background.
        seconds: how long, at least 5.
        words_an_hour: keywords and others, at most 2,400; 0 gives background alone.
        snr_db: how far the background lies below the words, from and to; None leaves both as
            loud as they were recorded.

    Raises:
        DataError: too short, too many words, or a class without a clip.
    """
    if not seconds >= 5 or not 0 <= words_an_hour <= 2400:
        raise DataError(
            f"a stream of {seconds:g} s with {words_an_hour:g} words an hour: give at least 5 s "
            "and 0 to 2,400 words an hour, a word takes a second and a pause follows"
        )
    by_class = [np.flatnonzero(clips.y == label) for label in range(len(CLASS_NAMES))]
    for name, found in zip(CLASS_NAMES, by_class, strict=True):
        if not len(found):
            raise DataError(f"the clips hold none of class {name}: a stream needs all of them")
    silence = CLASS_NAMES.index("silence")
    others = CLASS_NAMES.index("unknown")
    keywords = [label for label in range(len(CLASS_NAMES)) if label not in (silence, others)]
    samples = clips.x[..., 0].astype(np.float64) * 32768
    rng = np.random.default_rng(seed)
    count = int(seconds * SAMPLE_RATE_HZ)

    sound = _make_background(samples[by_class[silence]], count, rng, snr_db)
    said: list[SpokenWord] = []
    at = SAMPLE_RATE_HZ
    while words_an_hour and at + 2 * SAMPLE_RATE_HZ < count:
        is_keyword = rng.random() < KEYWORDS_AN_HOUR / WORDS_AN_HOUR
        label = int(rng.choice(keywords)) if is_keyword else others
        clip = samples[rng.choice(by_class[label])]
        start, end = find_word(clip)
        if snr_db is not None:
            level = LOUDNESS * 10 ** (rng.uniform(-LOUDNESS_DB, LOUDNESS_DB) / 20)
            clip = clip * level / max(_loudness(clip[start:end]), 1.0)
        sound[at : at + CLIP_SAMPLES] += clip * _fade(CLIP_SAMPLES, EDGE_FADE)
        said.append(SpokenWord(label, (at + start) / SAMPLE_RATE_HZ, (at + end) / SAMPLE_RATE_HZ))
        at += CLIP_SAMPLES + int(SAMPLE_RATE_HZ * rng.exponential(3600 / words_an_hour - 1))
    return Recording(np.clip(np.rint(sound), -32768, 32767).astype(np.int16), tuple(said))


def find_word(clip: np.ndarray) -> tuple[int, int]:
    """Where in a second of samples the word begins and ends, with 40 ms to spare on each side.

    >>> clip = np.zeros(16_000); clip[6400:9600] = 1000
    >>> find_word(clip)
    (5760, 10240)
    """
    energy = (clip.reshape(-1, FRAME).astype(np.float64) ** 2).mean(axis=1)
    floor = np.percentile(energy, 10)
    sounding = np.flatnonzero(energy - floor >= SOUNDING * (energy.max() - floor))
    first = max(0, int(sounding[0]) - MARGIN_FRAMES)
    last = min(len(energy), int(sounding[-1]) + 1 + MARGIN_FRAMES)
    return first * FRAME, last * FRAME


def _make_background(
    silent: np.ndarray, count: int, rng: np.random.Generator, snr_db: tuple[float, float] | None
) -> np.ndarray:
    """Silent clips one after the other, each faded into the next, at a level that moves."""
    sound = np.zeros(count + CLIP_SAMPLES)
    fade = _fade(CLIP_SAMPLES, FADE)
    for at in range(0, count, CLIP_SAMPLES - FADE):
        clip = silent[rng.integers(len(silent))]
        if snr_db is not None:
            clip = clip / max(_loudness(clip), 1e-3)
        sound[at : at + CLIP_SAMPLES] += clip * fade
    sound = sound[:count]
    if snr_db is None:
        return sound
    stretch = int(BACKGROUND_S * SAMPLE_RATE_HZ)
    levels_db = -rng.uniform(*snr_db, count // stretch + 2)
    levels = LOUDNESS * 10 ** (levels_db / 20)
    return sound * np.interp(np.arange(count) / stretch, np.arange(len(levels)), levels)


def _fade(length: int, over: int) -> np.ndarray:
    ramp = np.minimum(1, np.arange(length) / over)
    return ramp * ramp[::-1]


def _loudness(samples: np.ndarray) -> float:
    return float(np.sqrt((samples**2).mean()))
