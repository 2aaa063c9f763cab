"""Windows cut from streams: what a detector hears between the tidy clips.

A clip has its word in the middle, by itself. A device asks its network several times a second,
whatever is being said: about half of a word, a word's end and the next one's begin, a word below a
noise. `cut_windows` makes such seconds of people's clips, for the training that follows.

    a keyword whole, or nearly so       the keyword
    a keyword's half, or less           unknown: nobody can know how it will end
    another word, or a part of one      unknown
    nothing                             silence

What lies between whole and half is left out. Half of the streams are as loud as recorded, in the
other half the background lies 15 dB above to 30 dB below the words. What they are worth stands in
`tests/listening.py`.
"""

from __future__ import annotations

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.keywords import CLASS_NAMES, CLIP_SAMPLES, SAMPLE_RATE_HZ, to_dataset
from tinyml_course.datasets.keywords_recording import Recording
from tinyml_course.datasets.keywords_streams import make_stream

SECONDS_A_CLIP = 7.0  # of stream
MOST_SECONDS = 5400.0
PIECE_SECONDS = 300.0
SNR_DB = (-15.0, 30.0)
WINDOWS_A_WORD = 4
WHOLE, HALF = 0.93, 0.5  # of a word's length inside the window
SILENCE, UNKNOWN = CLASS_NAMES.index("silence"), CLASS_NAMES.index("unknown")


def cut_windows(clips: Dataset, seed: int = 0) -> Dataset:
    """Seconds of streams that are made of `clips`: words at any place, beside any noise.

    Four windows a word, anywhere where they touch it, and one a word where nobody speaks; about
    seven a clip in all, some 8,000 at most. The same clips and seed give the same bytes.

    Args:
        clips: of `load_keywords`, those that train.
        seed: of the streams and of the places.

    Returns:
        The windows; a group is a stream. None if a class has no clip: a stream needs all of them.
    """
    if len(np.unique(clips.y)) < len(CLASS_NAMES):
        return clips.subset(np.zeros(len(clips), bool))
    seconds = min(MOST_SECONDS, SECONDS_A_CLIP * len(clips))
    pieces = max(2, round(seconds / PIECE_SECONDS))
    rng = np.random.default_rng(seed)
    found, labels, groups = [], [], []
    for number in range(pieces):
        loudness = None if number % 2 == 0 else SNR_DB
        stream = make_stream(clips, seconds / pieces, int(rng.integers(2**31)), snr_db=loudness)
        for start, label in place_windows(stream, rng):
            found.append(stream.samples[start : start + CLIP_SAMPLES])
            labels.append(label)
            groups.append(f"stream {number}")
    return to_dataset(np.stack(found), labels, groups, f"streams of: {clips.source}", "streams")


def place_windows(stream: Recording, rng: np.random.Generator) -> list[tuple[int, int]]:
    """First sample and class of each window; those of no clear class are left out."""
    starts = np.array([word.start_s for word in stream.words]) * SAMPLE_RATE_HZ
    ends = np.array([word.end_s for word in stream.words]) * SAMPLE_RATE_HZ
    last = len(stream.samples) - CLIP_SAMPLES
    places = [rng.uniform(starts - CLIP_SAMPLES, ends) for _ in range(WINDOWS_A_WORD)]
    places.append(rng.uniform(0, last, len(starts)))
    chosen = []
    for number, drawn in enumerate(places):
        for start in np.clip(drawn, 0, last).astype(int).tolist():
            label = label_window(stream, start)
            if label is not None and (label == SILENCE or number < WINDOWS_A_WORD):
                chosen.append((start, label))
    return chosen


def label_window(stream: Recording, start: int) -> int | None:
    """The class of the second that begins at sample `start`; None if there is no clear one.

    >>> from tinyml_course.datasets.keywords_recording import SpokenWord
    >>> stream = Recording(np.zeros(64_000, np.int16), (SpokenWord(1, 1.5, 2.0),))
    >>> [label_window(stream, start) for start in (0, 11_000, 16_000, 29_000, 40_000)]
    [3, 2, 1, 2, 3]
    """
    begin, end = start / SAMPLE_RATE_HZ, (start + CLIP_SAMPLES) / SAMPLE_RATE_HZ
    label = SILENCE
    for word in stream.words:
        inside = (min(end, word.end_s) - max(begin, word.start_s)) / (word.end_s - word.start_s)
        if inside <= 0:
            continue
        if word.label == UNKNOWN or inside < HALF:
            label = UNKNOWN if label == SILENCE else label
        elif inside < WHOLE or label not in (SILENCE, UNKNOWN, word.label):
            return None
        else:
            label = word.label
    return label
