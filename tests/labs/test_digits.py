"""Which forms the digits labs learn from: the same for every seed, with the plain 7 among them."""

import numpy as np
import pytest

from tinyml_course.datasets.digits import make_digits_dataset
from tinyml_course.datasets.splits import check_no_leakage
from tinyml_course.labs import get_lab

LEARNT = [f"form_{number:02d}" for number in (0, 1, 2, 3, 4, 5, 9, 13)]
JUDGES = [f"form_{number:02d}" for number in (6, 7, 8)]


@pytest.mark.parametrize("name", ["digits", "digits_28x28"])
@pytest.mark.parametrize("seed", range(5))
def test_a_seed_does_not_draw_who_is_held_out(name, seed):
    lab = get_lab(name)
    split = lab.split_people(lab.make_dataset(seed), seed)
    check_no_leakage(split)
    assert sorted(set(split.train.groups)) == LEARNT
    assert sorted(set(split.test.groups)) == JUDGES


def test_one_form_alone_shows_a_seven_without_a_bar():
    digits = make_digits_dataset()
    ink = {}
    for form in np.unique(digits.groups):
        sevens = digits.x[(digits.groups == form) & (digits.y == 7)]
        ink[form] = sevens[:, 4].sum(axis=1).mean()  # of the row where a bar lies
    assert min(ink, key=ink.get) == "form_03"
    assert ink.pop("form_03") < 1.6
    assert min(ink.values()) > 2.9
    assert "form_03" in LEARNT


def test_other_labs_draw_who_is_held_out_by_the_seed():
    lab = get_lab("motion")
    data = lab.make_dataset(0)
    parts = [sorted(set(lab.split_people(data, seed).test.groups)) for seed in (0, 0, 1)]
    assert parts[0] == parts[1] != parts[2]
