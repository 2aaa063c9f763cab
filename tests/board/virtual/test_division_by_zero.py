"""64 bits divided by zero: as GCC's library answers, which the real cores are linked with."""

import struct

import pytest

from tests.tools import need_tool
from tinyml_course.board.build.toolchain import build_program
from tinyml_course.board.models import ARDUINO_FOLDER
from tinyml_course.board.run import run_sketch
from tinyml_course.board.targets import TARGETS
from tinyml_course.board.virtual.cpu import Cpu

DRIVER = """
typedef long long number;
typedef unsigned long long whole;
number answers[4];
void divide(int high, int low, int divisor) {
  volatile number x = (number)((whole)high << 32 | (unsigned)low), y = divisor;
  __asm volatile("" ::: "memory");
  answers[0] = x / y;
  __asm volatile("" ::: "memory");
  const number a = x, b = y;
  answers[1] = a % b;
  answers[2] = (number)((whole)x / (whole)y);
  const whole c = x, d = y;
  answers[3] = (number)(c % d);
}
int main(void) { return 0; }
"""
NUMBERS = [5, -5, 0, 1, -1, 0x123456789ABC, -0x123456789ABC, 2**63 - 1, -(2**63), 1 << 32, -1 << 40]
TOP, BOTTOM = 2**63 - 1, -(2**63)


def answers(folder, target, compiler, divisor):
    """Quotient and rest, signed and unsigned, of each number."""
    source = folder / "divide.c"
    source.write_text(DRIVER)
    own = [ARDUINO_FOLDER / "core" / "divided.c"] if compiler == "clang" else []
    program = build_program(
        [source, *own],
        target=target,
        out_dir=folder,
        compiler=compiler,
        keep=["divide", "answers"],
        extra_flags=["-w"],
    )
    cpu = Cpu(program)
    found = []
    for number in NUMBERS:
        high, low = number >> 32, number & 0xFFFFFFFF
        cpu.call("divide", high & 0xFFFFFFFF, low, divisor & 0xFFFFFFFF, max_instructions=100_000)
        found.append(struct.unpack("<4q", cpu.read_memory(program.address_of("answers"), 32)))
    return found


@pytest.mark.parametrize("target", TARGETS)
def test_by_zero_as_gccs_library(tmp_path, target):
    need_tool("riscv64-unknown-elf-gcc" if target == "riscv32" else "arm-none-eabi-gcc")
    assert answers(tmp_path, target, "clang", 0) == answers(tmp_path, target, "gcc", 0)


@pytest.mark.parametrize("target", TARGETS)
def test_by_zero_in_figures(tmp_path, target):
    got = dict(zip(NUMBERS, answers(tmp_path, target, "clang", 0), strict=True))
    if target == "riscv32":
        assert got[5] == (-1, 5, -1, 5)
        assert got[-5] == (1, -5, -1, 2**32 - 5)
        assert got[0x123456789ABC] == (-1, 0x56789ABC, -1, 0x56789ABC)
    else:
        assert got[5] == (TOP, 0, -1, 0)
        assert got[-5] == (BOTTOM, 0, -1, 0)
        assert got[0] == (0, 0, 0, 0)


@pytest.mark.parametrize("divisor", [1, -1, 3, -7, 1000])
@pytest.mark.parametrize("target", TARGETS)
def test_by_other_numbers(tmp_path, target, divisor):
    for number, got in zip(NUMBERS, answers(tmp_path, target, "clang", divisor), strict=True):
        sign = -1 if (number < 0) != (divisor < 0) else 1
        quotient = sign * (abs(number) // abs(divisor))
        size, by = number % 2**64, divisor % 2**64
        expected = (quotient, number - quotient * divisor, size // by, size % by)
        assert [each % 2**64 for each in got] == [each % 2**64 for each in expected]


@pytest.mark.parametrize(
    ("board", "expected"),
    [("nano33ble", "-1 0 0"), ("xiao_samd21", "-1 0 0"), ("esp32c3", "-1 100 -1")],
)
def test_a_sketch_goes_on(write_sketch, board, expected):
    sketch = write_sketch(
        """long long quotient(long long a, long long b) __attribute__((noinline));
        long long rest(long long a, long long b) __attribute__((noinline));
        long long quotient(long long a, long long b) { return a / b; }
        long long rest(long long a, long long b) { return a % b; }
        void setup() {
          Serial.begin(9600); const int none = Serial.available();
          Serial.print((long)quotient(100, none)); Serial.print(' ');
          Serial.print((long)rest(100, none)); Serial.print(' ');
          Serial.println(100 / none); Serial.println("on");
        }
        void loop() { delay(100); }"""
    )
    assert run_sketch(sketch, board, seconds=0.1).lines == [expected, "on"]
