"""The bytes of a .tflite file as a `Graph`.

It asks the schema's classes questions and trusts no answer: every length is checked against the
file before it is used, so that a damaged file ends in an `ExportError` and never in a hang. What is
well-formed is read as it stands; whether it can be exported, `support` decides. Lesson 08 reads a
model with it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tinyml_course.errors import ExportError
from tinyml_course.network.ir import NUMPY_TYPES, Graph, Operator, Quantization, Tensor
from tinyml_course.network.tflite_file import damage_is_one_error, import_schema, open_model

MAX_COUNT = 20_000  # of tensors or operators
MAX_SUBGRAPHS = 100

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
    "DIV": ("DivOptions", "FusedActivationFunction"),
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
    "TRANSPOSE_CONV": ("TransposeConvOptions", "Padding StrideH StrideW FusedActivationFunction"),
    "UNPACK": ("UnpackOptions", "Num Axis"),
    "GATHER": ("GatherOptions", "Axis BatchDims"),
    "REDUCE_MAX": ("ReducerOptions", "KeepDims"),
    "RESIZE_NEAREST_NEIGHBOR": (
        "ResizeNearestNeighborOptions",
        "AlignCorners HalfPixelCenters",
    ),
    "RESIZE_BILINEAR": ("ResizeBilinearOptions", "AlignCorners HalfPixelCenters"),
    "SUM": ("ReducerOptions", "KeepDims"),
    "DEPTH_TO_SPACE": ("DepthToSpaceOptions", "BlockSize"),
    "SPACE_TO_DEPTH": ("SpaceToDepthOptions", "BlockSize"),
    "CALL_ONCE": ("CallOnceOptions", "InitSubgraphIndex"),
    "VAR_HANDLE": ("VarHandleOptions", "Container SharedName"),
    "SVDF": ("SVDFOptions", "Rank FusedActivationFunction"),
    "UNIDIRECTIONAL_SEQUENCE_LSTM": (
        "UnidirectionalSequenceLSTMOptions",
        "FusedActivationFunction CellClip ProjClip TimeMajor",
    ),
}
OPTIONS["AVERAGE_POOL_2D"] = OPTIONS["MAX_POOL_2D"]
# What a field is when its options table is absent from the file.
DEFAULTS = {"Beta": 0.0, "Padding": 0, "DilationHFactor": 1, "DilationWFactor": 1}


def read_tflite(content: bytes) -> Graph:
    """Parse a .tflite file; `TfliteModel.graph` does it once a model.

    Args:
        content: the whole file.

    Returns:
        The first subgraph as it stands in the file, with the others beside it: nothing folded,
        nothing checked for support.

    Raises:
        ExportError: no .tflite, or damaged.
    """
    with damage_is_one_error():
        return _Reader(open_model(content), bytes(content)).graph()


def _names(schema_class: type) -> dict[int, str]:
    """The names of a schema enumeration by value."""
    return {value: name for name, value in vars(schema_class).items() if isinstance(value, int)}


def _snake(name: str) -> str:
    """From "FusedActivationFunction" to "fused_activation_function"."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class _Reader:
    """Reads one file; every method checks what it reads."""

    def __init__(self, model: Any, content: bytes) -> None:
        schema = import_schema()
        self.schema = schema
        self.model = model
        self.bytes = content
        self.operator_names = _names(schema.BuiltinOperator)
        self.type_names = _names(schema.TensorType)
        self.activations = _names(schema.ActivationFunctionType)
        self.paddings = _names(schema.Padding)

    def graph(self) -> Graph:
        if self.model.Version() != 3:
            raise ExportError(
                f"schema version {self.model.Version()}, version 3 is needed: convert the model "
                "with a current TensorFlow"
            )
        subgraphs = self._count(self.model.SubgraphsLength(), "subgraphs", MAX_SUBGRAPHS)
        if subgraphs == 0:
            raise ExportError("the .tflite file is damaged: it holds no subgraph")
        first, *others = (self._subgraph(self.model.Subgraphs(i)) for i in range(subgraphs))
        return dataclasses.replace(
            first,
            sha256=hashlib.sha256(self.bytes).hexdigest(),
            file_bytes=len(self.bytes),
            names=self._signature_names(),
            signatures=self.model.SignatureDefsLength(),
            subgraphs=subgraphs,
            others=tuple(others),
        )

    def _signature_names(self) -> dict[tuple[str, int], str]:
        """What the first subgraph's signature calls its inputs and outputs, as `Graph.names`."""
        names = {}
        for i in range(self._count(self.model.SignatureDefsLength(), "signatures")):
            signature = self.model.SignatureDefs(i)
            if signature.SubgraphIndex():
                continue
            for field in ("Inputs", "Outputs"):
                for j in range(self._count(getattr(signature, f"{field}Length")(), field.lower())):
                    entry = getattr(signature, field)(j)
                    if name := _text(entry.Name()):
                        names[field.lower()[:-1], entry.TensorIndex()] = name
        return names

    def _subgraph(self, subgraph: Any) -> Graph:
        tensors = tuple(
            self._tensor(subgraph.Tensors(i), i)
            for i in range(self._count(subgraph.TensorsLength(), "tensors"))
        )
        operators = tuple(
            self._operator(subgraph.Operators(i), i, tensors)
            for i in range(self._count(subgraph.OperatorsLength(), "operators"))
        )
        return Graph(
            tensors=tensors,
            operators=operators,
            inputs=self._present(subgraph, "Inputs", len(tensors)),
            outputs=self._present(subgraph, "Outputs", len(tensors)),
        )

    def _count(self, length: int, what: str, limit: int = MAX_COUNT) -> int:
        """A length that is plausible: every element needs at least a byte of the file."""
        if not 0 <= length <= min(limit, len(self.bytes)):
            raise ExportError(f"the .tflite file is damaged: it claims {length} {what}")
        return length

    def _indices(self, table: Any, field: str, n_tensors: int) -> tuple[int | None, ...]:
        """A vector of tensor indices; -1 becomes None."""
        length = self._count(getattr(table, f"{field}Length")(), field.lower())
        read = getattr(table, field)
        indices = [int(read(i)) for i in range(length)]
        if not all(-1 <= index < n_tensors for index in indices):
            raise ExportError(f"the .tflite file is damaged: {field.lower()} name no tensor")
        return tuple(None if index < 0 else index for index in indices)

    def _present(self, table: Any, field: str, n_tensors: int) -> tuple[int, ...]:
        """The same where none may be absent."""
        indices = self._indices(table, field, n_tensors)
        present = tuple(index for index in indices if index is not None)
        if len(present) != len(indices):
            raise ExportError(f"the .tflite file is damaged: {field.lower()} name no tensor")
        return present

    def _sizes(self, table: Any, field: str) -> tuple[int, ...]:
        """A shape."""
        rank = self._count(getattr(table, f"{field}Length")(), "dimensions")
        read = getattr(table, field)
        return tuple(int(read(i)) for i in range(rank))

    def _tensor(self, table: Any, index: int) -> Tensor:
        name = _text(table.Name()) or f"tensor_{index}"
        shape = self._sizes(table, "Shape")
        dtype = self.type_names.get(table.Type(), str(table.Type())).lower()
        is_sparse = table.Sparsity() is not None
        data = self._data(table.Buffer(), name)
        values = None
        if data is not None and (is_sparse or dtype not in NUMPY_TYPES):
            values = np.frombuffer(data, np.uint8)
        elif data is not None:
            values = np.frombuffer(data, np.dtype(dtype).newbyteorder("<"))
            if values.size != math.prod(shape):
                raise ExportError(
                    f"the .tflite file is damaged: tensor {index} ({name!r}) of shape {shape} "
                    f"holds {values.size} values"
                )
            values = values.reshape(shape).astype(dtype)
        if values is not None:
            values.flags.writeable = False
        return Tensor(
            index=index,
            name=name,
            dtype=dtype,
            shape=shape,
            quantization=self._quantization(table),
            data=values,
            shape_signature=self._sizes(table, "ShapeSignature"),
            is_variable=bool(table.IsVariable()),
            is_sparse=is_sparse,
        )

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

    def _quantization(self, table: Any) -> Quantization | None:
        parameters = table.Quantization()
        if parameters is None or parameters.ScaleLength() == 0:
            return None
        count = self._count(parameters.ScaleLength(), "scales", len(self.bytes))
        scales = tuple(np.float32(parameters.Scale(i)) for i in range(count))
        points = self._count(parameters.ZeroPointLength(), "zero points", len(self.bytes))
        zero_points = tuple(int(parameters.ZeroPoint(i)) for i in range(points)) or (0,) * count
        axis = int(parameters.QuantizedDimension())
        return Quantization(scales, zero_points, axis if count > 1 else 0)

    def _operator(self, table: Any, index: int, tensors: tuple[Tensor, ...]) -> Operator:
        code_index = table.OpcodeIndex()
        if not 0 <= code_index < self.model.OperatorCodesLength():
            raise ExportError(f"the .tflite file is damaged: operator {index} has no code")
        code = self.model.OperatorCodes(code_index)
        # Codes below 127 may stand in the older of two fields.
        value = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
        kind = self.operator_names.get(value, f"operator {value}")
        outputs = self._present(table, "Outputs", len(tensors))
        if kind == "CUSTOM":
            kind = f"CUSTOM ({_printable(_text(code.CustomCode()))})"
        return Operator(
            index=index,
            kind=kind,
            name=tensors[outputs[0]].name if outputs else "",
            inputs=self._indices(table, "Inputs", len(tensors)),
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
            if isinstance(value, float) and not math.isfinite(value):
                raise ExportError(f"the .tflite file is damaged: {kind}'s {field} is no number")
            translate: Callable[[Any], Any] = {
                "Padding": lambda v: self.paddings.get(v, str(v)),
                "FusedActivationFunction": lambda v: self.activations.get(v, str(v)),
                "QuantizedBiasType": lambda v: self.type_names.get(v, str(v)).lower(),
                "Container": lambda v: _text(v or None),
                "SharedName": lambda v: _text(v or None),
            }.get(field, lambda v: v)
            options[_snake(field)] = translate(value)
        return options


def _text(name: bytes | None) -> str:
    return (name or b"").decode("utf-8", "replace")


def _printable(text: str) -> str:
    """A name from a file, as a terminal may see it."""
    return "".join(c if c.isprintable() else "?" for c in text)
