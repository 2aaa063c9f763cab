"""A split must keep people apart, and the check must notice when it does not."""

import dataclasses

import numpy as np
import pytest

from tinyml_course.datasets import Dataset, check_no_leakage, make_motion_dataset, split_by_group
from tinyml_course.datasets.splits import leaky_split_rows_at_random
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


PAIRS = [("train", "val"), ("train", "test"), ("val", "test")]


def leak(split, source, target, groups=None):
    """The split with two windows of `source` in `target` as well.

    With `groups` they are exact copies under these names; without, other windows of the person.
    """
    spy = getattr(split, source).subset(slice(4, 6))
    part = getattr(split, target)
    joined = dataclasses.replace(
        part,
        x=np.concatenate([part.x, spy.x if groups else spy.x + 0.5]),
        y=np.append(part.y, spy.y),
        groups=np.append(part.groups, groups or spy.groups),
    )
    return dataclasses.replace(split, **{target: joined})


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_one_leaked_person_is_enough(data, a, b):
    """Other windows of a person who stands in another part too."""
    split = split_by_group(data)
    person = getattr(split, a).groups[4]
    for leaked in (leak(split, a, b), leak(split, b, a)):
        with pytest.raises(DataError, match=rf"1 groups stand in both {a} and {b} \(p"):
            check_no_leakage(leaked)
    with pytest.raises(DataError, match=rf"\({person}\)"):
        check_no_leakage(leak(split, a, b))


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_a_recording_under_two_names_is_noticed(data, a, b):
    split = split_by_group(data)
    with pytest.raises(
        DataError, match=rf"2 windows of {b} are exact copies of windows of {a}; first: {a}\[4\]"
    ):
        check_no_leakage(leak(split, a, b, ["somebody else"] * 2))
