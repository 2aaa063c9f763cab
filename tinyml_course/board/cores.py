"""Generated C on emulated cores, as targets of `verify_model`.

The export room writes C and compares bytes; it knows no boards. Here the boards' processors join
its table of places where the C can run. Taught in lesson 09_on_the_board.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from tinyml_course.export.check.verify import TARGETS, Inputs, Outputs

CORES = ("cortex-m0plus", "cortex-m4", "riscv32")


def run_on_core(model_bytes: bytes, samples: Sequence[Inputs], target: str) -> list[Outputs]:
    """The model's C, compiled for a processor and run on its emulation, one sample after the other.

    samples: for each one array for each input of the model. Returns the same for the outputs.
    Raises ExportError if the model is refused, BoardError if it does not fit or faults.
    """
    from tinyml_course.board.measure import ModelOnCore  # the emulator takes 0.1 s to import

    core = ModelOnCore(model_bytes, target=target)
    return [core.invoke(*inputs) for inputs in samples]


def add_core_targets() -> None:
    """From now on `verify_model` knows the cores as well as the host."""
    TARGETS.update({core: partial(run_on_core, target=core) for core in CORES})
