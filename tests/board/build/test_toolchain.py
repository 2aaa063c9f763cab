"""The cross compiler's results and its errors, for every processor and both compilers."""

import os

import pytest

from tests.tools import need_tool
from tinyml_course.board.build.toolchain import COMPILERS, build_program
from tinyml_course.board.cache import cache_dir
from tinyml_course.board.memory_map import MemoryMap
from tinyml_course.board.targets import TARGETS
from tinyml_course.board.virtual.cpu import Cpu
from tinyml_course.errors import BoardError, DoesNotFitError


@pytest.fixture
def build(tmp_path):
    def build(text, name="main.c", **options):
        if options.get("compiler") == "gcc":
            need_tool(TARGETS[options.get("target", "cortex-m4")].gcc)
        source = tmp_path / name
        source.write_text(text)
        return build_program([source], out_dir=tmp_path / "out", **options)

    return build


@pytest.mark.parametrize("target", TARGETS)
def test_sizes_add_up_to_what_the_source_says(build, target):
    program = build(
        "const char table[1000] = {1}; int start = 7; char buffer[500];\n"
        "int main(void) { return table[start] + buffer[start]; }\n",
        target=target,
        extra_flags=["-fno-builtin"],
    )
    sizes = program.sizes
    assert 4 <= sizes.data <= 8
    assert 500 <= sizes.bss <= 520
    assert 40 < sizes.text < 600
    assert sizes.flash_bytes == sizes.text + sizes.rodata + sizes.data
    assert sizes.ram_bytes == sizes.data + sizes.bss


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("int main(void) {\n return x; }\n", BoardError, ["main.c:2", "x", "does not compile"]),
        ("#include <nowhere.h>\n", BoardError, ["main.c:1", "nowhere.h"]),
        ("int f(int);\nint main(void) {\n return f(1); }\n", BoardError, ["main.c:3", "f,"]),
        (
            "char a[300000]; int main(void) { return a[(int)(long)&a & 255]; }\n",
            DoesNotFitError,
            ["bytes too many for RAM"],
        ),
    ],
)
def test_errors_name_file_and_line(build, compiler, text, error, words):
    with pytest.raises(error) as caught:
        build(text, compiler=compiler)
    for word in words:
        assert word in str(caught.value)


def test_a_model_too_large_for_flash_says_by_how_much(build):
    text = "const char w[20000] = {1}; int main(void) { return w[(int)(long)&w & 255]; }\n"
    small = MemoryMap(0, 16 * 1024, 0x2000_0000, 8 * 1024, stack_bytes=1024)
    with pytest.raises(DoesNotFitError, match="bytes too many for FLASH"):
        build(text, memory=small)


def test_functions_nobody_calls_are_left_out_unless_kept(build):
    text = "int lonely(int x) { return x * 3; }\nint main(void) { return 0; }\n"
    with pytest.raises(BoardError, match="no symbol 'lonely'"):
        build(text).address_of("lonely")
    program = build(text, keep=["lonely"])
    assert program.locate(program.address_of("lonely")) == "lonely at main.c:1"


@pytest.mark.parametrize("target", TARGETS)
def test_cpp_constructors_run_before_main(build, target):
    program = build(
        "volatile int base = 40;\nstruct Two { int x; Two() : x(base + 2) {} };\nTwo two;\n"
        'extern "C" int two_x() { return two.x; }\nint main() { return two.x; }\n',
        name="main.cpp",
        keep=["two_x"],
        target=target,
    )
    assert Cpu(program).call("two_x") == 42


def test_what_is_unknown_is_refused(build):
    with pytest.raises(BoardError, match="unknown target 'z80'"):
        build("int main(void) { return 0; }\n", target="z80")
    with pytest.raises(BoardError, match="unknown compiler"):
        build("int main(void) { return 0; }\n", compiler="cobol")
    with pytest.raises(BoardError, match="no such source file"):
        build_program(["nowhere.c"], out_dir="out")


def test_the_cache_folder_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("TINYML_CACHE_DIR", os.fspath(tmp_path / "here"))
    assert cache_dir() == tmp_path / "here"
    assert cache_dir().is_dir()
