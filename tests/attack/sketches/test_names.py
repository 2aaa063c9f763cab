"""Odd names of folders and files, and texts that editors of other systems wrote."""

from __future__ import annotations

import re

import pytest

from tinyml_course.board.run import run_sketch
from tinyml_course.errors import BoardError

FILE = (
    "void setup() { Serial.begin(9600); Serial.println(__FILE__); Serial.println(twice(21)); }\n"
    "void loop() { delay(10); }\n"
)
TWICE = '#include "twice.h"\nint twice(int x) { return 2 * x; }\n'


QUICK = ["two words", "per%cent", "comma,comma", "grün", "-O3"]
NAMES = [
    *QUICK,
    "it's",
    "equals=sign",
    "hash#tag",
    "dollar$HOME",
    "back`tick`",
    "semi;colon",
    "new (1)",
    "日本",
    "emoji😀",
    "@file",
    "a" * 120,
    "*",
    "[x]",
]


@pytest.mark.parametrize(
    ("name", "is_relative"),
    [
        pytest.param(
            name,
            is_relative,
            marks=() if name in QUICK and not is_relative else pytest.mark.whole_attack,
        )
        for name in NAMES
        for is_relative in (False, True)
    ],
)
def test_a_name_that_the_compiler_takes(
    attack, own_cache, tmp_path, monkeypatch, name, is_relative
):
    attack("sketches: odd files and names")
    folder = tmp_path / name
    folder.mkdir()
    (folder / f"{name}.ino").write_text('#include "twice.h"\n' + FILE)
    (folder / "twice.h").write_text("int twice(int x);\n")
    (folder / f"{name}.cpp").write_text(TWICE)
    monkeypatch.chdir(tmp_path)
    sketch = folder.relative_to(tmp_path) if is_relative else folder
    file, number = run_sketch(sketch, "nano33ble", seconds=0.05).lines
    assert number == "42"
    assert str(tmp_path) not in file
    assert file.endswith(".ino")
    (folder / f"{name}.cpp").write_text(TWICE + "oops\n")
    with pytest.raises(BoardError, match=re.escape(f"{sketch}/{name}.cpp:3:")):
        run_sketch(sketch, "nano33ble", seconds=0.05)


@pytest.mark.parametrize(
    "name", ["line\nbreak", "tab\tulator", "bell\a", 'a "quote"', "back\\slash", b"latin-\xe4"]
)
def test_a_name_that_no_compiler_takes(attack, own_cache, tmp_path, name):
    attack("sketches: odd files and names")
    text = name if isinstance(name, str) else name.decode("utf-8", "surrogateescape")
    folder = tmp_path / text
    folder.mkdir()
    (folder / f"{text}.ino").write_text("void setup() {}\nvoid loop() {}\n")
    with pytest.raises(BoardError, match=r"the path .* rename it") as caught:
        run_sketch(folder, "nano33ble", seconds=0.05)
    assert "\n" not in str(caught.value)


SAY = 'void setup() { Serial.begin(9600); Serial.println("ä"); }\nvoid loop() { delay(10); }\n'


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        (SAY.encode(), ""),
        (SAY.encode("utf-8-sig"), ""),
        (SAY.replace("\n", "\r\n").encode("utf-8-sig"), ""),
        (
            b"// \n" + SAY.encode("latin-1"),
            r"probe\.ino:2: this letter is not UTF-8 \(0xe4\): save",
        ),
        (SAY.encode("utf-16"), r"probe\.ino:1: this letter is not UTF-8 \(0xff\)"),
        (b"\x7fELF\x01\x01\x00\xff" * 99, r"probe\.ino:1: this letter is not UTF-8"),
        (b"\0" * 99 + SAY.encode(), ""),
        (b"", r"probe\.ino has no setup\(\) and loop\(\)"),
    ],
    ids=[
        "UTF-8",
        "a mark",
        "a mark and Windows' lines",
        "Latin-1",
        "UTF-16",
        "ELF",
        "NUL",
        "empty",
    ],
)
def test_what_editors_write(attack, own_cache, tmp_path, data, refused):
    attack("sketches: odd files and names")
    folder = tmp_path / "probe"
    folder.mkdir()
    (folder / "probe.ino").write_bytes(data)
    (folder / "x.h").write_bytes(b"\xef\xbb\xbf// \xe4\n")
    if refused:
        with pytest.raises(BoardError, match=refused) as caught:
            run_sketch(folder, "nano33ble", seconds=0.05)
        assert "\n" not in str(caught.value)
    else:
        assert run_sketch(folder, "nano33ble", seconds=0.05).output == "ä\n"
