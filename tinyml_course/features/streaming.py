"""From a network that judges one second to a detector that listens all day.

A network sees a second of sound and gives each class a score. Run on a stream, it would fire
several times a word and now and then on nothing. Three simple rules stand around it:

    gate        if the loudest row of the second is fainter than `gate_level`, do not ask the
                network at all: nobody speaks, and the answer is "silence". It saves energy too.
    smoothing   average the scores of the last `smoothing` answers: a word lasts, a glitch does not
    hold-off    after a keyword, say none for `hold_off` hops: one word, one answer

A keyword is reported when its average reaches `threshold`. All of it is integers: scores are the
network's int8 outputs plus 128, so 0 to 255 for a softmax. `export/firmware/stream.py` writes the
same rules as C. Lesson 12 teaches it. The smoothing follows Chen, Parada and Heigold,
"Small-footprint keyword spotting using deep neural networks" (2014).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tinyml_course.datasets.keywords_recording import SpokenWord
from tinyml_course.errors import DataError
from tinyml_course.features.mel import LogMelSpec, compute_log_mel
from tinyml_course.plain_json import from_json, to_json

NO_KEYWORD = -1
SCORE_OFFSET = 128  # int8 score to 0..255


@dataclass(frozen=True)
class StreamSpec:
    """The detector's rules, counted in hops of the front end (20 ms).

    Attributes:
        keywords: indices of the classes that are keywords.
        silence: index of the class that stands for "nobody speaks".
        n_classes: outputs of the network.
        stride: hops from one question to the network to the next.
        smoothing: answers that are averaged, at most 8.
        threshold: average score that makes a keyword, 1 to 255.
        hold_off: hops without a further keyword after one.
        gate_level: the network is asked if the mean feature of the loudest row is at least this.

    Raises:
        DataError: a value out of its range.
    """

    keywords: tuple[int, ...]
    silence: int
    n_classes: int
    stride: int = 16
    smoothing: int = 2
    threshold: int = 160
    hold_off: int = 50
    gate_level: int = -60

    def __post_init__(self) -> None:
        object.__setattr__(self, "keywords", tuple(self.keywords))
        ranges = {
            "stride": (1, 1000),
            "smoothing": (1, 8),
            "threshold": (1, 255),
            "hold_off": (0, 10_000),
            "gate_level": (-128, 127),
            "silence": (0, self.n_classes - 1),
        }
        for name, (low, high) in ranges.items():
            if not low <= getattr(self, name) <= high:
                raise DataError(
                    f"StreamSpec.{name} is {getattr(self, name)}; it must be {low} to {high}"
                )
        if not self.keywords or not set(self.keywords) <= set(range(self.n_classes)):
            raise DataError(f"StreamSpec.keywords {self.keywords} are no classes of the network")

    def to_json(self) -> dict[str, Any]:
        """What stands in a Bundle's `stream.json`: plain JSON values."""
        return dict(to_json(self))

    @classmethod
    def from_json(cls, values: Any) -> StreamSpec:
        """The rules whose `to_json` gave `values`.

        Raises:
            DataError: a key is missing or unknown, or a value of another form or out of its range.

        >>> StreamSpec.from_json({"keywords": [0, 1], "silence": 3, "n_classes": 4}).keywords
        (0, 1)
        """
        return from_json(cls, values, "stream.json")


class StreamDetector:
    """The rules at work. Feed it a row picture a hop; it says when to ask the network.

    >>> detector = StreamDetector(StreamSpec(keywords=(0, 1), silence=3, n_classes=4, stride=1,
    ...                                      smoothing=1))
    >>> loud = np.zeros((49, 20), np.int8)
    >>> detector.is_due(loud), detector.decide(np.array([100, -90, -128, -128], np.int8))
    (True, 0)
    """

    def __init__(self, spec: StreamSpec) -> None:
        self.spec = spec
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self.hops = 0
        self.quiet_until = 0
        self.scores = np.zeros((self.spec.smoothing, self.spec.n_classes), np.int64)
        self.scores[:, self.spec.silence] = 255
        self.place = 0

    def is_due(self, rows: np.ndarray) -> bool:
        """Call once a hop with the last second's rows, int8; True: ask the network, then `decide`.

        When it would be time to ask but the gate is shut, "silence" is taken as the answer.
        """
        self.hops += 1
        if self.hops % self.spec.stride:
            return False
        if measure_level(rows) >= self.spec.gate_level:
            return True
        silent = np.full(self.spec.n_classes, -128, np.int8)
        silent[self.spec.silence] = 127
        self._remember(silent)
        return False

    def decide(self, scores: np.ndarray) -> int:
        """The keyword's class for the network's int8 `scores`, or `NO_KEYWORD`."""
        self._remember(scores)
        if self.hops < self.quiet_until:
            return NO_KEYWORD
        sums = self.scores.sum(axis=0)
        best = max(self.spec.keywords, key=lambda k: sums[k])
        if sums[best] < self.spec.threshold * self.spec.smoothing:
            return NO_KEYWORD
        self.quiet_until = self.hops + self.spec.hold_off
        return best

    def _remember(self, scores: np.ndarray) -> None:
        self.scores[self.place] = np.asarray(scores, np.int64) + SCORE_OFFSET
        self.place = (self.place + 1) % self.spec.smoothing


def measure_level(rows: np.ndarray) -> int:
    """The mean feature of the loudest row, rounded down."""
    return int(rows.astype(np.int64).sum(axis=1).max()) // rows.shape[1]


@dataclass(frozen=True)
class Detection:
    """A keyword that was reported. `time_s` is when, from the start of the recording."""

    time_s: float
    keyword: int


@dataclass(frozen=True)
class StreamResult:
    """What a detector did with a long recording.

    Attributes:
        detections: in order of time.
        inferences: how often the network was asked.
        hops: how often it could have been, with a stride of one.
        answered_s: `(n,)` when there was an answer, of the network or of the shut gate.
        averages: `(n, classes)` what the threshold was held against then, 0 to 255.
    """

    detections: tuple[Detection, ...]
    inferences: int
    hops: int
    answered_s: np.ndarray = field(compare=False, repr=False, default_factory=lambda: np.zeros(0))
    averages: np.ndarray = field(compare=False, repr=False, default_factory=lambda: np.zeros(0))


def detect_keywords(
    samples: np.ndarray,
    spec: StreamSpec,
    front_end: LogMelSpec,
    clip_samples: int,
    invoke: Callable[[np.ndarray], np.ndarray],
) -> StreamResult:
    """Run the detector over a recording, as the sketch does, hop by hop.

    Args:
        samples: int16.
        invoke: int8 pictures `(n, frames, n_mels)` to int8 scores `(n, classes)`; all pictures for
            which the gate is open are asked at once, which changes nothing but the time it takes.
    """
    silence_before = np.zeros(front_end.window - front_end.hop, np.int16)
    rows = compute_log_mel(np.concatenate([silence_before, samples]), front_end)
    frames = front_end.frames(clip_samples)
    rows = np.concatenate([np.full((frames - 1, front_end.n_mels), -128, np.int8), rows])
    pictures = np.lib.stride_tricks.sliding_window_view(rows, frames, axis=0).transpose(0, 2, 1)

    probe = StreamDetector(spec)
    due = np.array([hop for hop, picture in enumerate(pictures) if probe.is_due(picture)], int)
    answers = dict(zip(due.tolist(), invoke(pictures[due]), strict=True)) if len(due) else {}

    detector, detections = StreamDetector(spec), []
    hop_s = front_end.hop / front_end.sample_rate_hz
    answered_s, averages = [], []
    for hop, picture in enumerate(pictures):
        if detector.is_due(picture):
            keyword = detector.decide(answers[hop])
            if keyword != NO_KEYWORD:
                detections.append(Detection((hop + 1) * hop_s, keyword))
        if detector.hops % spec.stride == 0:
            answered_s.append((hop + 1) * hop_s)
            averages.append(detector.scores.mean(axis=0))
    return StreamResult(
        tuple(detections), len(due), len(pictures), np.array(answered_s), np.array(averages)
    )


@dataclass(frozen=True)
class StreamScore:
    """A detector's report card.

    Attributes:
        hits, misses: keywords of the truth that were reported, and that were not.
        false_accepts: reports where no such keyword was, and repeats.
        false_accepts_per_hour: of the recording.
        latencies_s: of each hit, from the end of the word to the report; below zero if the report
            came while the word was still being said.
        repeats: those of `false_accepts` that report a keyword which was said, once more.
    """

    hits: int
    misses: int
    false_accepts: int
    false_accepts_per_hour: float
    latencies_s: tuple[float, ...]
    repeats: int = 0


def score_detections(
    detections: Sequence[Detection],
    truth: Sequence[SpokenWord],
    keywords: Sequence[int],
    duration_s: float,
    patience_s: float = 1.0,
) -> StreamScore:
    """Match reports with the words that were said.

    A report (`Detection`) is a hit if its keyword was said and the report falls between the word's
    start and `patience_s` after its end. A second report of the same word is a false accept:
    what is switched twice is off again. `repeats` counts those.

    >>> from tinyml_course.datasets.keywords_recording import SpokenWord
    >>> truth = [SpokenWord(0, 1.0, 1.5), SpokenWord(1, 4.0, 4.4)]
    >>> score = score_detections([Detection(1.75, 0), Detection(9.0, 1)], truth, (0, 1), 3600.0)
    >>> score.hits, score.misses, score.false_accepts, score.latencies_s
    (1, 1, 1, (0.25,))
    """
    said = [word for word in truth if word.label in keywords]
    used: set[int] = set()
    latencies, repeats = [], 0
    for detection in detections:
        matching = [
            index
            for index, word in enumerate(said)
            if word.label == detection.keyword
            and word.start_s <= detection.time_s <= word.end_s + patience_s
        ]
        new = next((index for index in matching if index not in used), None)
        if new is not None:
            used.add(new)
            latencies.append(round(detection.time_s - said[new].end_s, 4))
        elif matching:
            repeats += 1
    false_accepts = len(detections) - len(used)
    return StreamScore(
        hits=len(used),
        misses=len(said) - len(used),
        false_accepts=false_accepts,
        false_accepts_per_hour=false_accepts * 3600 / duration_s,
        latencies_s=tuple(latencies),
        repeats=repeats,
    )
