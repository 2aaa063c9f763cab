"""Trees read from scikit-learn take its way for every integer, and what cannot be is refused."""

import json

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from tests.trees.forests import ESTIMATORS, beside_thresholds, make_features
from tinyml_course.errors import DataError
from tinyml_course.trees.forest import Forest
from tinyml_course.trees.integer_scale import IntegerScale
from tinyml_course.trees.scikit_learn import read_forest


def applied(estimator, x):
    leaves = estimator.apply(x)
    return leaves[:, None] if leaves.ndim == 1 else leaves


@pytest.mark.parametrize("dtype", ["int8", "int16"])
@pytest.mark.parametrize("kind", ESTIMATORS)
@pytest.mark.parametrize("seed", range(4))
def test_every_vector_finds_the_leaf_of_scikit_learn(kind, dtype, seed):
    x, y = make_features(dtype, seed)
    estimator = ESTIMATORS[kind](seed).fit(x, y)
    forest = read_forest(estimator, dtype)
    x = beside_thresholds(forest, x, seed)
    assert np.array_equal(forest.find_origins(x), applied(estimator, x))
    if len(forest.trees) == 1:
        assert np.array_equal(forest.predict(x), estimator.predict(x))
    else:  # shares of a leaf are rounded to 255ths: only near ties may differ
        shares = np.sort(estimator.predict_proba(x), axis=1)
        clear = shares[:, -1] - shares[:, -2] > 1 / 255
        assert np.array_equal(forest.predict(x)[clear], estimator.predict(x)[clear])


def test_a_forest_of_pure_leaves_answers_as_scikit_learn_does():
    x, y = make_features("int8", 1)
    estimator = RandomForestClassifier(7, random_state=0).fit(x, y)
    assert np.array_equal(read_forest(estimator, "int8").predict(x), estimator.predict(x))


@pytest.mark.parametrize("threshold", [np.inf, -np.inf, 127.0, 126.5, 127.5, -128.0, -128.5, 1e9])
def test_a_threshold_at_or_beyond_the_ends_of_the_type(threshold):
    x, y = make_features("int8", 2)
    estimator = DecisionTreeClassifier(max_depth=3, random_state=0).fit(x, y)
    estimator.tree_.threshold[0] = threshold
    every = np.stack([np.arange(-128, 128)] * 5, axis=1).astype(np.int8)
    assert np.array_equal(
        read_forest(estimator, "int8").find_origins(every)[:, 0], estimator.apply(every)
    )


def test_the_greatest_integers_of_int16_survive_the_cast_to_float32():
    x = np.array([[32766], [32767]], np.int16)
    estimator = DecisionTreeClassifier().fit(x, [0, 1])
    forest = read_forest(estimator, "int16")
    assert forest.trees[0].threshold[0] == 32766
    assert forest.predict(x).tolist() == [0, 1]


def test_a_class_that_the_training_part_lacks_keeps_its_place():
    estimator = RandomForestClassifier(3, bootstrap=False).fit([[-5], [5], [6]], [0, 2, 2])
    forest = read_forest(estimator, "int8", classes=4)
    assert forest.classes == 4
    assert forest.predict(np.array([[-5], [6]], np.int8)).tolist() == [0, 2]


FITTED = DecisionTreeClassifier().fit([[0], [1]], [0, 1])


@pytest.mark.parametrize(
    ("estimator", "dtype", "message"),
    [
        (LogisticRegression(), "int8", "LogisticRegression cannot be read"),
        (DecisionTreeRegressor().fit([[0], [1]], [0, 1]), "int8", "Regressor cannot be read"),
        (DecisionTreeClassifier(), "int8", "was not fitted"),
        (RandomForestClassifier(), "int8", "was not fitted"),
        (FITTED, "int32", "2\\^24"),
        (FITTED, "float32", "quantize them"),
        (DecisionTreeClassifier().fit([[0], [1]], ["tea", "beer"]), "int8", "class indices"),
        (DecisionTreeClassifier().fit([[0], [1]], [-1, 1]), "int8", "class indices"),
        (DecisionTreeClassifier().fit([[0], [1]], [[0, 1], [1, 0]]), "int8", "several questions"),
        (DecisionTreeClassifier().fit(np.zeros((2, 300)), [0, 1]), "int8", "300 features"),
        (RandomForestClassifier(300).fit([[0], [1]], [0, 1]), "int8", "300 trees"),
    ],
)
def test_refusals_say_what_to_do(estimator, dtype, message):
    with pytest.raises(DataError, match=message):
        read_forest(estimator, dtype)


def test_a_threshold_that_is_no_number_is_refused():
    estimator = DecisionTreeClassifier().fit([[0], [1]], [0, 1])
    estimator.tree_.threshold[0] = np.nan
    with pytest.raises(DataError, match="no number"):
        read_forest(estimator, "int8")


def test_a_forest_survives_json():
    x, y = make_features("int16", 3)
    forest = read_forest(RandomForestClassifier(3, random_state=0).fit(x, y), "int16")
    assert Forest.from_json(json.loads(json.dumps(forest.to_json()))) == forest


GOOD = read_forest(FITTED, "int8").to_json()


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("feature", [0, -1], "differ in length"),
        ("feature", [1, -1, -1], "no feature 1"),
        ("feature", [-1, -1, -1], "leaf"),
        ("threshold", [128, 0, 0], "no int8"),
        ("right", [0, 0, 1], "not behind it"),
        ("right", [1, 0, 1], "not behind it"),
        ("right", [3, 0, 1], "not behind it"),
        ("right", [2, 1, 0], "is due"),
        ("votes", [[1, 0], [0, 256]], "leaf 1"),
        ("votes", [[1], [0]], "leaf 0"),
        ("origin", [1], "origin"),
        ("threshold", [0.5, 0, 0], "whole number"),
    ],
)
def test_a_damaged_forest_is_refused(key, value, message):
    tree = GOOD["trees"][0] | {key: value}
    with pytest.raises(DataError, match=message):
        Forest.from_json(GOOD | {"trees": [tree]})


def test_children_that_cross_are_no_tree():
    """Each node has one parent, and yet the code of nested ifs would be another tree's."""
    tree = {
        "feature": [0, 0, -1, -1, -1],
        "threshold": [0, 0, 0, 0, 0],
        "right": [3, 4, 0, 1, 2],
        "votes": [[1, 0]] * 3,
        "origin": [1, 2, 3],
    }
    with pytest.raises(DataError, match="is due"):
        Forest.from_json(GOOD | {"trees": [tree]})


def test_features_of_another_type_are_refused():
    forest = read_forest(FITTED, "int8")
    with pytest.raises(DataError, match="quantize the features"):
        forest.predict(np.zeros((2, 1), np.int16))


def test_a_scale_comes_from_the_training_part_and_clamps_the_rest():
    scale = IntegerScale.fit(np.array([[0.5, 0.0], [-1.0, 0.0]]), "int16")
    assert scale.apply(np.array([[-2.0, 3.0], [0.5, 0.0]])).tolist() == [
        [-32768, 32767],
        [16384, 0],
    ]
    with pytest.raises(DataError, match="NaN"):
        IntegerScale.fit(np.array([[np.nan]]), "int8")
    with pytest.raises(DataError, match="int8 or int16"):
        IntegerScale.fit(np.zeros((1, 1)), "int32")
    with pytest.raises(DataError, match="2 features"):
        scale.apply(np.zeros((1, 3)))
