"""Decision trees on integer features: the value that is read, run, saved and written as C.

A tree is a list of nodes, numbered so that a node's left child is the next node. A question is
always `feature <= threshold`, yes goes left. Every child stands behind its parent, so no tree can
run in circles. Lesson 15.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.plain_json import from_json, to_json

LEAF = -1  # in the place of a feature
MOST_FEATURES = 255  # a feature's number is one byte in C, and 255 marks a leaf
MOST_TREES = 257  # so that two bytes hold all votes for a class
MOST_NODES = 65_535  # a node's number is two bytes in C, over all trees
GREATEST_VOTE = 255
INTEGER_TYPES = ("int8", "int16")


@dataclass(frozen=True)
class Tree:
    """One tree.

    Attributes:
        feature: `(nodes,)` which feature a node asks for; `LEAF` for a leaf.
        threshold: `(nodes,)` yes if the feature is at most this; 0 for a leaf.
        right: `(nodes,)` where no leads; for a leaf its own number, counted from left to right.
        votes: `(leaves, classes)` 0 to 255.
        origin: `(leaves,)` the leaf's node in scikit-learn, what `apply` there answers.
    """

    feature: tuple[int, ...]
    threshold: tuple[int, ...]
    right: tuple[int, ...]
    votes: tuple[tuple[int, ...], ...]
    origin: tuple[int, ...]

    @property
    def depth(self) -> int:
        """How many questions the longest way asks."""
        depths = [0] * len(self.feature)
        for node, feature in enumerate(self.feature):
            if feature != LEAF:
                depths[node + 1] = depths[self.right[node]] = depths[node] + 1
        return max(depths)


@dataclass(frozen=True)
class Forest:
    """Trees that vote; often one tree alone.

    Attributes:
        dtype: of the features, "int8" or "int16".
        features, classes: how many.
        kind: what it was read from, for instance "RandomForestClassifier".

    Raises:
        DataError: a node, a threshold or a vote that cannot be.

    >>> tree = Tree((0, -1, -1), (-3, 0, 0), (2, 0, 1), ((1, 0), (0, 1)), (1, 2))
    >>> forest = Forest("int8", 1, 2, (tree,), "by hand")
    >>> forest.predict(np.array([[-4], [-3], [-2]], np.int8)).tolist()
    [0, 0, 1]
    """

    dtype: str
    features: int
    classes: int
    trees: tuple[Tree, ...]
    kind: str

    def __post_init__(self) -> None:
        if self.dtype not in INTEGER_TYPES:
            raise DataError(
                f"a forest on {self.dtype} features cannot be: the types are int8 and int16. "
                "scikit-learn computes in float32, which does not hold every larger integer"
            )
        if not 1 <= self.features <= MOST_FEATURES or not 1 <= self.classes <= MOST_FEATURES:
            raise DataError(
                f"a forest of {self.features} features and {self.classes} classes: 1 to "
                f"{MOST_FEATURES} of each are possible"
            )
        if not 1 <= len(self.trees) <= MOST_TREES:
            raise DataError(f"{len(self.trees)} trees: 1 to {MOST_TREES} are possible")
        nodes = self.nodes
        if not 1 <= nodes <= MOST_NODES:
            raise DataError(
                f"a forest of {nodes:,} nodes: 1 to {MOST_NODES:,} are possible. Take fewer trees, "
                "or limit max_depth or max_leaf_nodes"
            )
        for number, tree in enumerate(self.trees):
            _check_tree(tree, self, f"tree {number}")

    @property
    def nodes(self) -> int:
        """Questions and leaves of all trees."""
        return sum(len(tree.feature) for tree in self.trees)

    @property
    def leaves(self) -> int:
        """Leaves of all trees."""
        return sum(len(tree.votes) for tree in self.trees)

    def check_features(self, x: np.ndarray) -> np.ndarray:
        """`x` as `(n, features)` of the forest's type.

        Raises:
            DataError: another type or another number of features.
        """
        x = np.asarray(x)
        if x.ndim != 2 or x.shape[1] != self.features or x.dtype != self.dtype:
            raise DataError(
                f"the forest takes (n, {self.features}) {self.dtype}, this is {x.shape} {x.dtype}: "
                "quantize the features first (IntegerScale.apply)"
            )
        return np.ascontiguousarray(x)

    def find_leaves(self, x: np.ndarray) -> np.ndarray:
        """Each tree's leaf, `(n, trees)` int64, for `x` `(n, features)`; counted from the left."""
        x = self.check_features(x)
        rows = np.arange(len(x))
        found = np.empty((len(x), len(self.trees)), np.int64)
        for number, tree in enumerate(self.trees):
            feature, threshold, right = (
                np.asarray(part) for part in (tree.feature, tree.threshold, tree.right)
            )
            node = np.zeros(len(x), np.int64)
            for _ in range(tree.depth):
                inner = feature[node] != LEAF
                yes = x[rows, np.where(inner, feature[node], 0)] <= threshold[node]
                node = np.where(inner, np.where(yes, node + 1, right[node]), node)
            found[:, number] = right[node]
        return found

    def find_origins(self, x: np.ndarray) -> np.ndarray:
        """As `find_leaves`, in scikit-learn's numbers: what `apply` there answers."""
        leaves = self.find_leaves(x)
        origins = [np.asarray(tree.origin)[leaves[:, k]] for k, tree in enumerate(self.trees)]
        return np.stack(origins, axis=1)

    def count_votes(self, x: np.ndarray) -> np.ndarray:
        """The votes of all trees together, `(n, classes)` int64."""
        leaves = self.find_leaves(x)
        votes = np.zeros((len(leaves), self.classes), np.int64)
        for number, tree in enumerate(self.trees):
            votes += np.asarray(tree.votes)[leaves[:, number]]
        return votes

    def predict(self, x: np.ndarray) -> np.ndarray:
        """The class with most votes, the first of equals, `(n,)` int64."""
        return self.count_votes(x).argmax(axis=1)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return dict(to_json(self))

    @classmethod
    def from_json(cls, values: Any, where: str = "forest.json") -> Forest:
        """The forest whose `to_json` gave `values`.

        Raises:
            DataError: a key is missing or unknown, or holds what no forest has.
        """
        return from_json(cls, values, where)


def _check_tree(tree: Tree, forest: Forest, where: str) -> None:
    nodes, leaves = len(tree.feature), len(tree.votes)
    if not nodes or len(tree.threshold) != nodes or len(tree.right) != nodes:
        raise DataError(f"{where}: its lists of nodes differ in length")
    if len(tree.origin) != leaves:
        raise DataError(f"{where}: {leaves} leaves with votes, {len(tree.origin)} with an origin")
    limits = np.iinfo(forest.dtype)
    next_leaf = 0
    # The right children that are still to come, the next one last: behind a leaf stands that one.
    to_come: list[int] = []
    for node, (feature, threshold, right) in enumerate(
        zip(tree.feature, tree.threshold, tree.right, strict=True)
    ):
        if feature == LEAF:
            if right != next_leaf:
                raise DataError(f"{where}, node {node}: leaf {right} where {next_leaf} is due")
            next_leaf += 1
            due = to_come.pop() if to_come else nodes
            if node + 1 != due:
                raise DataError(f"{where}, node {node + 1}: node {due} is due there")
            continue
        if not 0 <= feature < forest.features:
            raise DataError(f"{where}, node {node}: there is no feature {feature}")
        if not limits.min <= threshold <= limits.max:
            raise DataError(f"{where}, node {node}: {threshold} is no {forest.dtype}")
        if not node + 1 < right < nodes:
            raise DataError(f"{where}, node {node}: its right child {right} is not behind it")
        to_come.append(right)
    if next_leaf != leaves or to_come:
        raise DataError(f"{where}: its nodes are no tree of {leaves} leaves")
    for leaf, votes in enumerate(tree.votes):
        if len(votes) != forest.classes or not all(0 <= v <= GREATEST_VOTE for v in votes):
            raise DataError(
                f"{where}, leaf {leaf}: votes {votes} are not {forest.classes} numbers of 0 to "
                f"{GREATEST_VOTE}"
            )
