"""Line tables from a stranger's assembler: lines may be missing, nothing else goes wrong."""

import random
import time

import pytest

from tinyml_course.board.build.toolchain import build_program
from tinyml_course.board.linked import debug_lines
from tinyml_course.board.linked.debug_lines import LineTable


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lines")
    source = folder / "main.c"
    source.write_text("int f(int x) {\n  return x * 3;\n}\nint main(void) {\n  return f(2);\n}\n")
    return build_program([source], out_dir=folder, keep=["f"])


@pytest.fixture
def section(program):
    return program.image.section_data(".debug_line")


def test_a_damaged_table_gives_lines_or_none(program, section):
    address = program.address_of("f")
    assert LineTable(section).find(address).line in (1, 2)
    pick = random.Random(0)
    begun = time.monotonic()
    for _ in range(500):
        damaged = bytearray(section)
        for _ in range(pick.randrange(1, 12)):
            damaged[pick.randrange(len(damaged))] = pick.randrange(256)
        LineTable(bytes(damaged[: pick.choice([len(damaged), pick.randrange(len(damaged))])]))
    assert time.monotonic() - begun < 30


def test_a_number_that_does_not_end_is_not_followed(section):
    unit = bytearray(section[: 4 + int.from_bytes(section[:4], "little")])
    program_at = 10 + int.from_bytes(unit[6:10], "little")
    unit[program_at:] = b"\x02" + b"\xff" * 300_000
    unit[:4] = (len(unit) - 4).to_bytes(4, "little")
    begun = time.monotonic()
    assert LineTable(bytes(unit)).find(0x1000) is None
    assert time.monotonic() - begun < 1


def test_a_huge_table_is_not_read(section, monkeypatch):
    monkeypatch.setattr(debug_lines, "MOST_BYTES", len(section) - 1)
    assert LineTable(section).find(0) is None
