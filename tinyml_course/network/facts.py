"""What a .tflite file says of itself: operators, inputs, outputs, and why TFLM might refuse it.

The schema is the one that ships in the LiteRT wheel. Lesson 07 prints these facts.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

import numpy as np

from tinyml_course.errors import ExportError

# Where TFLM's method name is not the operator's name in camel case.
_RESOLVER_EXCEPTIONS = {"SQUARED_DIFFERENCE": "SquaredDifference"}


@dataclass(frozen=True)
class TensorFacts:
    """One input or output: `real = scale * (q - zero_point)` when it is quantized.

    Attributes:
        scale, zero_point: None for a tensor that is not quantized.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    scale: float | None
    zero_point: int | None

    @property
    def size(self) -> int:
        """Elements."""
        return int(np.prod(self.shape, dtype=np.int64))


@dataclass(frozen=True)
class ModelFacts:
    """What an exporter must know of a model. Lesson 07.

    Attributes:
        operators: each operator kind once, in order of first use, as TFLite writes it.
        inputs, outputs: the model's own, in order.
        per_channel_dense: names of FULLY_CONNECTED outputs whose filter has a scale per channel.
        hybrid: names of operators with float activations and integer weights (dynamic range).
        float16: names of tensors stored as float16.
    """

    operators: tuple[str, ...]
    inputs: tuple[TensorFacts, ...]
    outputs: tuple[TensorFacts, ...]
    per_channel_dense: tuple[str, ...]
    hybrid: tuple[str, ...]
    float16: tuple[str, ...]


def resolver_method(operator: str) -> str:
    """The method of TFLM's `MicroMutableOpResolver` that adds `operator`.

    >>> [resolver_method(o) for o in ("FULLY_CONNECTED", "DEPTHWISE_CONV_2D", "RELU6")]
    ['AddFullyConnected', 'AddDepthwiseConv2D', 'AddRelu6']
    """
    name = _RESOLVER_EXCEPTIONS.get(operator) or "".join(
        part.capitalize() for part in operator.split("_")
    )
    return "Add" + re.sub(r"(\d)d\b", r"\1D", name)


def read_model_facts(model: bytes) -> ModelFacts:
    """Read the facts of a .tflite `model`.

    Raises:
        ExportError: the bytes are no model, or a damaged one.
    """
    from ai_edge_litert import schema_py_generated as schema

    if len(model) < 16 or model[4:8] != b"TFL3":
        raise ExportError(
            f"these {len(model)} bytes are no .tflite model: bytes 4 to 7 must read TFL3, found "
            f"{bytes(model[4:8])!r}. Give the file that the converter wrote"
        )
    try:
        root = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(bytearray(model), 0))
        return _collect(root, schema)
    except (struct.error, IndexError, TypeError, ValueError, AttributeError, KeyError) as error:
        raise ExportError(
            f"the .tflite model is damaged ({type(error).__name__}: {error}). "
            "Convert or copy it again"
        ) from error
    except (MemoryError, OverflowError) as error:
        raise ExportError("the .tflite model is damaged: a length in it is absurd") from error


def _names(enum: type) -> dict[int, str]:
    return {value: key for key, value in vars(enum).items() if not key.startswith("_")}


def _collect(root, schema) -> ModelFacts:
    graph = root.subgraphs[0]
    types, kinds = _names(schema.TensorType), _names(schema.BuiltinOperator)
    operators, dense, hybrid = [], [], []
    for operator in graph.operators:
        code = root.operatorCodes[operator.opcodeIndex]
        kind = kinds[max(code.builtinCode, code.deprecatedBuiltinCode)]
        if kind == "CUSTOM":
            kind = f"CUSTOM({(code.customCode or b'').decode(errors='replace')})"
        operators.append(kind)
        out = graph.tensors[operator.outputs[0]]
        out_name = (out.name or b"").decode(errors="replace")
        if kind in ("FULLY_CONNECTED", "CONV_2D", "DEPTHWISE_CONV_2D"):
            filter_ = graph.tensors[operator.inputs[1]]
            if types[filter_.type] in ("INT8", "UINT8") and types[out.type] == "FLOAT32":
                hybrid.append(f"{kind} {out_name!r}")
            if kind == "FULLY_CONNECTED" and len(_scales(filter_)) > 1:
                dense.append(out_name)
    half = [
        (tensor.name or b"").decode(errors="replace")
        for tensor in graph.tensors
        if types[tensor.type] == "FLOAT16"
    ]
    return ModelFacts(
        operators=tuple(dict.fromkeys(operators)),
        inputs=tuple(_tensor(graph.tensors[i], types) for i in graph.inputs),
        outputs=tuple(_tensor(graph.tensors[i], types) for i in graph.outputs),
        per_channel_dense=tuple(dense),
        hybrid=tuple(hybrid),
        float16=tuple(half),
    )


def _scales(tensor) -> list[float]:
    found = tensor.quantization.scale if tensor.quantization is not None else None
    return [] if found is None else [float(scale) for scale in found]


def _tensor(tensor, types: dict[int, str]) -> TensorFacts:
    scales = _scales(tensor)
    zero_points = tensor.quantization.zeroPoint if scales else None
    return TensorFacts(
        name=(tensor.name or b"").decode(errors="replace"),
        shape=tuple(int(size) for size in (tensor.shape if tensor.shape is not None else ())),
        dtype=types[tensor.type].lower(),
        scale=scales[0] if scales else None,
        zero_point=int(zero_points[0]) if scales else None,
    )
