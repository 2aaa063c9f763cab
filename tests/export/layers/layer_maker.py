"""Models of one layer, of every shape, with scales like the converter's: fast kernels take them.

The differential fuzzer draws scales that the fast kernels refuse more often than not.
"""

from __future__ import annotations

import numpy as np

from tests.network.tflite_builder import TfliteBuilder, Value
from tinyml_course.network.model import TfliteModel

SAME, VALID = 0, 1
ACTIVATIONS = 4  # NONE, RELU, RELU_N1_TO_1, RELU6


class LayerMaker:
    """Models of one layer, with numbers like the converter's."""

    def __init__(self, seed: int, builder: TfliteBuilder | None = None) -> None:
        self.rng = np.random.default_rng(seed)
        self.b = TfliteBuilder() if builder is None else builder

    def value(self, shape, scale: float | None = None) -> Value:
        zero_point = int(self.rng.choice([-128, 127, 0, *self.rng.integers(-128, 128, 4)]))
        scale = 2.0 ** self.rng.uniform(-7, -4) if scale is None else scale
        return self.b.tensor(shape, "int8", float(np.float32(scale)), zero_point)

    def weights(
        self, shape, axis: int, x: Value, with_bias: float = 0.8, one_scale: bool = False
    ) -> tuple[Value, Value | None, float]:
        """Filters, bias and a scale that suits the output, which may also saturate."""
        channels = shape[axis]
        depth = int(np.prod(shape)) // channels
        scales = np.float32(self.rng.uniform(0.002, 0.01, channels))
        if one_scale:
            scales[:] = scales[0]
        elif self.rng.random() < 0.3:  # a dead channel: all but no weights, an absurd bias
            # below 2^-31 of the output's, the multiplier itself is 0
            scales[self.rng.integers(channels)] = self.rng.choice([1e-8, 1e-13])
        data = self.rng.integers(-127, 128, shape)
        if self.rng.random() < 0.2:  # the largest sums there are
            data = self.rng.choice([-127, 127], shape)
        bias = self.rng.integers(-3000, 3000, channels)
        bias[scales < 1e-6] = self.rng.choice([-(1 << 30), 0, 1 << 30])
        filters = self.b.tensor(shape, "int8", scales=scales, data=data, axis=axis)
        biases = self.b.tensor((channels,), "int32", scales=np.float32(x.scale) * scales, data=bias)
        out_scale = x.scale * 0.01 * 74 * np.sqrt(depth) * self.rng.choice([0.5, 1.0, 3.0])
        return filters, biases if self.rng.random() < with_bias else None, out_scale

    def activation(self) -> int:
        return int(self.rng.integers(ACTIVATIONS)) if self.rng.random() < 0.5 else 0

    def window(self, size: tuple[int, int]) -> tuple[dict, tuple[int, int], tuple[int, int]]:
        """Stride and padding, the input's size and the output's, for a filter of this size."""
        stride = self.rng.integers(1, 3, 2).tolist()
        padding = int(self.rng.choice([SAME, VALID]))
        n_in = [int(f + self.rng.integers(0, 7)) for f in size]
        n_out = [
            -(-n // s) if padding == SAME else (n - f) // s + 1
            for n, f, s in zip(n_in, size, stride, strict=True)
        ]
        return {"strideH": stride[0], "strideW": stride[1], "padding": padding}, n_in, n_out

    def append_conv_2d(self, x: Value, options: dict, size, n_out) -> Value:
        channels, filters = x.shape[3], int(self.rng.integers(1, 14))
        w, bias, scale = self.weights((filters, *size, channels), 0, x)
        options = options | {
            "fusedActivationFunction": self.activation(),
            "dilationHFactor": 1,
            "dilationWFactor": 1,
        }
        y = self.value((1, *n_out, filters), scale)
        return self.b.operator("CONV_2D", [x, w, bias], y, ("Conv2DOptions", options))

    def append_depthwise(
        self, x: Value, options: dict, n_out, size=(3, 3), dilation=(1, 1), per_channel: int = 1
    ) -> Value:
        channels = x.shape[3] * per_channel
        # TFLM's own preparation of this operator crashes where the bias is absent
        w, bias, scale = self.weights((1, *size, channels), 3, x, with_bias=1)
        options = options | {
            "fusedActivationFunction": self.activation(),
            "depthMultiplier": per_channel,
            "dilationHFactor": dilation[0],
            "dilationWFactor": dilation[1],
        }
        y = self.value((1, *n_out, channels), scale)
        return self.b.operator(
            "DEPTHWISE_CONV_2D", [x, w, bias], y, ("DepthwiseConv2DOptions", options)
        )

    def conv_2d(self) -> bytes:
        size = tuple(self.rng.integers(1, 5, 2).tolist())
        options, n_in, n_out = self.window(size)
        x = self.value((1, *n_in, int(self.rng.integers(1, 14))))
        return self.b.build([x], [self.append_conv_2d(x, options, size, n_out)])

    def depthwise_conv_2d(self) -> bytes:
        options, n_in, n_out = self.window((3, 3))
        while options["strideH"] != options["strideW"]:
            options, n_in, n_out = self.window((3, 3))
        x = self.value((1, *n_in, int(self.rng.integers(1, 7))))
        return self.b.build([x], [self.append_depthwise(x, options, n_out)])

    def depthwise_of_any_size(self) -> bytes:
        """Nx1, 1xN, steps that differ, dilated, several outputs a channel, one channel alone."""
        size = [int(n) for n in self.rng.choice([1, 2, 3, 5, 8], 2)]
        dilation = self.rng.choice([1, 1, 2], 2).tolist()
        options, n_in, n_out = self.window(
            [(n - 1) * d + 1 for n, d in zip(size, dilation, strict=True)]
        )
        x = self.value((1, *n_in, int(self.rng.choice([1, 2, 4, 5, 7, 8, 11]))))
        per_channel = int(self.rng.choice([1, 1, 3]))
        y = self.append_depthwise(x, options, n_out, size, dilation, per_channel)
        return self.b.build([x], [y])

    def chain(self) -> bytes:
        """Five layers whose values share memory: each begins where its kernel still allows it."""
        x = value = self.value((1, *self.rng.integers(3, 9, 2).tolist(), 3))
        for layer in range(5):
            stride = int(self.rng.choice([1, 1, 2]))
            options = {"strideH": stride, "strideW": stride, "padding": SAME}
            n_out = [-(-n // stride) for n in value.shape[1:3]]
            if layer % 2:
                size = [(3, 3), (5, 2)][layer // 2]
                value = self.append_depthwise(value, options, n_out, size)
            else:
                size = tuple(self.rng.integers(1, 5, 2).tolist())
                value = self.append_conv_2d(value, options, size, n_out)
        return self.b.build([x], [value])

    def fully_connected(self) -> bytes:
        return self._dense(*self.rng.integers(1, 40, 2).tolist())

    def deep_fully_connected(self) -> bytes:
        """Most of them have sums beyond 2^23."""
        return self._dense(int(self.rng.integers(500, 1100)), int(self.rng.integers(1, 10)))

    def wide_fully_connected(self) -> bytes:
        """Many rows; inputs that come in one part or in several, odd numbers too."""
        depth = int(self.rng.choice([40, 47, 159, 160, 161, 192, 193, 321]))
        return self._dense(depth, int(self.rng.integers(32, 40)), bool(self.rng.integers(2)))

    def _dense(self, depth: int, outputs: int, one_scale: bool = False) -> bytes:
        x = self.value((1, depth))
        w, bias, scale = self.weights((outputs, depth), 0, x, one_scale=one_scale)
        y = self.value((1, outputs), scale)
        options = {"fusedActivationFunction": self.activation()}
        self.b.operator("FULLY_CONNECTED", [x, w, bias], y, ("FullyConnectedOptions", options))
        return self.b.build([x], [y])

    def add(self) -> bytes:
        shape = (1, *self.rng.integers(1, 6, 3).tolist())
        x, y = self.value(shape), self.value(shape)
        out = self.value(shape, max(x.scale, y.scale) * self.rng.uniform(0.7, 2))
        options = {"fusedActivationFunction": self.activation()}
        self.b.operator("ADD", [x, y], out, ("AddOptions", options))
        return self.b.build([x, y], [out])

    def _pool(self, kind: str) -> bytes:
        size = tuple(self.rng.integers(1, 4, 2).tolist())
        options, n_in, n_out = self.window(size)
        channels = int(self.rng.choice([1, 3, 4, 8, 10, 12]))
        x = self.value((1, *n_in, channels))
        y = self.b.tensor((1, *n_out, channels), "int8", x.scale, x.zero_point)
        options |= {
            "fusedActivationFunction": self.activation(),
            "filterHeight": size[0],
            "filterWidth": size[1],
        }
        self.b.operator(kind, [x], y, ("Pool2DOptions", options))
        return self.b.build([x], [y])

    def max_pool_2d(self) -> bytes:
        return self._pool("MAX_POOL_2D")

    def average_pool_2d(self) -> bytes:
        return self._pool("AVERAGE_POOL_2D")


class SideBySide(TfliteBuilder):
    """What several makers build, as one network: in C its layers share their kernels' code."""

    def __init__(self) -> None:
        super().__init__()
        self.built: list[tuple[list[Value], list[Value]]] = []

    def build(self, inputs, outputs) -> None:
        self.built.append((inputs, outputs))

    def build_all(self) -> TfliteModel:
        inputs = [x for taken, _ in self.built for x in taken]
        return super().build(inputs, [y for _, given in self.built for y in given])


KINDS = (
    "conv_2d",
    "depthwise_conv_2d",
    "depthwise_of_any_size",
    "fully_connected",
    "deep_fully_connected",
    "wide_fully_connected",
    "add",
    "max_pool_2d",
    "average_pool_2d",
    "chain",
)
