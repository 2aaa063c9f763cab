"""No file of this computer gets into a sketch's output, nor whether it is there."""

from __future__ import annotations

import re

import pytest

import tinyml_course.board.build.sketch
import tinyml_course.board.build.stranger
import tinyml_course.confine.process
from tests.attack.sketches.hostile_reads import READS, Read
from tinyml_course.board.compiler import compiler_walls
from tinyml_course.board.run import run_sketch
from tinyml_course.errors import TinyMLCourseError

MARKER = "MARKER-7141"
# Bubblewrap and Landlock where they are; none is everywhere.
WALLS = {"bubblewrap": ["bubblewrap", "landlock", "none"], "landlock": ["landlock", "none"]}


@pytest.fixture
def lay_out(tmp_path):
    """The case's sketch, asking for `host/there.h`, or for `host/gone.h` that does not exist."""
    host = tmp_path / "host"
    host.mkdir()
    (host / "there.h").write_text(f'"{MARKER}"\n')

    def lay_out(case: Read, file: str):
        folder = tmp_path / file / "probe"
        folder.mkdir(parents=True)
        path = f"{host}/{file}.h"
        up = "/".join([".."] * len(folder.parts))

        def fill(text):
            return text.replace("@@@", up + path).replace("@", path)

        (folder / "probe.ino").write_text(fill(case.ino))
        for name, text in case.files.items():
            place = folder / name
            place.parent.mkdir(exist_ok=True)
            if text.startswith("->"):
                place.symlink_to(fill(text[2:]))
            else:
                place.write_text(fill(text))
        return folder

    return lay_out


def outcome(folder) -> str:
    """What the sketch prints, or the error; one text for both files."""
    try:
        text = run_sketch(folder, "nano33ble", seconds=0.05).output
    except TinyMLCourseError as error:
        text = f"{type(error).__name__}: {error}"
    text = re.sub(r"tmp/\w+-", "", text.replace(str(folder.parent), "PLACE"))
    text = re.sub(r"probe-[0-9a-f]{12}", "KEPT", text)
    return re.sub(r"\b(there|gone)\.h|\b(there|gone)\b", "FILE", text)


def try_to_read(case, lay_out, is_told_by_a_link=False):
    there = outcome(lay_out(case, "there"))
    assert MARKER not in there
    if not is_told_by_a_link:
        assert there == outcome(lay_out(case, "gone"))
    return there


@pytest.mark.parametrize("case", READS, ids=lambda case: case.name)
def test_a_sketch_does_not_read_the_computer(attack, own_cache, lay_out, case):
    attack("sketches: files of the computer")
    said = try_to_read(case, lay_out)
    assert "Traceback" not in said
    assert "\n" not in said.rstrip("\n")
    if case.refused:
        assert re.search(f"^BoardError: .*(?:{case.refused})", said)
    else:
        assert said in ("0\n", "1\n")
    if case.is_plain:
        assert not list((own_cache / "sketches").glob("*/*.ino.cpp"))  # before the compiler


@pytest.mark.whole_attack
@pytest.mark.parametrize("walls", WALLS.get(compiler_walls(), ["none"]))
@pytest.mark.parametrize("case", READS, ids=lambda case: case.name)
def test_each_fence_holds_where_the_text_gives_nothing_away(
    attack, own_cache, lay_out, monkeypatch, case, walls
):
    """As if the look at the text had missed them all."""
    attack(f"sketches: behind {walls} alone" if walls != "none" else "sketches: without walls")
    for module, name in (
        (tinyml_course.board.build.stranger, "compiler_walls"),
        (tinyml_course.confine.process, "find_walls"),
    ):
        monkeypatch.setattr(module, name, lambda *_: walls)
    monkeypatch.setattr(tinyml_course.board.build.sketch, "refuse_outside_files", lambda _: None)
    is_link = any(text.startswith("->") for text in case.files.values())
    if walls != "none":  # without walls it is the one fence before links
        monkeypatch.setattr("tinyml_course.board.build.sketch_folder._check_link", lambda *_: None)
    # Landlock hides what is in a file that a link leads to, not that it is there.
    try_to_read(case, lay_out, is_told_by_a_link=is_link)
