"""What the lab's network is worth on real gestures of a wand: lesson 17's figures.

    python -m tinyml_course.labs.gestures_real FOLDER

FOLDER holds one CSV a gesture ("Magic Wand Data", nanguoyu, MIT licence; or recordings of your own
in that form: `datasets/gesture_recordings.py`). Five folds over the samples, every class in each;
the network is trained anew for each fold and seed, and judged as int8. Nobody says who held the
wand, so nothing here tells how it does in other hands.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.gesture_recordings import find_own_classes, load_gestures
from tinyml_course.datasets.wand_physics import SPELLS, make_spell_dataset
from tinyml_course.errors import TinyMLCourseError
from tinyml_course.features import KeepChannels, Preprocessing, Standardize
from tinyml_course.features.motion_augment import vary_gestures
from tinyml_course.labs.gestures import (
    ACCELEROMETER,
    GYROSCOPE,
    MILD,
    build_flatten,
    build_pooling,
)
from tinyml_course.table import Table

FOLDS = 5
SEEDS = 3
NONE = {"most_shift": 0.0, "most_size": 0.0, "noise": 0.0}
COPIES = 20  # of each training sample, each varied
COPIES_OF_SPELLS = 4  # of which there are more
EPOCHS, BATCH_SIZE, LEARNING_RATE = 12, 32, 3e-3
BAND = 12  # readings by which DTW may bend time, either way
EVERY = 3  # reading that DTW looks at

# train x and y, test x, seed: to the classes of the test samples
Judge = Callable[[np.ndarray, np.ndarray, np.ndarray, int], np.ndarray]


def make_folds(y: np.ndarray, seed: int, folds: int = FOLDS) -> np.ndarray:
    """The fold of each sample, `(n,)`: within each class dealt out evenly.

    >>> make_folds(np.array([0] * 10 + [1] * 5), seed=0).tolist().count(3)
    3
    """
    rng = np.random.default_rng(seed)
    fold = np.zeros(len(y), np.int64)
    for label in np.unique(y):
        places = rng.permutation(np.flatnonzero(y == label))
        fold[places] = np.arange(len(places)) % folds
    return fold


def network(
    build: Callable[..., Any],
    channels: Sequence[int] = range(6),
    *,
    varied: bool = True,
    copies: int = COPIES,
) -> Judge:
    """The lab's network, trained on the fold's other samples and judged as int8."""

    def judge(x: np.ndarray, y: np.ndarray, x_test: np.ndarray, seed: int) -> np.ndarray:
        from tinyml_course.compress.quantize import convert_int8, representative_dataset
        from tinyml_course.interpreters.litert import run_litert
        from tinyml_course.training import fit_model

        variations = MILD if varied else NONE

        steps = Preprocessing((KeepChannels(tuple(channels)), Standardize())).fit(x)
        inputs = steps.apply(x)
        model = build(inputs.shape[1:], int(y.max()) + 1)
        rng = np.random.default_rng(seed)
        varied_inputs = [vary_gestures(inputs, rng, **variations) for _ in range(copies)]
        fit_model(
            model,
            np.concatenate(varied_inputs),
            np.tile(y, copies),
            *(inputs, y),  # looked at, not used: the training ends when it ends
            epochs=EPOCHS,
            batch_size=BATCH_SIZE,
            learning_rate=LEARNING_RATE,
            seed=seed,
            log_every=0,
            rate_falls=True,
            keep_best=False,
        )
        content = convert_int8(model, representative_dataset(inputs))
        found: np.ndarray = run_litert(content, steps.apply(x_test)).argmax(axis=1)
        return found

    return judge


def _flat(x: np.ndarray, like: np.ndarray) -> np.ndarray:
    scaled = Standardize().fit(like).apply(x)
    return scaled.reshape(len(scaled), -1)


def svm(x: np.ndarray, y: np.ndarray, x_test: np.ndarray, seed: int) -> np.ndarray:
    """A support vector machine with an RBF kernel on all readings."""
    from sklearn.svm import SVC

    model = SVC(C=10.0, gamma="scale").fit(_flat(x, x), y)
    found: np.ndarray = model.predict(_flat(x_test, x))
    return found


def nearest(x: np.ndarray, y: np.ndarray, x_test: np.ndarray, seed: int) -> np.ndarray:
    """The class of the nearest training sample, reading by reading."""
    known, asked = _flat(x, x), _flat(x_test, x)
    distances = ((asked[:, None] - known[None]) ** 2).sum(axis=2)
    found: np.ndarray = y[distances.argmin(axis=1)]
    return found


def nearest_in_bent_time(x: np.ndarray, y: np.ndarray, x_test: np.ndarray, seed: int) -> np.ndarray:
    """The class of the nearest training sample when time may be bent: dynamic time warping."""
    scale = Standardize().fit(x)
    known, asked = (scale.apply(part)[:, ::EVERY] for part in (x, x_test))
    return np.array([y[bent_distances(one, known, BAND // EVERY).argmin()] for one in asked])


def bent_distances(one: np.ndarray, others: np.ndarray, band: int) -> np.ndarray:
    """DTW distances of `(window, channels)` to each of `(n, window, channels)`, `(n,)`.

    Sakoe and Chiba, 1978: the cheapest way through all pairs of readings, at most `band` apart.

    >>> wave = np.sin(np.arange(20.0))[:, None]
    >>> float(bent_distances(wave, np.roll(wave, 1, axis=0)[None], 2)[0]) < 1.0
    True
    """
    n, window = others.shape[:2]
    before = np.full((n, window + 1), np.inf)
    before[:, 0] = 0.0
    for i in range(window):
        now = np.full((n, window + 1), np.inf)
        first, last = max(0, i - band), min(window, i + band + 1)
        costs = ((one[i] - others[:, first:last]) ** 2).sum(axis=2)
        for j in range(first, last):
            cheapest = np.minimum(np.minimum(before[:, j], before[:, j + 1]), now[:, j])
            now[:, j + 1] = costs[:, j - first] + cheapest
        before = now
    return before[:, -1]


METHODS: dict[str, Judge] = {
    "flatten, both sensors": network(build_flatten),
    "flatten, both, no variations": network(build_flatten, varied=False),
    "pooling, both sensors": network(build_pooling),
    "flatten, accelerometer": network(build_flatten, ACCELEROMETER),
    "flatten, gyroscope": network(build_flatten, GYROSCOPE),
    "SVM (control)": svm,
    "1-NN (control)": nearest,
    "1-NN with DTW (control)": nearest_in_bent_time,
}


@dataclass(frozen=True)
class RealFigures:
    """What was measured, each number an accuracy over all samples of a seed's five folds.

    Attributes:
        samples: of each class, by name.
        accuracy: by method, one number a seed.
        recall: by method, the share that was recognised of each class, the mean over seeds.
        parameters: of the lab's network on these samples.
        synthetic: what networks trained on synthetic spells alone reach, one number a seed; empty
            where the classes are others.
    """

    samples: dict[str, int]
    accuracy: dict[str, list[float]]
    recall: dict[str, list[float]]
    parameters: int
    synthetic: list[float]

    def __str__(self) -> str:
        counts = ", ".join(f"{name} {count}" for name, count in self.samples.items())
        rows = [_row(name, values) for name, values in self.accuracy.items()]
        if self.synthetic:
            rows.append(_row("flatten, synthetic spells alone", self.synthetic))
        rows.append(("the most frequent class", f"{self.most_frequent:.3f}", "", ""))
        table = Table(
            ("five folds, int8", "mean", "deviation", "least"), tuple(rows), align="lrrr", rule=True
        )
        recall = Table(
            ("recognised of", *self.samples),
            tuple((name, *(f"{v:.2f}" for v in values)) for name, values in self.recall.items()),
            align="l" + "r" * len(self.samples),
            rule=True,
        )
        return f"{counts}; the network has {self.parameters:,} parameters\n\n{table}\n\n{recall}"

    @property
    def most_frequent(self) -> float:
        """The share of the most frequent class."""
        return max(self.samples.values()) / sum(self.samples.values())


def _row(name: str, values: Sequence[float]) -> tuple[str, str, str, str]:
    return name, f"{np.mean(values):.3f}", f"{np.std(values):.3f}", f"{min(values):.3f}"


def measure_real(
    data: Dataset, seeds: int = SEEDS, methods: Sequence[str] = tuple(METHODS)
) -> RealFigures:
    """All figures of lesson 17 about real gestures: some minutes for 100 samples and three seeds.

    Args:
        data: as `load_gestures` returns them.
        seeds: how often folds and first weights are drawn; a seed draws both.
        methods: of `METHODS`.
    """
    accuracy: dict[str, list[float]] = {name: [] for name in methods}
    recall: dict[str, list[np.ndarray]] = {name: [] for name in methods}
    classes = range(data.n_classes)
    for seed in range(seeds):
        fold = make_folds(data.y, seed, FOLDS)
        for name in methods:
            found = np.zeros(len(data), np.int64)
            for number in range(FOLDS):
                test = fold == number
                found[test] = METHODS[name](data.x[~test], data.y[~test], data.x[test], seed)
            right = found == data.y
            accuracy[name].append(float(right.mean()))
            recall[name].append(np.array([right[data.y == k].mean() for k in classes]))
            print(f"seed {seed}: {name} {right.mean():.3f}", file=sys.stderr, flush=True)
    is_wand = data.class_names == tuple(SPELLS)
    return RealFigures(
        samples={name: int((data.y == k).sum()) for k, name in enumerate(data.class_names)},
        accuracy=accuracy,
        recall={name: np.mean(rows, axis=0).tolist() for name, rows in recall.items()},
        parameters=build_flatten(data.x.shape[1:], data.n_classes).count_params(),
        synthetic=[judge_synthetic(data, seed) for seed in range(seeds)] if is_wand else [],
    )


def judge_synthetic(data: Dataset, seed: int) -> float:
    """The accuracy on all real samples of a network that has seen synthetic spells alone."""
    spells = make_spell_dataset(seed)
    found = network(build_flatten, copies=COPIES_OF_SPELLS)(spells.x, spells.y, data.x, seed)
    return float((found == data.y).mean())


def main(arguments: Sequence[str]) -> int:
    """`python -m tinyml_course.labs.gestures_real FOLDER`; 1 with one line on an error."""
    if len(arguments) != 1:
        print("usage: python -m tinyml_course.labs.gestures_real FOLDER", file=sys.stderr)
        return 2
    try:
        folder = arguments[0]
        names = find_own_classes(folder)
        data = load_gestures(folder, names) if names else load_gestures(folder)
        figures = measure_real(data)
    except TinyMLCourseError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{data.source}\n\n{figures}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
