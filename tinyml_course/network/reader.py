"""The bytes of a .tflite file as a `Graph`.

The schema's classes come from the `ai-edge-litert` wheel; this file only asks them questions, and
trusts no answer: every length is checked against the file before it is used, so that a damaged
file ends in an `ExportError` and never in a hang. Lesson 08 reads a model with it.
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from tinyml_course.errors import ExportError, UnsupportedOperatorError
from tinyml_course.network.ir import ITEM_BYTES, Graph, Operator, Quantization, Tensor

MAX_ELEMENTS = 1 << 24  # of one tensor: 16 Mi, beyond any microcontroller's flash
MAX_ACTIVATIONS = 1 << 22  # of one value at run time: 4 Mi, beyond any microcontroller's RAM
MAX_RANK = 6
MAX_COUNT = 20_000  # of tensors or operators

# Operators whose options the exporter needs: the schema's table, and its fields.
OPTIONS = {
    "CONV_2D": (
        "Conv2DOptions",
        "Padding StrideH StrideW DilationHFactor DilationWFactor FusedActivationFunction "
        "QuantizedBiasType",
    ),
    "DEPTHWISE_CONV_2D": (
        "DepthwiseConv2DOptions",
        "Padding StrideH StrideW DilationHFactor DilationWFactor DepthMultiplier "
        "FusedActivationFunction",
    ),
    "FULLY_CONNECTED": (
        "FullyConnectedOptions",
        "FusedActivationFunction WeightsFormat KeepNumDims QuantizedBiasType",
    ),
    "MAX_POOL_2D": (
        "Pool2DOptions",
        "Padding StrideH StrideW FilterHeight FilterWidth FusedActivationFunction",
    ),
    "ADD": ("AddOptions", "FusedActivationFunction"),
    "SUB": ("SubOptions", "FusedActivationFunction"),
    "MUL": ("MulOptions", "FusedActivationFunction"),
    "CONCATENATION": ("ConcatenationOptions", "Axis FusedActivationFunction"),
    "SOFTMAX": ("SoftmaxOptions", "Beta"),
    "LEAKY_RELU": ("LeakyReluOptions", "Alpha"),
    "MEAN": ("ReducerOptions", "KeepDims"),
    "STRIDED_SLICE": (
        "StridedSliceOptions",
        "BeginMask EndMask EllipsisMask NewAxisMask ShrinkAxisMask Offset",
    ),
    "PACK": ("PackOptions", "ValuesCount Axis"),
    "SHAPE": ("ShapeOptions", "OutType"),
}
OPTIONS["AVERAGE_POOL_2D"] = OPTIONS["MAX_POOL_2D"]
# What a field is when its options table is absent from the file.
DEFAULTS = {"Beta": 0.0, "Padding": 0, "DilationHFactor": 1, "DilationWFactor": 1}

# What flatbuffers and NumPy raise when they are asked to read outside the file.
_DAMAGE = (
    struct.error,
    IndexError,
    TypeError,
    ValueError,
    OverflowError,
    AttributeError,
    MemoryError,
    UnicodeDecodeError,
)


def read_tflite(model_bytes: bytes) -> Graph:
    """Parse a .tflite file.

    Args:
        model_bytes: the whole file.

    Returns:
        The first subgraph as it stands in the file: nothing folded, nothing checked for support.

    Raises:
        ExportError: no .tflite, damaged, or of a kind that no microcontroller runs.
        UnsupportedOperatorError: a tensor of a type that the exporter does not know.
    """
    model_bytes = bytes(model_bytes)
    if len(model_bytes) < 32 or model_bytes[4:8] != b"TFL3":
        raise ExportError(
            f"no .tflite model: {len(model_bytes)} bytes without the mark 'TFL3' at offset 4. "
            "Pass the file that the TFLite converter wrote"
        )
    try:
        return _Reader(model_bytes).graph()
    except _DAMAGE as error:
        raise ExportError(
            f"the .tflite file is damaged ({type(error).__name__}: {error}). "
            "Copy or convert the model again"
        ) from error


def _names(schema_class: type) -> dict[int, str]:
    """The names of a schema enumeration by value."""
    return {value: name for name, value in vars(schema_class).items() if isinstance(value, int)}


def _snake(name: str) -> str:
    """ "FusedActivationFunction" to "fused_activation_function"."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class _Reader:
    """Reads one file; every method checks what it reads."""

    def __init__(self, model_bytes: bytes) -> None:
        from ai_edge_litert import schema_py_generated as schema

        self.schema = schema
        self.bytes = model_bytes
        self.operator_names = _names(schema.BuiltinOperator)
        self.type_names = _names(schema.TensorType)
        self.activations = _names(schema.ActivationFunctionType)
        self.paddings = _names(schema.Padding)
        self.model = schema.Model.GetRootAsModel(model_bytes, 0)

    def graph(self) -> Graph:
        if self.model.Version() != 3:
            raise ExportError(
                f"schema version {self.model.Version()}, version 3 is needed: convert the model "
                "with a current TensorFlow"
            )
        if self.model.SubgraphsLength() != 1:
            raise ExportError(
                f"{self.model.SubgraphsLength()} subgraphs, 1 is needed: a model with loops or "
                "conditions does not run without an interpreter. Unroll them before converting"
            )
        subgraph = self.model.Subgraphs(0)
        tensors = tuple(
            self._tensor(subgraph.Tensors(i), i)
            for i in range(self._count(subgraph.TensorsLength(), "tensors"))
        )
        operators = tuple(
            self._operator(subgraph.Operators(i), i, tensors)
            for i in range(self._count(subgraph.OperatorsLength(), "operators"))
        )
        graph = Graph(
            tensors=tensors,
            operators=operators,
            inputs=self._indices(subgraph, "Inputs", len(tensors)),
            outputs=self._indices(subgraph, "Outputs", len(tensors)),
            sha256=hashlib.sha256(self.bytes).hexdigest(),
            file_bytes=len(self.bytes),
        )
        _check_order(graph)
        return graph

    def _count(self, length: int, what: str, limit: int = MAX_COUNT) -> int:
        """A length that is plausible: every element needs at least a byte of the file."""
        if not 0 <= length <= min(limit, len(self.bytes)):
            raise ExportError(f"the .tflite file is damaged: it claims {length} {what}")
        return length

    def _indices(self, table: Any, field: str, n_tensors: int, optional: bool = False) -> tuple:
        """A vector of tensor indices; -1 becomes None where it is allowed."""
        length = self._count(getattr(table, f"{field}Length")(), field.lower())
        read = getattr(table, field)
        indices = [int(read(i)) for i in range(length)]
        lowest = -1 if optional else 0
        for index in indices:
            if not lowest <= index < n_tensors:
                raise ExportError(f"the .tflite file is damaged: {field.lower()} name no tensor")
        return tuple(None if index < 0 else index for index in indices)

    def _tensor(self, table: Any, index: int) -> Tensor:
        name = _text(table.Name()) or f"tensor_{index}"
        rank = self._count(table.ShapeLength(), "dimensions", MAX_RANK)
        shape = tuple(int(table.Shape(i)) for i in range(rank))
        if any(size < 1 for size in shape) or math.prod(shape) > MAX_ELEMENTS:
            raise ExportError(
                f"tensor {index} ({name!r}) has the shape {shape}: every size must be at least 1, "
                f"with at most {MAX_ELEMENTS} elements together. Fix the input shape before "
                "converting"
            )
        for axis in range(self._count(table.ShapeSignatureLength(), "dimensions", MAX_RANK)):
            if table.ShapeSignature(axis) < 0 and (axis > 0 or shape[:1] != (1,)):
                raise UnsupportedOperatorError(
                    f"tensor {index} ({name!r}) has a dynamic shape: axis {axis} is known only at "
                    "run time. Give the model an input shape in which only the batch is open"
                )
        if table.IsVariable() or table.Sparsity() is not None:
            raise UnsupportedOperatorError(
                f"tensor {index} ({name!r}) is a variable or sparse: the exporter has neither. "
                "Use a network without state, and export it dense"
            )
        dtype = self.type_names.get(table.Type(), str(table.Type())).lower()
        data = self._data(table.Buffer(), name)
        if dtype not in ITEM_BYTES:
            raise UnsupportedOperatorError(
                f"tensor {index} ({name!r}) is of type {dtype.upper()}: the exporter knows "
                f"{', '.join(sorted(ITEM_BYTES)).upper()}. Convert with full integer quantization, "
                "or as float32"
            )
        if data is not None:
            data = np.frombuffer(data, np.dtype(dtype).newbyteorder("<"))
            if data.size != math.prod(shape):
                raise ExportError(
                    f"the .tflite file is damaged: tensor {index} ({name!r}) of shape {shape} "
                    f"holds {data.size} values"
                )
            data = data.reshape(shape).astype(dtype)
            data.flags.writeable = False
        elif math.prod(shape) > MAX_ACTIVATIONS:
            raise ExportError(
                f"tensor {index} ({name!r}) has the shape {shape}: more values than any "
                "microcontroller keeps. Make the network's input smaller"
            )
        return Tensor(index, name, dtype, shape, self._quantization(table, shape, dtype), data)

    def _data(self, buffer_index: int, name: str) -> bytes | None:
        """A buffer's bytes, None if it is empty (a value computed at run time)."""
        if not 0 <= buffer_index < self.model.BuffersLength():
            raise ExportError(f"the .tflite file is damaged: tensor {name!r} has no buffer")
        buffer = self.model.Buffers(buffer_index)
        if buffer.Offset() > 1:  # large models keep their data behind the flatbuffer
            end = buffer.Offset() + buffer.Size()
            if end > len(self.bytes):
                raise ExportError(f"the .tflite file is cut off: tensor {name!r} lies outside")
            return self.bytes[buffer.Offset() : end]
        if buffer.DataLength() == 0:
            return None
        self._count(buffer.DataLength(), "bytes", len(self.bytes))
        data = buffer.DataAsNumpy()
        if len(data) != buffer.DataLength():
            raise ExportError(f"the .tflite file is cut off within tensor {name!r}")
        return bytes(data)

    def _quantization(self, table: Any, shape: tuple, dtype: str) -> Quantization | None:
        parameters = table.Quantization()
        if parameters is None or parameters.ScaleLength() == 0:
            return None
        count = self._count(parameters.ScaleLength(), "scales", MAX_ELEMENTS)
        scales = tuple(np.float32(parameters.Scale(i)) for i in range(count))
        points = self._count(parameters.ZeroPointLength(), "zero points", MAX_ELEMENTS)
        zero_points = tuple(int(parameters.ZeroPoint(i)) for i in range(points)) or (0,) * count
        axis = parameters.QuantizedDimension()
        low, high = -(1 << 8 * ITEM_BYTES[dtype] - 1), (1 << 8 * ITEM_BYTES[dtype] - 1) - 1
        if (
            not all(math.isfinite(s) and s > 0 for s in scales)
            or len(zero_points) != count
            or not all(low <= z <= high for z in zero_points)
            or (count > 1 and (not 0 <= axis < len(shape) or shape[axis] != count))
        ):
            raise ExportError(
                f"tensor {_text(table.Name())!r} has a broken quantization: scales must be "
                f"positive, zero points within {low}..{high}, as many as the axis is long. "
                "Convert the model again"
            )
        return Quantization(scales, zero_points, axis if count > 1 else 0)

    def _operator(self, table: Any, index: int, tensors: tuple[Tensor, ...]) -> Operator:
        code_index = table.OpcodeIndex()
        if not 0 <= code_index < self.model.OperatorCodesLength():
            raise ExportError(f"the .tflite file is damaged: operator {index} has no code")
        code = self.model.OperatorCodes(code_index)
        # Codes below 127 may stand in the older of two fields.
        value = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
        kind = self.operator_names.get(value, f"operator {value}")
        outputs = self._indices(table, "Outputs", len(tensors))
        if not outputs:
            raise ExportError(f"the .tflite file is damaged: operator {index} has no output")
        if kind == "CUSTOM":
            kind = f"CUSTOM ({_text(code.CustomCode())})"
        return Operator(
            index=index,
            kind=kind,
            name=tensors[outputs[0]].name,
            inputs=self._indices(table, "Inputs", len(tensors), optional=True),
            outputs=outputs,
            options=self._options(table, kind),
        )

    def _options(self, operator: Any, kind: str) -> dict[str, Any]:
        if kind not in OPTIONS:
            return {}
        class_name, fields = OPTIONS[kind]
        table = operator.BuiltinOptions()
        reader = None
        if table is not None:
            wanted = getattr(self.schema.BuiltinOptions, class_name)
            if operator.BuiltinOptionsType() != wanted:
                raise ExportError(f"the .tflite file is damaged: {kind} has the wrong options")
            reader = getattr(self.schema, class_name)()
            reader.Init(table.Bytes, table.Pos)
        options: dict[str, Any] = {}
        for field in fields.split():
            value = getattr(reader, field)() if reader else DEFAULTS.get(field, 0)
            translate: Callable[[Any], Any] = {
                "Padding": lambda v: self.paddings.get(v, str(v)),
                "FusedActivationFunction": lambda v: self.activations.get(v, str(v)),
                "QuantizedBiasType": lambda v: self.type_names.get(v, str(v)).lower(),
            }.get(field, lambda v: v)
            options[_snake(field)] = translate(value)
        return options


def _text(name: bytes | None) -> str:
    return (name or b"").decode("utf-8", "replace")


def _check_order(graph: Graph) -> None:
    """Every value must be made, once, before it is used."""
    known = {tensor.index for tensor in graph.constants()} | set(graph.inputs)
    if any(graph.tensors[i].is_constant for i in graph.inputs):
        raise ExportError("the .tflite file is damaged: an input of the model is a constant")
    for operator in graph.operators:
        if any(i is not None and i not in known for i in operator.inputs):
            raise ExportError(
                f"the .tflite file is damaged: {operator.kind} ({operator.name!r}) reads a tensor "
                "that nothing has written yet"
            )
        if known & set(operator.outputs) or len(set(operator.outputs)) < len(operator.outputs):
            raise ExportError(
                f"the .tflite file is damaged: {operator.kind} ({operator.name!r}) writes a tensor "
                "that is already there"
            )
        known |= set(operator.outputs)
    if not graph.inputs or not graph.outputs or not set(graph.outputs) <= known:
        raise ExportError("the .tflite file is damaged: its inputs or outputs are not there")
