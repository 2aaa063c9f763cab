"""A .tflite model as one value: its bytes, and everything that is read from them, read once.

A `TfliteModel` *is* its bytes: it is written, hashed, compared and measured like them. What the
file says is read when somebody first asks, and kept, so a model that is handed from door to door
is parsed once:

    model.input, model.output   how to fill it and how to read its answer (`TensorSpec`)
    model.facts                 operators, tensors, and why TFLM might refuse it
    model.graph                 every operator and tensor as it stands in the file
    model.network               the same, ready for export: folded, and checked for support

A function that takes a model takes any bytes and begins with `model = TfliteModel.of(model)`.
Lesson 08 reads a graph.
"""

from __future__ import annotations

import hashlib
from functools import cached_property

from tinyml_course.errors import ExportError
from tinyml_course.network.facts import ModelFacts, collect_facts
from tinyml_course.network.folding import prepare_network
from tinyml_course.network.ir import Graph
from tinyml_course.network.reader import read_tflite
from tinyml_course.network.tensor_spec import TensorSpec


class TfliteModel(bytes):
    """The bytes of a .tflite file. Nothing is read, and nothing refused, before it is asked for.

    >>> from tinyml_course.bundle import Bundle
    >>> model = Bundle.load_shipped("motion").model
    >>> model.input.shape, str(model.input.dtype), model.output.shape
    ((8,), 'int8', (3,))
    >>> [operator.kind for operator in model.graph.operators]
    ['FULLY_CONNECTED', 'FULLY_CONNECTED', 'FULLY_CONNECTED', 'SOFTMAX']
    """

    @classmethod
    def of(cls, content: bytes) -> TfliteModel:
        """`content` as a model; the same object if it is one already, with all that was read.

        Raises:
            ExportError: a path or something else in the bytes' place.
        """
        if not isinstance(content, (bytes, bytearray, memoryview)):
            raise ExportError(
                f"a model is the bytes of a .tflite file, not {type(content).__name__}: "
                "Path(NAME).read_bytes()"
            )
        return content if isinstance(content, cls) else cls(content)

    @cached_property
    def graph(self) -> Graph:
        """The network as it stands in the file: nothing folded, nothing checked for support.

        Raises:
            ExportError: no .tflite, or damaged.
        """
        return read_tflite(self)

    @cached_property
    def network(self) -> Graph:
        """The network ready to export: what needs no code is folded, the rest is supported.

        Raises:
            ExportError: no .tflite, or damaged.
            UnsupportedOperatorError: something the exporter refuses, named with its layer and
                remedy.
        """
        return prepare_network(self.graph)

    @cached_property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """How to fill each input. Errors as `graph`."""
        return tuple(TensorSpec.of(self.graph.tensors[i]) for i in self.graph.inputs)

    @cached_property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """How to read each output. Errors as `graph`."""
        return tuple(TensorSpec.of(self.graph.tensors[i]) for i in self.graph.outputs)

    @property
    def input(self) -> TensorSpec:
        """The first input, which is the only one of most models.

        Raises:
            ExportError: as `graph`; or a model without inputs.
        """
        return self._first(self.inputs, "input")

    @property
    def output(self) -> TensorSpec:
        """The first output. Errors as `input`."""
        return self._first(self.outputs, "output")

    @staticmethod
    def _first(specs: tuple[TensorSpec, ...], kind: str) -> TensorSpec:
        if not specs:
            raise ExportError(f"the .tflite file is damaged: the model has no {kind}")
        return specs[0]

    @cached_property
    def facts(self) -> ModelFacts:
        """What the file says of itself. Errors as `graph`. Lesson 07 prints them."""
        return collect_facts(self.graph)

    @cached_property
    def sha256(self) -> str:
        """Of the bytes, in hexadecimal: the model's identity in generated files."""
        return hashlib.sha256(self).hexdigest()

    def __repr__(self) -> str:
        return f"<TfliteModel of {len(self):,} bytes, SHA-256 {self.sha256[:12]}>"
