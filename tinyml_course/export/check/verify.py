"""Is the generated C the model? Compares it with TFLM, byte by byte.

TFLM's reference kernels (the `tflite_micro` wheel) are the course's integer truth. Where the wheel
does not exist the NumPy reference stands in, whose integers tests hold equal to TFLM's. `tinyml
verify` and lesson 08 call `verify_model`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tinyml_course.errors import DataError
from tinyml_course.export.check.host_build import HostModel
from tinyml_course.interpreters.tflm import is_available, run_tflm_samples
from tinyml_course.network.ir import Graph
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.parameters import LIMITS
from tinyml_course.network.reference import run_samples
from tinyml_course.network.state import begins_anew
from tinyml_course.report import Verification

Inputs = Sequence[np.ndarray]
Outputs = list[np.ndarray]


@dataclass(frozen=True)
class Runner:
    """A place where generated C can run: it takes a model and samples, and gives the outputs.

    Attributes:
        name: of the place, for instance "host" or "cortex-m4".
        run: for each sample one array for each input in, one for each output out. A network with
            state keeps it from sample to sample, and begins anew where `begins_anew` says so.
    """

    name: str
    run: Callable[[TfliteModel, Sequence[Inputs]], list[Outputs]]


MOST_BYTES = 1 << 30  # of inputs and outputs at once

# float32: exp() differs from libm's by two units in the last place, a fused multiply-add rounds
# once where two instructions round twice, and a deep network passes both on.
FLOAT_BOUND = 2.0**-16


def run_on_host(model: bytes, samples: Sequence[Inputs]) -> list[Outputs]:
    """Generated C, compiled for this computer."""
    with HostModel.build(model) as built:
        return run_in_order(built, samples)


def run_in_order(built: HostModel, samples: Sequence[Inputs]) -> list[Outputs]:
    """C that is loaded, sample after sample; a model with state is reset now and then."""
    answers = []
    for number, inputs in enumerate(samples):
        if begins_anew(built.graph, number):
            built.reset()
        answers.append(built.invoke(*inputs))
    return answers


HOST = Runner("host", run_on_host)


def random_inputs(graph: Graph, samples: int, seed: int = 0) -> Iterator[list[np.ndarray]]:
    """Inputs that cover a model's range: uniform, and now and then all least or all greatest.

    Raises:
        DataError: more samples than the memory of a laptop holds, with what they give.
    """
    sample_bytes = sum(graph.tensors[i].size_bytes for i in (*graph.inputs, *graph.outputs))
    if samples * sample_bytes > MOST_BYTES:
        raise DataError(
            f"{samples:,} samples of {sample_bytes:,} bytes are more than the {MOST_BYTES:,} bytes "
            f"that are kept at once: give at most {MOST_BYTES // sample_bytes:,}"
        )
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
    model: bytes,
    samples: int = 100,
    runner: Runner = HOST,
    seed: int = 0,
    inputs: Sequence[Inputs] | None = None,
) -> Verification:
    """Compare generated C with TFLM.

    A network with state is compared over time: it runs through the samples in order, and begins
    anew after every eight.

    Args:
        model: a .tflite file.
        samples: how many random inputs, if `inputs` is not given.
        runner: where the C runs; `board.cores.core_runner` gives those of emulated processors.
        inputs: for each sample one array for each input of the model, for instance a test set.

    Raises:
        DataError: too many samples.
        ExportError: no compiler, or a model that is refused.
        BoardError: an emulated processor that the C does not fit.
    """
    model = TfliteModel.of(model)
    graph = model.network
    if inputs is None:
        inputs = list(random_inputs(graph, samples, seed))
    if is_available():
        engine, expected = "TFLM", run_tflm_samples(model, inputs, in_sequences=True)
    else:
        engine, expected = "NumPy reference", run_samples(graph, inputs)
    found = compare_outputs(expected, runner.run(model, inputs), runner.name)
    has_floats = any(graph.tensors[i].dtype == "float32" for i in graph.outputs)
    return replace(found, engine=engine, bound=FLOAT_BOUND if has_floats else 0.0)


def compare_outputs(
    expected: Sequence[Outputs], actual: Sequence[Outputs], target: str
) -> Verification:
    """Count differing bytes, sample by sample, output by output; of floats also how far."""
    compared = differing = 0
    difference = 0.0
    has_floats = any(a.dtype == np.float32 for wanted in expected for a in wanted)
    for wanted, got in zip(expected, actual, strict=True):
        for a, b in zip(wanted, got, strict=True):
            a, b = np.ascontiguousarray(a).reshape(-1), np.ascontiguousarray(b).reshape(-1)
            unequal = int((a.view(np.uint8) != b.view(np.uint8)).sum())
            compared, differing = compared + a.nbytes, differing + unequal
            if a.dtype == np.float32:
                difference = max(difference, _largest_difference(a, b))
            elif unequal and has_floats:
                difference = np.inf  # no bound excuses an integer
    return Verification(len(expected), compared, differing, target, difference)


def _largest_difference(expected: np.ndarray, found: np.ndarray) -> float:
    """Relative to the larger of 1 and the value; infinite where one alone is not a number."""
    same = (expected == found) | (np.isnan(expected) & np.isnan(found))
    if same.all():
        return 0.0
    a, b = expected[~same].astype(np.float64), found[~same].astype(np.float64)
    with np.errstate(invalid="ignore"):  # infinity minus a number, divided by infinity
        apart = np.abs(a - b) / np.maximum(1.0, np.abs(a))
    return float(np.where(np.isnan(apart), np.inf, apart).max())
