"""A last layer that learns a new month of real gas sensors: lesson 18's figures.

    python -m tinyml_course.labs.personalize_real FOLDER

FOLDER holds the public set (`datasets/gas_drift.py`). A network of one hidden layer learns from
part of the set's first batch, the old month. It is frozen but for its last layer, which takes the
hidden values as int8 features and learns in whole numbers, as the C does: five labels of each gas
of a later batch, drawn at random. Judged are the rest of that batch, and the part of the old month
that nothing was learnt from. The settings are the lab's, with more old examples.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tinyml_course.board.catalog import get_board
from tinyml_course.board.learning_cores import LearningCost, learning_runner, measure_learning
from tinyml_course.datasets.gas_drift import GASES, SOURCE, DriftBatch, load_gas_drift
from tinyml_course.errors import DataError, TinyMLCourseError
from tinyml_course.export.learning.verify import LearningVerification, verify_learning
from tinyml_course.labs.gas_drift import make_dense, make_last_layer, scaled
from tinyml_course.labs.personalize import PERSONALIZE
from tinyml_course.on_device.head import Head
from tinyml_course.on_device.learner import Learner, LearningSpec
from tinyml_course.table import Table

NETWORKS = 5
DRAWS = 3
OLD_SHARE = 0.7  # of the old month is learnt from
OLD_EXAMPLES = 10  # of each gas: six gases are more to keep than three movements
PLACES = ("host", "cortex-m4")
BOARDS = ("nano33ble", "wio_terminal")
WAYS = ("before", "plain", "rehearsed", "labels alone")


@dataclass(frozen=True)
class FrozenNetwork:
    """A network whose hidden layer stays, with its head and what it is rehearsed with."""

    first: np.ndarray
    bias: np.ndarray
    scale: float
    head: Head
    spec: LearningSpec
    held_out: np.ndarray  # rows of the old month

    def features(self, x: np.ndarray) -> np.ndarray:
        """The hidden values of scaled features `(n, 128)`, `(n, 32)` int8, zero point -128."""
        return quantize(hidden(x, self.first, self.bias), self.scale)


def hidden(x: np.ndarray, first: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """`(n, 32)`: a dense layer with ReLU."""
    result: np.ndarray = np.maximum(x @ first + bias, 0)
    return result


def quantize(values: np.ndarray, scale: float) -> np.ndarray:
    """Values from 0 on as int8 with zero point -128.

    >>> quantize(np.array([0.0, 0.5, 9.0]), 0.01).tolist()
    [-128, -78, 127]
    """
    result: np.ndarray = np.clip(np.rint(values / scale) - 128, -128, 127).astype(np.int8)
    return result


def train_frozen(x: np.ndarray, y: np.ndarray, seed: int) -> FrozenNetwork:
    """A network of the old month, `x` `(n, 128)` scaled; `seed` draws its part and its weights."""
    rng = np.random.default_rng([seed, 18])
    order = rng.permutation(len(y))
    known, held_out = np.split(order, [round(OLD_SHARE * len(y))])
    network = make_dense(seed).fit(x[known], y[known])
    if len(network.classes_) != len(GASES):
        raise DataError(
            f"the old month holds {len(network.classes_)} gases, {len(GASES)} are needed: give the "
            "set from its first batch on"
        )
    (first, last), (bias, last_bias) = network.coefs_, network.intercepts_
    values = hidden(x[known], first, bias)
    scale = float(values.max()) / 255
    features = quantize(values, scale)
    choice = PERSONALIZE.learning
    if choice is None:
        raise DataError("the lab says nothing about learning")
    old = tuple(
        tuple(
            tuple(features[row].tolist())
            for row in rng.choice(np.flatnonzero(y[known] == gas), OLD_EXAMPLES, replace=False)
        )
        for gas in range(len(GASES))
    )
    spec = LearningSpec(choice.rate_256, choice.passes, choice.recent, old)
    return FrozenNetwork(
        first, bias, scale, Head.from_real(last.T, last_bias, scale), spec, held_out
    )


def draw_labels(y: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Rows that are labelled: `count` of each gas, at random, by turns."""
    rng = np.random.default_rng([seed, 5])
    by_gas = [rng.permutation(np.flatnonzero(y == gas))[:count] for gas in np.unique(y)]
    return np.array([rows[k] for k in range(count) for rows in by_gas if k < len(rows)])


@dataclass(frozen=True)
class LearningFigures:
    """What was measured.

    Attributes:
        labels: how many were given in each batch.
        new: by batch, by way: accuracy on the rest of the batch, one number a network and draw.
        old: by batch, by way: accuracy on the held-out part of the old month.
        verified: by place: the C's weights against Python's, after every label.
        cost: by board.
    """

    labels: Mapping[int, int]
    new: Mapping[int, Mapping[str, tuple[float, ...]]]
    old: Mapping[int, Mapping[str, tuple[float, ...]]]
    verified: Mapping[str, LearningVerification]
    cost: Mapping[str, LearningCost]

    def table(self) -> Table:
        """One row a batch and a place where it is judged: mean (least)."""
        rows = []
        for number, labels in self.labels.items():
            for where, found in (("its rest", self.new), ("the old month", self.old)):
                cells = [_cell(found[number][way]) for way in WAYS]
                rows.append((f"batch {number}, {labels} labels", where, *cells))
        header = ("taught with", "judged on", "before", "after", "rehearsed", "the labels alone")
        return Table(header, tuple(rows), align="llrrrr", rule=True)

    def __str__(self) -> str:
        lines = [str(self.table()), ""]
        lines += [
            f"C on {place}: {one.weights_differing} of {one.weights_compared:,} weights differ "
            f"from Python's after {one.labels} labels, {one.steps:,} steps"
            for place, one in self.verified.items()
        ]
        for board, cost in self.cost.items():
            us = 1e6 / get_board(board).clock_hz
            lines.append(
                f"{board}: a step {cost.step_cycles * us:.1f} us, a label "
                f"{cost.label_cycles * us / 1000:.1f} ms (estimated); {cost.ram_bytes:,} B of RAM, "
                f"{cost.flash_bytes:,} B of flash"
            )
        return "\n".join(lines)


def _cell(values: tuple[float, ...]) -> str:
    return f"{np.mean(values):.3f} ({min(values):.3f})"


def measure_real_learning(
    batches: Sequence[DriftBatch], networks: int = NETWORKS, draws: int = DRAWS
) -> LearningFigures:
    """All figures of lesson 18 about real sensors: about a minute for three batches.

    Args:
        batches: the first is the old month; the others are later ones.
        networks, draws: how many are trained, and how often labels are drawn for each.

    Raises:
        DataError: fewer than two batches, or a first one that lacks a gas.
    """
    if len(batches) < 2:
        raise DataError("one batch is one month: give the folder with all of them")
    xs = scaled(batches)
    old_y = batches[0].y
    count = PERSONALIZE.learning.labels if PERSONALIZE.learning else 0
    new: dict[int, dict[str, list[float]]] = {b.number: {} for b in batches[1:]}
    old: dict[int, dict[str, list[float]]] = {b.number: {} for b in batches[1:]}
    labels: dict[int, int] = {}
    for seed in range(networks):
        frozen = train_frozen(xs[0], old_y, seed)
        known = frozen.features(xs[0][frozen.held_out])
        for batch, x in zip(batches[1:], xs[1:], strict=True):
            features = frozen.features(x)
            for draw in range(draws):
                given = draw_labels(batch.y, count, draw)
                rest = np.setdiff1d(np.arange(len(batch.y)), given)
                labels[batch.number] = len(given)
                for way, learner in _taught(frozen, features[given], batch.y[given]).items():
                    right = learner.predict(features[rest]) == batch.y[rest]
                    kept = learner.predict(known) == old_y[frozen.held_out]
                    new[batch.number].setdefault(way, []).append(float(right.mean()))
                    old[batch.number].setdefault(way, []).append(float(kept.mean()))
                control = make_last_layer().fit(x[given], batch.y[given])
                score = float(control.score(x[rest], batch.y[rest]))
                new[batch.number].setdefault("labels alone", []).append(score)
                score = float(control.score(xs[0][frozen.held_out], old_y[frozen.held_out]))
                old[batch.number].setdefault("labels alone", []).append(score)
    given = draw_labels(batches[1].y, count, 0)
    frozen = train_frozen(xs[0], old_y, 0)
    taught = (frozen.head, frozen.spec, frozen.features(xs[1][given]), batches[1].y[given])
    return LearningFigures(
        labels=labels,
        new={number: {w: tuple(v) for w, v in ways.items()} for number, ways in new.items()},
        old={number: {w: tuple(v) for w, v in ways.items()} for number, ways in old.items()},
        verified={
            place: verify_learning(*taught, runner=learning_runner(place)) for place in PLACES
        },
        cost={board: measure_learning(*taught) for board in BOARDS},
    )


def _taught(frozen: FrozenNetwork, x: np.ndarray, y: np.ndarray) -> dict[str, Learner]:
    """The head before, and taught without and with old examples."""
    learners = {
        "before": Learner(frozen.head, frozen.spec),
        "plain": Learner(frozen.head, replace(frozen.spec, old=())),
        "rehearsed": Learner(frozen.head, frozen.spec),
    }
    for way in ("plain", "rehearsed"):
        for features, label in zip(x, y.tolist(), strict=True):
            learners[way].learn(features, label)
    return learners


def main(arguments: Sequence[str]) -> int:
    """`python -m tinyml_course.labs.personalize_real FOLDER`; one line on an error, and code 1."""
    if len(arguments) != 1:
        print("usage: python -m tinyml_course.labs.personalize_real FOLDER", file=sys.stderr)
        return 2
    try:
        figures = measure_real_learning(load_gas_drift(arguments[0]))
    except TinyMLCourseError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{SOURCE}\n\n{figures}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
