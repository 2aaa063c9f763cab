"""Operators with state for `random_graphs`: what one inference leaves to the next.

Each method draws one group of operators onto the graph, or returns None where none fits.
"""

from __future__ import annotations

import math

import numpy as np
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

    def flat(self, shape_of) -> Value:
        """A picked value under another shape: what `shape_of` makes of its number of elements."""
        x = self.pick()
        shape = shape_of(math.prod(x.shape))
        fields = ("ReshapeOptions", {"newShape": list(shape)})
        y = self.new(shape, like=x)
        return self.b.operator("RESHAPE", [x, self.indices(shape)], y, fields)

    def matrix(self, shape, x_scale: float | None, target: float) -> Value:
        """Weights whose sums come near `target`, or far beyond, or stay far below."""
        if self.dtype == "float32":
            data = self.rng.normal(0, 1 / math.sqrt(shape[1]), shape)
            return self.b.tensor(shape, "float32", data=data)
        scale = target / (x_scale * 74 * 74 * math.sqrt(shape[1])) * 2 ** self.rng.uniform(-4, 3)
        if self.dtype == "int16":
            scale /= 256
        low = self.draw(st.sampled_from([-127, -128]))
        data = self.rng.integers(low, 128, shape)
        return self.b.tensor(shape, "int8", float(np.float32(scale)), data=data)

    def lstm(self):
        steps = self.draw(st.integers(1, 4))
        x = self.flat(lambda n: (1, steps, n // steps) if n % steps == 0 else (1, 1, n))
        time_major = self.draw(st.booleans())
        if time_major:
            x = self.b.operator(
                "RESHAPE",
                [x, self.indices((x.shape[1], 1, x.shape[2]))],
                self.new((x.shape[1], 1, x.shape[2]), like=x),
                ("ReshapeOptions", {"newShape": [x.shape[1], 1, x.shape[2]]}),
            )
        units = self.draw(st.integers(1, 7))
        if self.dtype == "float32":
            hidden, cell = (
                self.b.tensor((1, units), "float32", is_variable=True) for _ in range(2)
            )
        else:
            limit = 1 if self.dtype == "int8" else 256
            scale = float(np.float32(2 ** self.rng.uniform(-9, -5) / limit))
            hidden = self.b.tensor(
                (1, units), self.dtype, scale, self.zero_point(), is_variable=True
            )
            power = 2.0 ** -self.draw(st.integers(8, 15))
            if self.draw(st.booleans()):
                power *= self.rng.uniform(0.8, 1.25)
            cell = self.b.tensor((1, units), "int16", float(np.float32(power)), is_variable=True)
        into = [self.matrix((units, x.shape[2]), x.scale, 1.0) for _ in range(4)]
        recurrent = [self.matrix((units, units), hidden.scale, 1.0) for _ in range(4)]
        bias = [self.gate_bias(units) for _ in range(4)]
        inputs = [x, *into, *recurrent, None, None, None, *bias, None, None, hidden, cell]
        fields = {
            "fusedActivationFunction": 4,
            "cellClip": self.draw(st.sampled_from([0.0, 10.0, 0.5, 100.0])),
            "timeMajor": time_major,
        }
        y = self.new((*x.shape[:2], units), like=hidden)
        self.b.operator(
            "UNIDIRECTIONAL_SEQUENCE_LSTM",
            [*inputs, None, None, None, None],
            y,
            ("UnidirectionalSequenceLSTMOptions", fields),
        )
        flat = (1, units * x.shape[1] * 1 if not time_major else units * x.shape[0])
        return self.b.operator(
            "RESHAPE",
            [y, self.indices(flat)],
            self.new(flat, like=y),
            ("ReshapeOptions", {"newShape": list(flat)}),
        )

    def gate_bias(self, units: int) -> Value:
        if self.dtype == "float32":
            return self.b.tensor((units,), "float32", data=self.rng.normal(0, 1, units))
        dtype, reach = ("int32", 5000) if self.dtype == "int8" else ("int64", 500_000)
        return self.b.tensor(
            (units,), dtype, 0.001, data=self.rng.integers(-reach, reach + 1, units)
        )

    def svdf(self):
        if self.dtype == "int16":
            return None
        x = self.flat(lambda n: (1, n))
        rank, units, memory = (self.draw(st.integers(1, n)) for n in (3, 5, 6))
        filters = rank * units
        if filters * x.shape[1] > 40 * MAX_ELEMENTS:
            return None
        features = self.matrix((filters, x.shape[1]), x.scale, 1.0)
        size = (1, filters * memory)
        if self.dtype == "float32":
            times = self.matrix((filters, memory), None, 1.0)
            bias = self.b.tensor((units,), "float32", data=self.rng.normal(0, 1, units))
            state = self.b.tensor(size, "float32", is_variable=True)
            y = self.new((1, units))
            activation = self.activation()
        else:
            kind = self.draw(st.sampled_from(["int8", "int8", "int16"]))
            unit = 1 / 60 if kind == "int8" else 1 / 15000
            scale = float(np.float32(unit * 2 ** self.rng.uniform(-1, 2)))
            point = self.zero_point() if kind == "int8" else 0
            state = self.b.tensor(size, kind, scale, point, is_variable=True)
            low, high = LIMITS[kind]
            weight = float(
                np.float32((1 if kind == "int8" else 1 / 256) * self.rng.uniform(0.002, 0.02))
            )
            times = self.b.tensor(
                (filters, memory),
                kind,
                weight,
                data=self.rng.integers(low, high + 1, (filters, memory)),
            )
            bias = self.b.tensor(
                (units,),
                "int32",
                float(np.float32(scale * weight)),
                data=self.rng.integers(-2000, 2001, units),
            )
            spread = 74 * 60 * math.sqrt(memory * rank) * (1 if kind == "int8" else 256 * 256)
            y = self.new(
                (1, units), scale=scale * weight * spread / 60 * 2 ** self.rng.uniform(-2, 3)
            )
            activation = 0
        fields = ("SVDFOptions", {"rank": rank, "fusedActivationFunction": activation})
        return self.b.operator("SVDF", [x, features, times, bias, state], y, fields)

    OPERATORS = (stream, stream, memory, lstm, svdf)
