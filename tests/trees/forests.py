"""Integer features that are unkind to a threshold, and classifiers trained on them."""

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier, ExtraTreeClassifier

ESTIMATORS = {
    "tree": lambda seed: DecisionTreeClassifier(random_state=seed),
    "shallow": lambda seed: DecisionTreeClassifier(max_depth=4, random_state=seed),
    "extra_tree": lambda seed: ExtraTreeClassifier(random_state=seed),
    "forest": lambda seed: RandomForestClassifier(5, max_depth=5, random_state=seed),
    "extra_trees": lambda seed: ExtraTreesClassifier(5, random_state=seed),
}


def make_features(dtype: str, seed: int, n: int = 300) -> tuple[np.ndarray, np.ndarray]:
    """Even numbers (thresholds are integers), neighbours (halves), the type's ends, a constant."""
    rng = np.random.default_rng(seed)
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    columns = [
        rng.integers(low, high + 1, n),
        rng.integers(-3, 3, n),
        2 * rng.integers(low // 2, high // 2, n),
        rng.choice([low, low + 1, -1, 0, high - 1, high], n),
        np.full(n, rng.integers(low, high)),
    ]
    x = np.stack(columns, axis=1).astype(dtype)
    score = x[:, 0] / high + (x[:, 1] < -1) + (x[:, 3] == low) + rng.normal(0, 0.2, n)
    return x, np.digitize(score, [0.0, 0.7]).astype(np.int64)


def beside_thresholds(forest, x: np.ndarray, seed: int = 0) -> np.ndarray:
    """`x`, and rows whose values stand at a threshold, one below and one above."""
    rng = np.random.default_rng(seed)
    limits = np.iinfo(x.dtype)
    rows = x[rng.integers(0, len(x), 400)].copy()
    asked = [
        (feature, threshold)
        for tree in forest.trees
        for feature, threshold in zip(tree.feature, tree.threshold, strict=True)
    ]
    for row in rows:
        for number in rng.integers(0, len(asked), 3):
            feature, threshold = asked[number]
            if feature >= 0:
                row[feature] = np.clip(threshold + rng.integers(-1, 2), limits.min, limits.max)
    return np.concatenate([x, rows])
