"""Keywords: one-second clips of yes, no, unknown words and silence, made from synthetic speech.

espeak-ng speaks with many voices (`speak_words`), or the words that come with the course are read
(`load_words`); then each word is put into a room: a place in the second, a level, a microphone's
colour, an echo, a noise (`make_clips`). `make_keywords` does both. `keywords_folder.load_keywords`
reads people's recordings into the same kind of `Dataset`. Groups are voices, so that a split by
group keeps every voice on one side. Lesson 12 teaches it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.keywords_noise import make_noise, make_silence
from tinyml_course.datasets.speech import ACCENTS, Utterance, list_variants, synthesize
from tinyml_course.errors import DataError
from tinyml_course.shipped import DATA

SHIPPED_WORDS = DATA / "keywords" / "words.npz"
SAMPLE_RATE_HZ = 16_000
CLIP_SAMPLES = 16_000
CLASS_NAMES = ("yes", "no", "unknown", "silence")

# Words that must not be taken for a keyword. First those that sound like one, as a network has to
# learn where "no" ends and "go" begins; then what people say to machines; then other sounds.
NEAR_WORDS = [
    "yet",
    "yeah",
    "guess",
    "chess",
    "less",
    "mess",
    "dress",
    "press",
    "yesterday",
    "jazz",
    "yell",
    "yard",
    "yep",
    "ness",
    "now",
    "nose",
    "note",
    "low",
    "go",
    "nope",
    "snow",
    "toe",
    "row",
    "gnome",
    "mow",
    "so",
    "new",
    "knee",
    "not",
    "nor",
    "nod",
    "nine",
    "own",
]
COMMAND_WORDS = ["up", "down", "left", "right", "on", "off", "stop", "go"]
COMMON_WORDS = [
    "backward",
    "forward",
    "follow",
    "learn",
    "visual",
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "bed",
    "bird",
    "cat",
    "dog",
    "happy",
    "house",
    "marvin",
    "sheila",
    "tree",
    "wow",
]
OTHER_WORDS = [
    "hello",
    "water",
    "light",
    "music",
    "open",
    "close",
    "start",
    "green",
    "yellow",
    "table",
    "window",
    "garden",
    "summer",
    "winter",
    "morning",
    "evening",
    "paper",
    "people",
    "river",
    "mountain",
    "coffee",
    "again",
    "always",
    "number",
    "question",
    "answer",
    "thank",
    "please",
    "sorry",
    "maybe",
    "over",
    "under",
    "before",
    "after",
    "good",
    "bad",
    "day",
    "night",
    "play",
    "pause",
]
NOISE_KINDS = ("room", "white", "hum", "band", "clatter")


@dataclass(frozen=True)
class Words:
    """Spoken words, each as long as it is, without any room around it.

    Attributes:
        samples: int16 at 16 kHz, one array a word.
        texts: what was said.
        voices: the voice variant of each word: the group that a split keeps together.
        source: where they come from.
    """

    samples: tuple[np.ndarray, ...] = field(repr=False)
    texts: tuple[str, ...] = field(repr=False)
    voices: tuple[str, ...] = field(repr=False)
    source: str

    def __len__(self) -> int:
        return len(self.samples)

    @property
    def labels(self) -> list[int]:
        """The class of each word, as an index into `CLASS_NAMES`."""
        return [
            CLASS_NAMES.index(text if text in ("yes", "no") else "unknown") for text in self.texts
        ]


def speak_words(
    seed: int = 0,
    *,
    yes: int = 18,
    no: int = 18,
    unknown: int = 42,
    variants: Sequence[str] | None = None,
) -> Words:
    """Synthetic words, the given numbers for each voice variant, with accents, rates and pitches.

    Raises:
        DataError: the synthesizer is missing, or a variant that it does not know.
    """
    variants = list_variants() if variants is None else tuple(variants)
    rng = np.random.default_rng(seed)
    utterances = [
        _choose_utterance(word, variant, rng)
        for variant in variants
        for word in ["yes"] * yes + ["no"] * no + _choose_unknown(unknown, rng)
    ]
    return Words(
        tuple(synthesize(utterances, SAMPLE_RATE_HZ)),
        tuple(u.text for u in utterances),
        tuple(u.variant for u in utterances),
        f"speech made by espeak-ng, {len(variants)} voices, seed {seed}",
    )


def load_words(path: Path | str = SHIPPED_WORDS) -> Words:
    """The words that come with the course; `data/README.md` says how they were made.

    Raises:
        DataError: no such file, or a damaged one.

    >>> words = load_words()
    >>> len(words), words.texts[:4]
    (248, ('yes', 'yes', 'no', 'no'))
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            ends = np.cumsum(stored["lengths"])[:-1]
            return Words(
                tuple(np.split(stored["samples"], ends)),
                tuple(stored["texts"].tolist()),
                tuple(stored["voices"].tolist()),
                str(stored["source"]),
            )
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise DataError(f"{path}: no words can be read from it ({error})") from error


def save_words(words: Words, path: Path | str) -> None:
    """Write words so that `load_words` reads them."""
    np.savez_compressed(
        path,
        samples=np.concatenate(words.samples),
        lengths=np.array([len(s) for s in words.samples], np.int32),
        texts=np.array(words.texts),
        voices=np.array(words.voices),
        source=np.array(words.source),
    )


def make_clips(words: Words, seed: int = 0, *, copies: int = 1, silence: int = 18) -> Dataset:
    """Each word in `copies` rooms, and for each voice so many rooms in which nobody speaks.

    The silent clips carry a voice's name as their group only so that they are split like voices.
    The same words and seed give the same bytes.
    """
    rng = np.random.default_rng(seed)
    clips, labels, groups = [], [], []
    for samples, label, voice in zip(words.samples, words.labels, words.voices, strict=True):
        for _ in range(copies):
            clips.append(place_in_room(samples, rng))
            labels.append(label)
            groups.append(voice)
    for voice in dict.fromkeys(words.voices):
        for _ in range(silence):
            clips.append(make_silence(CLIP_SAMPLES, SAMPLE_RATE_HZ, rng))
            labels.append(CLASS_NAMES.index("silence"))
            groups.append(voice)
    return to_dataset(np.stack(clips), labels, groups, words.source, "voices")


def make_keywords(seed: int = 0) -> Dataset:
    """Synthetic clips of all voices, 96 each. The same seed gives the same bytes.

    Raises:
        DataError: the synthesizer is missing.
    """
    return make_clips(speak_words(seed), seed)


def to_dataset(
    clips: np.ndarray, labels: Sequence[int], groups: Sequence[str], source: str, groups_are: str
) -> Dataset:
    """int16 clips `(n, samples)` as a `Dataset` in units of full scale (-1 to 1), exactly."""
    x = clips.astype(np.float32)[:, :, None]
    x /= 32768
    return Dataset(
        x, labels, groups, SAMPLE_RATE_HZ, CLASS_NAMES, ("sound",), "full scale", source, groups_are
    )


def _choose_unknown(count: int, rng: np.random.Generator) -> list[str]:
    """Words other than the keywords; near ones and commands more often than their number."""
    lists = [NEAR_WORDS, COMMAND_WORDS, COMMON_WORDS, OTHER_WORDS]
    return [str(rng.choice(lists[i])) for i in rng.choice(4, count, p=[0.25, 0.3, 0.25, 0.2])]


def _choose_utterance(word: str, variant: str, rng: np.random.Generator) -> Utterance:
    return Utterance(
        word,
        accent=str(rng.choice(ACCENTS)),
        variant=variant,
        words_per_minute=int(rng.integers(90, 260)),
        pitch=int(rng.integers(15, 90)),
        pitch_range=int(rng.integers(10, 99)),
    )


def place_in_room(word: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A spoken word as a microphone in a room records it: one second, int16.

    Speed (which moves pitch and formants together), an echo, the colour of a microphone, a level, a
    place in the second and a noise are drawn at random.
    """
    sound = _change_speed(word.astype(np.float64), rng.uniform(0.85, 1.18))
    if rng.random() < 0.6:
        sound = _add_echo(sound, rng)
    sound = _colour(sound, rng)[:CLIP_SAMPLES]
    sound /= max(sound.std(), 1e-9)
    clip = np.zeros(CLIP_SAMPLES)
    free = CLIP_SAMPLES - len(sound)
    start = int(np.clip(rng.normal(free / 2, 1_500), 0, free))
    clip[start : start + len(sound)] = sound
    noise = make_noise(str(rng.choice(NOISE_KINDS)), CLIP_SAMPLES, SAMPLE_RATE_HZ, rng)
    noise_db = rng.uniform(-45, -10)
    level = np.exp(rng.uniform(np.log(400), np.log(9_000)))
    clip = level * (clip + 10 ** (noise_db / 20) * noise)
    clip += rng.normal(0, rng.uniform(0.3, 3), CLIP_SAMPLES)  # no microphone is without hiss
    return np.clip(np.rint(clip), -32768, 32767).astype(np.int16)


def _change_speed(sound: np.ndarray, factor: float) -> np.ndarray:
    """Linear interpolation is enough here: what it blurs is above the bands that are used."""
    places = np.arange(0, len(sound) - 1, factor)
    return np.interp(places, np.arange(len(sound)), sound)


def _add_echo(sound: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Convolve with decaying noise, the usual model of a room's reverberation (Moorer, 1979)."""
    length = int(SAMPLE_RATE_HZ * rng.uniform(0.05, 0.3))
    t = np.arange(length)
    response = rng.normal(size=length) * np.exp(-6.9 * t / length) * rng.uniform(0.02, 0.12)
    response[0] = 1.0
    total = len(sound) + length
    return np.fft.irfft(np.fft.rfft(sound, total) * np.fft.rfft(response, total), total)


def _colour(sound: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A microphone's frequency response: a smooth random curve of up to about 10 dB."""
    spectrum = np.fft.rfft(sound)
    octaves = np.log2(np.maximum(np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE_HZ), 60) / 60)
    curve_db = np.interp(octaves, np.arange(8), np.cumsum(rng.normal(0, 3, 8)))
    return np.fft.irfft(spectrum * 10 ** (curve_db / 20), len(sound))
