"""Infinity, what is no number, the greatest and the least floats: C and NumPy against TFLM.

A fused activation without an upper bound ends at the greatest float, the operator RELU does not
end; a pooled maximum passes over what is no number, a clamp keeps it. One model has every float
operator.
"""

import itertools

import numpy as np
import pytest

from tests.network.tflite_builder import TfliteBuilder
from tests.tools import need_tflm
from tinyml_course.export.check.host_build import HostModel
from tinyml_course.export.check.verify import compare_outputs
from tinyml_course.interpreters.tflm import run_tflm_samples
from tinyml_course.network.parameters import LIMITS
from tinyml_course.network.reference import run_samples

F32 = np.float32
GREATEST = np.finfo(np.float32).max
STRANGE = np.array([np.inf, -np.inf, np.nan, GREATEST, -GREATEST, 0, -0.0, 1e-40, -1e-40], F32)
VALUES = np.append(STRANGE, F32([1, -1, 2.5, 6, 7, -2, 3.4e38, 1e-38, 88.8, -104, 1e10]))
ACTIVATIONS = {"NONE": 0, "RELU": 1, "RELU_N1_TO_1": 2, "RELU6": 3}
PAIRS = np.array(list(itertools.product(VALUES, VALUES)), F32)  # each with each
N = len(PAIRS)
SLOPES = np.resize(F32([0.5, -0.5, 0, 2, 1e20, -1e20]), len(VALUES))
# of the value: a square root here and libm's differ in the last places
RELATIVE = 2.0**-20
WITH_EXP = ("LOGISTIC", "TANH", "ELU", "SOFTMAX", "EXP")  # exp() here ends at exp(-87)


class EveryOperator:
    """A model of float operators side by side: `a` and `b` are the pairs, `x` both as a picture."""

    def __init__(self):
        self.b = TfliteBuilder()
        self.a, self.other = self.value(1, N), self.value(1, N)
        self.x = self.value(1, N, 2, 1)
        self.outputs = {}

    def value(self, *shape, data=None):
        return self.b.tensor(shape, "float32", data=data)

    def index(self, values):
        return self.b.tensor(np.shape(values), "int32", data=np.array(values))

    def add(self, label, kind, inputs, output, options=None):
        self.outputs[label] = self.b.operator(kind, inputs, output, options)

    def add_unary(self):
        for kind in ("RELU", "RELU6", "ABS", "NEG", "SQUARE", "SQRT", "RSQRT", "LOGISTIC", "TANH"):
            self.add(kind, kind, [self.a], self.value(1, N))
        for kind in ("HARD_SWISH", "EXP", "ELU"):
            self.add(kind, kind, [self.a], self.value(1, N))
        for alpha in (0.1, -0.2, 0.0, 1.5):
            fields = ("LeakyReluOptions", {"alpha": alpha})
            self.add(f"LEAKY_RELU {alpha}", "LEAKY_RELU", [self.a], self.value(1, N), fields)

    def add_choices(self):
        both = [self.a, self.other]
        self.add("MAXIMUM", "MAXIMUM", both, self.value(1, N), ("MaximumMinimumOptions", {}))
        self.add("MINIMUM", "MINIMUM", both, self.value(1, N), ("MaximumMinimumOptions", {}))
        kind = "SQUARED_DIFFERENCE"
        self.add(kind, kind, both, self.value(1, N), ("SquaredDifferenceOptions", {}))
        n = len(VALUES)
        square = self.b.operator(
            "RESHAPE", [self.a, self.index([1, n, n])], self.value(1, n, n), ("ReshapeOptions", {})
        )
        slopes = self.value(1, 1, n, data=SLOPES.reshape(1, 1, n))
        self.add("PRELU", "PRELU", [square, slopes], self.value(1, n, n))
        for kind in ("MEAN", "SUM", "REDUCE_MAX"):
            fields = ("ReducerOptions", {"keepDims": False})
            self.add(kind, kind, [self.x, self.index([2])], self.value(1, N, 1), fields)
        at = self.b.tensor((1, N, 1), "int32")
        self.add("ARG_MAX", "ARG_MAX", [self.x, self.index(2)], at, ("ArgMaxOptions", {}))
        flat = self.b.operator(
            "RESHAPE", [self.x, self.index([N, 2])], self.value(N, 2), ("ReshapeOptions", {})
        )
        fields = ("SoftmaxOptions", {"beta": 1.0})
        self.add("SOFTMAX", "SOFTMAX", [flat], self.value(N, 2), fields)

    def add_fused(self, name, number):
        fused = {"fusedActivationFunction": number}
        for kind in ("ADD", "SUB", "MUL", "DIV"):
            fields = (f"{kind.title()}Options", fused)
            self.add(f"{kind} {name}", kind, [self.a, self.other], self.value(1, N), fields)
        ones = self.value(2, 2, data=np.ones((2, 2)))
        flat = self.b.operator(
            "RESHAPE", [self.x, self.index([N, 2])], self.value(N, 2), ("ReshapeOptions", {})
        )
        fields = ("FullyConnectedOptions", fused)
        kind = "FULLY_CONNECTED"
        self.add(f"{kind} {name}", kind, [flat, ones], self.value(N, 2), fields)
        for padding in (0, 1):
            self.add_windows(f"{name} {padding}", padding, fused)

    def add_windows(self, name, padding, fused):
        fields = {"padding": padding, "strideH": 1, "strideW": 1, **fused}
        dilated = fields | {"dilationHFactor": 1, "dilationWFactor": 1}
        ones = self.value(1, 1, 2, 1, data=np.ones((1, 1, 2, 1)))

        def output():
            return self.value(1, N, 2 - padding, 1)

        conv = ("Conv2DOptions", dilated)
        self.add(f"CONV_2D {name}", "CONV_2D", [self.x, ones], output(), conv)
        conv = ("DepthwiseConv2DOptions", dilated | {"depthMultiplier": 1})
        kind = "DEPTHWISE_CONV_2D"
        self.add(f"{kind} {name}", kind, [self.x, ones], output(), conv)
        pool = ("Pool2DOptions", fields | {"filterHeight": 1, "filterWidth": 2})
        for kind in ("MAX_POOL_2D", "AVERAGE_POOL_2D"):
            self.add(f"{kind} {name}", kind, [self.x], output(), pool)
        y = self.value(1, N, 2 + padding, 1)
        inputs = [self.index(y.shape), ones, self.x]
        kind = "TRANSPOSE_CONV"
        self.add(f"{kind} {name}", kind, inputs, y, ("TransposeConvOptions", fields))

    def build(self):
        self.add_unary()
        self.add_choices()
        for name, number in ACTIVATIONS.items():
            self.add_fused(name, number)
        return self.b.build([self.a, self.other, self.x], list(self.outputs.values()))


def is_close(label, expected, found):
    """Elementwise: the same, both no number, or near. Integers must be the same."""
    if expected.dtype != np.float32:
        return expected == found
    with np.errstate(invalid="ignore", over="ignore"):
        wide = expected.astype(np.float64), found.astype(np.float64)
        least = 1.0 if label in WITH_EXP else 2.0**-126
        near = np.abs(wide[0] - wide[1]) <= RELATIVE * np.maximum(np.abs(wide[0]), least)
    return (expected == found) | (np.isnan(expected) & np.isnan(found)) | near


@pytest.fixture(scope="module")
def answers():
    need_tflm()
    every = EveryOperator()
    model = every.build()
    samples = [[PAIRS[:, 0][None], PAIRS[:, 1][None], PAIRS.reshape(1, N, 2, 1)]]
    expected = run_tflm_samples(model, samples)[0]
    with HostModel.build(model) as built:
        in_c = built.invoke(*samples[0])
    with np.errstate(all="ignore"):
        in_numpy = run_samples(model.network, samples)[0]
    return every.outputs, expected, {"C": in_c, "NumPy": in_numpy}


@pytest.mark.parametrize("engine", ["C", "NumPy"])
def test_every_float_operator_answers_strange_values_as_tflm(answers, engine):
    labels, expected, found = answers
    wrong = []
    for label, wanted, got in zip(labels, expected, found[engine], strict=True):
        got = np.asarray(got).reshape(wanted.shape)
        for at in np.argwhere(~is_close(label, wanted, got))[:2]:
            wrong.append(f"{label} at {at}: {wanted[tuple(at)]}, not {got[tuple(at)]}")
    assert not wrong, "\n".join(wrong)


def test_relu_lets_infinity_through_and_a_fused_one_does_not(answers):
    labels, expected, found = answers
    for label, greatest in (("RELU", np.inf), ("ADD RELU", GREATEST), ("ADD NONE", GREATEST)):
        at = list(labels).index(label)
        assert expected[at].max(initial=0, where=~np.isnan(expected[at])) == greatest
        assert found["C"][at].max(initial=0, where=~np.isnan(found["C"][at])) == greatest


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_svdf_clamps_strange_values_as_tflm(activation):
    need_tflm()
    b = TfliteBuilder()
    x, state = b.tensor((1, 1), "float32"), b.tensor((1, 2), "float32", is_variable=True)
    ones = [b.tensor(s, "float32", data=np.ones(s)) for s in ((1, 1), (1, 2), (1,))]
    fields = {"rank": 1, "fusedActivationFunction": ACTIVATIONS[activation]}
    output = b.tensor((1, 1), "float32")
    y = b.operator("SVDF", [x, *ones, state], output, ("SVDFOptions", fields))
    model = b.build([x], [y])
    with HostModel.build(model) as built:
        for value in VALUES:
            samples = [[np.full((1, 1), each, F32)] for each in (value, 2, 2)]
            expected = run_tflm_samples(model, samples)
            built.reset()
            found = [built.invoke(*sample) for sample in samples]
            assert compare_outputs(expected, found, "C").max_difference == 0, value
            with np.errstate(all="ignore"):
                found = run_samples(model.network, samples)
            assert compare_outputs(expected, found, "NumPy").max_difference == 0, value


@pytest.mark.parametrize("dtype", ["int8", "int16"])
def test_quantize_of_a_huge_float_saturates_where_tflm_has_no_answer_of_its_own(dtype):
    """docs/c_export.md, the exceptions: TFLM casts a float of 2^31 or more to an int32."""
    need_tflm()
    low, high = LIMITS[dtype]
    b = TfliteBuilder()
    edge = 2.0**31
    below, beyond = np.nextafter(F32(edge), F32(0)), F32(edge)
    values = F32([below, -below, -edge, -1e30, -np.inf, np.nan, beyond, 1e30, np.inf])[None]
    x = b.tensor(values.shape, "float32")
    model = b.build([x], [b.operator("QUANTIZE", [x], b.tensor(x.shape, dtype, 1.0))])
    tflm = run_tflm_samples(model, [[values]])[0][0].tolist()
    alike = [high, low, low, low, low, low]
    assert tflm[0] == [*alike, low, low, low], "what this computer's cast makes of it"
    with HostModel.build(model) as built:
        assert built.invoke(values)[0].tolist()[0] == [*alike, high, high, high]
    assert run_samples(model.network, [[values]])[0][0].tolist()[0] == [*alike, high, high, high]
