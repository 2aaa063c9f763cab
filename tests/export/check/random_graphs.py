"""Random small networks over the whole operator set, for the differential fuzzer.

They are built through the schema rather than converted from Keras: the converter chooses zero
points, scales and operators itself, so whole regions (zero points at both ends of the range,
saturating scales, SUB with a constant on its left, PAD along channels, a value that is used twice
and also an output) would never be seen, and 300 conversions take minutes. The converter's own ways
are covered by `tests/networks.py`.

A graph is grown operator by operator: hypothesis draws which and how, so that it can simplify what
fails; numbers that need not shrink (weights) come from a generator with a drawn seed.
"""

from __future__ import annotations

import math

import numpy as np
from ai_edge_litert import schema_py_generated as schema
from hypothesis import strategies as st

from tests.export.check.random_moves import MovingOperators
from tests.export.check.random_operators import LIMITS, MAX_ELEMENTS, MoreOperators
from tests.export.check.random_state import StateOperators
from tests.network.tflite_builder import TfliteBuilder, Value

ACTIVATIONS = {"NONE": 0, "RELU": 1, "RELU_N1_TO_1": 2, "RELU6": 3}


class _Grower(MoreOperators, MovingOperators, StateOperators):
    """One graph under construction; every method adds an operator or returns None."""

    def __init__(self, draw, dtype: str) -> None:
        self.draw = draw
        self.dtype = dtype
        self.b = TfliteBuilder()
        self.rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        self.values: list[Value] = []
        self.sources: dict[int, Value] = {}  # a uint8 input by the index of its int8 form

    # -- quantization

    def scale(self) -> float:
        if self.draw(st.integers(0, 11)) == 7:  # what no converter writes and the format allows
            return float(np.float32(10.0 ** self.rng.uniform(-8, 6)))
        return float(np.float32(2.0 ** self.rng.uniform(-9, 1)))

    def zero_point(self) -> int:
        if self.dtype == "int16":
            return 0
        return self.draw(st.sampled_from([0, -128, -1, 60, -77, 5, 127, -127, 126]))

    def new(self, shape, like: Value | None = None, scale: float | None = None) -> Value:
        """A value of this graph's type, with the quantization of `like` or one of its own."""
        if self.dtype == "float32":
            return self.b.tensor(shape, "float32")
        if like is not None:
            return self.b.tensor(shape, self.dtype, like.scale, like.zero_point)
        scale = self.scale() if scale is None else float(np.float32(scale))
        if self.draw(st.integers(0, 23)) == 17:  # everything saturates, or nothing is left
            scale = float(np.float32(scale * 10.0 ** self.rng.uniform(-5, 5)))
        return self.b.tensor(shape, self.dtype, scale, self.zero_point())

    def indices(self, values) -> Value:
        return self.b.tensor(np.shape(values), "int32", data=np.array(values, np.int32))

    def activation(self) -> int:
        names = ["NONE", "NONE", "NONE", "RELU", "RELU", "RELU6", "RELU_N1_TO_1"]
        return ACTIVATIONS[self.draw(st.sampled_from(names))]

    def weights(self, shape, channels: int, axis: int, source: Value, depth: int, per_channel=None):
        """(weights, bias or None, a scale that suits the output)."""
        spread = self.draw(st.sampled_from([0.02, 1.0, 1.0, 1.0, 40.0]))  # 0.02: saturates
        with_bias = self.draw(st.booleans())
        if self.dtype == "float32":
            w = self.b.tensor(
                shape, "float32", data=self.rng.normal(0, 1 / math.sqrt(depth), shape)
            )
            bias = self.b.tensor((channels,), "float32", data=self.rng.normal(0, 1, channels))
            return w, bias if with_bias else None, None
        if per_channel is None:
            per_channel = self.draw(st.booleans())
        n_scales = channels if per_channel else 1
        scales = np.float32(self.rng.uniform(0.001, 0.03, n_scales))
        if self.draw(st.integers(0, 7)) == 5:  # channels that are a million times apart
            scales = np.float32(10.0 ** self.rng.uniform(-8, 0, n_scales))
        low = self.draw(st.sampled_from([-127, -128]))
        data = self.rng.integers(low, 128, shape)
        if self.draw(st.integers(0, 9)) == 0:
            data = np.where(data > 0, 127, low)
        w = self.b.tensor(shape, "int8", scales=scales, data=data, axis=axis if per_channel else 0)
        bias_type = "int32"
        if self.dtype == "int16" and (axis == 3 or self.draw(st.integers(0, 3))):
            bias_type = "int64"  # an int32 bias means sums of 32 bits, which depthwise has not
        bias_scales = np.float32(source.scale) * scales
        reach = 2000 if self.dtype == "int8" else 200_000
        bias = self.b.tensor(
            (channels,),
            bias_type,
            scales=bias_scales,
            data=self.rng.integers(-reach, reach, channels),
        )
        span = 60 if self.dtype == "int8" else 60 * 256
        out_scale = source.scale * float(scales.max()) * 74 * math.sqrt(depth) * spread
        out_scale *= 1 if self.dtype == "int8" else span / 60 / 256
        return w, bias if with_bias else None, out_scale

    # -- picking operands

    def pick(self, rank: int | None = None) -> Value | None:
        fitting = [v for v in self.values if rank is None or len(v.shape) == rank]
        if not fitting:
            return None
        # mostly the newest, so that graphs grow deep
        at = self.draw(st.integers(0, 9))
        return fitting[-1] if at < 7 else fitting[at % len(fitting)]

    # -- operators

    def channels(self) -> int:
        return self.draw(st.sampled_from([1, 2, 3, 4, 5, 6, 7, 8, 9, 17]))

    def fully_connected(self):
        x = self.pick()
        depth = x.shape[-1]
        channels = self.channels()
        w, bias, scale = self.weights((channels, depth), channels, 0, x, depth)
        y = self.new((*x.shape[:-1], channels), scale=scale)
        fields = {"fusedActivationFunction": self.activation(), "keepNumDims": len(x.shape) != 2}
        return self.b.operator(
            "FULLY_CONNECTED", [x, w, bias], y, ("FullyConnectedOptions", fields)
        )

    def _window(self, x: Value, max_filter=5):
        """Drawn geometry that fits: fields of the options, filter, and the output's size."""
        same = self.draw(st.booleans())
        size, stride, dilation, out = [], [], [], []
        for axis in (1, 2):
            n = x.shape[axis]
            f = self.draw(st.integers(1, max_filter if same else min(max_filter, n)))
            s = self.draw(st.sampled_from([1, 1, 2, 2, 3, 5]))  # beyond the filter too
            d = self.draw(st.sampled_from([1, 1, 1, 2, 3, 4]))
            covered = (f - 1) * d + 1
            if not same and covered > n:
                d, covered = 1, f
            size.append(f)
            stride.append(s)
            dilation.append(d)
            out.append(-(-n // s) if same else (n - covered) // s + 1)
        fields = {"padding": 0 if same else 1, "strideH": stride[0], "strideW": stride[1]}
        return fields, size, dilation, out

    def conv_2d(self):
        x = self.pick(4)
        if x is None:
            return None
        fields, size, dilation, out = self._window(x)
        channels = self.channels()
        if channels * out[0] * out[1] > MAX_ELEMENTS:
            return None
        depth = size[0] * size[1] * x.shape[3]
        w, bias, scale = self.weights((channels, *size, x.shape[3]), channels, 0, x, depth)
        fields |= {
            "dilationHFactor": dilation[0],
            "dilationWFactor": dilation[1],
            "fusedActivationFunction": self.activation(),
        }
        return self.b.operator(
            "CONV_2D",
            [x, w, bias],
            self.new((1, *out, channels), scale=scale),
            ("Conv2DOptions", fields),
        )

    def depthwise_conv_2d(self):
        x = self.pick(4)
        if x is None:
            return None
        fields, size, dilation, out = self._window(x)
        multiplier = self.draw(st.sampled_from([1, 1, 1, 2, 3]))
        channels = x.shape[3] * multiplier
        if channels * out[0] * out[1] > MAX_ELEMENTS:
            return None
        w, bias, scale = self.weights((1, *size, channels), channels, 3, x, size[0] * size[1])
        fields |= {
            "dilationHFactor": dilation[0],
            "dilationWFactor": dilation[1],
            "depthMultiplier": multiplier,
            "fusedActivationFunction": self.activation(),
        }
        # TFLM crashes on an absent bias that is listed as -1 here; the list must end before it.
        return self.b.operator(
            "DEPTHWISE_CONV_2D",
            [v for v in (x, w, bias) if v],
            self.new((1, *out, channels), scale=scale),
            ("DepthwiseConv2DOptions", fields),
        )

    def pooling(self):
        x = self.pick(4)
        if x is None:
            return None
        fields, size, _, out = self._window(x)
        fields |= {
            "filterHeight": size[0],
            "filterWidth": size[1],
            "fusedActivationFunction": self.activation(),
        }
        kind = self.draw(st.sampled_from(["MAX_POOL_2D", "AVERAGE_POOL_2D"]))
        # a dilation was drawn for convolutions; without it the output may be larger
        for i, axis in enumerate((1, 2)):
            stride = fields["strideH" if i == 0 else "strideW"]
            n = x.shape[axis]
            out[i] = -(-n // stride) if fields["padding"] == 0 else (n - size[i]) // stride + 1
        return self.b.operator(
            kind, [x], self.new((1, *out, x.shape[3]), like=x), ("Pool2DOptions", fields)
        )

    def mean(self):
        x = self.pick()
        rank = len(x.shape)
        options = [[1, 2], [2, 1], [-1], [1], [1, 2, 3]] if rank == 4 else [[1], [-1]]
        axes = self.draw(st.sampled_from(options))
        keep = self.draw(st.booleans())
        gone = {a % rank for a in axes}
        shape = tuple(1 if i in gone else n for i, n in enumerate(x.shape) if keep or i not in gone)
        count = math.prod(x.shape[a] for a in gone)
        like = None if self.draw(st.booleans()) else x
        scale = None if like else (x.scale or 1) / math.sqrt(count)
        y = self.new(shape, like=like, scale=scale)
        return self.b.operator(
            "MEAN", [x, self.indices(axes)], y, ("ReducerOptions", {"keepDims": keep})
        )

    def binary(self):
        x = self.pick()
        kind = self.draw(st.sampled_from(["ADD", "SUB", "MUL"]))
        how = self.draw(st.sampled_from(["value", "same", "constant", "row", "scalar", "full"]))
        if how in ("value", "same"):
            fitting = [v for v in self.values if v.shape == x.shape]
            other = x if how == "same" else fitting[self.draw(st.integers(0, 99)) % len(fitting)]
        else:
            shape = {
                "constant": x.shape,
                "row": x.shape[-1:],
                "scalar": (),
                "full": (1,) * (len(x.shape) - 1) + x.shape[-1:],
            }[how]
            other = self.constant(shape)
        factor = float(2.0 ** self.rng.uniform(-1, 3))
        if self.dtype == "float32":
            scale = None
        elif kind == "MUL":
            scale = x.scale * other.scale * 100 * factor
        else:
            scale = max(x.scale, other.scale) * factor
        pair = [x, other] if self.draw(st.booleans()) else [other, x]
        options = {"ADD": "AddOptions", "SUB": "SubOptions", "MUL": "MulOptions"}[kind]
        fields = {"fusedActivationFunction": self.activation()}
        if kind != "MUL":
            fields["potScaleInt16"] = False
        return self.b.operator(kind, pair, self.new(x.shape, scale=scale), (options, fields))

    def constant(self, shape, like: Value | None = None) -> Value:
        """Random values, with the quantization of `like` or one of their own."""
        if self.dtype == "float32":
            return self.b.tensor(shape, "float32", data=self.rng.normal(0, 1, shape))
        low, high = LIMITS[self.dtype]
        return self.b.tensor(
            shape,
            self.dtype,
            self.scale() if like is None else like.scale,
            self.zero_point() if like is None else like.zero_point,
            data=self.rng.integers(low, high + 1, shape),
        )

    def pad(self):
        x = self.pick()
        amounts = [[0, 0]] + [
            [self.draw(st.integers(0, 2)), self.draw(st.integers(0, 2))] for _ in x.shape[1:]
        ]
        shape = tuple(n + a + b for n, (a, b) in zip(x.shape, amounts, strict=True))
        if math.prod(shape) > MAX_ELEMENTS:
            return None
        return self.b.operator(
            "PAD", [x, self.indices(amounts)], self.new(shape, like=x), ("PadOptions", {})
        )

    def concatenation(self):
        x = self.pick()
        axis = self.draw(st.integers(1, len(x.shape) - 1))
        parts = [x]
        for v in self.values:
            alike = len(v.shape) == len(x.shape) and all(
                a == b for i, (a, b) in enumerate(zip(v.shape, x.shape, strict=True)) if i != axis
            )
            same_grid = (v.scale, v.zero_point) == (x.scale, x.zero_point)
            if v is not x and alike and same_grid and len(parts) < 4:
                parts.append(v)
        if len(parts) == 1 and self.draw(st.booleans()):
            parts = [x, x]
        if self.draw(st.integers(0, 3)) == 0:  # a part may be a constant, on the same grid
            shape = (*x.shape[:axis], self.draw(st.integers(1, 3)), *x.shape[axis + 1 :])
            parts.insert(self.draw(st.integers(0, len(parts))), self.constant(shape, like=x))
        shape = list(x.shape)
        shape[axis] = sum(p.shape[axis] for p in parts)
        if math.prod(shape) > MAX_ELEMENTS:
            return None
        given = axis if self.draw(st.booleans()) else axis - len(shape)
        return self.b.operator(
            "CONCATENATION",
            parts,
            self.new(shape, like=x),
            ("ConcatenationOptions", {"axis": given}),
        )

    def reshape(self):
        x = self.pick()
        n = math.prod(x.shape)
        factors = [f for f in range(1, n + 1) if n % f == 0]
        a = self.draw(st.sampled_from(factors))
        shape = self.draw(st.sampled_from([(1, n), (1, a, n // a, 1), (1, 1, a, n // a)]))
        kind = self.draw(st.sampled_from(["RESHAPE", "RESHAPE", "SQUEEZE", "EXPAND_DIMS"]))
        if kind == "SQUEEZE" and len(x.shape) == 4 and x.shape[1] == x.shape[2] == 1:
            return self.b.operator(
                "SQUEEZE",
                [x],
                self.new((1, x.shape[3]), like=x),
                ("SqueezeOptions", {"squeezeDims": [1, 2]}),
            )
        if kind == "EXPAND_DIMS" and len(x.shape) == 2:
            middle = self.b.operator(
                "EXPAND_DIMS",
                [x, self.indices(1)],
                self.new((1, 1, x.shape[1]), like=x),
                ("ExpandDimsOptions", {}),
            )
            return self.b.operator(
                "EXPAND_DIMS",
                [middle, self.indices(1)],
                self.new((1, 1, 1, x.shape[1]), like=x),
                ("ExpandDimsOptions", {}),
            )
        return self.b.operator(
            "RESHAPE",
            [x, self.indices(shape)],
            self.new(shape, like=x),
            ("ReshapeOptions", {"newShape": list(shape)}),
        )

    def transpose(self):
        x = self.pick(4)
        if x is None:
            return None
        order = [0, *self.draw(st.permutations([1, 2, 3]))]
        shape = tuple(x.shape[a] for a in order)
        return self.b.operator(
            "TRANSPOSE", [x, self.indices(order)], self.new(shape, like=x), ("TransposeOptions", {})
        )

    def strided_slice(self):
        x = self.pick()
        begin, end, stride, shape = [], [], [], []
        for n in x.shape:
            first = self.draw(st.integers(0, n - 1))
            step = self.draw(st.integers(1, 2))
            last = self.draw(st.integers(first + 1, n))
            begin.append(first)
            end.append(last)
            stride.append(step)
            shape.append(-(-(last - first) // step))
        fields = dict.fromkeys(
            ("beginMask", "endMask", "ellipsisMask", "newAxisMask", "shrinkAxisMask"), 0
        )
        inputs = [x, *(self.indices(v) for v in (begin, end, stride))]
        return self.b.operator(
            "STRIDED_SLICE", inputs, self.new(shape, like=x), ("StridedSliceOptions", fields)
        )

    def unary(self):
        x = self.pick()
        kinds = ["LOGISTIC", "TANH", "RELU", "RELU6", "LEAKY_RELU", "SOFTMAX"]
        if self.dtype != "int16":
            kinds.append("HARD_SWISH")
        if self.dtype != "float32":
            kinds.append("QUANTIZE")
        kind = self.draw(st.sampled_from(kinds))
        options = {
            "LEAKY_RELU": (
                "LeakyReluOptions",
                {"alpha": self.draw(st.sampled_from([0.1, 0.3, 0.0, 1.5, -0.2]))},
            ),
            "SOFTMAX": ("SoftmaxOptions", {"beta": self.draw(st.sampled_from([1.0, 1.0, 0.5]))}),
        }.get(kind)
        if self.dtype == "float32":
            return self.b.operator(kind, [x], self.new(x.shape), options)
        factor = float(2.0 ** self.rng.uniform(-2, 2))
        fixed = {
            ("SOFTMAX", "int8"): (1 / 256, -128),
            ("LOGISTIC", "int8"): (1 / 256, -128),
            ("TANH", "int8"): (1 / 128, 0),
            ("SOFTMAX", "int16"): (1 / 32768, 0),
            ("LOGISTIC", "int16"): (1 / 32768, 0),
            ("TANH", "int16"): (1 / 32768, 0),
        }.get((kind, self.dtype))
        if fixed:
            y = self.b.tensor(x.shape, self.dtype, *fixed)
        elif kind == "RELU6":
            if round(6 / x.scale) + x.zero_point > LIMITS[self.dtype][1]:
                return None  # TFLM wants to see a quantized 6
            y = self.new(x.shape, like=x)
        else:
            y = self.new(x.shape, scale=x.scale * factor)
        return self.b.operator(kind, [x], y, options)

    OPERATORS = (
        fully_connected,
        conv_2d,
        conv_2d,
        depthwise_conv_2d,
        depthwise_conv_2d,
        pooling,
        mean,
        binary,
        binary,
        pad,
        concatenation,
        reshape,
        transpose,
        strided_slice,
        unary,
        unary,
        *MoreOperators.OPERATORS,
        *MovingOperators.OPERATORS,
        *StateOperators.OPERATORS,
    )

    def grow(self) -> tuple[list[Value], list[Value]]:
        shape = self.draw(st.sampled_from([2, 4, 4, 4]))
        if shape == 2:
            shape = (1, self.draw(st.integers(1, 17)))
        else:
            sizes = [self.draw(st.sampled_from([1, 2, 3, 4, 5, 6, 7, 8, 9])) for _ in range(2)]
            depth = self.draw(st.sampled_from([1, 2, 3, 4, 5, 6, 7, 17]))
            shape = (1, *sizes, depth if depth * sizes[0] * sizes[1] <= MAX_ELEMENTS else 3)
        inputs = [self.new(shape)]
        if self.draw(st.integers(0, 3)) == 0:
            inputs.append(self.new(shape))
        self.values = [self.from_uint8(x) for x in inputs]
        inputs = [self.sources.get(x.index, x) for x in self.values]
        made = []
        for _ in range(self.draw(st.integers(1, 6))):
            grown = self.draw(st.sampled_from(self.OPERATORS))(self)
            if grown is not None:
                made.append(grown)
                if len(grown.shape) > 1 and grown.dtype == self.dtype:
                    self.values.append(grown)
        if not made:
            made.append(self.fully_connected())
        outputs = [made[-1]]
        if len(made) > 1 and self.draw(st.integers(0, 3)) == 0:
            outputs.append(made[self.draw(st.integers(0, len(made) - 2))])
        outputs[0] = self.to_uint8(outputs[0])
        return inputs, outputs


class RandomModel:
    """A model's bytes, and what it is made of: that is what a failing test prints."""

    def __init__(self, content: bytes, dtype: str, kinds: str) -> None:
        self.content, self.dtype, self.kinds = content, dtype, kinds

    def __repr__(self) -> str:
        return f"{self.dtype}: {self.kinds}"


@st.composite
def random_models(draw, dtypes=("int8", "int8", "int8", "int16", "float32")) -> RandomModel:
    """A random model of one of these types."""
    grower = _Grower(draw, draw(st.sampled_from(dtypes)))
    inputs, outputs = grower.grow()
    names = {v: k for k, v in vars(schema.BuiltinOperator).items() if isinstance(v, int)}
    codes = [names[code.builtinCode] for code in grower.b.model.operatorCodes]
    kinds = " ".join(codes[o.opcodeIndex] for o in grower.b.graph.operators)
    return RandomModel(grower.b.build(inputs, outputs), grower.dtype, kinds)
