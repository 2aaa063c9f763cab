"""Learning a new month, on a drift made by hand: labels repair it, rehearsal keeps the old."""

import numpy as np
import pytest

from tinyml_course.datasets.gas_drift import FEATURES, GASES, DriftBatch
from tinyml_course.errors import DataError
from tinyml_course.labs import personalize_real as real

N_GASES = len(GASES)
CENTRES = np.random.default_rng(0).normal(0, 4, (len(GASES), FEATURES))


def make_batch(number, moved, seed, size=180, gases=N_GASES):
    """Gases about their centres, all moved by the same vector."""
    rng = np.random.default_rng(seed)
    y = np.arange(size) % gases
    x = CENTRES[y] + rng.normal(0, 1.0, (size, FEATURES)) + moved
    return DriftBatch(number, np.sign(x) * np.expm1(np.abs(x)), y)


@pytest.fixture(scope="module")
def figures():
    away = 0.9 * (CENTRES[1] - CENTRES[0])  # the first gas now looks as the second did
    batches = [make_batch(1, 0, 1), make_batch(2, away, 2)]
    return real.measure_real_learning(batches, networks=1, draws=2)


def test_labels_repair_a_month_and_rehearsal_keeps_the_old_one(figures):
    new, old = figures.new[2], figures.old[2]
    assert figures.labels == {2: 30}
    assert len(new["before"]) == 2
    assert np.mean(new["rehearsed"]) > np.mean(new["before"]) + 0.1
    assert np.mean(old["rehearsed"]) > 0.9
    assert np.mean(old["rehearsed"]) >= np.mean(old["plain"])
    assert set(new) == set(old) == set(real.WAYS)


def test_the_c_learns_the_same_bits_and_the_table_shows_all(figures):
    assert [one.weights_differing for one in figures.verified.values()] == [0, 0]
    assert figures.cost["wio_terminal"].ram_bytes == figures.cost["nano33ble"].ram_bytes
    text = str(figures)
    assert "batch 2, 30 labels" in text
    assert "the old month" in text
    assert "0 of 5,940 weights differ" in text


def test_what_is_no_old_month_is_refused():
    with pytest.raises(DataError, match="one batch is one month"):
        real.measure_real_learning([make_batch(1, 0, 1)])
    with pytest.raises(DataError, match="holds 3 gases"):
        real.measure_real_learning([make_batch(1, 0, 1, gases=3), make_batch(2, 0, 2)])


def test_labels_are_drawn_of_each_gas_by_turns():
    y = np.array([2, 2, 2, 0, 0, 5])
    given = real.draw_labels(y, 2, seed=0)
    assert y[given].tolist() == [0, 2, 5, 0, 2]
    assert len(set(given.tolist())) == 5


def test_the_command_ends_with_one_line_on_an_error(tmp_path, capsys):
    assert real.main([str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("error: ")
    assert real.main([]) == 2
