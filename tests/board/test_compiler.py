"""What the compiler says becomes one line."""

import shutil
import time

import pytest

from tinyml_course.board import compiler
from tinyml_course.board.compiler import run_compiler, zig_command
from tinyml_course.errors import BoardError


@pytest.mark.parametrize(
    ("text", "exit_code", "words"),
    [
        ("error: NoSpaceLeft\n", 1, "no space left for the compiler"),
        ("LLVM ERROR: out of memory\nAllocation failed\n", 1, r"needed more .* exit code 1\)"),
        ("", 153, r"needed more than it may have \(3 GB of memory, files of 64 MB; exit code 153"),
        ("one\ntwo\n", 70, "the compiler failed: one two$"),
        ("x" * 9000, 70, "the compiler failed: x{500}$"),
    ],
)
def test_errors_that_are_none_of_the_sources(monkeypatch, text, exit_code, words):
    monkeypatch.setattr(compiler, "FULL_BYTES", 0)
    with pytest.raises(BoardError, match=words) as caught:
        compiler._raise_compiler_error(text, exit_code)
    assert "\n" not in str(caught.value)


def test_a_full_disk_is_called_one(monkeypatch):
    usage = shutil.disk_usage(".")._replace(free=4096)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(BoardError, match="no space left for the compiler: free some on the disk"):
        compiler._raise_compiler_error("Aborted", 134)


def test_a_compiler_that_does_not_end_is_named_with_its_file(tmp_path):
    source = tmp_path / "bomb.cpp"
    source.write_text(
        "template <int N, int M> struct T {\n"
        "  enum { n = T<N - 1, M * 2>::n + T<N - 1, M * 2 + 1>::n };\n};\n"
        "template <int M> struct T<0, M> { enum { n = 1 }; };\nint x = T<26, 1>::n;\n"
    )
    begun = time.monotonic()
    with pytest.raises(BoardError, match=r"stopped after 1 s at bomb\.cpp"):
        run_compiler(
            [*zig_command(), "c++", "-c", str(source), "-o", str(tmp_path / "x.o")], seconds=1
        )
    assert time.monotonic() - begun < 5


def test_a_compiler_that_is_not_there():
    with pytest.raises(BoardError, match="the compiler /no/such does not start"):
        run_compiler(["/no/such"])
