"""A sketch's printout: as it comes, and before the error that ends it."""

import subprocess
import sys

import pytest

from tinyml_course.board.run import run_sketch
from tinyml_course.errors import BoardError, BusFaultError

CRASH = (
    'void setup() {\n  Serial.begin(9600);\n  Serial.println("first");\n  Serial.print("second");\n'
    "  *(volatile int *)0x90000000 = 1;\n}\nvoid loop() {}\n"
)


def test_what_was_printed_before_a_crash_is_shown_before_the_error(write_sketch):
    shown = []
    with pytest.raises(BusFaultError, match="0x90000000") as caught:
        run_sketch(write_sketch(CRASH), "nano33ble", seconds=1, show=shown.append)
    assert "".join(shown) == caught.value.printed == "first\nsecond"


def test_the_command_shows_it_too(write_sketch):
    command = [sys.executable, "-m", "tinyml_course", "sketch", "run", str(write_sketch(CRASH))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == "first\nsecond\n"
    assert done.stderr.startswith("tinyml sketch: probe on cortex-m4: write to address 0x90000000")
    assert done.stderr.count("\n") == 1


def test_the_printout_comes_while_the_sketch_runs(write_sketch):
    sketch = write_sketch(
        'void setup() { Serial.begin(9600); }\nvoid loop() { Serial.println("\\xc3\\xa4"); '
        "delay(100); }\n"
    )
    shown = []
    run = run_sketch(sketch, "nano33ble", seconds=1, show=shown.append)
    assert len(shown) >= 10
    assert "".join(shown) == run.output == "ä\n" * 10


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("Serial.write((const uint8_t *)0x10000, 0xF0000000u);", "reads 4026531840 bytes at"),
        ("for (;;) Serial.write((const uint8_t *)0x10000, 200000);", "bytes that nobody took"),
    ],
)
def test_a_printout_does_not_fill_the_computers_memory(write_sketch, code, words):
    sketch = write_sketch(f"void setup() {{ Serial.begin(9600); {code} }}\nvoid loop() {{}}\n")
    with pytest.raises(BoardError, match=words):
        run_sketch(sketch, "nano33ble", seconds=20)
