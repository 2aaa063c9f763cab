"""A last layer that learns on emulated cores: equal to Python, and what a step costs. Lesson 18."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from tinyml_course.board.build.toolchain import build_program
from tinyml_course.board.linked.program import Program
from tinyml_course.board.targets import get_target
from tinyml_course.board.virtual.cpu import Cpu
from tinyml_course.confine.guard import guarded
from tinyml_course.export.learning.source import HeadC, generate_head_c
from tinyml_course.export.learning.verify import (
    HOST,
    TEST_NAME,
    LearningRunner,
    Taught,
    driver_text,
)
from tinyml_course.on_device.head import Head
from tinyml_course.on_device.learner import LearningSpec

EMPTY = "int main(void);\nint main(void) { return 0; }\n"
LABELS_A_CALL = 8  # what fits into a core's RAM with the states after each
MOST_INSTRUCTIONS = 2_000_000_000


@dataclass(frozen=True)
class LearningCost:
    """What learning takes on a core.

    Attributes:
        flash_bytes: code and tables, without the start-up code around them.
        ram_bytes: of the struct that it learns in.
        stack_bytes: the deepest stack.
        step_instructions, step_cycles: one step of SGD: counted, the mean over the examples;
            estimated, by the processor's published timings.
        label_cycles: one label with all its steps, when the memory is full; estimated.
        answer_cycles: one answer; estimated.
    """

    target: str
    flash_bytes: int
    ram_bytes: int
    stack_bytes: int
    step_instructions: float
    step_cycles: float
    label_cycles: float
    answer_cycles: float


def learning_runner(place: str) -> LearningRunner:
    """Where the C learns, by name: "host", or a name in `board.targets.TARGETS`.

    Raises:
        BoardError: there is none of that name.
    """
    if place == HOST.name:
        return HOST
    name = get_target(place).name
    return LearningRunner(name, partial(_run_on_core, target=name))


def measure_learning(
    head: Head, spec: LearningSpec, x: np.ndarray, labels: np.ndarray, *, target: str = "cortex-m4"
) -> LearningCost:
    """What a step, a label and an answer cost, with the examples `x` `(n, features)` int8.

    All are labelled first, so that the memory is as full as it gets.

    Raises:
        DataError: features or labels that the head has not.
        BoardError: it does not fit.
    """
    code = generate_head_c(head, spec, TEST_NAME)
    program = _build(code, target, "forget", "step", "learn", "predict")
    cpu = Cpu(program)
    cpu.start_call()
    cpu.paint_stack()
    state = bytearray(code.state_bytes)
    cpu.call(f"{TEST_NAME}_forget", state)

    def count(function: str, *arguments: object) -> tuple[int, int]:
        cpu.clear_counts()
        cpu.call(f"{TEST_NAME}_{function}", state, *arguments, max_instructions=MOST_INSTRUCTIONS)
        return cpu.instructions, cpu.cycles

    rows = [(row.tobytes(), int(label)) for row, label in zip(x, labels, strict=True)]
    learnt = [count("learn", *row)[1] for row in rows]
    answers = [count("predict", features)[1] for features, _ in rows]
    steps = np.array([count("step", *row) for row in rows])
    empty = _build(None, target).sizes.flash_bytes
    return LearningCost(
        target=target,
        flash_bytes=program.sizes.flash_bytes - empty,
        ram_bytes=code.state_bytes,
        stack_bytes=cpu.stack_high_water_bytes,
        step_instructions=float(steps[:, 0].mean()),
        step_cycles=float(steps[:, 1].mean()),
        label_cycles=float(learnt[-1]),
        answer_cycles=float(np.mean(answers)),
    )


def _run_on_core(code: HeadC, x: np.ndarray, labels: np.ndarray, target: str) -> Taught:
    cpu = Cpu(_build(code, target, "forget", "run_all"))
    state = bytearray(code.state_bytes)
    cpu.call(f"{code.name}_forget", state)
    answers = np.zeros(len(x), np.uint8)
    states = np.zeros((len(x), code.state_bytes), np.uint8)
    for start in range(0, len(x), LABELS_A_CALL):
        part = slice(start, start + LABELS_A_CALL)
        given = (x[part].tobytes(), labels[part].tobytes(), len(x[part]))
        cpu.call(
            f"{code.name}_run_all", state, *given, answers[part], states[part],
            max_instructions=MOST_INSTRUCTIONS,
        )  # fmt: skip
    return Taught(answers.astype(np.int64), states)


def _build(code: HeadC | None, target: str, *functions: str) -> Program:
    """A program with the head's C and a driver; without a head what stands around any."""
    with guarded() as guard, guard.work_folder() as folder:
        files = {"main.c": EMPTY}
        if code is not None:
            files |= {f"{code.name}.h": code.header, f"{code.name}.c": code.source}
            if "run_all" in functions:
                files["driver.c"] = driver_text(code.name)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        program = build_program(
            [folder / name for name in files if name.endswith(".c")],
            target=target,
            memory=get_target(target).roomy_memory,
            out_dir=folder,
            keep=[f"{TEST_NAME}_{function}" for function in functions],
            is_throwaway=True,
            guard=guard,
        )
        program.image  # noqa: B018 - read while the file is there
    return program
