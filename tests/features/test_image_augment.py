"""Pictures moved, turned and stretched as the maps say."""

import numpy as np

from tinyml_course.datasets.digits import make_digits_dataset
from tinyml_course.features.image_augment import ImageAugmenter, warp

STILL = ImageAugmenter(shift=0, turn_deg=0, stretch=0, slant=0, noise=0)


def test_a_map_that_changes_nothing_changes_nothing():
    x = make_digits_dataset().x[:20]
    same = STILL.apply(x, np.zeros(20), np.random.default_rng(0))
    np.testing.assert_array_equal(same, x)


def test_whole_pixel_moves_and_quarter_turns_are_exact():
    x = make_digits_dataset().x[:5]
    eye = np.broadcast_to(np.eye(2), (5, 2, 2))
    moved = warp(x, eye, np.tile([1.0, -2.0], (5, 1)))  # seen one further down, two to the left
    np.testing.assert_array_equal(moved[:, :7, 2:], x[:, 1:, :6])
    assert (moved[:, 7] == 0).all()
    assert (moved[:, :, :2] == 0).all()
    quarter = np.broadcast_to(np.array([[0.0, 1.0], [-1.0, 0.0]]), (5, 2, 2))
    np.testing.assert_allclose(warp(x, quarter, np.zeros((5, 2))), np.rot90(x, 1, (1, 2)))


def test_draws_are_new_each_time_repeatable_and_within_range():
    x = make_digits_dataset(size=28).x[:50]
    draw = ImageAugmenter(noise=0.2).apply
    first, second = (draw(x, None, rng) for rng in [np.random.default_rng(1)] * 2)
    again = draw(x, None, np.random.default_rng(1))
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, again)
    assert first.dtype == np.float32
    assert first.min() >= 0
    assert first.max() <= 1


def test_each_kind_of_variation_acts():
    x = make_digits_dataset(size=28).x[:10]
    for name in ("shift", "turn_deg", "stretch", "slant", "noise"):
        one = ImageAugmenter(**{**vars(STILL), name: getattr(ImageAugmenter(), name)})
        changed = np.abs(one.apply(x, None, np.random.default_rng(0)) - x)
        assert changed.mean() > 0.006, name


def test_the_share_that_is_not_varied_stays_as_it_is():
    x = make_digits_dataset().x[:400]
    varied = ImageAugmenter(share=0.25).apply(x, None, np.random.default_rng(0))
    same = (varied == x).all(axis=(1, 2))
    assert 0.68 < same.mean() < 0.82
    assert (
        not (ImageAugmenter().apply(x, None, np.random.default_rng(0)) == x).all(axis=(1, 2)).any()
    )
