"""Float or double: each multiplier at scales where the two ways differ, against TFLM.

A kind scale hides the difference: of all pairs of float32 scales few give another multiplier, and
of those few give another output. So the scales are searched, and every input is tried.
"""

import numpy as np
import pytest

from tests.network.tflite_builder import TfliteBuilder
from tinyml_course.interpreters.tflm import run_tflm_samples
from tinyml_course.network.fixed_point import quantize_multiplier
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.reference import run_reference

TRIALS = 60
F32 = np.float32


def every_value(dtype):
    limits = np.iinfo(dtype)
    return np.arange(limits.min, limits.max + 1).astype(dtype)[None]


def random_values(rng, dtype, shape):
    limits = np.iinfo(dtype)
    return rng.integers(limits.min, limits.max + 1, shape).astype(dtype)


def count_differing_bytes(content, inputs):
    """NumPy's integers, from which the C is made, against TFLM's."""
    (expected,) = run_tflm_samples(content, [inputs])
    found = run_reference(TfliteModel.of(content).network, inputs)
    return sum(int((a != b.reshape(a.shape)).sum()) for a, b in zip(expected, found, strict=True))


def touchy_scales(rng, way_in_float, way_in_double, draw):
    """Drawn scales at which the two ways give different multipliers."""
    for _ in range(200_000):
        scales = draw(rng)
        floats, doubles = way_in_float(*map(F32, scales)), way_in_double(*map(float, scales))
        if quantize_multiplier(float(floats)) != quantize_multiplier(doubles):
            yield scales


def draw_pair(rng):
    source = F32(2.0 ** rng.uniform(-9, 1))
    return source, F32(source * 2.0 ** rng.uniform(-2, 2))


UNARY = {
    "RELU": (lambda s, o: s / o, lambda s, o: s / o),
    "LEAKY_RELU": (lambda s, o: s * F32(0.3) / o, lambda s, o: s * float(F32(0.3)) / o),
    "QUANTIZE": (lambda s, o: s / o, lambda s, o: s / o),
}


@pytest.mark.parametrize("dtype", ["int8", "int16"])
@pytest.mark.parametrize("kind", UNARY)
def test_unary_operators_at_touchy_scales(kind, dtype):
    rng = np.random.default_rng(1)
    scales = touchy_scales(rng, *UNARY[kind], draw_pair)
    x = every_value(dtype)
    for _ in range(TRIALS):
        source, output = next(scales)
        points = rng.integers(-128, 128, 2) if dtype == "int8" else (0, 0)
        builder = TfliteBuilder()
        a = builder.tensor(x.shape, dtype, source, int(points[0]))
        y = builder.tensor(x.shape, dtype, output, int(points[1]))
        alpha = ("LeakyReluOptions", {"alpha": 0.3}) if kind == "LEAKY_RELU" else None
        builder.operator(kind, [a], y, alpha)
        assert count_differing_bytes(builder.build([a], [y]), [x]) == 0, (source, output)


# Of 3,000 drawn pairs these two gave another byte when the multipliers were divided as floats.
@pytest.mark.parametrize(
    ("source", "output"),
    [
        ((0.004508862737566233, 28), (0.0019126740517094731, 52)),
        ((0.13022606074810028, 23), (0.34377938508987427, 32)),
    ],
)
def test_hard_swish_at_touchy_scales(source, output):
    x = every_value("int8")
    builder = TfliteBuilder()
    a = builder.tensor(x.shape, "int8", *source)
    y = builder.tensor(x.shape, "int8", *output)
    builder.operator("HARD_SWISH", [a], y)
    assert count_differing_bytes(builder.build([a], [y]), [x]) == 0


@pytest.mark.parametrize("dtype", ["int8", "int16"])
@pytest.mark.parametrize("kind", ["ADD", "SUB", "MUL"])
def test_binary_operators_at_touchy_scales(kind, dtype):
    rng = np.random.default_rng(2)

    def draw(rng):
        a, b = (F32(2.0 ** rng.uniform(-9, 1)) for _ in range(2))
        factor = 2.0 ** rng.uniform(-1, 3)
        return a, b, F32(a * b * 100 * factor if kind == "MUL" else max(a, b) * factor)

    if kind == "MUL":
        ways = (lambda a, b, o: a * b / o,) * 2
    else:
        ways = lambda a, b, o: a / (F32(2) * max(a, b)), lambda a, b, o: a / (2 * max(a, b))
    scales = touchy_scales(rng, *ways, draw)
    for _ in range(TRIALS):
        first, second, output = next(scales)
        points = [int(p) for p in rng.integers(-128, 128, 3)] if dtype == "int8" else [0, 0, 0]
        builder = TfliteBuilder()
        shape = (1, 4096)
        a = builder.tensor(shape, dtype, first, points[0])
        b = builder.tensor(shape, dtype, second, points[1])
        y = builder.tensor(shape, dtype, output, points[2])
        fields = {"fusedActivationFunction": 0}
        if kind != "MUL":
            fields["potScaleInt16"] = False
        name = {"ADD": "AddOptions", "SUB": "SubOptions", "MUL": "MulOptions"}[kind]
        builder.operator(kind, [a, b], y, (name, fields))
        inputs = [random_values(rng, dtype, shape) for _ in range(2)]
        assert count_differing_bytes(builder.build([a, b], [y]), inputs) == 0, (first, second)


@pytest.mark.parametrize("dtype", ["int8", "int16"])
def test_a_dense_layer_at_touchy_scales(dtype):
    rng = np.random.default_rng(3)

    def draw(rng):
        source, weights = F32(2.0 ** rng.uniform(-9, 1)), F32(2.0 ** rng.uniform(-9, -5))
        return source, weights, F32(source * weights * 126 * 2.0 ** rng.uniform(-1, 2))

    in_float, in_double = lambda s, w, o: float(s * w) / float(o), lambda s, w, o: s * w / o
    scales = touchy_scales(rng, in_float, in_double, draw)
    for _ in range(150):  # four of the first 500 show it on int8, the first one is the 120th
        source, weights, output = next(scales)
        points = [int(p) for p in rng.integers(-128, 128, 2)] if dtype == "int8" else [0, 0]
        builder = TfliteBuilder()
        x = builder.tensor((256, 3), dtype, source, points[0])
        w = builder.tensor((64, 3), "int8", weights, data=rng.integers(-127, 128, (64, 3)))
        y = builder.tensor((256, 64), dtype, output, points[1])
        fields = {"fusedActivationFunction": 0, "keepNumDims": False}
        builder.operator("FULLY_CONNECTED", [x, w, None], y, ("FullyConnectedOptions", fields))
        inputs = [random_values(rng, dtype, (256, 3))]
        assert count_differing_bytes(builder.build([x], [y]), inputs) == 0, (source, weights)


def test_the_bounds_of_an_activation_are_rounded_as_floats():
    """6 / scale as a float is a half exactly, and rounds up; as a double it is a little less."""
    for scale, six in ((0.0004075394826941192, 14723), (0.0032111320178955793, 1869)):
        assert round(6.0 / scale) == six - 1
        assert float(F32(6) / F32(scale)) == six - 0.5
        builder = TfliteBuilder()
        x = builder.tensor((1, 4), "int16", scale)
        y = builder.tensor((1, 4), "int16", scale)
        builder.operator("RELU6", [x], y)
        content, top = builder.build([x], [y]), [np.full((1, 4), 32767, np.int16)]
        assert run_tflm_samples(content, [top])[0][0].tolist() == [[six] * 4]
        assert count_differing_bytes(content, top) == 0
