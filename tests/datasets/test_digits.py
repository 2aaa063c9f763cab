"""Real digits without a download, and the order that stands in for who wrote them."""

import numpy as np

from tinyml_course.datasets import check_no_leakage, split_by_group
from tinyml_course.datasets.digits import make_digits_dataset


def test_images_keep_their_rows_and_their_ink():
    data = make_digits_dataset()
    assert data.x.shape == (1797, 8, 8)
    assert (data.x.min(), data.x.max()) == (0, 1)
    ones, zeros = data.x[data.y == 1].mean(axis=0), data.x[data.y == 0].mean(axis=0)
    assert ones[3:5, 3:5].mean() > 3 * zeros[3:5, 3:5].mean(), "a one has ink where a zero has none"


def test_blocks_split_cleanly_and_every_part_has_every_digit():
    split = split_by_group(make_digits_dataset())
    check_no_leakage(split)
    assert all(set(part.y) == set(range(10)) for _, part in split.items())


def test_neighbours_in_the_file_look_alike_so_that_blocks_are_worth_keeping_together():
    data = make_digits_dataset()
    x = data.x.reshape(len(data), -1)
    distance = ((x[:, None] - x[None]) ** 2).sum(axis=2) + 1e9 * np.eye(len(x))
    same_block = data.groups[distance.argmin(axis=1)] == data.groups
    assert same_block.mean() > 3 / 13
