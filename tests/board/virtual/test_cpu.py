"""Calls, memory, peripherals, and faults that a learner can read."""

from pathlib import Path

import numpy as np
import pytest

from tinyml_course.board.build.toolchain import build_program
from tinyml_course.board.memory_map import MemoryMap
from tinyml_course.board.targets import TARGETS
from tinyml_course.board.virtual.cpu import Cpu
from tinyml_course.board.virtual.stop import Stop
from tinyml_course.errors import BoardError, BusFaultError, DoesNotFitError

SOURCE = Path(__file__).with_name("faults.c")
FUNCTIONS = [
    *("null_read", "nowhere", "recurse", "forever", "trap", "write_flash", "wild_jump"),
    *("beyond_ram", "sum_of_six", "fill", "count_up", "thirds"),
]


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cpu")
    return {
        target: build_program([SOURCE], target=target, out_dir=folder, name=target, keep=FUNCTIONS)
        for target in TARGETS
    }


@pytest.fixture(params=TARGETS)
def cpu(request, programs):
    return Cpu(programs[request.param])


def test_integers_and_buffers_go_in_and_come_back(cpu):
    assert cpu.call("sum_of_six", 1, 2, 3, 4, 5, 6) == 660
    out = np.zeros(7, np.int8)
    cpu.call("fill", out, 7)
    assert out.tolist() == list(range(7))
    read_only = bytes(4)
    cpu.call("fill", read_only, 4)
    assert read_only == bytes(4)
    assert cpu.call("thirds", 5) == 1666


def test_variables_have_their_start_values_again_after_reset(cpu):
    assert [cpu.call("count_up"), cpu.call("count_up")] == [43, 44]
    cpu.reset()
    assert cpu.call("count_up") == 43


@pytest.mark.parametrize(
    ("function", "error", "words"),
    [
        ("null_read", BusFaultError, ["read from address 0x00000000", "null pointer"]),
        ("nowhere", BusFaultError, ["read from address 0x90000000", "nowhere at faults.c:8"]),
        ("recurse", DoesNotFitError, ["stack overflow", "recurse at faults.c:10"]),
        ("forever", BoardError, ["endless loop", "forever at faults.c:11", "1,000,000"]),
        ("trap", BoardError, ["trap at faults.c:12"]),
        ("write_flash", BusFaultError, ["write to read-only memory", "write_flash at faults.c:13"]),
        ("wild_jump", BusFaultError, ["jump to address 0x12345678"]),
    ],
)
def test_faults_name_address_function_and_line(cpu, function, error, words):
    with pytest.raises(error) as caught:
        cpu.call(function, 0, max_instructions=1_000_000)
    for word in words:
        assert word in str(caught.value)
    cpu.reset()
    assert cpu.call("sum_of_six", 0, 0, 0, 0, 0, 1) == 100, "the process goes on"


def test_one_byte_beyond_ram_is_a_fault(cpu):
    end = cpu.memory_map.ram_end
    cpu.call("beyond_ram", end - 8, 8)
    with pytest.raises(BusFaultError, match="0 bytes beyond the end of RAM"):
        cpu.call("beyond_ram", end - 8, 9)


def test_the_stack_high_water_mark(cpu):
    cpu.call("sum_of_six", 1, 1, 1, 1, 1, 1)
    shallow = cpu.stack_high_water_bytes
    with pytest.raises(DoesNotFitError):
        cpu.call("recurse", 0)
    assert shallow < 200
    assert cpu.stack_high_water_bytes > cpu.memory_map.stack_bytes - 128


def test_a_stop_from_a_peripheral_and_an_interrupt(tmp_path):
    source = tmp_path / "uart.c"
    source.write_text(
        "volatile int got; void on_data(int x) { got = x; }\n"
        "int main(void) { int n = 0; for (;;) { *(volatile int *)0x40000004 = ++n;\n"
        "  if (*(volatile int *)0x40000000) return got; } }\n"
    )
    cpu = Cpu(build_program([source], out_dir=tmp_path, keep=["on_data"]))
    written = []

    def write(offset, _size, value):
        written.append((offset, value))
        if value == 3:
            cpu.stop()

    cpu.map_peripheral(0x4000_0000, 0x1000, lambda _offset, _size: len(written) >= 5, write)
    assert cpu.run() is Stop.REQUESTED
    assert [value for _, value in written] == [1, 2, 3]
    cpu.interrupt("on_data", 77)
    assert cpu.run() is Stop.RETURNED
    assert [value for _, value in written] == [1, 2, 3, 4, 5]
    assert cpu.read_memory(cpu.program.address_of("got"), 1) == bytes([77])


def test_an_error_in_a_peripheral_reaches_the_caller(tmp_path):
    source = tmp_path / "read.c"
    source.write_text("int main(void) { return *(volatile int *)0x40000000; }\n")
    cpu = Cpu(build_program([source], out_dir=tmp_path))

    def broken(_offset, _size):
        raise BoardError("no trace left")

    cpu.map_peripheral(0x4000_0000, 0x1000, broken, lambda *_: None)
    with pytest.raises(BoardError, match="no trace left"):
        cpu.run()


def test_arguments_that_are_neither_integer_nor_buffer_are_refused(programs):
    with pytest.raises(BoardError, match="float is neither"):
        Cpu(programs["cortex-m4"]).call("thirds", 1.5)


def test_an_unknown_function_is_named(programs):
    with pytest.raises(BoardError, match="no symbol 'tirds'"):
        Cpu(programs["cortex-m4"]).call("tirds", 1)


def test_a_buffer_that_does_not_fit_is_refused(programs):
    with pytest.raises(DoesNotFitError, match="300000 bytes"):
        Cpu(programs["cortex-m4"]).call("fill", bytearray(300_000), 1)


def test_memory_maps_refuse_what_no_board_has():
    with pytest.raises(BoardError, match="ram_bytes"):
        MemoryMap(0, 1024, 0x2000_0000, 1000)
    with pytest.raises(BoardError, match="stack"):
        MemoryMap(0, 1024, 0x2000_0000, 1024, stack_bytes=4096)
