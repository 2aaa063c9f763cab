"""Is the generated C the model? Compares it with TFLM, byte by byte.

TFLM's reference kernels (the `tflite_micro` wheel) are the course's integer truth. Where the wheel
does not exist the NumPy reference stands in, whose integers tests hold equal to TFLM's. `tinyml
verify` and lesson 08 call `verify_model`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tinyml_course.errors import ExportError
from tinyml_course.export.check.host_build import HostModel
from tinyml_course.interpreters.tflm import import_runtime, is_available
from tinyml_course.network.folding import load_graph
from tinyml_course.network.ir import Graph
from tinyml_course.network.parameters import LIMITS
from tinyml_course.network.reference import run_reference

Inputs = Sequence[np.ndarray]
Outputs = list[np.ndarray]


@dataclass(frozen=True)
class Verification:
    """What a comparison found.

    Attributes:
        samples: how many inputs were tried.
        bytes_compared, bytes_differing: over all outputs of all samples.
        target: where the C ran.
        max_difference: of float32 outputs, relative to the larger of 1 and the value.
        engine: what the C was compared with, "TFLM" or "NumPy reference".
        bound: which `max_difference` is right; 0 for a model whose outputs are integers.
    """

    samples: int
    bytes_compared: int
    bytes_differing: int
    target: str
    max_difference: float = 0.0
    engine: str = "TFLM"
    bound: float = 0.0

    @property
    def passed(self) -> bool:
        """Integers are equal in every byte, floats stay within the bound."""
        if self.bound:
            return self.max_difference <= self.bound
        return self.bytes_differing == 0


# float32: exp() differs from libm's by two units in the last place, a fused multiply-add rounds
# once where two instructions round twice, and a deep network passes both on.
FLOAT_BOUND = 2.0**-16


def run_on_host(model_bytes: bytes, samples: Sequence[Inputs]) -> list[Outputs]:
    """Generated C, compiled for this computer."""
    with HostModel.build(model_bytes) as model:
        return [model.invoke(*inputs) for inputs in samples]


# Each runs samples through the generated C somewhere; emulated cores add themselves here.
TARGETS: dict[str, Callable[[bytes, Sequence[Inputs]], list[Outputs]]] = {"host": run_on_host}


def run_tflm(model_bytes: bytes, samples: Sequence[Inputs]) -> list[Outputs]:
    """The same samples through TFLM's reference kernels.

    Raises:
        TinyMLCourseError: the wheel is missing (it exists for Linux on x86-64).
        ExportError: TFLM refuses the model.
    """
    runtime = import_runtime()
    graph = load_graph(model_bytes)
    arena = 64 * 1024 + 8 * sum(t.size_bytes + 64 for t in graph.tensors)
    try:
        interpreter = runtime.Interpreter.from_bytes(model_bytes, arena_size=arena)
        results = []
        for inputs in samples:
            for i, x in enumerate(inputs):
                interpreter.set_input(x.reshape(graph.tensors[graph.inputs[i]].shape), i)
            interpreter.invoke()
            results.append([np.array(interpreter.get_output(i)) for i in range(len(graph.outputs))])
    except (RuntimeError, ValueError) as error:
        raise ExportError(f"TFLM refuses the model: {error}") from error
    return results


def random_inputs(graph: Graph, samples: int, seed: int = 0) -> Iterator[list[np.ndarray]]:
    """Inputs that cover a model's range: uniform, and now and then all least or all greatest."""
    rng = np.random.default_rng(seed)
    for sample in range(samples):
        inputs = []
        for index in graph.inputs:
            tensor = graph.tensors[index]
            if tensor.dtype == "float32":
                x = rng.normal(0, 1, tensor.shape).astype(np.float32)
            else:
                low, high = LIMITS[tensor.dtype]
                x = rng.integers(low, high + 1, tensor.shape).astype(tensor.dtype)
                if sample % 16 == 14:
                    x = np.full(tensor.shape, low, tensor.dtype)
                if sample % 16 == 15:
                    x = np.full(tensor.shape, high, tensor.dtype)
            inputs.append(x)
        yield inputs


def verify_model(
    model_bytes: bytes,
    samples: int = 100,
    target: str = "host",
    seed: int = 0,
    inputs: Sequence[Inputs] | None = None,
) -> Verification:
    """Compare generated C with TFLM.

    Args:
        samples: how many random inputs, if `inputs` is not given.
        target: one of `TARGETS`.
        inputs: for each sample one array for each input of the model, for instance a test set.

    Raises:
        ExportError: an unknown target, no compiler, or a model that is refused.
    """
    if target not in TARGETS:
        raise ExportError(f"unknown target {target!r}: use one of {', '.join(TARGETS)}")
    graph = load_graph(model_bytes)
    if inputs is None:
        inputs = list(random_inputs(graph, samples, seed))
    if is_available():
        engine, expected = "TFLM", run_tflm(model_bytes, inputs)
    else:
        engine, expected = "NumPy reference", [run_reference(graph, x) for x in inputs]
    found = compare_outputs(expected, TARGETS[target](model_bytes, inputs), target)
    has_floats = any(graph.tensors[i].dtype == "float32" for i in graph.outputs)
    return replace(found, engine=engine, bound=FLOAT_BOUND if has_floats else 0.0)


def compare_outputs(
    expected: Sequence[Outputs], actual: Sequence[Outputs], target: str
) -> Verification:
    """Count differing bytes, sample by sample, output by output."""
    compared = differing = 0
    difference = 0.0
    for wanted, got in zip(expected, actual, strict=True):
        for a, b in zip(wanted, got, strict=True):
            a, b = np.ascontiguousarray(a).reshape(-1), np.ascontiguousarray(b).reshape(-1)
            compared += a.nbytes
            differing += int((a.view(np.uint8) != b.view(np.uint8)).sum())
            if a.dtype == np.float32:
                scale = np.maximum(1.0, np.abs(a, dtype=np.float64))
                difference = max(difference, float((np.abs(a - b, dtype=np.float64) / scale).max()))
    return Verification(len(expected), compared, differing, target, difference)
