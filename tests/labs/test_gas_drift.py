"""The figures of real drift, on a drift made by hand: whoever is to win, wins."""

import numpy as np
import pytest

from tinyml_course.datasets.gas_drift import FEATURES, DriftBatch
from tinyml_course.labs import gas_drift

CENTRES = np.random.default_rng(0).normal(0, 6, (3, FEATURES))


def make_batch(number, moved, seed):
    """Three gases about their centres, all moved by the same vector; the second month sorted."""
    rng = np.random.default_rng(seed)
    y = np.arange(90) % 3 if number == 1 else np.sort(np.arange(90) % 3)
    x = CENTRES[y] + rng.normal(0, 1.0, (90, FEATURES)) + moved
    return DriftBatch(number, np.sign(x) * np.expm1(np.abs(x)), y)


@pytest.fixture(scope="module")
def figures():
    away = CENTRES[1] - CENTRES[0]  # the first gas now looks as the second did
    return gas_drift.measure_drift([make_batch(1, 0, 1), make_batch(2, away, 2)], draws=2)


def test_old_data_alone_are_fooled_and_twenty_labels_repair_it(figures):
    assert all(value > 0.9 for value in figures.same_months.values())
    assert figures.later["last layer"][2] < 0.7
    mean, least = figures.random_labels["last layer, old moved, and the 20"][2]
    assert mean >= least > 0.95
    assert figures.random_labels["last layer, the 20 alone (control)"][2][0] > 0.9


def test_the_first_twenty_of_a_sorted_month_know_one_class(figures):
    assert figures.first_classes == {2: 1}
    control = figures.first_labels["last layer, the 20 alone (control)"][2]
    assert control == pytest.approx(10 / 70)  # what is left of that class
    moved = figures.first_labels["last layer, old moved, and the 20"][2]
    assert moved > 0.95  # one class tells how far all of them went


def test_every_leaf_in_c_is_scikit_learns(figures):
    for compared, differing in figures.leaves.values():
        assert (compared, differing) == (180 * 51 * 2, 0)


def test_the_tables_show_every_figure(figures):
    text = str(figures)
    assert "first of 2: 1 gases" in text
    assert text.count("the 20 alone (control)") == 1


def test_the_command_ends_with_one_line_on_an_error(tmp_path, capsys):
    assert gas_drift.main([str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("error: ")
    assert gas_drift.main([]) == 2
