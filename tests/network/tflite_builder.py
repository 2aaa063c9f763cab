"""Builds small .tflite files through the schema, without TensorFlow and without its converter.

A graph takes about a millisecond, where Keras and the converter take half a second, and it may
have what the converter never writes but every kernel must survive: extreme zero points, absurd
scales, odd shapes, every pair of options.
"""

from __future__ import annotations

from dataclasses import dataclass

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from tinyml_course.network.model import TfliteModel

TYPES = {
    "int8": schema.TensorType.INT8,
    "uint8": schema.TensorType.UINT8,
    "int16": schema.TensorType.INT16,
    "int32": schema.TensorType.INT32,
    "int64": schema.TensorType.INT64,
    "float32": schema.TensorType.FLOAT32,
    "resource": schema.TensorType.RESOURCE,
}


@dataclass(frozen=True)
class Value:
    """A tensor under construction."""

    index: int
    shape: tuple[int, ...]
    dtype: str
    scale: float | None
    zero_point: int


class TfliteBuilder:
    """Collects tensors and operators; `build` gives the file's bytes."""

    def __init__(self) -> None:
        self.graph = schema.SubGraphT()
        self.graph.tensors, self.graph.operators = [], []
        self.model = schema.ModelT()
        self.model.version = 3
        self.model.operatorCodes = []
        self.model.buffers = [schema.BufferT()]
        self.codes: dict[int, int] = {}
        self.start: schema.SubGraphT | None = None  # what CALL_ONCE runs

    def tensor(
        self,
        shape,
        dtype,
        scale=None,
        zero_point=0,
        data=None,
        scales=None,
        axis=0,
        is_variable=False,
    ) -> Value:
        """A value, or with `data` a constant; `scales` quantizes along `axis`."""
        t = schema.TensorT()
        t.name = f"t{len(self.graph.tensors)}".encode()
        t.shape = list(shape)
        t.type = TYPES[dtype]
        t.buffer = 0
        if data is not None:
            b = schema.BufferT()
            b.data = np.frombuffer(np.ascontiguousarray(data, dtype).tobytes(), np.uint8)
            t.buffer = len(self.model.buffers)
            self.model.buffers.append(b)
        if scales is None and scale is not None:
            scales = [scale]
        if scales is not None:
            q = schema.QuantizationParametersT()
            q.scale = [float(s) for s in scales]
            q.zeroPoint = [zero_point] * len(q.scale)
            q.quantizedDimension = axis
            t.quantization = q
        t.isVariable = is_variable
        self.graph.tensors.append(t)
        return Value(len(self.graph.tensors) - 1, tuple(shape), dtype, scale, zero_point)

    def operator(self, kind, inputs, output, options=None) -> Value:
        """An operator; `options` is (schema table name, fields), `output` a value or several."""
        code = getattr(schema.BuiltinOperator, kind)
        if code not in self.codes:
            c = schema.OperatorCodeT()
            c.builtinCode, c.deprecatedBuiltinCode, c.version = code, min(code, 127), 1
            self.codes[code] = len(self.model.operatorCodes)
            self.model.operatorCodes.append(c)
        o = schema.OperatorT()
        o.opcodeIndex = self.codes[code]
        o.inputs = [-1 if v is None else v.index for v in inputs]
        o.outputs = [v.index for v in (output if isinstance(output, list) else [output])]
        if options is not None:
            name, fields = options
            o.builtinOptionsType = getattr(schema.BuiltinOptions, name)
            o.builtinOptions = getattr(schema, f"{name}T")()
            for field, value in fields.items():
                setattr(o.builtinOptions, field, value)
        self.graph.operators.append(o)
        return output

    def handle(self, name: str) -> Value:
        """The handle of a resource variable."""
        fields = {"sharedName": name.encode(), "container": b""}
        output = self.tensor((), "resource")
        return self.operator("VAR_HANDLE", [], output, ("VarHandleOptions", fields))

    def begin_with(self, name: str, like: Value, data) -> None:
        """A resource variable's first value: CALL_ONCE's subgraph assigns it."""
        main = self.graph
        if self.start is None:
            fields = {"initSubgraphIndex": 1}
            self.operator("CALL_ONCE", [], [], ("CallOnceOptions", fields))
            main.operators.insert(0, main.operators.pop())
            self.start = schema.SubGraphT()
            self.start.tensors, self.start.operators = [], []
            self.start.inputs, self.start.outputs = [], []
        self.graph = self.start
        value = self.tensor(like.shape, like.dtype, like.scale, like.zero_point, data)
        self.operator("ASSIGN_VARIABLE", [self.handle(name), value], [])
        self.graph = main

    def build(self, inputs, outputs) -> TfliteModel:
        self.graph.inputs = [v.index for v in inputs]
        self.graph.outputs = [v.index for v in outputs]
        self.model.subgraphs = [self.graph, *([self.start] if self.start else [])]
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return TfliteModel(builder.Output())


def softmax_of_many_classes(rows: int, classes: int, out: str = "int8") -> TfliteModel:
    """A softmax from int8, of scale 1/32, to int8 or int16."""
    b = TfliteBuilder()
    x = b.tensor((rows, classes), "int8", 1 / 32)
    scale, zero_point = (1 / 256, -128) if out == "int8" else (1 / 65536, -32768)
    y = b.operator(
        "SOFTMAX",
        [x],
        b.tensor(x.shape, out, scale, zero_point),
        ("SoftmaxOptions", {"beta": 1.0}),
    )
    return b.build([x], [y])
