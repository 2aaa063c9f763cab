"""More operators for `random_graphs`: uint8 ends, choices, resizing, parts and joints.

Each method draws one operator onto the graph, or returns None where none fits.
"""

from __future__ import annotations

import math

import numpy as np
from hypothesis import strategies as st

from tests.network.tflite_builder import Value

LIMITS = {"int8": (-128, 127), "int16": (-32768, 32767)}
MAX_ELEMENTS = 600


class MoreOperators:
    """Mixed into the grower, which has `draw`, `rng`, `b`, `values`, `pick`, `new` and so on."""

    def choice(self):
        """MAXIMUM or MINIMUM."""
        x = self.pick()
        kind = self.draw(st.sampled_from(["MAXIMUM", "MINIMUM"]))
        fitting = [v for v in self.values if v.shape == x.shape]
        repeats = (1,) * (len(x.shape) - 1) + x.shape[-1:]
        other = self.draw(st.sampled_from([*fitting, repeats, x.shape[-1:], ()]))
        if isinstance(other, tuple):
            other = self.constant(other)
        pair = [x, other] if self.draw(st.booleans()) else [other, x]
        fields = ("MaximumMinimumOptions", {})
        return self.b.operator(kind, pair, self.new(x.shape, like=x), fields)

    def resize(self):
        x = self.pick(4)
        if x is None:
            return None
        size = [self.draw(st.integers(1, 13)) for _ in range(2)]
        shape = (1, *size, x.shape[3])
        if math.prod(shape) > MAX_ELEMENTS:
            return None
        fields = {"alignCorners": self.draw(st.booleans())}
        fields["halfPixelCenters"] = self.draw(st.booleans())
        return self.b.operator(
            "RESIZE_NEAREST_NEIGHBOR",
            [x, self.indices(size)],
            self.new(shape, like=x),
            ("ResizeNearestNeighborOptions", fields),
        )

    def from_uint8(self, x: Value) -> Value:
        """`x` made from a uint8 input of the model, now and then."""
        if self.dtype != "int8" or self.draw(st.integers(0, 4)):
            return x
        self.sources[x.index] = self.as_uint8(x)
        return self.b.operator("QUANTIZE", [self.sources[x.index]], x)

    def to_uint8(self, x: Value) -> Value:
        """A value as it leaves the model: now and then as uint8."""
        if x.dtype != "int8" or x.scale is None or self.draw(st.integers(0, 4)):
            return x
        return self.b.operator("QUANTIZE", [x], self.as_uint8(x))

    def as_uint8(self, x: Value) -> Value:
        """Mostly the same scale and 128 more, as the converter does it; or any."""
        if self.draw(st.booleans()):
            return self.b.tensor(x.shape, "uint8", x.scale, x.zero_point + 128)
        scale = float(np.float32(x.scale * 2.0 ** self.rng.uniform(-2, 2)))
        return self.b.tensor(x.shape, "uint8", scale, int(self.rng.integers(0, 256)))

    def split(self):
        """SPLIT, SPLIT_V or UNPACK; all parts may be used, or some."""
        x = self.pick()
        kind = self.draw(st.sampled_from(["SPLIT", "SPLIT_V", "UNPACK"]))
        axis = self.draw(st.integers(1, len(x.shape) - 1))
        n = x.shape[axis]
        if kind == "UNPACK":
            widths = [None] * n
        elif kind == "SPLIT":
            parts = self.draw(st.sampled_from([k for k in range(1, n + 1) if n % k == 0]))
            widths = [n // parts] * parts
        else:
            cuts = sorted(self.draw(st.sets(st.integers(1, n - 1), max_size=3))) if n > 1 else []
            widths = [b - a for a, b in zip([0, *cuts], [*cuts, n], strict=True)]
        shapes = [
            x.shape[:axis] + (() if w is None else (w,)) + x.shape[axis + 1 :] for w in widths
        ]
        outputs = [self.new(shape, like=x) for shape in shapes]
        at = self.indices(axis)
        inputs = {
            "SPLIT": [at, x],
            "SPLIT_V": [x, self.indices([w or 1 for w in widths]), at],
            "UNPACK": [x],
        }[kind]
        table, fields = {
            "SPLIT": ("SplitOptions", {"numSplits": len(outputs)}),
            "SPLIT_V": ("SplitVOptions", {"numSplits": len(outputs)}),
            "UNPACK": ("UnpackOptions", {"num": len(outputs), "axis": axis}),
        }[kind]
        self.b.operator(kind, inputs, outputs, (table, fields))
        self.values += [y for y in outputs[1:] if len(y.shape) > 1]
        return outputs[0]

    def pack(self):
        x = self.pick()
        if len(x.shape) > 3 or 2 * math.prod(x.shape) > MAX_ELEMENTS:
            return None
        alike = [
            v
            for v in self.values
            if v.shape == x.shape and (v.scale, v.zero_point) == (x.scale, x.zero_point)
        ]
        parts = [x, *alike[: self.draw(st.integers(1, 3))]]
        axis = self.draw(st.integers(1, len(x.shape)))
        shape = (*x.shape[:axis], len(parts), *x.shape[axis:])
        if math.prod(shape) > MAX_ELEMENTS:
            return None
        given = axis if self.draw(st.booleans()) else axis - len(shape)
        fields = {"valuesCount": len(parts), "axis": given}
        return self.b.operator("PACK", parts, self.new(shape, like=x), ("PackOptions", fields))

    def gather(self):
        x = self.pick()
        axis = self.draw(st.integers(1, len(x.shape) - 1))
        n = x.shape[axis]
        taken = self.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=5))
        shape = (*x.shape[:axis], len(taken), *x.shape[axis + 1 :])
        if self.dtype == "int16" or math.prod(shape) > MAX_ELEMENTS:
            return None
        given = axis if self.draw(st.booleans()) else axis - len(shape)
        return self.b.operator(
            "GATHER",
            [x, self.indices(taken)],
            self.new(shape, like=x),
            ("GatherOptions", {"axis": given, "batchDims": 0}),
        )

    def greatest(self):
        """REDUCE_MAX or ARG_MAX, whose int32 may only leave the model."""
        x = self.pick()
        if self.dtype == "int16":
            return None
        axis = self.draw(st.integers(1, len(x.shape) - 1))
        shape = x.shape[:axis] + x.shape[axis + 1 :]
        if self.draw(st.booleans()):
            y = self.b.tensor(shape, "int32")
            return self.b.operator("ARG_MAX", [x, self.indices(axis)], y, ("ArgMaxOptions", {}))
        keep = self.draw(st.booleans())
        if keep:
            shape = (*x.shape[:axis], 1, *x.shape[axis + 1 :])
        y = self.new(shape, like=x)
        fields = ("ReducerOptions", {"keepDims": keep})
        return self.b.operator("REDUCE_MAX", [x, self.indices([axis])], y, fields)

    def cast(self):
        """From an integer to any other type; the result may only leave the model."""
        x = self.pick()
        if self.dtype == "float32":
            return None
        other = {"int8": "int16", "int16": "int8"}[self.dtype]
        y = self.b.tensor(x.shape, self.draw(st.sampled_from([other, "int32", "float32"])))
        return self.b.operator("CAST", [x], y, ("CastOptions", {}))

    def to_int32(self):
        """QUANTIZE from an integer to int32; the result may only leave the model."""
        x = self.pick()
        if self.dtype == "float32":
            return None
        scale = float(np.float32(x.scale * 2.0 ** self.rng.uniform(-9, 3)))
        return self.b.operator("QUANTIZE", [x], self.b.tensor(x.shape, "int32", scale))

    def transpose_conv(self):
        x = self.pick(4)
        if x is None:
            return None
        same = self.draw(st.booleans())
        size = [self.draw(st.integers(1, 4)) for _ in range(2)]
        stride = [self.draw(st.integers(1, 3)) for _ in range(2)]
        shorter = [self.draw(st.integers(0, s - 1)) for s in stride]
        n = x.shape[1:3]
        out = [
            n[i] * stride[i] - shorter[i] if same else (n[i] - 1) * stride[i] + size[i] + shorter[i]
            for i in range(2)
        ]
        channels = self.draw(st.integers(1, 5))
        if math.prod(out) * channels > MAX_ELEMENTS:
            return None
        depth = size[0] * size[1] * x.shape[3]
        w, bias, scale = self.weights((channels, *size, x.shape[3]), channels, 0, x, depth)
        if bias is not None and (self.dtype, bias.dtype) == ("int16", "int32"):
            bias = None  # TFLM takes it for int64
        fields = {"padding": 0 if same else 1, "strideH": stride[0], "strideW": stride[1]}
        fields["fusedActivationFunction"] = self.activation()
        y = self.new((1, *out, channels), scale=scale)
        inputs = [v for v in (self.indices(y.shape), w, x, bias) if v is not None]
        return self.b.operator("TRANSPOSE_CONV", inputs, y, ("TransposeConvOptions", fields))

    def div(self):
        """DIV; the divisor may be 0, which has an answer in TFLM."""
        x = self.pick()
        if self.dtype == "int16":
            return None
        fitting = [v for v in self.values if v.shape == x.shape]
        other = self.draw(st.sampled_from([*fitting, x.shape, x.shape[-1:], ()]))
        if isinstance(other, tuple):
            other = self.constant(other)
        scale = None
        if self.dtype == "int8":
            scale = x.scale / other.scale / 2.0 ** self.rng.uniform(-4, 12)
        fields = ("DivOptions", {"fusedActivationFunction": self.activation()})
        return self.b.operator("DIV", [x, other], self.new(x.shape, scale=scale), fields)

    def wide_softmax(self):
        """From int8 to int16, and on to int32; the result may only leave the model."""
        x = self.pick()
        if self.dtype != "int8":
            return None
        y = self.b.tensor(x.shape, "int16", 1 / 65536, -32768)
        y = self.b.operator("SOFTMAX", [x], y, ("SoftmaxOptions", {"beta": 1.0}))
        if self.draw(st.booleans()):
            return y
        return self.b.operator("QUANTIZE", [y], self.b.tensor(x.shape, "int32", 1 / 32768))

    OPERATORS = (
        div,
        wide_softmax,
        to_int32,
        transpose_conv,
        transpose_conv,
        choice,
        resize,
        split,
        split,
        pack,
        gather,
        greatest,
        cast,
    )
