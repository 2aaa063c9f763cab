"""TensorFlow Lite for Microcontrollers on this computer, through the `tflite_micro` wheel.

It is the same C++ that runs on a board, with the reference kernels, so its integers are the truth
that every later stage is compared with. The wheel exists for Linux on x86-64; elsewhere
`run_integer_model` takes LiteRT's reference kernels instead and says so. Lessons 04 and 07 use it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from tinyml_course.errors import ExportError, TinyMLCourseError, UnsupportedOperatorError
from tinyml_course.interpreters.litert import (
    check_raw_input,
    load_interpreter,
    run_litert,
    run_litert_raw,
)
from tinyml_course.interpreters.tflm_apart import may_abort, run_apart
from tinyml_course.native_output import silence_native_output
from tinyml_course.network.model import TfliteModel
from tinyml_course.network.state import begins_anew
from tinyml_course.table import Table

ARENA_ALIGNMENT_BYTES = 16
MAX_ARENA_BYTES = 16 * 1024 * 1024


def is_available() -> bool:
    """Whether TFLM runs on this computer (Linux on x86-64, with the wheel installed)."""
    return find_spec("tflite_micro") is not None


@dataclass(frozen=True)
class IntegerRun:
    """Raw outputs, and the interpreter that computed them: "TFLM" or "LiteRT reference kernels"."""

    outputs: np.ndarray
    engine: str


def run_integer_model(model: bytes, x: np.ndarray) -> IntegerRun:
    """Raw outputs by TFLM where it runs, by LiteRT's reference kernels elsewhere.

    Args:
        model: a .tflite file.
        x: `(n, *input_shape)` of the input tensor's own type.
    """
    if is_available():
        return IntegerRun(run_tflm_raw(model, x), "TFLM")
    return IntegerRun(run_litert_raw(model, x), "LiteRT reference kernels")


def run_tflm_samples(
    model: bytes, samples: Sequence[Sequence[np.ndarray]], in_sequences: bool = False
) -> list[list[np.ndarray]]:
    """TFLM's raw outputs for a model with any number of inputs and outputs.

    A model with state keeps it from sample to sample.

    Args:
        model: a .tflite file.
        samples: for each one array for each input, of its tensor's own type and size.
        in_sequences: whether a model with state begins anew where `state.begins_anew` says so: with
            an interpreter of its own, because TFLM's reset does not run CALL_ONCE again.

    Returns:
        For each sample one array for each output, in its tensor's own type and shape.

    Raises:
        ExportError: `model` is no model, or damaged.
        UnsupportedOperatorError: TFLM refuses the model, or stops in it; the message says why and
            what to do.
        DataError: an input of another size or type than the model's.
        TinyMLCourseError: TFLM does not run on this computer.
    """
    model = TfliteModel.of(model)
    interpreter = _load(model)
    if may_abort(model.graph):
        checked = [model.graph.check_inputs(sample) for sample in samples]
        return run_apart(model, checked, in_sequences)
    return _invoke_for_each(model, interpreter, samples, in_sequences)


def run_tflm_here(
    model: TfliteModel, samples: Sequence[Sequence[np.ndarray]], in_sequences: bool
) -> list[list[np.ndarray]]:
    """The same in this process, which TFLM may end: for `tflm_process`."""
    return _invoke_for_each(model, _load(model), samples, in_sequences)


def _invoke_for_each(
    model: TfliteModel,
    interpreter: Any,
    samples: Sequence[Sequence[np.ndarray]],
    in_sequences: bool,
) -> list[list[np.ndarray]]:
    answers = []
    for number, sample in enumerate(samples):
        if in_sequences and begins_anew(model.network, number):
            interpreter = _load(model)
        for position, x in enumerate(model.graph.check_inputs(sample)):
            interpreter.set_input(x, position)
        try:
            interpreter.invoke()
        except RuntimeError as error:
            raise UnsupportedOperatorError(f"TFLM stops in this model: {error}") from error
        answers.append(
            [np.array(interpreter.get_output(i)) for i in range(len(model.graph.outputs))]
        )
    return answers


def run_tflm_raw(model: bytes, x: np.ndarray) -> np.ndarray:
    """TFLM's raw outputs for raw inputs, of a model with one input and one output.

    Args:
        model: a .tflite file.
        x: `(n, *input_shape)` of the input tensor's own type (int8 for an int8 model).

    Returns:
        `(n, *output_shape)` of the output tensor's own type.

    Raises:
        ExportError, UnsupportedOperatorError, DataError, TinyMLCourseError: as `run_tflm_samples`.
    """
    model = TfliteModel.of(model)
    x = check_raw_input(model.input, x)
    answers = np.empty((len(x), *model.output.shape), dtype=model.output.dtype)
    for index, outputs in enumerate(run_tflm_samples(model, [[sample[None]] for sample in x])):
        answers[index] = outputs[0][0]
    return answers


def run_tflm(model: bytes, x: np.ndarray) -> np.ndarray:
    """Real outputs for real inputs by TFLM: quantized and dequantized by the tensors' parameters.

    Args:
        model: a .tflite file.
        x: `(n, *input_shape)` floats, after preprocessing.

    Returns:
        `(n, *output_shape)` float32.

    Raises:
        ExportError, UnsupportedOperatorError, DataError, TinyMLCourseError: as `run_tflm_samples`.
    """
    model = TfliteModel.of(model)
    return model.output.dequantize(run_tflm_raw(model, model.input.quantize(x)))


def score_model(model: bytes, x: np.ndarray) -> np.ndarray:
    """Real outputs for real inputs by TFLM if it takes the model, else by LiteRT.

    For accuracies: both give the same answers but for rare last places.

    Args:
        model: a .tflite file of any number format.
        x: `(n, *input_shape)` floats, after preprocessing.
    """
    model = TfliteModel.of(model)
    if is_available() and find_refusal(model) is None:
        return run_tflm(model, x)
    return run_litert(model, x)


def find_refusal(model: bytes) -> str | None:
    """Why TFLM refuses this model, in one line; None if it takes it."""
    try:
        _load(TfliteModel.of(model))
    except UnsupportedOperatorError as error:
        return str(error)
    return None


@dataclass(frozen=True)
class ArenaUse:
    """What TFLM keeps in its tensor arena, in bytes, on this 64-bit computer.

    Attributes:
        total_bytes: everything below together.
        activations_bytes: inputs, outputs and scratch of the layers, overlapped by the planner.
        persistent_bytes: what stays for the interpreter's whole life; its parts follow.
        parts: persistent bytes by what they are for, as TFLM's recording allocator names them.
    """

    total_bytes: int
    activations_bytes: int
    persistent_bytes: int
    parts: dict[str, int]

    def table(self) -> Table:
        """One row a part, and their sum."""
        itemized = sum(self.parts.values())
        rows = [
            ("activations and scratch", self.activations_bytes),
            *self.parts.items(),
            ("not itemized by TFLM", self.persistent_bytes - itemized),
            ("total", self.total_bytes),
        ]
        return Table(
            ("part of the arena", "bytes"), tuple((name, f"{size:,}") for name, size in rows)
        )

    def __str__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def measure_arena(model: bytes) -> ArenaUse:
    """The arena a model uses, by part, from TFLM's own recording allocator.

    A board with 32-bit pointers needs less for TFLM's structures than this computer does.
    `AllocateTensors` passes through a peak above this use: give a board `smallest_arena` bytes.

    Raises:
        ExportError, UnsupportedOperatorError, TinyMLCourseError: as `run_tflm_raw`.
    """
    model = TfliteModel.of(model)
    interpreter = _load(model)
    if not may_abort(model.graph):  # which needs no more than it has been given by now
        interpreter.set_input(np.zeros((1, *model.input.shape), dtype=model.input.dtype), 0)
        interpreter.invoke()
    with silence_native_output() as printed:
        interpreter.print_allocations()
        dump = printed()
    return parse_allocations(dump)


def parse_allocations(dump: str) -> ArenaUse:
    """The `ArenaUse` in what TFLM's `PrintAllocations` writes (recording_micro_allocator.cc)."""
    sums = {
        name: int(size) for name, size in re.findall(r"Arena allocation (\w+) (\d+) bytes", dump)
    }
    if not {"total", "head", "tail"} <= sums.keys():
        raise ExportError(
            f"TFLM's allocation report has changed its form and cannot be read: {dump[:200]!r}. "
            "Install the version of tflite_micro that requirements.lock names"
        )
    parts = re.findall(r"'([^']+)' used (\d+) bytes", dump)
    return ArenaUse(
        total_bytes=sums["total"],
        activations_bytes=sums["head"],
        persistent_bytes=sums["tail"],
        parts={name: int(size) for name, size in parts},
    )


def smallest_arena(model: bytes) -> int:
    """The smallest arena in bytes, a multiple of 16, with which TFLM loads and runs the model here.

    Found by bisection in a process of its own, because TFLM may crash when the arena is too small.
    A board with 32-bit pointers needs a little less, so this figure is on the safe side.

    Raises:
        ExportError, UnsupportedOperatorError, TinyMLCourseError: as `run_tflm_raw`.
    """
    _load(TfliteModel.of(model))
    result = subprocess.run(
        [sys.executable, "-m", "tinyml_course.interpreters.arena_search"],
        input=bytes(model),
        capture_output=True,
        timeout=120,
        check=False,
    )
    if result.returncode != 0:
        last_words = result.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise ExportError(f"the search for the smallest arena failed: {''.join(last_words)}")
    return int(json.loads(result.stdout)["arena_bytes"])


def import_runtime() -> Any:
    """The `tflite_micro` runtime.

    Raises:
        TinyMLCourseError: it is not installed, with what to do instead.
    """
    if not is_available():
        raise TinyMLCourseError(
            "TFLM does not run on this computer: its wheel tflite_micro exists for Linux on x86-64 "
            "only. Use run_integer_model, which takes LiteRT's reference kernels "
            "here; the generated C needs no TFLM at all"
        )
    from tflite_micro import runtime

    return runtime


def _load(model: TfliteModel) -> Any:
    runtime = import_runtime()
    _check_before_tflm(model)
    # 16 MiB are enough for every board's models; a model for no board may want more.
    arena_bytes = max(MAX_ARENA_BYTES, sum(8 * (t.elements + 64) for t in model.graph.tensors))
    with silence_native_output() as printed:
        try:
            return runtime.Interpreter.from_bytes(bytes(model), arena_size=arena_bytes)
        except RuntimeError as error:
            reason = explain_refusal(printed()) or str(error)
    raise UnsupportedOperatorError(f"TFLM refuses this model: {reason}")


def _check_before_tflm(model: TfliteModel) -> None:
    """TFLM crashes at a damaged file: somebody must have looked at it before.

    Our own checks cover what the exporter takes, whatever LiteRT thinks of it; LiteRT's verifier
    covers the rest.
    """
    _ = model.graph  # a damaged file ends here
    try:
        _ = model.network
    except ExportError:
        load_interpreter(model)


def explain_refusal(printed: str) -> str:
    """What TFLM printed when it refused a model, as a reason and a remedy."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    if missing := re.search(r"Didn't find op for builtin opcode '(\w+)'", printed):
        return f"it has no operator {missing[1]}; build the layer from operators it has"
    if "Node DEQUANTIZE" in printed and "dequantize_common" in printed:
        return "16-bit float weights, and it has no kernels for them; use convert_int8"
    if re.search(r"Hybrid models|filter type: INT8 not supported", printed):
        return "hybrid: int8 weights with float activations; use convert_int8 with samples"
    return "; ".join(lines)
