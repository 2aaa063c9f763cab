"""Right in Python, wrong on the device: which layer is the first whose bytes differ?

Every value between two layers becomes an output of the model, TFLM and the generated C both run it,
and the values are compared in the layers' order. Up to the first layer that differs both had the
same input, so that is where to look. `tinyml verify --layers` and lesson 08 use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tinyml_course.export.check.verify import (
    FLOAT_BOUND,
    HOST,
    Inputs,
    Runner,
    compare_outputs,
    random_inputs,
)
from tinyml_course.export.text import comment_safe
from tinyml_course.interpreters.tflm import is_available, run_tflm_samples
from tinyml_course.network.ir import Operator
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.reference import run_samples
from tinyml_course.network.rewrite import expose_layers
from tinyml_course.table import Table


@dataclass(frozen=True)
class FirstDifference:
    """Where two values differ first: in which sample, at which index, and what both are there."""

    sample: int
    index: tuple[int, ...]
    expected: float
    found: float


@dataclass(frozen=True)
class LayerResult:
    """One layer, over all samples.

    Attributes:
        number: its place in the sequence, as in the names of the generated C's functions.
        kind, name: the operator, and the layer as the file calls it.
        shape: of its output.
        bytes_compared, bytes_differing: of its output.
        max_difference: of float32 outputs, relative to the larger of 1 and the value.
        passed: equal in every byte; within the bound where the output is float32.
        first: the first value that differs; None if none does.
    """

    number: int
    kind: str
    name: str
    shape: tuple[int, ...]
    bytes_compared: int
    bytes_differing: int
    max_difference: float
    passed: bool
    first: FirstDifference | None


@dataclass(frozen=True)
class LayerComparison:
    """Every layer in order. Printed, a table with a verdict below."""

    layers: tuple[LayerResult, ...]
    samples: int
    target: str
    engine: str

    @property
    def first_differing(self) -> LayerResult | None:
        """The first layer that did not pass: where to look."""
        return next((layer for layer in self.layers if not layer.passed), None)

    def __str__(self) -> str:
        header = ("layer", "operator", "output", "bytes", "differing", "name")
        rows = tuple(
            (
                str(r.number),
                r.kind,
                " x ".join(map(str, r.shape)),
                f"{r.bytes_compared:,}",
                f"{r.bytes_differing:,}",
                r.name,
            )
            for r in self.layers
        )
        return f"{Table(header, rows, align='rllrrl')}\n{self._verdict()}"

    def _verdict(self) -> str:
        layer = self.first_differing
        if layer is None or layer.first is None:
            return f"{self.samples} samples on {self.target}: no layer differs from {self.engine}"
        first = layer.first
        return (
            f"the first layer that differs is {layer.number}, {layer.kind} ({layer.name}): sample "
            f"{first.sample}, index {list(first.index)} is {first.found:g} on {self.target}, "
            f"{first.expected:g} in {self.engine}"
        )


def compare_layers(
    model: bytes,
    samples: int = 10,
    runner: Runner = HOST,
    seed: int = 0,
    inputs: Sequence[Inputs] | None = None,
) -> LayerComparison:
    """Compare generated C with TFLM layer by layer.

    The C is that of the model with its inner values as outputs: the same layers with the same
    tables, but each value has memory of its own. Where no layer differs and the model's outputs do,
    it is the memory plan that is wrong.

    Args:
        model: a .tflite file.
        samples: how many random inputs, if `inputs` is not given.
        runner: where the C runs.
        inputs: for each sample one array for each input of the model, for instance a test set.

    Raises:
        ExportError: as `verify_model`.
    """
    exposed, operators = expose_layers(model)
    graph = exposed.network
    if inputs is None:
        inputs = list(random_inputs(graph, samples, seed))
    if is_available():
        engine, expected = "TFLM", run_tflm_samples(exposed, inputs, in_sequences=True)
    else:
        engine, expected = "the NumPy reference", run_samples(graph, inputs)
    found = runner.run(exposed, inputs)
    results = [
        _compare_layer(exposed, operator, [e[k] for e in expected], [f[k] for f in found])
        for k, operator in enumerate(operators)
    ]
    return LayerComparison(tuple(results), len(inputs), runner.name, engine)


def _compare_layer(
    model: TfliteModel,
    operator: Operator,
    expected: Sequence[np.ndarray],
    found: Sequence[np.ndarray],
) -> LayerResult:
    output = model.network.output_of(operator)
    totals = compare_outputs([[e] for e in expected], [[f] for f in found], "")
    is_float = output.dtype == "float32"
    passed = totals.max_difference <= FLOAT_BOUND if is_float else totals.bytes_differing == 0
    return LayerResult(
        number=model.network.operators.index(operator),
        kind=operator.kind,
        name=comment_safe(operator.name.split(";")[0]),
        shape=output.shape,
        bytes_compared=totals.bytes_compared,
        bytes_differing=totals.bytes_differing,
        max_difference=totals.max_difference,
        passed=passed,
        first=_find_first(output.shape, expected, found),
    )


def _find_first(
    shape: tuple[int, ...], expected: Sequence[np.ndarray], found: Sequence[np.ndarray]
) -> FirstDifference | None:
    for sample, (e, f) in enumerate(zip(expected, found, strict=True)):
        e, f = e.reshape(shape), f.reshape(shape)
        places = np.argwhere((e != f) & ~(np.isnan(e) & np.isnan(f)))
        if len(places):
            index = tuple(int(i) for i in places[0])
            return FirstDifference(sample, index, float(e[index]), float(f[index]))
    return None
