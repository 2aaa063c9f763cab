"""Operators for `random_graphs` that move values, look between them, or take them one by one.

Each method draws one operator onto the graph, or returns None where none fits.
"""

from __future__ import annotations

import math

from hypothesis import strategies as st

from tests.export.check.random_operators import LIMITS, MAX_ELEMENTS


class MovingOperators:
    """Mixed into the grower, which has `draw`, `rng`, `b`, `values`, `pick`, `new` and so on."""

    def slice(self):
        x = self.pick()
        begin, size, shape = [], [], []
        for n in x.shape:
            first = self.draw(st.integers(0, n - 1))
            count = self.draw(st.integers(1, n - first))
            begin.append(first)
            size.append(-1 if count == n - first and self.draw(st.booleans()) else count)
            shape.append(count)
        y = self.new(shape, like=x)
        return self.b.operator(
            "SLICE", [x, self.indices(begin), self.indices(size)], y, ("SliceOptions", {})
        )

    def blocks(self):
        x = self.pick(4)
        if x is None or self.dtype == "int16":
            return None
        _, height, width, depth = x.shape
        size = self.draw(st.integers(1, 3))
        if depth % size**2 == 0 and self.draw(st.booleans()):
            kind, table = "DEPTH_TO_SPACE", "DepthToSpaceOptions"
            shape = (1, height * size, width * size, depth // size**2)
        elif height % size == width % size == 0:
            kind, table = "SPACE_TO_DEPTH", "SpaceToDepthOptions"
            shape = (1, height // size, width // size, depth * size**2)
        else:
            return None
        return self.b.operator(kind, [x], self.new(shape, like=x), (table, {"blockSize": size}))

    def pad_with(self):
        x = self.pick()
        amounts = [[0, 0]] + [
            [self.draw(st.integers(0, 2)), self.draw(st.integers(0, 2))] for _ in x.shape[1:]
        ]
        shape = tuple(n + a + b for n, (a, b) in zip(x.shape, amounts, strict=True))
        if math.prod(shape) > MAX_ELEMENTS:
            return None
        if self.dtype == "float32":
            filling = self.constant(())
        else:
            low, high = LIMITS[self.dtype]
            value = self.rng.integers(low, high + 1)
            filling = self.b.tensor((), self.dtype, x.scale, x.zero_point, data=value)
        inputs = [x, self.indices(amounts), filling]
        return self.b.operator("PADV2", inputs, self.new(shape, like=x), ("PadV2Options", {}))

    def between(self):
        x = self.pick(4)
        if x is None or self.dtype == "int16":
            return None
        size = [self.draw(st.integers(1, 13)) for _ in range(2)]
        shape = (1, *size, x.shape[3])
        if math.prod(shape) > MAX_ELEMENTS:
            return None
        aligned = self.draw(st.booleans())
        half = not aligned and self.draw(st.booleans())
        fields = {"alignCorners": aligned, "halfPixelCenters": half}
        return self.b.operator(
            "RESIZE_BILINEAR",
            [x, self.indices(size)],
            self.new(shape, like=x),
            ("ResizeBilinearOptions", fields),
        )

    def sum(self):
        x = self.pick()
        axis = self.draw(st.integers(1, len(x.shape) - 1))
        keep = self.draw(st.booleans())
        shape = (*x.shape[:axis], *((1,) if keep else ()), *x.shape[axis + 1 :])
        scale = x.scale and x.scale * x.shape[axis] * 2 ** self.rng.uniform(-3, 1)
        y = self.new(shape, scale=scale)
        fields = ("ReducerOptions", {"keepDims": keep})
        return self.b.operator("SUM", [x, self.indices([axis])], y, fields)

    def prelu(self):
        x = self.pick()
        if self.dtype == "int16":
            return None
        shape = self.draw(st.sampled_from([x.shape[1:], x.shape[-1:], (1,) * len(x.shape)]))
        slopes = self.constant(shape)
        scale = x.scale and x.scale * 2 ** self.rng.uniform(-2, 2)
        return self.b.operator("PRELU", [x, slopes], self.new(x.shape, scale=scale))

    def squared_difference(self):
        x = self.pick()
        fitting = [v for v in self.values if v.shape == x.shape]
        other = self.draw(st.sampled_from([*fitting, x.shape, x.shape[-1:], ()]))
        if isinstance(other, tuple):
            other = self.constant(other)
        scale = None
        if self.dtype != "float32":
            reach = 2 * LIMITS[self.dtype][1]
            scale = max(x.scale, other.scale) ** 2 * reach * 2 ** self.rng.uniform(-5, 2)
        pair = [x, other] if self.draw(st.booleans()) else [other, x]
        y = self.new(x.shape, scale=scale)
        return self.b.operator("SQUARED_DIFFERENCE", pair, y, ("SquaredDifferenceOptions", {}))

    def one_by_one(self):
        x = self.pick()
        if self.dtype == "int16":
            return None
        if self.dtype == "int8":
            kind = self.draw(st.sampled_from(["ABS", "ELU"]))
            scale = x.scale * 2 ** self.rng.choice([0.0, self.rng.uniform(-3, 3)])
            return self.b.operator(kind, [x], self.new(x.shape, scale=scale))
        kind = self.draw(st.sampled_from(["ABS", "ELU", "NEG", "SQUARE", "SQRT", "RSQRT", "EXP"]))
        if kind in ("SQRT", "RSQRT", "EXP"):  # of values that have one
            x = self.b.operator("LOGISTIC", [x], self.new(x.shape))
        return self.b.operator(kind, [x], self.new(x.shape))

    OPERATORS = (
        slice,
        blocks,
        pad_with,
        between,
        sum,
        prelu,
        squared_difference,
        one_by_one,
        one_by_one,
    )
