"""Mean and deviation of each axis: by hand, and the same bits in C."""

import ctypes

import numpy as np
import pytest

from tinyml_course.bundle import Bundle
from tinyml_course.datasets.mounted_motion import make_mounted_dataset
from tinyml_course.errors import DataError
from tinyml_course.export.check.host_build import STRICT_FLAGS, compile_c
from tinyml_course.export.firmware.classifier import generate_preprocessing_c
from tinyml_course.features.axis_features import FEATURE_NAMES, AxisFeatures


def test_means_and_deviations_by_hand():
    x = np.zeros((1, 4, 3), np.float32)
    x[0, :, 0], x[0, :, 1] = 1.0, [0, 2, 0, 2]
    found = AxisFeatures().apply(x)[0]
    assert dict(zip(FEATURE_NAMES, found.tolist(), strict=True)) == {
        "mean_x": 1, "mean_y": 1, "mean_z": 0, "std_x": 0, "std_y": 1, "std_z": 0,
    }  # fmt: skip
    with pytest.raises(DataError, match=r"\(n, window, 3\)"):
        AxisFeatures().apply(x[..., :2])


def test_the_c_twin_gives_the_same_int8_inputs(tmp_path):
    bundle = Bundle.load_shipped("personalize")
    around = generate_preprocessing_c(bundle, "board")
    files = {"board_preprocess.h": around.header, "board_preprocess.c": around.source}
    library = ctypes.CDLL(str(compile_c(files, tmp_path, "board.so", STRICT_FLAGS)))
    windows = make_mounted_dataset(5, 4, turned=True).x
    windows[0], windows[1] = 0, 4
    wanted = bundle.model.input.quantize(bundle.preprocessing.apply(windows))
    got = np.zeros(wanted.shape[1:], np.int8)
    for window, row in zip(np.ascontiguousarray(windows), wanted, strict=True):
        library.board_preprocess(
            ctypes.c_void_p(window.ctypes.data), ctypes.c_void_p(got.ctypes.data)
        )
        assert np.array_equal(got, row)
