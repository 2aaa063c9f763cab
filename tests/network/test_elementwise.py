"""Operators of one value, for every value there is: all 256 of int8, all 65,536 of int16."""

import numpy as np
import pytest

from tests.network.tflite_builder import TfliteBuilder, softmax_of_many_classes
from tinyml_course.errors import UnsupportedOperatorError
from tinyml_course.export.check.host_build import HostModel, has_sanitizers
from tinyml_course.interpreters.tflm import run_tflm_samples
from tinyml_course.network.elementwise import sigmoid_table
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.reference import run_reference

EVERY = {
    "int8": np.arange(-128, 128, dtype=np.int8)[None],
    "int16": np.arange(-32768, 32768, dtype=np.int32).astype(np.int16)[None],
}
FIXED = {
    ("LOGISTIC", "int8"): (1 / 256, -128),
    ("TANH", "int8"): (1 / 128, 0),
    ("LOGISTIC", "int16"): (1 / 32768, 0),
    ("TANH", "int16"): (1 / 32768, 0),
}
SCALES = [0.004, 0.031, 0.25, 1.9]
POINTS = [-128, -3, 127]
SANITIZE = ("-fsanitize=undefined", "-fno-sanitize-recover=undefined")


def one_operator(kind, dtype, scale, zero_point, out_scale, out_point, options=None) -> bytes:
    b = TfliteBuilder()
    x = b.tensor(EVERY[dtype].shape, dtype, scale, zero_point)
    out_scale, out_point = FIXED.get((kind, dtype), (out_scale, out_point))
    y = b.operator(kind, [x], b.tensor(x.shape, dtype, out_scale, out_point), options)
    return b.build([x], [y])


def assert_equal_for_every_value(model_bytes, dtype) -> None:
    x = EVERY[dtype]
    expected = run_tflm_samples(model_bytes, [[x]])[0][0].reshape(-1)
    graph = TfliteModel.of(model_bytes).network
    np.testing.assert_array_equal(run_reference(graph, [x])[0].reshape(-1), expected)
    with HostModel.build(model_bytes, flags=["-O0"]) as model:
        np.testing.assert_array_equal(model.invoke(x)[0].reshape(-1), expected)


@pytest.mark.parametrize("kind", ["LOGISTIC", "TANH", "RELU", "HARD_SWISH", "QUANTIZE"])
def test_int8_functions_equal_tflm_for_every_value(kind):
    for scale, point in zip(SCALES, [*POINTS, 5], strict=True):
        assert_equal_for_every_value(
            one_operator(kind, "int8", scale, point, scale * 0.7, -100), "int8"
        )


@pytest.mark.parametrize("alpha", [0.3, -0.2, 1.5])
def test_leaky_relu_equals_tflm_for_every_value(alpha):
    options = ("LeakyReluOptions", {"alpha": alpha})
    for dtype, point in (("int8", 11), ("int16", 0)):
        model = one_operator("LEAKY_RELU", dtype, 0.02, point, 0.03, point, options)
        assert_equal_for_every_value(model, dtype)


@pytest.mark.parametrize("kind", ["LOGISTIC", "TANH", "RELU", "RELU6", "QUANTIZE"])
def test_int16_functions_equal_tflm_for_every_value(kind):
    for scale in (2**-12, 2**-11, 0.0003, 0.004, 1.0):
        out = scale if kind == "RELU6" else scale * 0.7
        assert_equal_for_every_value(one_operator(kind, "int16", scale, 0, out, 0), "int16")


def test_int16_sigmoid_is_refused_where_tflm_overflows():
    with pytest.raises(UnsupportedOperatorError, match=r"2\.66"):
        _ = one_operator("LOGISTIC", "int16", 30.0, 0, 1, 0).network


def test_sigmoid_table_is_half_at_zero_and_ends_at_the_top():
    table = sigmoid_table()
    assert (table[0], table[255]) == (32768, 65535)
    assert (np.diff(table.astype(int)) >= 0).all()


@pytest.mark.parametrize("dtype", ["int8", "int16"])
def test_softmax_equals_tflm(dtype):
    rng = np.random.default_rng(3)
    low, high = (-128, 128) if dtype == "int8" else (-32768, 32768)
    for classes, scale, beta in ((1, 0.1, 1.0), (3, 0.068, 1.0), (10, 1.5, 0.5), (100, 0.01, 1.0)):
        b = TfliteBuilder()
        x = b.tensor((40, classes), dtype, scale / (1 if dtype == "int8" else 200))
        out = (1 / 256, -128) if dtype == "int8" else (1 / 32768, 0)
        y = b.operator(
            "SOFTMAX", [x], b.tensor(x.shape, dtype, *out), ("SoftmaxOptions", {"beta": beta})
        )
        model_bytes = b.build([x], [y])
        values = rng.integers(low, high, x.shape).astype(dtype)
        values[0] = low
        values[1, 0] = high - 1
        expected = run_tflm_samples(model_bytes, [[values]])[0][0]
        with HostModel.build(model_bytes, flags=["-O0"]) as model:
            np.testing.assert_array_equal(model.invoke(values)[0], expected)


@pytest.mark.parametrize("out", ["int8", "int16"])
@pytest.mark.parametrize("classes", [511, 512, 1000, 4095])
def test_softmax_of_many_classes_is_defined_and_right(classes, out):
    """From a sum of exponentials of 512 on no class has half of a 256th: all are 0 in int8."""
    model_bytes = softmax_of_many_classes(7, classes, out)
    x = np.full((7, classes), -128, np.int8)
    x[1] = 127
    x[2, classes // 2 :] = 127
    x[3:] = np.random.default_rng(5).integers(-128, 128, (4, classes))
    x[4:] //= np.array([[4], [32], [100]], np.int8)
    expected = run_reference(TfliteModel.of(model_bytes).network, [x])[0]
    flags = ["-O1", *(SANITIZE if has_sanitizers() else ())]
    with HostModel.build(model_bytes, flags=flags) as model:
        found = model.invoke(x)[0]
    np.testing.assert_array_equal(found, expected)
    steps, zero = (256, -128) if out == "int8" else (65536, -32768)
    reals = np.exp((x - x.max(axis=1, keepdims=True).astype(np.float64)) / 32)
    reals /= reals.sum(axis=1, keepdims=True)
    assert np.abs(found - zero - np.minimum(reals * steps, steps - 1)).max() <= 0.51
    if out == "int8" and classes >= 512:
        assert (found[:2] == -128).all()


@pytest.mark.parametrize(
    ("kind", "exact", "bound"),
    [
        ("LOGISTIC", lambda x: 1 / (1 + np.exp(-x)), 2**-23),
        ("TANH", np.tanh, 2**-22),
        ("HARD_SWISH", lambda x: x * np.clip(x + 3, 0, 6) / 6, 2**-19),
    ],
)
def test_float_functions_stay_within_their_bounds(kind, exact, bound):
    """Without <math.h>: absolute error against double precision, over -30..30."""
    x = np.linspace(-30, 30, 60_001, dtype=np.float32)[None]
    b = TfliteBuilder()
    v = b.tensor(x.shape, "float32")
    y = b.operator(kind, [v], b.tensor(x.shape, "float32"))
    with HostModel.build(b.build([v], [y])) as model:
        error = np.abs(model.invoke(x)[0].astype(np.float64) - exact(x.astype(np.float64)))
    assert error.max() <= bound


def one_float_operator(kind, x, options=None):
    b = TfliteBuilder()
    v = b.tensor(x.shape, "float32")
    y = b.operator(kind, [v], b.tensor(x.shape, "float32"), options)
    return b.build([v], [y])


STRANGE = np.array([[np.nan, np.inf, -np.inf, 88.5, 88.7, 89, 200, -200, 0, 88]], np.float32)


def test_exp_overflows_as_expf_does_and_keeps_what_is_no_number():
    with HostModel.build(one_float_operator("EXP", STRANGE)) as model:
        found = model.invoke(STRANGE)[0]
    with np.errstate(over="ignore"):
        exact = np.exp(STRANGE.astype(np.float64)).astype(np.float32)
    np.testing.assert_allclose(found, exact, rtol=2**-22, atol=1e-38)
    assert np.isfinite(found[0, [3, 4]]).all()
    assert np.isposinf(found[0, [1, 5, 6]]).all()


def test_exp_is_near_over_its_whole_range():
    greatest = np.float32(88.72283)  # the last before ln 2^128
    x = np.linspace(-87, greatest, 100_001, dtype=np.float32)[None]
    with HostModel.build(one_float_operator("EXP", x)) as model:
        found = model.invoke(x)[0]
    np.testing.assert_allclose(found, np.exp(x.astype(np.float64)), rtol=2**-22)
    assert np.exp(np.float64(np.nextafter(greatest, np.float32(100)))) >= 2.0**128


@pytest.mark.parametrize("kind", ["LOGISTIC", "TANH", "ELU", "EXP"])
def test_strange_floats_are_tflms(kind):
    model_bytes = one_float_operator(kind, STRANGE)
    expected = run_tflm_samples(model_bytes, [[STRANGE]])[0][0]
    with HostModel.build(model_bytes) as model:
        np.testing.assert_allclose(model.invoke(STRANGE)[0], expected, rtol=2**-20, atol=2**-22)


@pytest.mark.parametrize("place", [0, 1, 3])
@pytest.mark.parametrize("strange", [np.nan, np.inf])
def test_softmax_of_what_is_no_number_is_none(strange, place):
    x = np.array([[1, 2, -2, 0.5]], np.float32)
    x[0, place] = strange
    model_bytes = one_float_operator("SOFTMAX", x, ("SoftmaxOptions", {"beta": 1.0}))
    expected = run_tflm_samples(model_bytes, [[x]])[0][0]
    with HostModel.build(model_bytes) as model:
        np.testing.assert_allclose(model.invoke(x)[0], expected)


@pytest.mark.parametrize("dtype", ["int8", "int16"])
def test_floats_in_and_out_of_an_integer_model_equal_tflm(dtype):
    """QUANTIZE and DEQUANTIZE at the ends: halves, values out of range, and an int8 in between."""
    scale, point = (0.125, -7) if dtype == "int8" else (2**-9, 0)
    b = TfliteBuilder()
    x = b.tensor((1, 4000), "float32")
    q = b.operator("QUANTIZE", [x], b.tensor(x.shape, dtype, scale, point))
    narrow = b.operator("QUANTIZE", [q], b.tensor(x.shape, "int8", 0.25, 5))
    wide = b.operator("QUANTIZE", [narrow], b.tensor(x.shape, "int16", 0.01))
    out = b.operator("DEQUANTIZE", [wide], b.tensor(x.shape, "float32"))
    model_bytes = b.build([x], [q, narrow, wide, out])
    values = (np.arange(-2000, 2000, dtype=np.float32) * np.float32(scale / 2))[None]
    values[0, :4] = [1e6, -1e6, 0.0, -0.0]  # beyond 2**31 steps TFLM has no answer of its own
    expected = run_tflm_samples(model_bytes, [[values]])[0]
    graph = TfliteModel.of(model_bytes).network
    with HostModel.build(model_bytes, flags=["-O2"]) as model:
        for a, c, n in zip(
            expected, model.invoke(values), run_reference(graph, [values]), strict=True
        ):
            np.testing.assert_array_equal(c[0], a[0])
            np.testing.assert_array_equal(n[0], a[0])
