"""Digits drawn anew: bitmaps that hold the ink they should, forms that stay the digit."""

import numpy as np
import pytest

from tinyml_course.datasets.digit_images import INK_SHARE, measure_lean
from tinyml_course.datasets.digits import make_digits_dataset, upscale
from tinyml_course.errors import DataError
from tinyml_course.features.digit_forms import draw_forms, restore_bitmaps

DIGITS = make_digits_dataset()


def test_a_bitmap_holds_the_ink_of_its_picture_and_hardly_any_grey():
    pictures = DIGITS.x[:100]
    bitmaps = restore_bitmaps(pictures)
    shares = bitmaps.reshape(-1, 8, 4, 8, 4).mean(axis=(2, 4))
    assert np.abs(shares - pictures).mean() < 0.03
    grey = np.abs(bitmaps - 0.5) < 0.3
    soft = np.abs(upscale(pictures, 32) - 0.5) < 0.3
    assert grey.mean() < soft.mean() / 3


def test_a_form_drawn_anew_is_nearer_to_its_digit_than_to_others():
    pictures = DIGITS.x[:200]
    forms = draw_forms(pictures)
    distances = ((forms[:, None] - pictures[None]) ** 2).sum(axis=(2, 3))
    assert (DIGITS.y[distances.argmin(axis=1)] == DIGITS.y[:200]).mean() > 0.95
    assert (forms != pictures).any(axis=(1, 2)).all()


def test_forms_look_as_the_loader_makes_them():
    forms = draw_forms(DIGITS.x[:100])
    np.testing.assert_allclose(forms.mean(axis=(1, 2)), INK_SHARE, atol=0.01)
    leans = np.abs([measure_lean(form)[0] for form in forms])
    assert leans.mean() < np.abs([measure_lean(x)[0] for x in DIGITS.x[:100]]).mean()
    assert forms.min() >= 0
    assert forms.max() <= 1


def test_a_seed_gives_the_same_forms_and_another_seed_others():
    pictures = DIGITS.x[:5]
    np.testing.assert_array_equal(draw_forms(pictures, 1), draw_forms(pictures, 1))
    assert np.abs(draw_forms(pictures, 1) - draw_forms(pictures, 2)).mean() > 0.01


def test_enlarged_pictures_give_the_enlarged_forms():
    pictures = DIGITS.x[:5]
    large = draw_forms(upscale(pictures, 28))
    np.testing.assert_allclose(large, upscale(draw_forms(pictures), 28), atol=1e-3)


def test_pictures_of_another_size_have_no_bitmap():
    with pytest.raises(DataError, match=r"\(2, 9, 9\)"):
        restore_bitmaps(np.zeros((2, 9, 9)))
