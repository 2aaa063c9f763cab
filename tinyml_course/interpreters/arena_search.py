"""The search behind `tflm.smallest_arena`: model on stdin, `{"arena_bytes": n}` on stdout.

TFLM may end the whole process with a segmentation fault when its arena is too small. So every trial
is a forked child of this small process, and only the child dies.
"""

from __future__ import annotations

import json
import os
import sys

import numpy as np

from tinyml_course.interpreters.tflm import ARENA_ALIGNMENT_BYTES, MAX_ARENA_BYTES, import_runtime
from tinyml_course.interpreters.tflm_apart import may_abort
from tinyml_course.network.model import TfliteModel


def find_smallest_arena(content: bytes) -> int:
    """The least multiple of 16 for which `runs_with` holds.

    A model that zeros may end, see `tflm_apart`, is loaded and not run: what it runs in is
    allocated by then.

    Raises:
        SystemExit: it does not run in the largest arena that is tried, and why.
    """
    is_run = not may_abort(TfliteModel.of(content).graph)
    too_small, enough = 0, ARENA_ALIGNMENT_BYTES
    while not runs_with(content, enough, is_run):
        too_small, enough = enough, 2 * enough
        if enough > MAX_ARENA_BYTES:
            raise SystemExit(_why_it_does_not_run(content))
    while enough - too_small > ARENA_ALIGNMENT_BYTES:
        middle = (too_small + enough) // 2 // ARENA_ALIGNMENT_BYTES * ARENA_ALIGNMENT_BYTES
        if runs_with(content, middle, is_run):
            enough = middle
        else:
            too_small = middle
    return enough


def _why_it_does_not_run(content: bytes) -> str:
    if runs_with(content, MAX_ARENA_BYTES, is_run=False):
        return (
            f"TFLM loads the model in {MAX_ARENA_BYTES:,} bytes and stops when it runs it on "
            "zeros, so memory is not the reason. Try tinyml verify: it says where TFLM stops"
        )
    return (
        f"TFLM does not load the model in {MAX_ARENA_BYTES:,} bytes, which is more than any board "
        "here has. Make its inputs and layers smaller"
    )


def runs_with(content: bytes, arena_bytes: int, is_run: bool = True) -> bool:
    """Whether the model loads, and runs if `is_run`, in this arena; tried in a child process."""
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        _try_and_exit(content, arena_bytes, is_run)
    _, status = os.waitpid(child, 0)
    return status == 0


def _try_and_exit(content: bytes, arena_bytes: int, is_run: bool) -> None:
    status = 1
    try:
        interpreter = import_runtime().Interpreter.from_bytes(content, arena_size=arena_bytes)
        if not is_run:
            os._exit(0)
        details = interpreter.get_input_details(0)
        interpreter.set_input(np.zeros(details["shape"], details["dtype"]), 0)
        interpreter.invoke()
        interpreter.get_output(0)
        status = 0
    finally:
        os._exit(status)  # a forked child must not run the parent's exit handlers


if __name__ == "__main__":
    import_runtime()  # once here, so that no child pays for it
    print(json.dumps({"arena_bytes": find_smallest_arena(sys.stdin.buffer.read())}))
