"""Decision trees on emulated cores: every vector's leaf, and what one answer costs. Lesson 15."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from tinyml_course.board.build.toolchain import build_program
from tinyml_course.board.linked.program import Program
from tinyml_course.board.targets import get_target
from tinyml_course.board.virtual.cpu import Cpu
from tinyml_course.confine.guard import guarded
from tinyml_course.export.trees.source import TreeC, generate_tree_c
from tinyml_course.export.trees.verify import HOST, TEST_NAME, Answers, TreeRunner, driver_text
from tinyml_course.trees.forest import Forest

VECTORS_A_CALL = 512  # what fits into a core's RAM beside the answers
EMPTY = "int main(void);\nint main(void) { return 0; }\n"


@dataclass(frozen=True)
class TreeCost:
    """What one answer of a forest takes on a core.

    Attributes:
        flash_bytes: code and tables of the forest, without the start-up code around it.
        instructions: exact, the mean over the vectors; `most_instructions` the greatest.
        estimated_cycles: the mean, by the processor's published timings.
        stack_bytes: the deepest stack of all calls.
    """

    form: str
    target: str
    flash_bytes: int
    instructions: float
    most_instructions: int
    estimated_cycles: float
    stack_bytes: int


def tree_runner(place: str) -> TreeRunner:
    """Where the C of trees runs, by name: "host", or a name in `board.targets.TARGETS`.

    Raises:
        BoardError: there is none of that name.
    """
    if place == HOST.name:
        return HOST
    name = get_target(place).name
    return TreeRunner(name, partial(_run_on_core, target=name))


def measure_forest(
    forest: Forest, x: np.ndarray, *, form: str = "nested", target: str = "cortex-m4"
) -> TreeCost:
    """What `NAME_predict` costs, one call for each of the vectors `x` `(n, features)`.

    Raises:
        DataError: features of another shape or type.
        BoardError: it does not fit.
    """
    x = forest.check_features(x)
    code = generate_tree_c(forest, TEST_NAME, form)
    function = f"{TEST_NAME}_predict"
    program = _build(forest, code, target, function)
    cpu = Cpu(program)
    cpu.start_call()
    cpu.paint_stack()
    instructions, cycles = [], []
    for vector in x:
        cpu.clear_counts()
        cpu.call(function, vector.tobytes())
        instructions.append(cpu.instructions)
        cycles.append(cpu.cycles)
    return TreeCost(
        form=form,
        target=target,
        flash_bytes=program.sizes.flash_bytes - _build(None, None, target).sizes.flash_bytes,
        instructions=float(np.mean(instructions)),
        most_instructions=max(instructions),
        estimated_cycles=float(np.mean(cycles)),
        stack_bytes=cpu.stack_high_water_bytes,
    )


def _run_on_core(forest: Forest, code: TreeC, x: np.ndarray, target: str) -> Answers:
    function = f"{code.name}_run_all"
    cpu = Cpu(_build(forest, code, target, function))
    leaves = np.zeros((len(x), len(forest.trees)), np.uint16)
    classes = np.zeros(len(x), np.uint8)
    for start in range(0, len(x), VECTORS_A_CALL):
        part = slice(start, start + VECTORS_A_CALL)
        count = len(x[part])
        cpu.call(function, x[part].tobytes(), count, leaves[part], classes[part])
    return leaves.astype(np.int64), classes.astype(np.int64)


def _build(forest: Forest | None, code: TreeC | None, target: str, *keep: str) -> Program:
    """A program with the forest's C and a driver; without a forest what stands around any."""
    with guarded() as guard, guard.work_folder() as folder:
        files = {"main.c": EMPTY}
        if forest is not None and code is not None:
            files |= {
                f"{code.name}.h": code.header,
                f"{code.name}.c": code.source,
                "driver.c": driver_text(forest, code.name),
            }
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        program = build_program(
            [folder / name for name in files if name.endswith(".c")],
            target=target,
            memory=get_target(target).roomy_memory,
            out_dir=folder,
            keep=list(keep),
            is_throwaway=True,
            guard=guard,
        )
        program.image  # noqa: B018 - read while the file is there
    return program
