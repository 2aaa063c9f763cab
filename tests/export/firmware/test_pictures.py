"""Golden windows as pictures in C: what a board shows is what the Bundle holds."""

import re
from dataclasses import replace

import numpy as np
import pytest

from tinyml_course.bundle import Bundle
from tinyml_course.errors import ExportError
from tinyml_course.export.firmware.pictures import export_pictures_c, generate_pictures_c, to_grey
from tinyml_course.shipped import BUNDLES


@pytest.fixture(scope="module")
def bundle():
    return Bundle.load(BUNDLES / "digits")


def numbers_of(text, name):
    body = re.search(rf"{name}\[.*?= \{{(.*?)\}};", text, re.DOTALL)[1]
    return [int(value) for value in re.findall(r"\d+", body)]


def test_two_pictures_of_each_class_in_the_bundles_order(bundle, tmp_path):
    [path] = export_pictures_c(bundle, tmp_path, "ink")
    text, golden = path.read_text(), bundle.golden
    picked = sorted(place for c in range(10) for place in np.flatnonzero(golden.labels == c)[:2])
    assert path.name == "ink_pictures.h"
    assert f"#define INK_PICTURES {len(picked)}\n" in text
    assert numbers_of(text, "ink_labels") == golden.labels[picked].tolist()
    grey = np.array(numbers_of(text, "ink_pictures"), np.uint8).reshape(-1, 8, 8)
    assert np.abs(grey / 255 - golden.windows[picked]).max() <= 0.5 / 255 + 1e-6


def test_values_that_are_no_grey_are_refused(bundle):
    for wrong in (-0.01, 1.01, np.nan):
        windows = bundle.golden.windows.copy()
        windows[3, 2, 1] = wrong
        spoilt = replace(bundle, golden=replace(bundle.golden, windows=windows))
        with pytest.raises(ExportError, match="from 0 to 1"):
            generate_pictures_c(spoilt, "ink")
    assert to_grey(np.array([[0, 1]])).tolist() == [[0, 255]]
