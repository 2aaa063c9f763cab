"""A network of dense layers as one piece of data, which a board can check and replace as a whole.

The generated C of `model_c` is a program with numbers in it: to change the model is to upload a
program. An image is the numbers alone, and `export/kernels/dense_image.c` computes any image. All
numbers are 32 bits, the least significant byte first, but for the weights:

    b"TMD1", layers, version, bytes of all this, interface,
    softmax: multiplier, shift, difference_min
    then for each layer: inputs, outputs, zero point of input, of output, least, greatest,
    multiplier, shift; the biases; the weights as int8, output by output, filled up to four bytes

The version is a counter: a board takes no image with a smaller one. The interface is a fingerprint
of what stands before and behind the network, so that no board takes an image made for another.
Lesson 19.
"""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import dataclass

import numpy as np

from tinyml_course.bundle import Bundle
from tinyml_course.errors import DataError, ExportError, UnsupportedOperatorError
from tinyml_course.network import fixed_point, parameters, softmax
from tinyml_course.network.ir import Graph, Operator
from tinyml_course.network.parameters import SoftmaxScaling

MAGIC = b"TMD1"
HEAD_BYTES = 32  # of an image, and of each layer
MOST_VALUES = 64  # of a layer, as the C has room for
MOST_BYTES = 1 << 20
INT8_VALUES = range(-128, 128)
SHIFTS, SHIFTS_UP = range(-31, 31), range(31)


@dataclass(frozen=True)
class ImageLayer:
    """One FULLY_CONNECTED.

    Attributes:
        weights: `(outputs, inputs)` int8.
        bias: `(outputs,)` int32.
        multiplier, shift: from the scale of the sums to that of the outputs.
    """

    weights: np.ndarray
    bias: np.ndarray
    input_zero_point: int
    output_zero_point: int
    activation_min: int
    activation_max: int
    multiplier: int
    shift: int

    def run(self, x: np.ndarray) -> np.ndarray:
        """`(n, inputs)` int8 to `(n, outputs)` int8."""
        sums = (x.astype(np.int64) - self.input_zero_point) @ self.weights.T.astype(np.int64)
        scaled = fixed_point.multiply_by_quantized_multiplier(
            sums + self.bias, np.array(self.multiplier), np.array(self.shift)
        )
        low, high = self.activation_min, self.activation_max
        return fixed_point.clamp(scaled + self.output_zero_point, low, high).astype(np.int8)

    def to_bytes(self) -> bytes:
        """The layer as it stands in an image."""
        outputs, inputs = self.weights.shape
        points = (self.input_zero_point, self.output_zero_point)
        limits = (self.activation_min, self.activation_max)
        head = struct.pack("<8i", inputs, outputs, *points, *limits, self.multiplier, self.shift)
        weights = self.weights.astype(np.int8).tobytes()
        filling = bytes(-len(weights) % 4)
        return head + self.bias.astype("<i4").tobytes() + weights + filling


@dataclass(frozen=True)
class ModelImage:
    """A network of dense layers that ends in SOFTMAX.

    Attributes:
        version: counts upwards with each release.
        interface: what the sketch around it must be; see `interface_of`.
    """

    version: int
    interface: int
    softmax: SoftmaxScaling
    layers: tuple[ImageLayer, ...]

    @classmethod
    def of(cls, bundle: Bundle, version: int = 1) -> ModelImage:
        """The image of a Bundle's int8 model.

        Raises:
            UnsupportedOperatorError: a network of other layers.
            ExportError: a layer that is too wide, or a version that is no 32-bit counter.
        """
        if not 0 < version < 1 << 32:
            raise ExportError(f"version {version}: a counter of 32 bits begins at 1")
        graph = bundle.model.network
        *dense, last = graph.operators
        others = [o.kind for o in dense if o.kind != "FULLY_CONNECTED"]
        if others or not dense or last.kind != "SOFTMAX":
            kinds = ", ".join(operator.kind for operator in graph.operators)
            raise UnsupportedOperatorError(
                f"an image holds FULLY_CONNECTED layers and one SOFTMAX at the end; the model of "
                f"{bundle.name} has {kinds}. Export it as C instead: tinyml export"
            )
        layers = tuple(_layer_of(graph, operator) for operator in dense)
        widest = max(max(layer.weights.shape) for layer in layers)
        if widest > MOST_VALUES:
            raise ExportError(f"a layer of {widest} values: an image has at most {MOST_VALUES}")
        return cls(version, interface_of(bundle), parameters.softmax_scaling(graph, last), layers)

    @classmethod
    def read(cls, data: bytes) -> ModelImage:
        """An image from its bytes; what stands behind it is left alone.

        Raises:
            DataError: not an image, or a damaged one.
        """
        if len(data) < HEAD_BYTES or data[:4] != MAGIC:
            raise DataError(f"no image: it begins with {data[:4].hex(' ')} instead of {MAGIC!r}")
        count, version, size, interface = struct.unpack_from("<4I", data, 4)
        scaling = SoftmaxScaling(*struct.unpack_from("<3i", data, 20))
        if not HEAD_BYTES < size <= min(len(data), MOST_BYTES):
            raise DataError(f"the image says that it has {size:,} bytes; {len(data):,} are there")
        fits = scaling.multiplier > 0 and scaling.left_shift in SHIFTS_UP
        if not fits or scaling.difference_min > 0:
            raise DataError(f"the image's softmax has impossible numbers: {scaling}")
        layers, at, values = [], HEAD_BYTES, 0
        for number in range(count):
            layer, at = _read_layer(data[:size], at, number)
            if values not in (0, layer.weights.shape[1]):
                raise DataError(f"layer {number} of the image does not fit the one before it")
            layers.append(layer)
            values = len(layer.weights)
        if at != size or not layers:
            raise DataError(f"the image has {size:,} bytes, its {count} layers take {at:,}")
        return cls(version, interface, scaling, tuple(layers))

    def to_bytes(self) -> bytes:
        """The image; its length is a multiple of four."""
        body = b"".join(layer.to_bytes() for layer in self.layers)
        scaling = (self.softmax.multiplier, self.softmax.left_shift, self.softmax.difference_min)
        head = struct.pack(
            "<4I3i",
            *(len(self.layers), self.version, HEAD_BYTES + len(body), self.interface),
            *scaling,
        )
        return MAGIC + head + body

    def run(self, inputs: np.ndarray) -> np.ndarray:
        """int8 `(n, inputs)` to int8 `(n, classes)`, with TFLM's arithmetic."""
        x = np.asarray(inputs, np.int8)
        for layer in self.layers:
            x = layer.run(x)
        return softmax.softmax_scaled(x, self.softmax).astype(np.int8)


def _read_layer(data: bytes, at: int, number: int) -> tuple[ImageLayer, int]:
    """The layer that begins at `at`, and where the next one begins."""
    if len(data) - at < HEAD_BYTES:
        raise DataError(f"the image ends before layer {number}")
    inputs, outputs, *rest = struct.unpack_from("<8i", data, at)
    if not (0 < inputs <= MOST_VALUES and 0 < outputs <= MOST_VALUES):
        raise DataError(f"layer {number} of the image has {inputs} inputs and {outputs} outputs")
    if any(value not in INT8_VALUES for value in rest[:4]) or rest[5] not in SHIFTS:
        raise DataError(f"layer {number} of the image has impossible numbers: {rest}")
    at += HEAD_BYTES
    needed = 4 * outputs + (inputs * outputs + 3 & ~3)
    if len(data) - at < needed:
        raise DataError(f"the image ends within layer {number}")
    bias = np.frombuffer(data, "<i4", outputs, at)
    weights = np.frombuffer(data, np.int8, inputs * outputs, at + 4 * outputs)
    return ImageLayer(weights.reshape(outputs, inputs), bias, *rest), at + needed


def interface_of(bundle: Bundle) -> int:
    """32 bits that change with preprocessing, the input's quantization, or the classes."""
    source = bundle.model.input
    what = {
        "preprocessing": bundle.preprocessing.to_spec(),
        "window": [bundle.window, *bundle.channel_names, bundle.sample_rate_hz],
        "input": [float(source.scale), int(source.zero_point)],
        "classes": list(bundle.class_names),
    }
    text = json.dumps(what, sort_keys=True).encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:4], "little")


def _layer_of(graph: Graph, operator: Operator) -> ImageLayer:
    weights, bias = graph.input_of(operator, 1), graph.optional_input_of(operator, 2)
    if weights.dtype != "int8" or len(weights.scales) != 1 or weights.values is None:
        raise UnsupportedOperatorError(
            f"FULLY_CONNECTED ({operator.name!r}): an image takes int8 weights with one scale"
        )
    r = parameters.fully_connected_requantization(graph, operator)
    values = np.asarray(weights.values).reshape(weights.shape)
    no_bias = np.zeros(len(values), np.int32)
    return ImageLayer(
        values,
        no_bias if bias is None else np.asarray(bias.values).reshape(-1),
        r.input_zero_point,
        r.output_zero_point,
        r.activation_min,
        r.activation_max,
        r.values[0],
        r.shifts[0],
    )
