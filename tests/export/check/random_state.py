"""Operators with state for `random_graphs`: what one inference leaves to the next.

Each method draws one group of operators onto the graph, or returns None where none fits.
"""

from __future__ import annotations

import math

from hypothesis import strategies as st

from tests.export.check.random_operators import LIMITS, MAX_ELEMENTS
from tests.network.tflite_builder import Value


class StateOperators:
    """Mixed into the grower, which has `draw`, `rng`, `b`, `values`, `pick`, `new` and so on."""

    def variable(self, like: Value, shape) -> str:
        """A variable's name; what it begins with: a constant, or what nobody has said."""
        self.variables = getattr(self, "variables", 0) + 1
        name = f"state_{self.variables}"
        value = Value(0, tuple(shape), like.dtype, like.scale, like.zero_point)
        if self.draw(st.booleans()):
            if self.dtype == "float32":
                data = self.rng.normal(0, 1, shape)
            elif self.draw(st.booleans()):
                low, high = LIMITS[self.dtype]
                data = self.rng.integers(low, high + 1, shape)
            else:
                data = [[like.zero_point] * math.prod(shape)]
            self.b.begin_with(name, value, data)
        return name

    def read(self, name: str, like: Value, shape) -> Value:
        handle = self.b.handle(name)
        return self.b.operator("READ_VARIABLE", [handle], self.new(shape, like=like))

    def assign(self, name: str, value: Value) -> None:
        self.b.operator("ASSIGN_VARIABLE", [self.b.handle(name), value], [])

    def stream(self):
        """What a streaming layer does: the last rows are kept and stand before the new ones."""
        x = self.pick(4)
        if x is None:
            return None
        kept = self.draw(st.integers(1, 4))
        n = x.shape[1] + kept
        shape = (1, kept, *x.shape[2:])
        if n * x.shape[2] * x.shape[3] > MAX_ELEMENTS:
            return None
        name = self.variable(x, shape)
        old = self.read(name, x, shape)
        both = self.b.operator(
            "CONCATENATION",
            [old, x],
            self.new((1, n, *x.shape[2:]), like=x),
            ("ConcatenationOptions", {"axis": 1}),
        )
        begin, end, step = (self.indices(v) for v in ([0, -kept, 0, 0], [1, n, 9, 9], [1] * 4))
        fields = {"beginMask": 13, "endMask": 15, "ellipsisMask": 0}
        new = self.b.operator(
            "STRIDED_SLICE",
            [both, begin, end, step],
            self.new(shape, like=x),
            ("StridedSliceOptions", fields | {"newAxisMask": 0, "shrinkAxisMask": 0}),
        )
        self.assign(name, new)
        self.values += [v for v in (old, new) if self.draw(st.booleans())]
        return both

    def memory(self):
        """A value that is kept: read before, behind or twice; from an operator or from an input."""
        x = self.pick()
        name = self.variable(x, x.shape)
        results = []
        for _ in range(self.draw(st.integers(1, 3))):
            what = self.draw(st.sampled_from(["read", "assign", "greatest"]))
            if what == "read":
                results.append(self.read(name, x, x.shape))
            elif what == "assign":
                source = [x, *results][self.draw(st.integers(0, len(results)))]
                self.assign(name, source)
            else:
                old = self.read(name, x, x.shape)
                results.append(
                    self.b.operator(
                        "MAXIMUM",
                        [old, x],
                        self.new(x.shape, like=x),
                        ("MaximumMinimumOptions", {}),
                    )
                )
        self.assign(name, [x, *results][self.draw(st.integers(0, len(results)))])
        if not results:
            results.append(self.read(name, x, x.shape))
        self.values += results[:-1]
        return results[-1]

    OPERATORS = (stream, stream, memory)
