"""A word at an odd address: a fault on ARMv6-M, which Unicorn alone does not know."""

from pathlib import Path

import pytest

from tinyml_course.board.build.toolchain import build_program
from tinyml_course.board.virtual.cpu import Cpu
from tinyml_course.errors import BusFaultError

SOURCE = Path(__file__).with_name("faults.c")
COPY = """
void copy_words(unsigned *to, const unsigned *from, int count);
__attribute__((naked)) void copy_words(unsigned *to, const unsigned *from, int count) {
  __asm__(".syntax unified\\n push {r4, lr}\\n ldmia r1!, {r3, r4}\\n stmia r0!, {r3, r4}\\n"
          "pop {r4, pc}\\n");
}
"""
FUNCTIONS = {"read_word": 4, "read_half": 2, "write_word": 4, "write_half": 2}


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alignment")
    return {
        target: build_program(
            [SOURCE], target=target, out_dir=folder, name=target, keep=[*FUNCTIONS]
        )
        for target in ("cortex-m0plus", "cortex-m4")
    }


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_cortex_m0plus_faults_on_what_is_not_aligned(programs, function, native):
    cpu = Cpu(programs["cortex-m0plus"], native=native)
    start = cpu.memory_map.ram_start + 0x4000
    for offset in range(4):
        if offset % FUNCTIONS[function] == 0:
            cpu.call(function, start + offset)
            continue
        word = "read from" if function.startswith("read") else "write to"
        with pytest.raises(BusFaultError, match=f"{word} address {start + offset:#x}") as caught:
            cpu.call(function, start + offset)
        assert f"{function} at faults.c" in str(caught.value)
        assert "not aligned" in str(caught.value)
        cpu.reset()


def test_a_cortex_m4_takes_it(programs):
    cpu = Cpu(programs["cortex-m4"])
    for function in FUNCTIONS:
        cpu.call(function, cpu.memory_map.ram_start + 0x4001)


def test_loads_and_stores_of_several_words(tmp_path):
    source = tmp_path / "copy.c"
    source.write_text(COPY)
    program = build_program([source], target="cortex-m0plus", out_dir=tmp_path, keep=["copy_words"])
    cpu = Cpu(program)
    start = cpu.memory_map.ram_start + 0x4000
    cpu.call("copy_words", start, start + 16)
    with pytest.raises(BusFaultError, match="read from"):
        cpu.call("copy_words", start, start + 18)
    cpu.reset()
    with pytest.raises(BusFaultError, match="write to"):
        cpu.call("copy_words", start + 2, start + 16)
