"""What a .tflite file says of itself: operators, inputs, outputs, and why TFLM might refuse it.

Derived from the graph alone; `TfliteModel.facts` has them. Lesson 07 prints them.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from tinyml_course.network.ir import Graph, Tensor

# Where TFLM's method name is not the operator's name in camel case.
_RESOLVER_EXCEPTIONS = {
    "PADV2": "PadV2",
    "UNIDIRECTIONAL_SEQUENCE_LSTM": "UnidirectionalSequenceLSTM",
}
_WITH_FILTER = ("FULLY_CONNECTED", "CONV_2D", "DEPTHWISE_CONV_2D")


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
        return math.prod(self.shape)


@dataclass(frozen=True)
class ModelFacts:
    """What an exporter must know of a model. Lesson 07.

    Attributes:
        operators: each operator kind once, in order of first use, as TFLite writes it.
        inputs, outputs: the model's own, in order.
        per_channel_dense: names of FULLY_CONNECTED outputs whose filter has a scale per channel.
        hybrid: names of operators with float activations and integer weights (dynamic range).
        float16: names of tensors stored as float16.
        resource_variables: how many an interpreter must have room for.
    """

    operators: tuple[str, ...]
    inputs: tuple[TensorFacts, ...]
    outputs: tuple[TensorFacts, ...]
    per_channel_dense: tuple[str, ...]
    hybrid: tuple[str, ...]
    float16: tuple[str, ...]
    resource_variables: int = 0


def resolver_method(operator: str) -> str:
    """The method of TFLM's `MicroMutableOpResolver` that adds `operator`.

    >>> [resolver_method(o) for o in ("FULLY_CONNECTED", "DEPTHWISE_CONV_2D", "RELU6")]
    ['AddFullyConnected', 'AddDepthwiseConv2D', 'AddRelu6']
    """
    name = _RESOLVER_EXCEPTIONS.get(operator) or "".join(
        part.capitalize() for part in operator.split("_")
    )
    return "Add" + re.sub(r"(\d)d\b", r"\1D", name)


def collect_facts(graph: Graph) -> ModelFacts:
    """The facts of a graph as it stands in the file."""
    dense, hybrid = [], []
    for operator in graph.operators:
        if operator.kind not in _WITH_FILTER:
            continue
        filter_, output = graph.input_of(operator, 1), graph.output_of(operator)
        if filter_.dtype in ("int8", "uint8") and output.dtype == "float32":
            hybrid.append(f"{operator.kind} {output.name!r}")
        is_per_channel = filter_.quantization is not None and filter_.quantization.is_per_channel
        if operator.kind == "FULLY_CONNECTED" and is_per_channel:
            dense.append(output.name)
    every = [operator for part in (graph, *graph.others) for operator in part.operators]
    return ModelFacts(
        operators=tuple(dict.fromkeys(operator.kind for operator in every)),
        inputs=tuple(_tensor_facts(graph.tensors[i]) for i in graph.inputs),
        outputs=tuple(_tensor_facts(graph.tensors[i]) for i in graph.outputs),
        per_channel_dense=tuple(dense),
        hybrid=tuple(hybrid),
        float16=tuple(tensor.name for tensor in graph.tensors if tensor.dtype == "float16"),
        resource_variables=len({o.options["shared_name"] for o in every if o.kind == "VAR_HANDLE"}),
    )


def _tensor_facts(tensor: Tensor) -> TensorFacts:
    quantization = tensor.quantization
    return TensorFacts(
        name=tensor.name,
        shape=tensor.shape,
        dtype=tensor.dtype,
        scale=None if quantization is None else float(quantization.scale),
        zero_point=None if quantization is None else quantization.zero_point,
    )
