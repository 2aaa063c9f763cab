"""A .tflite file taken apart and put together again, without what no interpreter reads.

Tensor names such as `dense/MatMul;dense/Relu;dense/BiasAdd1` cost flash on a device that never
looks at them, and the conversion metadata hold a hash that differs from run to run. Without them a
small model is up to a fifth smaller, and the same weights give the same bytes.
"""

from __future__ import annotations

from typing import Any

from tinyml_course.errors import ExportError
from tinyml_course.network.ir import Operator
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.tflite_file import import_schema, pack_model, unpack_model

CALLABLE = ("int8", "uint8", "int16", "int32", "float32")  # what may be an output of a model


def strip_model(content: bytes) -> TfliteModel:
    """The same model with short tensor names and without metadata or signatures.

    Args:
        content: a .tflite file as the converter wrote it.

    Returns:
        A .tflite file that computes the same. Equal input weights give equal bytes.

    Raises:
        ExportError: no model, or damaged.
    """
    model = unpack_model(content)
    metadata_buffers = {entry.buffer for entry in model.metadata or []}
    model.metadata = None
    model.signatureDefs = None
    model.description = None
    for subgraph in model.subgraphs:
        _shorten_names(subgraph)
    # Metadata buffers come last, so that leaving them out renumbers nothing.
    while len(model.buffers) - 1 in metadata_buffers:
        model.buffers.pop()
    return TfliteModel(pack_model(model))


def keep_first_dense_scale(content: bytes) -> TfliteModel:
    """What the TFLM libraries of 2023 see of a model whose dense layers are quantized per channel.

    Their fully_connected_common.cc reads `filter->params.scale`, which is the first scale of the
    filter, and uses it for every neuron. With only that scale left in the file, today's TFLM gives
    the wrong answers that a board with such a library gives. A model whose dense layers are per
    tensor stays the same. Lesson 04 shows it.

    Raises:
        ExportError: no model, or damaged.
    """
    fully_connected = import_schema().BuiltinOperator.FULLY_CONNECTED
    model = unpack_model(content)
    for subgraph in model.subgraphs:
        for operator in subgraph.operators:
            code = model.operatorCodes[operator.opcodeIndex]
            builtin = max(code.builtinCode, code.deprecatedBuiltinCode)
            if builtin != fully_connected:
                continue
            for index in operator.inputs[1:]:
                parameters = subgraph.tensors[index].quantization if index >= 0 else None
                if parameters is not None and parameters.scale is not None:
                    parameters.scale = parameters.scale[:1]
                    parameters.zeroPoint = parameters.zeroPoint[:1]
    return TfliteModel(pack_model(model))


def add_signature(content: bytes) -> TfliteModel:
    """The same model with a signature: the names by which some tools call it. One stays as it is.

    Raises:
        ExportError: no model, or damaged.
    """
    model = unpack_model(content)
    if model.signatureDefs:
        return TfliteModel.of(content)
    schema = import_schema()
    signature = schema.SignatureDefT()
    signature.signatureKey, signature.subgraphIndex = b"serving_default", 0
    subgraph = model.subgraphs[0]
    signature.inputs, signature.outputs = (
        [_name_end(schema, f"{kind}_{number}", tensor) for number, tensor in enumerate(ends)]
        for kind, ends in (("input", subgraph.inputs), ("output", subgraph.outputs))
    )
    model.signatureDefs = [signature]
    return TfliteModel(pack_model(model))


def _name_end(schema: Any, name: str, tensor: int) -> Any:
    end = schema.TensorMapT()
    end.name, end.tensorIndex = name.encode(), int(tensor)
    return end


def expose_layers(content: bytes) -> tuple[TfliteModel, tuple[Operator, ...]]:
    """The same model with the value behind each layer as an output, in the layers' order.

    Left out are layers that no code is made for, values that no caller is handed (indices), and the
    state, which shows in what is computed from it.
    With it one asks any interpreter, and the generated C anywhere, for what lies between layers.

    Returns:
        The model, and the operators whose outputs these are.

    Raises:
        ExportError, UnsupportedOperatorError: as `TfliteModel.network`.
    """
    network = TfliteModel.of(content).network
    layers = tuple(
        operator
        for operator in network.operators
        if network.output_of(operator).dtype in CALLABLE
        and not network.output_of(operator).is_variable
    )
    model = unpack_model(content)
    model.subgraphs[0].outputs = [operator.outputs[0] for operator in layers]
    model.signatureDefs = None  # they name the former outputs
    return TfliteModel(pack_model(model)), layers


def cut_layer(content: bytes, number: int) -> TfliteModel:
    """One layer of a model as a model of its own: same weights, same scales. Lesson 08.

    Args:
        number: of the layer in the model's network, as in the generated C's functions.

    Raises:
        ExportError: there is no such layer, or it is one of several that one operator became.
    """
    network = TfliteModel.of(content).network
    if not 0 <= number < len(network.operators):
        raise ExportError(
            f"there is no layer {number}: the model has {len(network.operators)}, from 0"
        )
    layer = network.operators[number]
    if sum(operator.index == layer.index for operator in network.operators) > 1:
        raise ExportError(f"layer {number} is only a part of an operator, and cannot stand alone")
    if layer.kind in ("READ_VARIABLE", "ASSIGN_VARIABLE"):
        raise ExportError(f"layer {number} only moves the model's state, and cannot stand alone")
    model = unpack_model(content)
    subgraph = model.subgraphs[0]
    model.subgraphs = [subgraph]  # without what begins a state that is not here any more
    subgraph.operators = [subgraph.operators[layer.index]]
    subgraph.inputs = [tensor.index for tensor in network.activations_of(layer)]
    subgraph.outputs = list(layer.outputs)
    model.signatureDefs = None  # they name the former ends
    return TfliteModel(pack_model(model))


def cut_head(content: bytes) -> TfliteModel:
    """A classifier without its last dense layer and what stands behind it: the frozen body.

    Its output is what that layer takes: the features that a head on the board learns from. Lesson
    18 cuts one.

    Raises:
        ExportError: no model, or damaged, or one without a dense layer behind another layer.
    """
    network = TfliteModel.of(content).network
    dense = [o for o in network.operators if o.kind == "FULLY_CONNECTED"]
    if not dense or not dense[-1].index:
        raise ExportError("the model has no dense layer with a body before it: nothing to cut")
    head = dense[-1]
    model = unpack_model(content)
    subgraph = model.subgraphs[0]
    subgraph.operators = subgraph.operators[: head.index]
    subgraph.outputs = [tensor.index for tensor in network.activations_of(head)]
    model.signatureDefs = None  # they name the former output
    return TfliteModel(pack_model(model))


def _shorten_names(subgraph: Any) -> None:
    """`model/dense/MatMul;model/dense/Relu` becomes `dense/MatMul`; equal names get numbers."""
    ends = {index: "input" for index in subgraph.inputs} | {i: "output" for i in subgraph.outputs}
    taken: dict[str, int] = {}
    for index, tensor in enumerate(subgraph.tensors):
        long_name = (tensor.name or b"").decode(errors="replace")
        first = long_name.split(";")[0]
        layer_path = first.partition("/")[2].removeprefix("quant_")  # the prefix is tfmot's
        name = ends.get(index) or layer_path or first or "tensor"
        taken[name] = taken.get(name, 0) + 1
        tensor.name = (name if taken[name] == 1 else f"{name}_{taken[name]}").encode()
