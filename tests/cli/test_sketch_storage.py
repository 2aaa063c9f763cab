"""`tinyml sketch run --storage FILE`: what a board keeps without power, and files that are none."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tinyml_course.board.virtual.storage_file import read_storage, write_storage
from tinyml_course.cli.main import main
from tinyml_course.errors import DataError

COUNT = """#include <FlashStorage.h>
FlashStorage(kept, int);
void setup() { int n = kept.read() + 1; kept.write(n); Serial.println(n); }
void loop() { delay(100); AFTER }
"""


@pytest.fixture
def count(write_sketch, tmp_path, capsys):
    """Starts the counting sketch on a file; what it counted and what was said of an error."""
    names = iter(range(9))

    def run(kept, board="wio_terminal", after=""):
        sketch = write_sketch(COUNT.replace("AFTER", after), f"count{next(names)}")
        given = ["sketch", "run", str(sketch), "--board", board, "--seconds", "0.3"]
        code = main([*given, "--storage", str(kept)])
        said = capsys.readouterr()
        return code, said.out.splitlines()[:1], said.err

    return run


def test_storage_outlives_the_power(count, tmp_path):
    kept = tmp_path / "kept für später.bin"
    assert [count(kept)[1] for _ in range(3)] == [["1"], ["2"], ["3"]]
    assert kept.read_bytes().startswith(b"tinyml-storage 1 wio_terminal 1 ")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [kept.name]


def test_a_sketch_that_crashes_has_kept_what_it_wrote(count, tmp_path):
    kept = tmp_path / "kept.bin"
    code, said, error = count(kept, after="*(volatile int *)0xF0000000 = 1;")
    assert (code, said) == (1, ["1"])
    assert "0xf0000000" in error
    assert count(kept)[1] == ["2"]


def test_a_file_of_something_else_is_refused_and_left_as_it_is(count, tmp_path):
    whole = write_storage(tmp_path / "whole.bin", "wio_terminal", bytes(range(200)))
    files = {
        "thesis.txt": (
            b"a year of work\n",
            "begins with 'tinyml-storage 1', this one with b'a year",
        ),
        "large.bin": (bytes(70_000), "holds nothing that a virtual board has kept"),
        "empty.bin": (b"", "this one is empty"),
        "short.bin": (whole.read_bytes()[:-1], "is damaged: its first line promises 200 bytes"),
        "bit.bin": (whole.read_bytes()[:-1] + b"\0", "is damaged"),
        "longer.bin": (whole.read_bytes() + b"!", "is damaged"),
        "newer.bin": (whole.read_bytes().replace(b" 1 ", b" 2 ", 1), "is of version 2"),
        "much.bin": (b"tinyml-storage 1 wio_terminal 65537 00000000\n", "65,537 bytes of storage"),
        "nano.bin": (whole.read_bytes().replace(b"wio_terminal", b"nano33ble"), "a nano33ble kept"),
    }
    for name, (content, words) in files.items():
        path = tmp_path / name
        path.write_bytes(content)
        code, said, error = count(path)
        assert (code, said) == (1, []), name
        assert words in error, error
        assert str(path) in error
        assert "left as it is. Give a file that an earlier run" in error
        assert path.read_bytes() == content
    assert read_storage(whole, "wio_terminal") == bytes(range(200))


def test_what_is_no_file_is_refused_at_once(count, tmp_path):
    pipe, nowhere = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)  # opened, it would wait for ever
    nowhere.symlink_to(tmp_path / "gone")
    for path in (tmp_path, pipe, nowhere):
        code, said, error = count(path)
        assert (code, said) == (1, [])
        assert "cannot be read, it is no file" in error


def test_a_file_that_cannot_be_written_is_one_error(count, tmp_path):
    (tmp_path / "file").touch()
    code, said, error = count(tmp_path / "file" / "kept.bin")
    assert (code, said) == (1, ["1"])
    assert "cannot write" in error


def test_whoever_ends_the_run_keeps_what_the_board_had_written(write_sketch, tmp_path):
    kept = tmp_path / "kept.bin"
    sketch = write_sketch(COUNT.replace("AFTER", "Serial.println(millis());"), "count")
    command = ["sketch", "run", str(sketch), "--board", "wio_terminal", "--seconds", "100000"]
    run = subprocess.Popen(
        [sys.executable, "-m", "tinyml_course", *command, "--storage", str(kept)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdout is not None
    assert run.stdout.readline() == "1\n"
    time.sleep(0.2)
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=20)
    assert run.returncode == 130
    assert read_storage(kept, "wio_terminal") == bytes([0xFE])


def test_options_of_another_action_are_said(capsys, tmp_path):
    for action, given, words in (
        ("build", ["--storage", "kept.bin"], "--storage: for tinyml sketch run"),
        ("dump", ["--press", "D2@1"], "--press: for tinyml sketch run; reading a board's flash"),
        ("run", ["--out", str(tmp_path / "x")], "--out: for tinyml sketch dump"),
    ):
        assert main(["sketch", action, "motion", *given]) == 1
        assert words in capsys.readouterr().err


def test_a_board_is_not_another(tmp_path):
    path = write_storage(tmp_path / "kept.bin", "nano33ble", b"abc")
    assert read_storage(path, "nano33ble") == b"abc"
    with pytest.raises(DataError, match="is what a nano33ble kept; this is a wio_terminal"):
        read_storage(path, "wio_terminal")


def test_a_sketch_that_keeps_nothing_is_said(write_sketch, tmp_path, capsys):
    sketch = write_sketch("void setup() { Serial.println(1); }\nvoid loop() { delay(100); }")
    kept = tmp_path / "kept.bin"
    run = ["sketch", "run", str(sketch), "--board", "pico", "--seconds", "0.2"]
    assert main([*run, "--storage", str(kept)]) == 0
    assert f"note: the sketch kept nothing: {kept} is as after" in capsys.readouterr().out
    assert read_storage(kept, "pico") == b""
