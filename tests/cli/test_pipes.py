"""A pipe that breaks: ours, because `head` has seen enough, or that of a program we had started."""

import os
import subprocess
import sys

import pytest

from tinyml_course.cli import boards
from tinyml_course.cli.main import main


def test_a_reader_that_has_seen_enough_is_no_failure(monkeypatch):
    reading, writing = os.pipe()
    os.close(reading)
    out = os.fdopen(writing, "w", buffering=1)
    monkeypatch.setattr(sys, "stdout", out)
    try:
        assert main(["boards"]) == 0
    finally:
        monkeypatch.undo()
    out.close()  # what was left in it is forgotten, so that Python's end is silent too


def test_a_program_of_ours_that_dies_is_no_success(monkeypatch, capsys):
    def compile_with_a_dead_compiler(*_):
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(boards, "show", compile_with_a_dead_compiler)
    with pytest.raises(BrokenPipeError):
        main(["boards"])


@pytest.mark.skipif(os.name != "posix", reason="a shell's pipe")
def test_head_ends_a_command_in_silence():
    """As typed: which of several writes meets the closed pipe is chance, so several times."""
    for _ in range(5):
        command = [sys.executable, "-m", "tinyml_course", "boards"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            running.stdout.readline()
            running.stdout.close()
            assert (running.wait(60), running.stderr.read()) == (0, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux has a disk that is always full")
@pytest.mark.parametrize("options", [["boards"], ["boards", "--json"], ["ports"]])
def test_a_full_disk_is_one_line(options):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "tinyml_course", *options],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "cannot write the result: No space left on device" in line
