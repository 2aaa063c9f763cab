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
from dataclasses import dataclass
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import numpy as np

from tinyml_course.errors import ExportError, TinyMLCourseError, UnsupportedOperatorError
from tinyml_course.interpreters.litert import (
    check_raw_input,
    load_interpreter,
    read_input_spec,
    read_output_spec,
    run_litert,
    run_litert_raw,
)
from tinyml_course.native_output import silence_native_output
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


def run_integer_model(content: bytes, x: np.ndarray) -> IntegerRun:
    """Raw outputs by TFLM where it runs, by LiteRT's reference kernels elsewhere.

    Args:
        content: a .tflite file.
        x: `(n, *input_shape)` of the input tensor's own type.
    """
    if is_available():
        return IntegerRun(run_tflm_raw(content, x), "TFLM")
    return IntegerRun(run_litert_raw(content, x), "LiteRT reference kernels")


def run_tflm_raw(content: bytes, x: np.ndarray) -> np.ndarray:
    """TFLM's raw outputs for raw inputs, element types as in the file.

    Args:
        content: a .tflite file.
        x: `(n, *input_shape)` of the input tensor's own type (int8 for an int8 model).

    Returns:
        `(n, *output_shape)` of the output tensor's own type.

    Raises:
        ExportError: `content` is no model, or damaged.
        UnsupportedOperatorError: TFLM refuses the model; the message says why and what to do.
        TinyMLCourseError: TFLM does not run on this computer.
    """
    x = check_raw_input(read_input_spec(content), x)
    output = read_output_spec(content)
    interpreter = _load(content)
    answers = np.empty((len(x), *output.shape), dtype=output.dtype)
    for index, sample in enumerate(x):
        interpreter.set_input(sample[None], 0)
        interpreter.invoke()
        answers[index] = interpreter.get_output(0)[0]
    return answers


def run_tflm(content: bytes, x: np.ndarray) -> np.ndarray:
    """Real outputs for real inputs by TFLM: quantized and dequantized by the tensors' parameters.

    Args:
        content: a .tflite file.
        x: `(n, *input_shape)` floats, after preprocessing.

    Returns:
        `(n, *output_shape)` float32.
    """
    raw = run_tflm_raw(content, read_input_spec(content).quantize(x))
    return read_output_spec(content).dequantize(raw)


def score_model(content: bytes, x: np.ndarray) -> np.ndarray:
    """Real outputs for real inputs by TFLM if it takes the model, else by LiteRT.

    For accuracies: both give the same answers but for rare last places.

    Args:
        content: a .tflite file of any number format.
        x: `(n, *input_shape)` floats, after preprocessing.
    """
    if is_available() and find_refusal(content) is None:
        return run_tflm(content, x)
    return run_litert(content, x)


def find_refusal(content: bytes) -> str | None:
    """Why TFLM refuses this model, in one line; None if it takes it."""
    try:
        _load(content)
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


def measure_arena(content: bytes) -> ArenaUse:
    """The arena a model uses, by part, from TFLM's own recording allocator.

    A board with 32-bit pointers needs less for TFLM's structures than this computer does.
    `AllocateTensors` passes through a peak above this use: give a board `smallest_arena` bytes.

    Raises:
        ExportError, UnsupportedOperatorError, TinyMLCourseError: as `run_tflm_raw`.
    """
    interpreter = _load(content)
    spec = read_input_spec(content)
    interpreter.set_input(np.zeros((1, *spec.shape), dtype=spec.dtype), 0)
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


def smallest_arena(content: bytes) -> int:
    """The smallest arena in bytes, a multiple of 16, with which TFLM loads and runs the model here.

    Found by bisection in a process of its own, because TFLM may crash when the arena is too small.
    A board with 32-bit pointers needs a little less, so this figure is on the safe side.

    Raises:
        ExportError, UnsupportedOperatorError, TinyMLCourseError: as `run_tflm_raw`.
    """
    _load(content)
    result = subprocess.run(
        [sys.executable, "-m", "tinyml_course.interpreters.arena_search"],
        input=bytes(content),
        capture_output=True,
        timeout=120,
        check=False,
    )
    if result.returncode != 0:
        last_words = result.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise ExportError(f"the search for the smallest arena failed: {''.join(last_words)}")
    return int(json.loads(result.stdout)["arena_bytes"])


def import_runtime() -> ModuleType:
    """The `tflite_micro` runtime.

    Raises:
        TinyMLCourseError: it is not installed, with what to do instead.
    """
    if not is_available():
        raise TinyMLCourseError(
            "TFLM does not run on this computer: its wheel tflite_micro exists for Linux on x86-64 "
            "only. Use compress.tflm.run_integer_model, which takes LiteRT's reference kernels "
            "here; the generated C needs no TFLM at all"
        )
    from tflite_micro import runtime

    return runtime


def _load(content: bytes) -> Any:
    runtime = import_runtime()
    content = bytes(content)
    load_interpreter(content)  # its verifier catches damaged files, at which TFLM would crash
    with silence_native_output() as printed:
        try:
            return runtime.Interpreter.from_bytes(content, arena_size=MAX_ARENA_BYTES)
        except RuntimeError as error:
            reason = explain_refusal(printed()) or str(error)
    raise UnsupportedOperatorError(f"TFLM refuses this model: {reason}")


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
