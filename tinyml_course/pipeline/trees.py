"""A lab's trees beside its network, and all that was trained under other conditions.

The trees learn from the int8 inputs of the chosen network, so that one preprocessing serves both on
a board. Their C is compared with scikit-learn's leaves on every vector of the lab. Lesson 15.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tinyml_course.board.models import get_model
from tinyml_course.board.tree_cores import measure_forest
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.splits import Split
from tinyml_course.errors import ExportError
from tinyml_course.export.trees.verify import verify_forest
from tinyml_course.interpreters.litert import run_litert
from tinyml_course.labs.lab import Lab, TreeChoice
from tinyml_course.network.model import TfliteModel
from tinyml_course.pipeline.stages import Log, Trained
from tinyml_course.report import TreeResult
from tinyml_course.trees.forest import Forest
from tinyml_course.trees.scikit_learn import read_forest

MEASURED_VECTORS = 100


@dataclass(frozen=True)
class TrainedTree:
    """A tree or forest of a lab, and what was measured of it."""

    forest: Forest
    result: TreeResult


def forest_inputs(trained: Trained, model: TfliteModel, data: Dataset) -> np.ndarray:
    """What a network's int8 input is for windows, `(n, inputs)`: the features of the trees."""
    inputs = model.input.quantize(trained.preprocessing.apply(data.x))
    return inputs.reshape(len(data), -1)


def train_trees(
    lab: Lab, trained: Trained, model: bytes, split: Split, board: str, seed: int, log: Log
) -> dict[str, TrainedTree]:
    """Every tree of the lab, trained, read, verified and measured, by name.

    Raises:
        DataError: an estimator that cannot be read.
        ExportError: a leaf of the C differs from scikit-learn's.
        BoardError: no such board, or it does not fit.
    """
    network = TfliteModel.of(model)
    inputs = {part: forest_inputs(trained, network, data) for part, data in split.items()}
    found = {}
    for name, choice in lab.trees.items():
        found[name] = _train_tree(choice, inputs, split, board, seed)
        result = found[name].result
        log(
            f"      {name}: {result.trees} with {result.nodes} nodes, accuracy "
            f"{result.accuracy:.3f}; {result.leaves_differing} of {result.leaves_compared:,} "
            "leaves of its C differ from scikit-learn's"
        )
    return found


def _train_tree(
    choice: TreeChoice, inputs: dict[str, np.ndarray], split: Split, board: str, seed: int
) -> TrainedTree:
    estimator = choice.build(seed).fit(inputs["train"], split.train.y)
    dtype = inputs["train"].dtype.name
    forest = read_forest(estimator, dtype, classes=split.train.n_classes)
    every = np.concatenate(list(inputs.values()))
    verified = verify_forest(forest, every, estimator.apply(every), form=choice.form)
    if not verified.passed:
        raise ExportError(
            f"{verified.leaves_differing} of {verified.leaves_compared:,} leaves of the C differ "
            "from scikit-learn's: this is a fault of the exporter, please report it with the data"
        )
    on_board = get_model(board)
    cost = measure_forest(
        forest, inputs["test"][:MEASURED_VECTORS], form=choice.form, target=on_board.target
    )
    right = forest.predict(inputs["test"]) == split.test.y
    result = TreeResult(
        accuracy=round(float(right.mean()), 4),
        trees=len(forest.trees),
        nodes=forest.nodes,
        leaves=forest.leaves,
        depth=max(tree.depth for tree in forest.trees),
        vectors=verified.vectors,
        leaves_compared=verified.leaves_compared,
        leaves_differing=verified.leaves_differing,
        form=choice.form,
        flash_bytes=cost.flash_bytes,
        instructions=round(cost.instructions, 1),
        latency_us=round(1e6 * cost.estimated_cycles / on_board.board.clock_hz, 2),
    )
    return TrainedTree(forest, result)


def judge_elsewhere(
    lab: Lab,
    trained: Mapping[str, Trained],
    models: Mapping[str, bytes],
    trees: Mapping[str, TrainedTree],
    seed: int,
    log: Log,
) -> dict[str, dict[str, float]]:
    """Accuracy (or what measures answers) elsewhere: by condition, then by what answered.

    Args:
        models: the int8 model of each of `trained`, by its name.
    """
    found: dict[str, dict[str, float]] = {}
    for condition, make in lab.elsewhere.items():
        data = make(seed)
        row = {}
        for name, one in trained.items():
            x = one.inputs_of(data)
            outputs = run_litert(models[name], x)
            row[f"{name}_int8"] = one.answers.score(outputs, one.answers_of(data, x))
        if trees:
            network = TfliteModel.of(models[lab.default_model])
            inputs = forest_inputs(trained[lab.default_model], network, data)
        for name, tree in trees.items():
            row[name] = float((tree.forest.predict(inputs) == data.y).mean())
        found[condition] = {name: round(value, 4) for name, value in row.items()}
        log(f"      {condition}: " + ", ".join(f"{k} {v:.3f}" for k, v in row.items()))
    return found
