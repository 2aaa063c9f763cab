"""An interrupt disturbs nothing, whatever it interrupts, and its handler runs to the end."""

from pathlib import Path

import pytest

from tinyml_course.board.build.toolchain import build_program
from tinyml_course.board.targets import TARGETS
from tinyml_course.board.virtual.cpu import ITSTATE, Cpu
from tinyml_course.board.virtual.stop import Stop
from tinyml_course.errors import BoardError

SOURCE = Path(__file__).with_name("interrupted.c")
HANDLERS = ["count", "take", "wait_forever"]


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("interrupts")
    return {
        target: build_program([SOURCE], target=target, out_dir=folder, name=target, keep=HANDLERS)
        for target in TARGETS
    }


@pytest.fixture(params=TARGETS)
def cpu(request, programs):
    return Cpu(programs[request.param])


def read_variable(cpu, name):
    return int.from_bytes(cpu.read_memory(cpu.program.address_of(name), 4), "little")


def result(cpu):
    return cpu._emulator.reg_read(cpu.processor.arguments[0])


def test_an_interrupt_at_every_block(cpu):
    assert cpu.run() is Stop.RETURNED
    undisturbed = result(cpu)
    cpu.reset()
    cpu.start_call()
    interrupts = 0
    within_conditions = 0
    while cpu.run(max_instructions=1) is not Stop.RETURNED:
        if cpu.processor.status is not None:
            within_conditions += cpu._emulator.reg_read(cpu.processor.status) & ITSTATE != 0
        cpu.interrupt("count", 41)
        interrupts += 1
    assert result(cpu) == undisturbed
    assert read_variable(cpu, "handled") == interrupts > 8
    assert read_variable(cpu, "wrong") == 0
    if cpu.processor.name == "cortex-m4":
        assert within_conditions > 20, "nothing was interrupted where it matters"


def test_a_handler_runs_to_its_end_although_a_peripheral_asks_for_a_stop(cpu):
    def read(_offset, _size):
        cpu.stop()
        return 5

    cpu.map_peripheral(0x4000_0000, 0x1000, read, lambda *_: cpu.stop())
    cpu.start_call()
    assert cpu.run(max_instructions=3) is Stop.LIMIT
    for _ in range(4):
        cpu.interrupt("take")
    assert read_variable(cpu, "stored") == 20
    assert cpu.run() is Stop.RETURNED


def test_a_handler_that_never_ends_is_told(cpu, monkeypatch):
    def read(_offset, _size):
        cpu.stop()
        return 1

    monkeypatch.setattr("tinyml_course.board.virtual.cpu.DEFAULT_BUDGET", 1000)
    cpu.map_peripheral(0x4000_0000, 0x1000, read, lambda *_: None)
    with pytest.raises(BoardError, match="wait_forever still runs after 1,000"):
        cpu.interrupt("wait_forever")


def test_the_first_error_of_a_handler_is_the_one_that_is_told(cpu):
    said = iter(["first", "second"])

    def refuse(*_):
        raise BoardError(f"the {next(said)} access")

    cpu.map_peripheral(0x4000_0000, 0x1000, refuse, refuse)
    with pytest.raises(BoardError, match="the first access"):
        cpu.interrupt("take")
    cpu.reset()
    assert cpu.run() is Stop.RETURNED
