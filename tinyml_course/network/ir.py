"""A model as values: what the reader hands to everything that works on a network.

    Graph -> Operator -> Tensor

All three are frozen. Names are the schema's: an operator's `kind` is "CONV_2D", its options are
`stride_h`, `padding` and so on. Nothing here knows about flatbuffers or about C.
Lesson 08 walks through a graph.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tinyml_course.errors import DataError, ExportError

# The types that the exporter writes C for; any other is read as a fact, and refused by `support`.
ITEM_BYTES = {"int8": 1, "uint8": 1, "int16": 2, "int32": 4, "int64": 8, "float32": 4}
C_TYPES = {
    "int8": "int8_t",
    "uint8": "uint8_t",
    "int16": "int16_t",
    "int32": "int32_t",
    "int64": "int64_t",
    "float32": "float",
}
# The schema's types whose values NumPy can hold.
_COMPUTED_WITH_ELSEWHERE = "bool uint16 uint32 uint64 float16 float64 complex64 complex128"
NUMPY_TYPES = frozenset((*ITEM_BYTES, *_COMPUTED_WITH_ELSEWHERE.split()))


@dataclass(frozen=True)
class Quantization:
    """real = (quantized - zero_point) * scale, per tensor or along one axis.

    Attributes:
        scales: float32, one or one a channel, as they stand in the file.
        zero_points: as many integers.
        axis: which axis of the tensor `scales` runs along, if there is more than one.
    """

    scales: tuple[np.float32, ...]
    zero_points: tuple[int, ...]
    axis: int = 0

    @property
    def scale(self) -> np.float32:
        """The first scale: the only one of a tensor that is quantized as a whole."""
        return self.scales[0]

    @property
    def zero_point(self) -> int:
        """The first zero point."""
        return self.zero_points[0]

    @property
    def is_per_channel(self) -> bool:
        """Whether each channel has a scale of its own."""
        return len(self.scales) > 1


@dataclass(frozen=True)
class Tensor:
    """One value that flows through the graph, or a constant.

    Attributes:
        index: its number in the file.
        dtype: "int8", "uint8", "int16", "int32", "int64" or "float32"; in a graph that is not
            checked for support also any other type of the schema, for instance "float16".
        shape: as in the file; () is a scalar.
        data: the constant's values (read-only), or None for a value computed at run time. Of a
            sparse tensor, or of a type that NumPy does not have, the stored bytes as uint8.
        shape_signature: -1 where a size is known only at run time; () if the file has none.
        is_variable: it keeps its value from one inference to the next.
        is_sparse: it stores its non-zero values only.
    """

    index: int
    name: str
    dtype: str
    shape: tuple[int, ...]
    quantization: Quantization | None = None
    data: np.ndarray | None = field(default=None, compare=False)
    shape_signature: tuple[int, ...] = ()
    is_variable: bool = False
    is_sparse: bool = False

    @property
    def is_constant(self) -> bool:
        """Whether the file brings the values: weights, biases, shapes."""
        return self.data is not None

    @property
    def values(self) -> np.ndarray:
        """The values of a tensor that is known to be a constant.

        Raises:
            ExportError: it is computed at run time.
        """
        if self.data is None:
            raise ExportError(
                f"tensor {self.index} ({self.name!r}) is known only at run time, where a constant "
                "is needed. Convert the model again"
            )
        return self.data

    @property
    def elements(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)

    @property
    def size_bytes(self) -> int:
        """How many bytes it takes."""
        return self.elements * ITEM_BYTES[self.dtype]

    @property
    def c_type(self) -> str:
        """The type of its elements in C."""
        return C_TYPES[self.dtype]

    @property
    def scale(self) -> np.float32:
        """The scale of a tensor that is known to be quantized.

        Raises:
            ExportError: it is not.
        """
        return self._known_quantization.scale

    @property
    def zero_point(self) -> int:
        """The zero point, 0 where there is no quantization."""
        return self.quantization.zero_point if self.quantization else 0

    @property
    def scales(self) -> tuple[np.float32, ...]:
        """All scales of a tensor that is known to be quantized. Errors as `scale`."""
        return self._known_quantization.scales

    @property
    def _known_quantization(self) -> Quantization:
        if self.quantization is None:
            raise ExportError(
                f"tensor {self.index} ({self.name!r}) has no scale. Quantize the model"
            )
        return self.quantization


@dataclass(frozen=True)
class Operator:
    """One step of the network.

    Attributes:
        index: its position in the file, which is its place in the order of execution.
        kind: the schema's name, for instance "DEPTHWISE_CONV_2D".
        name: the layer's name, which is that of its output tensor; empty if it has none.
        inputs: tensor indices; None where an optional input (a bias) is absent.
        outputs: tensor indices.
        options: the operator's settings, for instance {"stride_h": 2, "padding": "SAME"}.
    """

    index: int
    kind: str
    name: str
    inputs: tuple[int | None, ...]
    outputs: tuple[int, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Graph:
    """A whole network in execution order.

    Attributes:
        tensors: every tensor, by its index in the file.
        inputs, outputs: tensor indices, in the order of the C function's arguments.
        sha256: of the .tflite bytes.
        file_bytes: length of the .tflite.
        names: what the file's signature calls inputs and outputs, by ("input" or "output", tensor
            index); what it does not name is missing.
        signatures: how many networks the file offers by name.
        subgraphs: how many the file has; this is the first.
        others: the further ones, as the reader finds them.
        initial: the state, by tensor index: what each variable holds before the first inference.
            Empty before `state.resolve_state`, and for a network that keeps nothing.
    """

    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    sha256: str = ""
    file_bytes: int = 0
    names: Mapping[tuple[str, int], str] = field(default_factory=dict)
    signatures: int = 0
    subgraphs: int = 1
    others: tuple[Graph, ...] = ()
    initial: Mapping[int, np.ndarray] = field(default_factory=dict)

    @property
    def has_state(self) -> bool:
        """Whether something stays from one inference to the next."""
        return bool(self.initial)

    def input_of(self, operator: Operator, position: int) -> Tensor:
        """The operator's input tensor at `position`.

        Raises:
            ExportError: the operator has none there.
        """
        tensor = self.optional_input_of(operator, position)
        if tensor is None:
            raise ExportError(
                f"{operator.kind} (operator {operator.index}, layer {operator.name!r}) lacks its "
                f"input {position}. Convert the model again"
            )
        return tensor

    def optional_input_of(self, operator: Operator, position: int) -> Tensor | None:
        """The same for an input that may be absent, as a bias may: then None."""
        index = operator.inputs[position] if position < len(operator.inputs) else None
        return None if index is None else self.tensors[index]

    def output_of(self, operator: Operator, position: int = 0) -> Tensor:
        """The tensor that an operator computes."""
        return self.tensors[operator.outputs[position]]

    def activations_of(self, operator: Operator) -> tuple[Tensor, ...]:
        """The inputs that are computed at run time, in order; variables are not among them."""
        used = [self.tensors[i] for i in operator.inputs if i is not None]
        return tuple(t for t in used if not t.is_constant and not t.is_variable)

    def state_of(self, operator: Operator) -> tuple[Tensor, ...]:
        """The variables among its inputs, in order."""
        used = [self.tensors[i] for i in operator.inputs if i is not None]
        return tuple(tensor for tensor in used if tensor.is_variable)

    def constants(self) -> Iterator[Tensor]:
        """Every tensor that the file brings the values of."""
        return (tensor for tensor in self.tensors if tensor.is_constant)

    def check_inputs(self, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        """One array for each input, in its tensor's shape.

        Raises:
            DataError: too few or too many, or of another type or size than the tensor's.
        """
        if len(inputs) != len(self.inputs):
            raise DataError(f"{len(inputs)} inputs given, the model has {len(self.inputs)}")
        checked = []
        for index, x in zip(self.inputs, inputs, strict=True):
            tensor, x = self.tensors[index], np.asarray(x)
            if x.dtype != tensor.dtype or x.size != tensor.elements:
                raise DataError(
                    f"input {tensor.name!r} is {x.dtype} {x.shape}, the model needs "
                    f"{tensor.dtype} {tensor.shape}: quantize with the input's scale and zero point"
                )
            checked.append(x.reshape(tensor.shape))
        return checked
