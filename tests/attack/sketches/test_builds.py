"""Every compilation has an end, with one line that says so, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import time
from dataclasses import replace

import pytest

import tinyml_course.board.build.stranger
import tinyml_course.board.compiler
import tinyml_course.confine.process
from tests.attack.sketches.hostile_builds import BUILDS
from tinyml_course.board.run import run_sketch
from tinyml_course.confine.limits import LIMITS
from tinyml_course.errors import BoardError, TinyMLCourseError

QUICK = {"macro bomb", "a file that includes itself", "repetition of the assembler", "deep nesting"}


@pytest.fixture
def short_limits(monkeypatch):
    def shorten(seconds):
        limits = replace(LIMITS, seconds=seconds, memory_bytes=1 << 30, file_bytes=64 << 20)
        for module in (
            tinyml_course.board.build.stranger,
            tinyml_course.board.compiler,
            tinyml_course.confine.process,
        ):
            monkeypatch.setattr(module, "LIMITS", limits)

    return shorten


def write(folder, case):
    folder.mkdir()
    (folder / "probe.ino").write_text(case.ino)
    for name, text in case.files.items():
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, marks=() if case.name in QUICK else pytest.mark.whole_attack)
        for case in BUILDS
    ],
    ids=lambda case: case.name,
)
def test_a_compilation_has_an_end(attack, own_cache, tmp_path, short_limits, case):
    attack("sketches: compilers kept busy")
    short_limits(case.seconds)
    folder = write(tmp_path / "probe", case)
    begun = time.monotonic()
    try:
        said = run_sketch(folder, "nano33ble", seconds=0.05).output
    except TinyMLCourseError as error:
        said = f"{type(error).__name__}: {error}"
    assert time.monotonic() - begun < case.seconds + 15
    assert len(said) < 3000
    if case.refused:
        assert re.search(case.refused, said)
    else:
        assert said == "1\n"


def make_pipe(path):
    os.mkfifo(path)


def make_huge(path):
    with path.open("wb") as file:
        file.truncate(1_000_000_000)  # a hole: no disk is filled


def make_circle(path):
    path.symlink_to(path.name)


def make_folder(path):
    path.mkdir()


@pytest.mark.parametrize(
    ("name", "make", "refused"),
    [
        ("x.cpp", make_pipe, r"x\.cpp is a pipe, no file"),
        ("x.h", make_pipe, r"x\.h is a pipe, no file"),
        ("x.ino", make_pipe, r"x\.ino is a pipe, no file"),
        ("x.cpp", make_huge, r"x\.cpp has 1,000,000,000 bytes, and a source may have 16,000,000"),
        ("x.h", make_huge, r"x\.h has 1,000,000,000 bytes"),
        ("x.cpp", make_circle, r"x\.cpp is a link that leads nowhere|x\.cpp is a link"),
        ("x.cpp", make_folder, ""),
        ("x.ino", make_folder, ""),
        ("src", make_folder, ""),
    ],
)
def test_what_is_no_source(attack, own_cache, tmp_path, name, make, refused):
    attack("sketches: odd files and names")
    folder = tmp_path / "probe"
    folder.mkdir()
    (folder / "probe.ino").write_text(
        "void setup() { Serial.begin(9600); Serial.println(1); }\nvoid loop() { delay(10); }\n"
    )
    make(folder / name)
    if refused:
        with pytest.raises(BoardError, match=refused):
            run_sketch(folder, "nano33ble", seconds=0.05)
    else:
        assert run_sketch(folder, "nano33ble", seconds=0.05).output == "1\n"
