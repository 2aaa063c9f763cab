"""A split must keep people apart, and the check must notice when it does not."""

import dataclasses

import numpy as np
import pytest

from tinyml_course.datasets import Dataset, check_no_leakage, make_motion_dataset, split_by_group
from tinyml_course.datasets.splits import Split, leaky_split_rows_at_random
from tinyml_course.errors import DataError


@pytest.fixture(scope="module")
def data():
    return make_motion_dataset(people=20, recordings=1)


def make(groups, y=None, seed=0):
    n = len(groups)
    x = np.random.default_rng(seed).standard_normal((n, 5, 1))
    return Dataset(x, np.zeros(n) if y is None else y, groups, 50.0, ("a", "b"), ("c",), "g")


def test_whole_people_in_each_part_and_nothing_lost(data):
    split = split_by_group(data)
    check_no_leakage(split)
    people = [set(part.groups) for _, part in split.items()]
    assert [len(p) for p in people] == [12, 4, 4]
    assert sum(len(part) for _, part in split.items()) == len(data)
    for _, part in split.items():
        np.testing.assert_allclose(np.bincount(part.y) / len(part), 1 / 3)


def test_the_seed_decides_who_goes_where(data):
    first, again, other = (split_by_group(data, seed=s) for s in (0, 0, 1))
    assert set(first.test.groups) == set(again.test.groups)
    assert set(first.test.groups) != set(other.test.groups)


def test_unequal_people_are_dealt_out_class_by_class():
    """Half of the people do both, the others only class 0; class 1 must reach every part."""
    rng = np.random.default_rng(3)
    groups, y = [], []
    for person in range(20):
        for label in (0, 1) if person % 2 else (0,):
            n = int(rng.integers(5, 30))
            groups += [f"p{person}"] * n
            y += [label] * n
    split = split_by_group(make(groups, np.array(y)), seed=1)
    total = np.bincount(y)
    for (_, part), fraction in zip(split.items(), (0.6, 0.2, 0.2), strict=True):
        np.testing.assert_allclose(np.bincount(part.y, minlength=2) / total, fraction, atol=0.12)


@pytest.mark.parametrize("people", [3, 4, 5])
def test_few_people_still_fill_every_part(people):
    groups = np.repeat([f"p{i}" for i in range(people)], 4)
    split = split_by_group(make(groups))
    assert all(len(part) for _, part in split.items())
    check_no_leakage(split)


@pytest.mark.parametrize("groups", [["ann"], ["ann", "bob"]])
def test_too_few_people_are_refused(groups):
    with pytest.raises(DataError, match="at least 3 groups"):
        split_by_group(make(groups))


@pytest.mark.parametrize(
    "fractions", [(0.6, 0.4), (0.6, 0.2, 0.3), (1.0, 0.0, 0.0), (1.2, -0.1, -0.1)]
)
def test_fractions_that_are_none_are_refused(data, fractions):
    with pytest.raises(DataError, match="fractions"):
        split_by_group(data, fractions)


def test_the_check_names_who_leaked(data):
    with pytest.raises(DataError, match=r"stand in both train and val \(p0.*split_by_group"):
        check_no_leakage(leaky_split_rows_at_random(data))


def test_one_leaked_person_is_enough(data):
    split = split_by_group(data)
    spy = data.subset(data.groups == split.test.groups[0])
    joined = dataclasses.replace(
        split.train,
        x=np.concatenate([split.train.x, spy.x[:1]]),
        y=np.append(split.train.y, spy.y[:1]),
        groups=np.append(split.train.groups, spy.groups[:1]),
    )
    with pytest.raises(DataError, match=rf"1 groups stand in both train and test.*{spy.groups[0]}"):
        check_no_leakage(Split(joined, split.val, split.test))


def test_a_recording_under_two_names_is_noticed(data):
    split = split_by_group(data)
    renamed = dataclasses.replace(
        split.val,
        x=np.concatenate([split.val.x, split.train.x[4:6]]),
        y=np.append(split.val.y, split.train.y[4:6]),
        groups=np.append(split.val.groups, ["somebody else"] * 2),
    )
    with pytest.raises(DataError, match=r"2 windows of val are exact copies.*train\[4\]"):
        check_no_leakage(Split(split.train, renamed, split.test))
