"""The counter is exact: it agrees, instruction by instruction, with a run in single steps."""

from collections import Counter
from pathlib import Path

import pytest
import unicorn

from tests.tools import need_tool
from tinyml_course.board.build.toolchain import build_program
from tinyml_course.board.targets import TARGETS
from tinyml_course.board.virtual.cpu import Cpu
from tinyml_course.board.virtual.stop import Stop

SOURCE = Path(__file__).with_name("mixed_code.c")
BUILDS = [(target, "clang", level) for target in TARGETS for level in ("-O2", "-Os", "-O0")]
BUILDS += [("cortex-m4", "gcc", "-O2"), ("cortex-m4", "gcc", "-Os"), ("riscv32", "gcc", "-O2")]


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    folder = tmp_path_factory.mktemp("counting")

    def build(target="cortex-m4", compiler="clang", optimize="-O2"):
        if compiler == "gcc":
            need_tool(TARGETS[target].gcc)
        return build_program(
            [SOURCE],
            target=target,
            compiler=compiler,
            optimize=optimize,
            out_dir=folder,
            name=f"{target}_{compiler}{optimize}",
            keep=["mixed"],
        )

    return build


def executed_from_blocks(cpu):
    """How often each address ran, from what the counter knows of blocks."""
    executed = Counter()
    for block in cpu.counter.blocks():
        for offset in cpu._measure_block(block.address, block.size).addresses:
            executed[block.address + offset] += block.executions
    return +executed


def count_conditional_instructions(cpu, steps):
    """The emulator's single step passes over an instruction whose condition (IT) does not hold.

    The processor does not: it fetches the instruction and spends a cycle. So what follows an IT
    runs as often as the IT itself.
    """
    for address in sorted(steps):
        first = int.from_bytes(cpu.read_memory(address, 2), "little")
        if first & 0xFF00 != 0xBF00 or not first & 15:
            continue
        at = address + 2
        for _ in range({8: 1, 4: 2, 2: 3, 1: 4}[first & -first & 15]):
            assert steps[at] <= steps[address]
            steps[at] = steps[address]
            at += 4 if int.from_bytes(cpu.read_memory(at, 2), "little") >= 0xE800 else 2


@pytest.mark.parametrize(("target", "compiler", "optimize"), BUILDS)
def test_equal_to_single_steps_at_every_address(build, target, compiler, optimize):
    program = build(target, compiler, optimize)
    counted = Cpu(program)
    result = counted.call("mixed", 12345)

    stepped = Cpu(program)
    stepped.initialize()
    stepped.clear_counts()
    steps = Counter()
    stepped._emulator.hook_add(
        unicorn.UC_HOOK_CODE, lambda _uc, address, _size, _data: steps.update((address,))
    )
    assert stepped.call("mixed", 12345) == result
    if target == "cortex-m4":
        count_conditional_instructions(stepped, steps)
    assert counted.instructions == sum(steps.values())
    assert executed_from_blocks(counted) == steps
    assert counted.instructions > 20_000


@pytest.mark.parametrize("target", TARGETS)
def test_python_and_native_counter_agree(build, target):
    program = build(target)
    native, python = Cpu(program, native=True), Cpu(program, native=False)
    assert native.counter.is_native
    assert not python.counter.is_native
    assert native.call("mixed", 7) == python.call("mixed", 7)
    assert (native.instructions, native.cycles) == (python.instructions, python.cycles)
    assert native.profile() == python.profile()


def test_the_profile_adds_up(build):
    cpu = Cpu(build())
    cpu.call("mixed", 3)
    profile = cpu.profile()
    assert sum(entry.instructions for entry in profile) == cpu.instructions
    assert sum(entry.cycles for entry in profile) == cpu.cycles
    assert {"mixed", "fibonacci", "straight"} <= {entry.name for entry in profile}


@pytest.mark.parametrize("native", [True, False])
def test_a_run_in_slices_counts_as_one_run(build, native):
    program = build()
    whole = Cpu(program, native=native)
    whole.call("mixed", 99)

    sliced = Cpu(program, native=native)
    sliced.initialize()
    sliced.clear_counts()
    sliced._emulator.reg_write(sliced.processor.arguments[0], 99)
    sliced._emulator.reg_write(sliced.processor.link, sliced._return_here | 1)
    sliced._emulator.reg_write(sliced.processor.pc, program.address_of("mixed"))
    slices = 0
    while sliced.run(max_instructions=37) is Stop.LIMIT:
        slices += 1
    assert slices > 500
    assert (sliced.instructions, sliced.cycles) == (whole.instructions, whole.cycles)


def test_two_runs_are_the_same(build):
    runs = []
    for _ in range(2):
        cpu = Cpu(build())
        runs.append((cpu.call("mixed", 5), cpu.instructions, cpu.cycles, cpu.profile()))
    assert runs[0] == runs[1]


def test_counting_goes_on_and_can_begin_again(build):
    cpu = Cpu(build())
    cpu.call("mixed", 5)
    once = cpu.instructions
    cpu.call("mixed", 5)
    assert cpu.instructions == 2 * once
    cpu.clear_counts()
    assert cpu.instructions == cpu.cycles == 0
    assert cpu.profile() == []
