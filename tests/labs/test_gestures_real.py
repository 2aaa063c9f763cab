"""The figures of real gestures, on gestures made by hand: whoever is to win, wins."""

import numpy as np
import pytest

from tests.datasets.test_gesture_recordings import HEADER
from tinyml_course.datasets.dataset import Dataset
from tinyml_course.datasets.wrist_gestures import CHANNEL_NAMES, UNIT
from tinyml_course.labs import gestures_real

NEEDS_NO_TRAINING = ["SVM (control)", "1-NN (control)", "1-NN with DTW (control)"]


def make_data(n=60, late=0):
    """Three classes of a bump on another channel each, in noise, up to `late` readings later."""
    rng = np.random.default_rng(0)
    y = np.arange(n) % 3
    x = rng.normal(0, 0.3, (n, 119, 6))
    for k, label in enumerate(y):
        begin = 30 + rng.integers(0, late + 1)
        x[k, begin : begin + 8, label] += 3.0
    return Dataset(x, y, [f"s{k}" for k in range(n)], 119.0, ("a", "b", "c"), CHANNEL_NAMES, UNIT)


def test_every_class_is_in_every_fold():
    y = np.array([0] * 19 + [1] * 23)
    fold = gestures_real.make_folds(y, seed=1)
    for label in (0, 1):
        counts = np.bincount(fold[y == label], minlength=5)
        assert counts.max() - counts.min() <= 1
    assert (fold != gestures_real.make_folds(y, seed=2)).any()


def test_controls_know_plain_classes():
    plain = gestures_real.measure_real(make_data(), seeds=2, methods=NEEDS_NO_TRAINING)
    assert all(min(values) > 0.9 for values in plain.accuracy.values())
    assert plain.synthetic == []
    text = str(plain)
    assert "a 20, b 20, c 20; the network has" in text
    assert "the most frequent class" in text


def test_bent_time_knows_a_late_one_that_reading_by_reading_does_not():
    x = np.zeros((3, 119, 6))
    x[0, 42:48, 0] = x[2, 48:54, 0] = 1.0  # the third is the first one, six readings later
    known, y = x[:2], np.array([0, 1])
    assert gestures_real.nearest(known, y, x[2:], 0).tolist() == [1]
    assert gestures_real.nearest_in_bent_time(known, y, x[2:], 0).tolist() == [0]


def test_bent_distances_are_those_of_the_definition():
    rng = np.random.default_rng(3)
    one, other = rng.normal(0, 1, (12, 2)), rng.normal(0, 1, (12, 2))
    cost = ((one[:, None] - other[None]) ** 2).sum(axis=2)
    table = np.full((13, 13), np.inf)
    table[0, 0] = 0
    for i in range(12):
        for j in range(max(0, i - 3), min(12, i + 4)):
            steps = table[i, j], table[i, j + 1], table[i + 1, j]
            table[i + 1, j + 1] = cost[i, j] + min(steps)
    found = gestures_real.bent_distances(one, other[None], 3)
    assert found[0] == pytest.approx(table[12, 12])


@pytest.mark.slow
def test_the_network_is_judged_as_int8(monkeypatch):
    monkeypatch.setattr(gestures_real, "EPOCHS", 3)
    monkeypatch.setattr(gestures_real, "FOLDS", 2)
    data = make_data(45, late=3)
    figures = gestures_real.measure_real(data, seeds=1, methods=["flatten, both sensors"])
    assert figures.accuracy["flatten, both sensors"][0] > 0.9
    assert figures.parameters <= 3500
    assert 0 <= gestures_real.judge_synthetic(data, 0) <= 1


def test_the_command_ends_with_one_line_on_an_error(tmp_path, capsys):
    (tmp_path / "Flick.csv").write_text(HEADER + "1,2\n")
    assert gestures_real.main([str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("error: ")
    assert gestures_real.main([]) == 2
