"""A sketch's printout: as it comes, and before the error that ends it."""

import subprocess
import sys

import pytest

from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.gpio import Gpio
from tinyml_course.board.virtual.timer import Timer
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


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), "3"])
def test_a_time_that_is_none_is_refused(seconds, write_sketch):
    sketch = write_sketch("void setup() {}\nvoid loop() { delay(10); }")
    with pytest.raises(BoardError, match="give a number from 0 on"):
        run_sketch(sketch, "nano33ble", seconds=seconds)


def test_one_of_anything_may_stand_alone(write_sketch, tmp_path):
    sketch = write_sketch(
        "void setup() { Serial.begin(9600); pinMode(2, INPUT_PULLUP); delay(50);\n"
        "  Serial.println(digitalRead(2)); Serial.println(analogRead(A0)); }\n"
        "void loop() { delay(10); }"
    )
    run = run_sketch(
        sketch, "nano33ble", seconds=0.2, presses="D2@0.01", voltages="A0=3.3",
        settings="temperature_c=30",
    )  # fmt: skip
    assert run.lines == ["0", "1023"]
    with pytest.raises(BoardError, match=r"the trace nothere\.csv: cannot be read"):
        run_sketch(sketch, "nano33ble", "nothere.csv")


def test_a_pin_that_no_board_has_is_refused():
    gpio = Gpio(Timer(1_000_000, lambda: 0))
    with pytest.raises(BoardError, match="there is no pin 999: give a number from 0 to 255"):
        gpio.set_input(999, 1)
