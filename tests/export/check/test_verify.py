"""What counts as a difference between the C and TFLM."""

from dataclasses import replace

import numpy as np
import pytest

from tinyml_course.export.check.verify import FLOAT_BOUND, compare_outputs


def floats(*values):
    return [np.array(values, np.float32)]


def judge(expected, found):
    return replace(compare_outputs([expected], [found], "host"), bound=FLOAT_BOUND)


@pytest.mark.parametrize("strange", [np.nan, np.inf, -np.inf])
def test_a_strange_float_is_no_number(strange):
    for expected, found in ((1.0, strange), (strange, 1.0), (strange, -strange)):
        judged = judge(floats(0.5, expected), floats(0.5, found))
        both_nan = np.isnan(expected) and np.isnan(found)
        assert judged.passed == both_nan
        assert judged.max_difference == (0 if both_nan else np.inf)


@pytest.mark.parametrize("strange", [np.nan, np.inf, -np.inf])
def test_where_both_are_strange_the_others_count(strange):
    assert judge(floats(strange, 0.5), floats(strange, 0.5)).passed
    assert judge(floats(strange, 0.5), floats(strange, 0.5 + 1e-6)).passed
    assert not judge(floats(strange, 0.5), floats(strange, 0.6)).passed


def test_rounding_is_relative_to_the_larger_of_one_and_the_value():
    assert judge(floats(1e6), floats(1e6 + 1)).max_difference == pytest.approx(1e-6)
    assert judge(floats(1e-6), floats(2e-6)).max_difference == pytest.approx(1e-6)


def test_an_integer_beside_floats_must_be_equal():
    expected = [*floats(0.5), np.array([1, 2, 3], np.int8)]
    found = [*floats(0.5), np.array([1, 2, 4], np.int8)]
    judged = judge(expected, found)
    assert (judged.max_difference, judged.bytes_differing) == (np.inf, 1)
    assert not judged.passed
    assert judge(expected, expected).passed
