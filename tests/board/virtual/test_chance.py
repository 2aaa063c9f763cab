"""What `random()` and `rand()` draw, against newlib: by its recurrence, and by GCC's own copy."""

import struct

import pytest

from tests.tools import need_tool
from tinyml_course.board.build.toolchain import build_program
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.cpu import Cpu

ALL_BOARDS = ["nano33ble", "pico", "wio_terminal", "xiao_samd21", "esp32c3"]
UNSEEDED = [1481765933, 1085377743, 1270216262, 1191391529, 812669700, 553475508]
AFTER_42 = [2104627054, 2013331137, 258660947, 107061148]


def newlib(seed, count):
    """The recurrence that newlib publishes: 64 bits, of which the upper half is drawn from."""
    state, drawn = seed, []
    for _ in range(count):
        state = (state * 6364136223846793005 + 1) % 2**64
        drawn.append(state >> 32 & 0x7FFFFFFF)
    return drawn


def test_the_figures_here_are_newlibs():
    assert newlib(1, 6) == UNSEEDED
    assert newlib(42, 4) == AFTER_42


def test_gccs_own_newlib_draws_the_same(tmp_path):
    need_tool("arm-none-eabi-gcc")
    source = tmp_path / "draw.c"
    source.write_text(
        "#include <stdlib.h>\nint drawn[12];\n"
        "void draw(void) { for (int i = 0; i < 6; i++) drawn[i] = rand(); srandom(42);\n"
        "  for (int i = 6; i < 9; i++) drawn[i] = random(); drawn[9] = rand();\n"
        "  unsigned seed = 5; drawn[10] = rand_r(&seed); drawn[11] = rand_r(&seed); }\n"
        "int main(void) { return 0; }\n"
        "static char heap[4096]; static int used;\n"
        "void *_sbrk(int size) { used += size; return heap + used - size; }\n"
        "void _exit(int code) { for (;;); }\n"
        + "".join(
            f"int _{name}(void) {{ return 0; }}\n"
            for name in ["write", "kill", "getpid", "close", "read", "lseek", "fstat", "isatty"]
        )
    )
    program = build_program(
        [source], out_dir=tmp_path, compiler="gcc", keep=["draw", "drawn"], extra_flags=["-w"]
    )
    cpu = Cpu(program)
    cpu.call("draw")
    drawn = struct.unpack("<12i", cpu.read_memory(program.address_of("drawn"), 48))
    assert list(drawn) == [*UNSEEDED, *AFTER_42, 84035, 1412376245]


@pytest.mark.parametrize("board", ALL_BOARDS)
def test_the_c_librarys_numbers(says, board):
    assert says(
        """
        for (int i = 0; i < 6; i++) say(rand());
        srand(42); say(rand()); say(random()); srandom(42); say(rand()); srand(0); say(rand());
        unsigned seed = 5; say(rand_r(&seed)); say(rand_r(&seed)); say((long)RAND_MAX);
        """,
        board,
    ) == [
        str(number)
        for number in [*UNSEEDED, *AFTER_42[:2], AFTER_42[0], 0, 84035, 1412376245, 2**31 - 1]
    ]


@pytest.mark.parametrize("board", ALL_BOARDS)
def test_a_seed_draws_what_the_real_board_draws(says, board):
    drawn = says(
        "randomSeed(42); for (int i = 0; i < 4; i++) say(random(100)); say(random(10, 20));"
        "say(random(5, 5)); say(random(7, 3)); say(random(0));",
        board,
    )
    expected = [number % 100 for number in AFTER_42] + [10 + newlib(42, 5)[4] % 10, 5, 7, 0]
    assert drawn == [str(number) for number in expected]


@pytest.mark.parametrize("board", ["nano33ble", "pico", "wio_terminal", "xiao_samd21"])
def test_without_a_seed_the_numbers_are_those_after_power_on(says, board):
    drawn = says("randomSeed(0); for (int i = 0; i < 3; i++) say(random(1000));", board)
    assert drawn == [str(number % 1000) for number in UNSEEDED[:3]]


def test_the_esp32_draws_by_chance_until_it_is_seeded(write_sketch):
    sketch = write_sketch(
        "void setup() { Serial.begin(9600); for (int i = 0; i < 8; i++) "
        "{ Serial.print(random(1000)); Serial.print(' '); }\n"
        "  randomSeed(42); Serial.print(random(100)); useRealRandomGenerator(true);\n"
        "  Serial.print(random(-5) < 5); }\nvoid loop() { delay(99); }\n"
    )
    first = run_sketch(sketch, "esp32c3", seconds=0.1).output
    assert first == run_sketch(sketch, "esp32c3", seconds=0.1).output
    *drawn, last = first.split()
    assert last == f"{AFTER_42[0] % 100}1"
    assert len({*drawn}) > 4
    assert [int(number) for number in drawn] != [number % 1000 for number in newlib(1, 8)]
