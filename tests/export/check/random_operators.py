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
        if x.dtype != "int8" or self.draw(st.integers(0, 4)):
            return x
        return self.b.operator("QUANTIZE", [x], self.as_uint8(x))

    def as_uint8(self, x: Value) -> Value:
        """Mostly the same scale and 128 more, as the converter does it; or any."""
        if self.draw(st.booleans()):
            return self.b.tensor(x.shape, "uint8", x.scale, x.zero_point + 128)
        scale = float(np.float32(x.scale * 2.0 ** self.rng.uniform(-2, 2)))
        return self.b.tensor(x.shape, "uint8", scale, int(self.rng.integers(0, 256)))

    OPERATORS = (choice, resize)
