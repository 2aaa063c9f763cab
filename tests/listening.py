"""A keyword detector over hours of people's speech: what it hears, what it makes up.

    python -m tests.listening FOLDER                    # the shipped model, on speakers held out
    python -m tests.listening FOLDER --rules 2:160 2:204:12:50  # others, as in the tables below
    python -m tests.listening FOLDER --folds 5          # train five times, judge on the others

FOLDER is in the form of Speech Commands: yes, no, silence and other words (Warden 2018, CC BY 4.0).
The rules of the stream are those of `datasets/keywords_streams.py`. A hit is a report between a
word's start and a second after its end; every other report is a false accept.

What 957 clips of 90 speakers gave, an hour of each kind of stream. First the shipped model, on the
26 speakers and 26 noises that it did not learn from (154 clips, which is few):

                                     background 10 to 40 dB below    as loud as recorded    alone
    3:200:12:48 (shipped)            0.848 heard,  1 false an hour   0.602,  5 an hour      0
    2:204:12:50                      0.863,  1                       0.620,  5              0
    2:176:12:50                      0.890,  6                       0.684, 19              0
    2:160:12:50                      0.899, 16                       0.716, 30              0
    2:184:16:50                      0.872,  5                       0.643, 15              0
    trained on clips alone, 3:172    0.841,  6                       0.503,  8              0

Then five folds over people, each with a model that learnt from the other four (167 to 223 clips;
background alone for half an hour):

    3:200:12:48    fold 0            0.872, 12                       0.645, 11              0
                   fold 1            0.957, 11                       0.851, 19              0
                   fold 2            0.834,  2                       0.732, 12              0
                   fold 3            0.850, 27                       0.723, 46              0
                   fold 4            0.870,  8                       0.600, 12              0
                   mean              0.877, 12                       0.710, 20              0
                   median            0.870, 11                       0.723, 12              0
    2:204:12:50    mean              0.884, 12                       0.716, 23              0
    2:176:12:50    mean              0.917, 20                       0.777, 43              0

The rule is chosen by the mean of these folds: of means of two and three answers, hold-offs of three
to five questions and all thresholds, the most hits with at most 20 false an hour as loud as
recorded (it makes 100 in five hours). It is chosen on what it is judged by, so new people will give
a little less. It answers 0.42 s after a word, where 2:204 took 0.21. Who speaks decides more than
any rule: in fold 3 a single speaker makes 30 of the 46 false reports, 20 of them a "go" that is
taken for "no". On the 26 speakers the rule hears less than 2:176; but that makes twice as many
false reports in the folds.

Single clips: 0.958 balanced; in the folds 0.954 to 0.986, 0.967 on the mean. As loud as recorded,
nearly half of the 26 speakers' words are fainter than their background. At 2:176 one in twelve of
those below -10 dB is heard, two in three from -10 to 0 dB, nine in ten above 5 dB; most false
reports are "go" and "down" (no) and "left" (yes).

What was tried besides. Rules, hits of the folds at 20 false an hour as loud as recorded (a mean of
two answers 0.699, of three 0.708, hold-off 50): a threshold for each keyword 0.702 and 0.707; a
logistic regression over the last two, three or four answers, learnt from the other folds, 0.683 to
0.691. On the 26 speakers: every 160 ms no more than every 240; every 80 ms, a mean of eight, 0.705
instead of 0.695, but a XIAO cannot ask that often. A mean of logarithms and a margin to "unknown"
gave nothing.

Trainings, by the same measure (a mean of two), each from the same network of synthetic speech:

                                                                           fold 0    fold 4
    the shipped training                                                   0.686     0.620
    with another seed                                                      0.650     0.618
    people drawn three times as often, three times as many windows (*)     0.682     0.648
    twice the learning rate, falling to an eighth, batch statistics anew   0.664     0.598
    other words drawn more, the mistaken ones most; windows as above       0.657
    people drawn half as often, throats and tempo varied more              0.664

(*) FineTuning(weight=4), SECONDS_A_CLIP = 21, MOST_SECONDS = 16,000. All five folds, at the best
rule of two or three answers, with the same windows:

                                             as loud as recorded    single clips    latency
    the shipped training                     0.710 at 20            0.967           0.42 s
    weight 4                                 0.727 at 20            0.962           0.21
    weight 2, two seeds                      0.717, 0.720 at 20     0.957, 0.958    0.42, 0.21
    weight 2, the mean of both's weights     0.725 at 20            0.962           0.21
    mean of a weight 2's and the weight 4's  0.725 at 19            0.966           0.21

None is shipped. Trained without the 26 speakers, weight 4 forgets synthetic voices (0.892 right
instead of 0.917; lesson 12 demands 0.90), and its single clips are 0.948. The mean of two at weight
2 keeps them (0.907, clips 0.967), but what it hears of the 26 depends on chance in training more
than on the recipe: 0.852 with 3 false an hour and 0.636 with 8 at 2:210; trained again from the
start, with oneDNN off instead of on, 0.812 with 9 and 0.638 with 17 at 2:211. With as many false
reports the first is as good there as the shipped network (0.686 with 18 at 2:190; 0.684 with 19 at
2:176), the second is worse. The others gave nothing beyond what a seed does; nor did the mean
answer of two networks (fold 0, 0.671).

In fold 0 the network hears 0.833 of the words of people whom it learnt from, in their noises and in
new ones, 0.686 of other people's in new noises and 0.701 in known ones: it lacks people, not
noises.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tinyml_course.bundle import Bundle
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.keywords_folder import load_keywords
from tinyml_course.datasets.keywords_recording import Recording
from tinyml_course.datasets.keywords_streams import make_stream
from tinyml_course.errors import TinyMLCourseError
from tinyml_course.features.mel import LogMelSpec
from tinyml_course.features.streaming import StreamSpec, detect_keywords, score_detections
from tinyml_course.interpreters.litert import run_litert, run_litert_raw
from tinyml_course.labs.keywords import KEYWORDS, make_log_mel
from tinyml_course.network.model import TfliteModel

PIECE_S = 600


@dataclass(frozen=True)
class Case:
    """A kind of stream: its name, and how `make_stream` makes it."""

    name: str
    words_an_hour: float
    snr_db: tuple[float, float] | None
    seed: int


CASES = (
    Case("words, background 10 to 40 dB below", 1110, (10.0, 40.0), 0),
    Case("words, as loud as recorded", 1110, None, 100),
    Case("background alone, levels as above", 0, (10.0, 40.0), 200),
)


class Listener:
    """A model whose answers to a stream are kept, so that many rules can be judged on them."""

    def __init__(self, model: TfliteModel, front_end: LogMelSpec) -> None:
        self.model, self.front_end = model, front_end
        self._answers: dict[tuple[int, int], np.ndarray] = {}

    def hear(self, recording: Recording, spec: StreamSpec) -> Callable[[np.ndarray], np.ndarray]:
        """What `detect_keywords` calls for this recording: asked once, then remembered."""

        def invoke(pictures: np.ndarray) -> np.ndarray:
            key = (id(recording), spec.stride)
            if key not in self._answers:
                self._answers[key] = run_litert_raw(
                    self.model, np.ascontiguousarray(pictures[..., None])
                )
            return self._answers[key]

        return invoke


def judge(
    listener: Listener, streams: list[Recording], rules: StreamSpec
) -> tuple[int, int, float, float]:
    """Hits, keywords said, false accepts an hour and median latency in seconds."""
    hits = said = false_accepts = 0
    latencies: list[float] = []
    for stream in streams:
        found = detect_keywords(
            stream.samples, rules, listener.front_end, 16_000, listener.hear(stream, rules)
        )
        score = score_detections(found.detections, stream.words, rules.keywords, stream.seconds)
        hits, said = hits + score.hits, said + score.hits + score.misses
        false_accepts += score.false_accepts
        latencies += score.latencies_s
    hours = sum(stream.seconds for stream in streams) / 3600
    return hits, said, false_accepts / hours, float(np.median(latencies)) if latencies else np.nan


def list_folds(
    clips: Dataset, folds: int, log: Callable[[str], None]
) -> Iterator[tuple[TfliteModel, LogMelSpec, Dataset]]:
    """A model trained on all speakers but a fold's, and that fold's clips."""
    from tinyml_course.datasets.splits import split_by_group
    from tinyml_course.pipeline.stages import convert_to_int8, learn_from_recordings, train_choice

    synthetic = KEYWORDS.make_dataset(KEYWORDS.seed)
    split = split_by_group(synthetic, KEYWORDS.split, KEYWORDS.seed)
    choice = KEYWORDS.models[KEYWORDS.default_model]
    base = train_choice(KEYWORDS.default_model, choice, split, KEYWORDS.seed, log)
    weights = base.model.get_weights()
    groups = np.unique(clips.groups)
    fold_of = dict(
        zip(groups, np.random.default_rng(0).permutation(len(groups)) % folds, strict=True)
    )
    numbers = np.array([fold_of[group] for group in clips.groups])
    tuning = replace(KEYWORDS.fine_tuning, split=(0.94, 0.03, 0.03))
    for fold in range(folds):
        base.model.set_weights(weights)
        tuned, _ = learn_from_recordings(base, clips.subset(numbers != fold), 0, log, tuning)
        model = convert_to_int8(tuned.model, tuned.inputs["train"])
        yield model, base.preprocessing.steps[0].spec, clips.subset(numbers == fold)


def main(arguments: list[str]) -> int:
    """Print a table for each model."""
    parser = argparse.ArgumentParser(prog="python -m tests.listening")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bundle", default="keywords_people", help="a shipped one")
    parser.add_argument(
        "--rules",
        nargs="*",
        default=[],
        metavar="RULES",
        help="smoothing:threshold[:stride[:hold-off]], the last two in hops of 20 ms",
    )
    parser.add_argument("--hours", type=float, default=1.0, help="of each kind of stream")
    parser.add_argument("--folds", type=int, default=0)
    options = parser.parse_args(arguments)
    clips = load_keywords(options.folder)
    stream = Bundle.load_shipped(options.bundle).stream or KEYWORDS.stream
    rules = [stream]
    for text in options.rules:
        names = ("smoothing", "threshold", "stride", "hold_off")
        numbers = [int(part) for part in text.split(":")]
        rules.append(replace(stream, **dict(zip(names, numbers, strict=False))))
    if options.folds:
        models = list_folds(clips, options.folds, print)
    else:
        bundle = Bundle.load_shipped(options.bundle)
        after = bundle.report.your_data and bundle.report.your_data.after
        held = set(after.held_out) if after else set(clips.groups)
        judges = clips.subset(np.array([group in held for group in clips.groups]))
        models = iter([(bundle.model, bundle.preprocessing.steps[0].spec, judges)])
    for number, (model, front_end, judges) in enumerate(models):
        right = run_litert(model, make_log_mel().apply(judges.x)).argmax(axis=1) == judges.y
        balanced = np.mean([right[judges.y == k].mean() for k in np.unique(judges.y)])
        print(f"model {number}: {len(judges)} clips not trained on, {balanced:.3f} balanced")
        listener = Listener(model, front_end)
        for case in CASES:
            seeds = range(case.seed, case.seed + max(1, round(options.hours * 3600 / PIECE_S)))
            streams = [
                make_stream(
                    judges, PIECE_S, seed, words_an_hour=case.words_an_hour, snr_db=case.snr_db
                )
                for seed in seeds
            ]
            print(f"  {case.name}")
            for one in rules:
                hits, said, an_hour, latency = judge(listener, streams, one)
                share = f"{hits / said:.3f} of {said} heard, " if said else ""
                print(
                    f"    mean of {one.smoothing} at {one.threshold}, asked every "
                    f"{20 * one.stride} ms, then none for {20 * one.hold_off} ms: {share}"
                    f"{an_hour:.0f} false an hour, {latency:.2f} s after the word",
                    flush=True,
                )
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except TinyMLCourseError as error:
        sys.exit(f"error: {error}")
