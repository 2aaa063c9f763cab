"""Who said it? What leaves a keyword detector, and whether a nearest neighbour finds the speaker.

    python -m tinyml_course.labs.voices FOLDER

FOLDER holds words as `tinyml run keywords --data` takes them, several clips of each speaker: the
public set Speech Commands (Warden 2018, CC BY 4.0) does. The course contains none of it. For each
clip the nearest other clip of the same word is looked up, by what a device would have sent of it.
Chance stands beside it: how often a clip drawn blindly is of the same speaker. Clips of a speaker
come from one microphone in one room, so a part of what is recognised is the room. Lesson 19 quotes
the figures.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinyml_course.bundle import Bundle
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.keywords_folder import load_keywords
from tinyml_course.errors import DataError, TinyMLCourseError
from tinyml_course.table import Table

WORDS = ("yes", "no")
TIE = 1e-9  # of squared distances: rounding


@dataclass(frozen=True)
class Recognised:
    """How often the nearest other clip is of the same speaker.

    Attributes:
        clips, speakers: asked about; each has another clip of the same word.
        share: by what is sent, from the most to the least.
        chance: of a clip that is drawn blindly.
    """

    clips: int
    speakers: int
    share: dict[str, float]
    chance: float

    def __str__(self) -> str:
        rows = [(sent, f"{share:.3f}") for sent, share in self.share.items()]
        rows.append(("chance", f"{self.chance:.3f}"))
        said = f"{self.clips} clips of {self.speakers} speakers\n"
        return said + str(Table(("sent of each word", "the same speaker"), tuple(rows)))


def nearest_is_same(values: np.ndarray, who: np.ndarray) -> np.ndarray:
    """For each row, the share of its nearest other rows that are of the same person.

    One row is nearest, and the share is 0 or 1; of several that are equally near, all count.

    Args:
        values: `(n, k)`; each column counts by its own spread.
        who: `(n,)` names.

    >>> nearest_is_same(np.array([[0.0], [0.1], [9.0]]), np.array(["a", "a", "b"])).tolist()
    [1.0, 1.0, 0.0]
    """
    scaled = (values - values.mean(axis=0)) / (values.std(axis=0) + 1e-9)
    squares = (scaled**2).sum(axis=1)
    distances = squares[:, None] + squares[None] - 2 * scaled @ scaled.T
    np.fill_diagonal(distances, np.inf)
    nearest = distances <= distances.min(axis=1, keepdims=True) + TIE
    same: np.ndarray = (nearest & (who[:, None] == who)).sum(axis=1) / nearest.sum(axis=1)
    return same


def measure_voices(data: Dataset, bundle: Bundle) -> Recognised:
    """The figures for the words yes and no of a keyword data set.

    Raises:
        DataError: no speaker has two clips of one word.
    """
    found: dict[str, list[np.ndarray]] = {}
    chances, speakers = [], set()
    for word in WORDS:
        of_word = np.flatnonzero(data.y == data.class_names.index(word))
        who, x = data.groups[of_word], data.x[of_word]
        names, counts = np.unique(who, return_counts=True)
        often = dict(zip(names.tolist(), counts.tolist(), strict=True))
        asked = np.array([often[name] > 1 for name in who.tolist()], bool)
        chances += [(often[name] - 1) / (len(who) - 1) for name in who[asked].tolist()]
        speakers |= set(who[asked].tolist())
        if len(who):
            for sent, values in _messages(x, bundle).items():
                found.setdefault(sent, []).append(nearest_is_same(values, who)[asked])
    if not chances:
        raise DataError(
            "no speaker has two clips of one word: name the files SPEAKER_1.wav, SPEAKER_2.wav"
        )
    share = {sent: float(np.concatenate(parts).mean()) for sent, parts in found.items()}
    return Recognised(len(chances), len(speakers), share, float(np.mean(chances)))


def _messages(x: np.ndarray, bundle: Bundle) -> dict[str, np.ndarray]:
    """What could be sent of each clip, from the most to the least; `(n, values)` each."""
    pictures = np.asarray(bundle.preprocessing.apply(x), np.float64)
    pictures = pictures.reshape(len(x), pictures.shape[1], -1)
    scores = bundle.predict_scores(x)
    return {
        "the sound": x.reshape(len(x), -1).astype(np.float64),
        "the log-mel picture": pictures.reshape(len(x), -1),
        "its mean over time": pictures.mean(axis=1),
        "the scores": scores.astype(np.float64),
        "the answer": scores.argmax(axis=1)[:, None].astype(np.float64),
    }


def main(arguments: Sequence[str]) -> int:
    """`python -m tinyml_course.labs.voices FOLDER`; exit code 1 with one line on an error."""
    if len(arguments) != 1:
        print("usage: python -m tinyml_course.labs.voices FOLDER", file=sys.stderr)
        return 2
    try:
        data = load_keywords(Path(arguments[0]))
        figures = measure_voices(data, Bundle.load_shipped("keywords_people"))
    except TinyMLCourseError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{data.source}\n{figures}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
