"""Sums that leave 32 bits wrap as in TFLM, and nothing in the C about it is undefined."""

import numpy as np

from tests.export.check.test_self_test import run
from tests.network.tflite_builder import TfliteBuilder
from tinyml_course.export.check.host_build import STRICT_FLAGS, compile_c, has_sanitizers
from tinyml_course.export.check.self_test import generate_self_test_c
from tinyml_course.export.model_c.source import generate_model_c
from tinyml_course.interpreters.tflm import run_tflm_samples


def loud_svdf() -> bytes:
    """An SVDF on int16 whose products are as large as can be, all of one sign."""
    b = TfliteBuilder()
    x = b.tensor((1, 4), "int8", 0.05)
    features = b.tensor((6, 4), "int8", 0.01, data=np.full((6, 4), 127))
    times = b.tensor((6, 4), "int16", 1e-4, data=np.full((6, 4), 32767))
    bias = b.tensor((2,), "int32", 1e-8, data=np.array([-5, 2**31 - 1]))
    state = b.tensor((1, 24), "int16", 1e-4, is_variable=True)
    y = b.operator(
        "SVDF",
        [x, features, times, bias, state],
        b.tensor((1, 2), "int8", 0.2),
        ("SVDFOptions", {"rank": 3, "fusedActivationFunction": 0}),
    )
    return b.build([x], [y])


def test_a_svdf_whose_sums_leave_32_bits(tmp_path):
    model = loud_svdf()
    inputs = [[np.full((1, 4), value, np.int8)] for value in (127, 127, -128, 3, 90, -90)]
    answers = run_tflm_samples(model, inputs, in_sequences=True)
    assert len(np.unique(answers)) > 2
    code = generate_model_c(model, "net")
    tests = generate_self_test_c(model, "net", inputs=inputs)
    flags = [*STRICT_FLAGS, "-O1", "-DNET_SELF_TEST_MAIN"]
    if has_sanitizers():
        flags += ["-fsanitize=undefined", "-fno-sanitize-recover=undefined"]
    files = {"net.h": code.header, "net.c": code.source, **tests}
    done = run(compile_c(files, tmp_path, "test.exe", flags))
    assert done.returncode == 0, done.stderr
    assert ", 0 wrong" in done.stdout
