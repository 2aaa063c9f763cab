"""The handwritten digits: forms as groups, and pictures enlarged by straight lines."""

import numpy as np
import pytest

from tinyml_course.datasets.digits import FORM_SIZES, make_digits_dataset, upscale
from tinyml_course.datasets.splits import check_no_leakage, split_by_group
from tinyml_course.errors import DataError


@pytest.fixture(scope="module")
def digits():
    return make_digits_dataset()


def test_a_form_begins_where_the_labels_begin_anew(digits):
    """Fourteen times the same printed text; a digit may be missing, none is in another place."""
    forms = [digits.y[digits.groups == name] for name in np.unique(digits.groups)]
    complete = [form for form in forms if len(form) == max(FORM_SIZES)]
    text = complete[0].tolist()
    assert text[:30] == [*range(10)] * 3
    assert sum(form.tolist() == text for form in complete) >= len(complete) - 1  # one misprint
    for form in forms:
        rest = iter(text)
        fitting = sum(any(label == other for other in rest) for label in form.tolist())
        assert fitting >= len(form) - 1, "the labels of a form are those of the text, in order"


def test_handwriting_is_more_alike_within_a_form_than_across(digits):
    x = digits.x.reshape(len(digits), -1)
    squares = (x**2).sum(axis=1)
    distance = np.sqrt(np.maximum(squares[:, None] + squares - 2 * x @ x.T, 0))
    distance[(digits.y[:, None] != digits.y) | np.eye(len(digits), dtype=bool)] = np.inf
    same_form = digits.groups[:, None] == digits.groups
    inside = np.where(same_form, distance, np.inf).min(axis=1)
    for form in np.unique(digits.groups):
        mine = digits.groups == form
        for other in set(digits.groups) - {form}:
            nearest = distance[mine][:, digits.groups == other].min(axis=1)
            assert inside[mine].mean() < 0.85 * nearest.mean()


def test_the_split_keeps_forms_whole(digits):
    split = split_by_group(digits)
    check_no_leakage(split)
    for _, part in split.items():
        assert set(part.y) == set(range(10))
        assert len(np.unique(part.groups)) >= 3


def test_values_are_ink(digits):
    assert digits.x.min() == 0
    assert digits.x.max() == 1
    large = make_digits_dataset(size=28)
    assert large.x.shape == (1797, 28, 28)
    assert large.x.min() >= 0
    assert large.x.max() <= 1
    assert "28 x 28" in large.source
    np.testing.assert_array_equal(large.y, digits.y)


def test_upscale_is_a_straight_line_between_centres():
    ramp = np.arange(8, dtype=np.float32)[None, None, :].repeat(8, axis=1)
    wide = upscale(ramp, 32)[0]
    # pixel k of 32 lies at (k + 0.5) / 4 - 0.5 of the 8
    expected = np.clip((np.arange(32) + 0.5) / 4 - 0.5, 0, 7)
    np.testing.assert_allclose(wide, np.broadcast_to(expected, (32, 32)), atol=1e-5)
    np.testing.assert_array_equal(upscale(ramp, 8), ramp)


def test_upscale_refuses_to_shrink():
    with pytest.raises(DataError, match="only enlarges"):
        upscale(np.zeros((1, 8, 8)), 7)
