"""What the converter leaves in a .tflite file that no interpreter reads, taken out again.

Tensor names such as `dense/MatMul;dense/Relu;dense/BiasAdd1` cost flash on a device that never
looks at them, and the conversion metadata hold a hash that differs from run to run. Without them a
small model is up to a fifth smaller, and the same weights give the same bytes.
"""

from __future__ import annotations

from typing import Any

import flatbuffers
import numpy as np

FILE_IDENTIFIER = b"TFL3"
BUFFER_ALIGNMENT = 16  # what the schema promises (force_align: 16), and what TFLM's kernels rely on


def strip_model(content: bytes) -> bytes:
    """The same model with short tensor names and without metadata or signatures.

    Args:
        content: a .tflite file as the converter wrote it.

    Returns:
        A .tflite file that computes the same. Equal input weights give equal bytes.
    """
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(content, 0)
    metadata_buffers = {entry.buffer for entry in model.metadata or []}
    model.metadata = None
    model.signatureDefs = None
    model.description = None
    for subgraph in model.subgraphs:
        _shorten_names(subgraph)
    # Metadata buffers come last, so that leaving them out renumbers nothing.
    while len(model.buffers) - 1 in metadata_buffers:
        model.buffers.pop()
    builder = _AlignedBuilder(len(content))
    builder.Finish(model.Pack(builder), FILE_IDENTIFIER)
    return bytes(builder.Output())


class _AlignedBuilder(flatbuffers.Builder):
    """Weights start at multiples of 16 bytes; flatbuffers' object API in Python forgets to ask."""

    def CreateNumpyVector(self, x: np.ndarray) -> Any:
        if x.dtype == np.uint8:
            self.StartVector(1, x.size, BUFFER_ALIGNMENT)
            length = x.size
            self.head = self.head - length
            self.Bytes[self.head : self.head + length] = x.tobytes()
            self.vectorNumElems = x.size
            return self.EndVector()
        return super().CreateNumpyVector(x)


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
