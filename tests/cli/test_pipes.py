"""A pipe that breaks: ours, because `head` has seen enough, or that of a program we had started."""

import os
import sys

import pytest

from tinyml_course.cli import boards
from tinyml_course.cli.main import main


def test_a_reader_that_has_seen_enough_is_no_failure(monkeypatch):
    reading, writing = os.pipe()
    os.close(reading)
    monkeypatch.setattr(sys, "stderr", open(os.devnull, "w"))  # noqa: SIM115, main closes it
    out = os.fdopen(writing, "w", buffering=1)
    monkeypatch.setattr(sys, "stdout", out)
    try:
        assert main(["boards"]) == 0
    finally:
        monkeypatch.undo()
        with pytest.raises(BrokenPipeError):
            out.close()


def test_a_program_of_ours_that_dies_is_no_success(monkeypatch, capsys):
    def compile_with_a_dead_compiler(*_):
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(boards, "show", compile_with_a_dead_compiler)
    with pytest.raises(BrokenPipeError):
        main(["boards"])
