"""A Bundle on a board: its sketches written, its accuracy measured there, its lab's sketch watched.

The board is virtual unless you give the port of a real one that runs the same sketch. The end of
`tinyml run` is this; lesson 09 does it step by step.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.catalog import estimate_energy_uj
from tinyml_course.board.models import get_model
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.traces import Trace
from tinyml_course.bundle import Bundle
from tinyml_course.confine.guard import guarded
from tinyml_course.export.firmware.sketch_folder import write_sketch
from tinyml_course.interpreters.tflm import run_integer_model
from tinyml_course.observe.link import open_link
from tinyml_course.observe.selftest import run_selftest
from tinyml_course.report import DeviceResult
from tinyml_course.training.kinds import CLASSES, AnswerKind


def measure_on_board(
    bundle: Bundle,
    inputs: np.ndarray,
    labels: Sequence[int] | np.ndarray | None = None,
    board: str = "nano33ble",
    *,
    answers: AnswerKind = CLASSES,
    sketch: str | None = None,
    traces: Sequence[Trace | Path | str] = (),
    seconds: float | None = None,
    presses: Sequence[str] = (),
) -> DeviceResult:
    """Run a whole test set on a virtual board, and the lab's own sketch from a trace.

    Args:
        inputs: `(n, ...)` int8, the model's quantized inputs.
        labels: `(n,)` the true classes, or what else the model was trained on.
        board: one that can be emulated.
        answers: what kind of answer the model gives.
        sketch: the lab's sketch, or None to run the test set alone.
        traces, seconds: what that sketch's sensors feel, and how long.
        presses: keys that are pressed meanwhile, as `KEY@T`.

    Raises:
        BoardError: no such board or sketch, or a program that crashed.
        DoesNotFitError: the model is too large for the board.
    """
    model = get_model(board)
    expected = run_integer_model(bundle.model, inputs).outputs
    lines: tuple[str, ...] = ()
    with guarded() as guard, guard.work_folder() as name:
        selftest = write_sketch(bundle, "selftest", name)
        with open_link(f"virtual://{board}?sketch={selftest.as_posix()}") as link:
            test = run_selftest(link, inputs)
        if sketch is None:
            built, stack_bytes = build_sketch(selftest, board), None
        else:
            folder = write_sketch(bundle, sketch, name)
            run = run_sketch(folder, board, traces, seconds, presses=presses)
            built, stack_bytes = run.sketch, run.stack_bytes
            lines = tuple(run.lines)
    outputs = test.outputs.reshape(expected.shape)
    real = bundle.model.output.dequantize(outputs).reshape(len(outputs), -1)
    found = None if labels is None else answers.score(real, np.asarray(labels))
    latency_us = test.median_latency_us
    energy_uj = estimate_energy_uj(model.board, latency_us)
    return DeviceResult(
        board=board,
        windows=len(inputs),
        accuracy=None if found is None else round(found, 4),
        bytes_compared=int(outputs.size),
        bytes_differing=int(np.count_nonzero(outputs != expected)),
        latency_us=latency_us,
        sketch=built.name,
        flash_bytes=built.flash_bytes,
        ram_bytes=built.ram_bytes,
        stack_bytes=stack_bytes,
        energy_uj=None if energy_uj is None else round(energy_uj, 3),
        lines=lines,
    )
