"""A board at the waist: worn alike or turned, the same people move the same way."""

import numpy as np
import pytest

from tinyml_course.datasets.mounted_motion import (
    make_mounted_dataset,
    small_turn,
    turn_windows,
    write_turned_trace,
)
from tinyml_course.errors import DataError
from tinyml_course.shipped import DATA


def test_everybody_wears_it_alike_and_only_the_turn_differs():
    alike = make_mounted_dataset(0, 6, hop=100)
    turned = make_mounted_dataset(0, 6, hop=100, turned=True)
    assert alike.x.shape == turned.x.shape == (6 * 30, 100, 3)
    assert np.array_equal(alike.y, turned.y)
    assert np.bincount(alike.y).tolist() == [60] * 3
    upright = alike.x[alike.y == 1].mean(axis=1)
    assert (upright[:, 2] > 0.9).all()  # walkers: the z axis points up
    assert turned.x[turned.y == 1].mean(axis=1)[:, 2].min() < 0
    one, other = (np.linalg.norm(d.x, axis=2).mean() for d in (alike, turned))
    assert one == pytest.approx(other, abs=0.01)


def test_a_person_keeps_the_turn_from_one_recording_to_the_next():
    data = make_mounted_dataset(0, 8, hop=100, turned=True)
    for person in np.unique(data.groups):
        walks = data.x[(data.groups == person) & (data.y == 1)].mean(axis=1)
        one, other = walks[:5].mean(axis=0), walks[5:].mean(axis=0)
        cosine = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
        assert cosine > 0.9


def test_the_same_call_gives_the_same_numbers_and_turns_are_turns():
    again = [make_mounted_dataset(3, 1, first_person=9).x for _ in range(2)]
    assert np.array_equal(*again)
    turn = small_turn(np.random.default_rng(0))
    assert np.allclose(turn @ turn.T, np.eye(3))
    assert np.linalg.det(turn) == pytest.approx(1)
    x = again[0]
    turned = turn_windows(x, 0)
    assert np.allclose(np.linalg.norm(turned, axis=2), np.linalg.norm(x, axis=2), atol=1e-5)
    assert np.abs(turned - x).max() > 1
    with pytest.raises(DataError, match="at least one"):
        make_mounted_dataset(0, 0)


def test_the_trace_is_what_the_generator_writes(tmp_path):
    written = write_turned_trace(tmp_path)
    assert written.read_bytes() == (DATA / "personalize/turned.csv").read_bytes()
