"""`tinyml sketch run`: keys, voltages, text, the screen, output at once."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.calls import TRACE, run_json
from tinyml_course.cli.main import main

SHOW = """#include <TFT_eSPI.h>
TFT_eSPI tft;
void setup() {
  Serial.begin(9600); Serial.println(Serial.readStringUntil('\\n'));
  pinMode(WIO_KEY_B, INPUT_PULLUP); pinMode(LED_BUILTIN, OUTPUT);
  tft.begin(); tft.setRotation(3); tft.fillScreen(TFT_RED); tft.drawString("hello", 5, 5);
}
void loop() {
  digitalWrite(LED_BUILTIN, !digitalRead(WIO_KEY_B));
  static int shown = -1;
  int now = analogRead(A2);
  if (now != shown) Serial.println(now);
  shown = now;
  delay(10);
}
"""


def test_everything_that_a_person_can_do(write_sketch, tmp_path, capsys):
    png = tmp_path / "last.png"
    arguments = [
        "sketch", "run", str(write_sketch(SHOW)), "--board", "wio_terminal", "--seconds", "2",
        "--send", "go\\n", "--press", "KEY_B@1+0.5", "--voltage", "A2=3.3@0.2",
        "--screen", str(png),
    ]  # fmt: skip
    assert main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["go", "0", "1023"]
    assert lines[3].startswith("lamps: LED_BUILTIN: on once: 1.0")
    assert png.read_bytes()[:4] == b"\x89PNG"
    assert main([*arguments, "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["screen"]["texts"] == ["hello"]
    assert (value["screen"]["width"], value["screen"]["height"]) == (320, 240)
    assert value["pins"][0]["name"] == "LED_BUILTIN"
    assert len(value["pins"][0]["on_s"]) == 1
    assert value["power"]["awake_share"] == 1.0
    assert value["power"]["processor_ma"] == 7.8


def test_what_does_not_fit_the_board_is_one_line(capsys):
    for extra, words in (
        (["--screen", "x.png"], "nano33ble has no screen"),
        (["--press", "KEY_A@1"], "nano33ble has no pin 'KEY_A'"),
        (["--voltage", "A0=99"], "is no voltage"),
    ):
        assert main(["sketch", "run", "motion", *extra]) == 1
        error = capsys.readouterr().err
        assert words in error
        assert error.count("\n") == 1


@pytest.mark.parametrize(
    "extra",
    [
        ["--screen", "x.png"],
        ["--press", "KEY_A@1"],
        ["--voltage", "A0=1"],
        ["--set", "proximity=2"],
        ["--send", "x"],
        ["--trace", TRACE],
        ["--seconds", "2"],
    ],
    ids=lambda extra: extra[0],
)
def test_what_belongs_to_a_run_is_refused_by_a_build(extra, capsys):
    assert main(["sketch", "build", "motion", "--board", "wio_terminal", *extra]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"{extra[0]}: for tinyml sketch run" in printed.err


@pytest.mark.parametrize(
    ("board", "pin", "is_there"),
    [
        ("nano33ble", "D99", False),
        ("nano33ble", "200", False),
        ("nano33ble", "26", False),
        ("nano33ble", "D25", True),
        ("nano33ble", "0", True),
        ("pico", "D29", True),
        ("pico", "30", False),
        ("esp32c3", "21", True),
        ("wio_terminal", "79", False),
        ("xiao_samd21", "D14", False),
    ],
)
def test_a_pin_that_the_board_lacks_is_refused(board, pin, is_there):
    from tinyml_course.board.virtual.touch import parse_press
    from tinyml_course.errors import BoardError

    if is_there:
        assert parse_press(board, f"{pin}@1").pin == int(pin.removeprefix("D"))
    else:
        with pytest.raises(BoardError, match=f"{board} has no pin '{pin}': give a number to"):
            parse_press(board, f"{pin}@1")


def test_a_trace_that_is_not_read_is_said(write_sketch, capsys):
    sketch = write_sketch("void setup() { Serial.println(1); }\nvoid loop() { delay(100); }")
    assert main(["sketch", "run", str(sketch), "--trace", str(TRACE), "--seconds", "1"]) == 0
    assert f"note: the trace {TRACE} changed nothing" in capsys.readouterr().out


def test_a_press_after_the_end_is_said(write_sketch, capsys):
    sketch = write_sketch("void setup() { Serial.println(1); }\nvoid loop() { delay(100); }")
    presses = ["--press", "D2@0.5", "--press", "D3@2"]
    assert main(["sketch", "run", str(sketch), *presses, "--seconds", "1"]) == 0
    printed = capsys.readouterr().out
    assert "note: nobody pressed pin 3 at 2 s: the run ends at 1 s" in printed
    assert "pin 2" not in printed


def test_of_two_traces_for_one_sensor_it_is_said_which_is_played(tmp_path, capsys):
    other = tmp_path / "other.csv"
    other.write_bytes(Path(TRACE).read_bytes())
    both = ["--trace", str(other), "--trace", str(TRACE)]
    assert main(["sketch", "run", "motion", *both, "--seconds", "1"]) == 0
    printed = capsys.readouterr().out
    assert f"{other} changed nothing: the trace {TRACE} is for the accelerometer too" in printed
    assert "did not ask" not in printed


def test_a_count_of_pins_is_no_pin(capsys):
    assert main(["sketch", "run", "motion", "--press", "NUM_DIGITAL_PINS@1"]) == 1
    told = capsys.readouterr().err
    assert "has no pin 'NUM_DIGITAL_PINS'" in told
    assert "NUM_" not in told.split("one of")[1]


def test_output_comes_through_a_pipe_while_the_sketch_runs(write_sketch):
    endless = write_sketch(
        "volatile unsigned n;\nvoid setup() { Serial.begin(9600); }\n"
        "void loop() { Serial.println(millis()); for (int i = 0; i < 3000000; i++) n++; }"
    )
    command = [sys.executable, "-m", "tinyml_course", "sketch", "run", str(endless)]
    with subprocess.Popen(
        [*command, "--seconds", "100000"], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            begin = time.monotonic()
            lines = [process.stdout.readline() for _ in range(3)]
            assert time.monotonic() - begin < 30
            assert [line.strip().isdigit() for line in lines] == [True] * 3
            assert process.poll() is None
        finally:
            process.terminate()


def test_a_sketch_that_prints_without_end_is_faster_than_real_time(write_sketch):
    from tinyml_course.board.run import run_sketch

    sketch = write_sketch(
        'void setup() { Serial.begin(9600); }\nvoid loop() { Serial.println("on and on"); }'
    )
    begin = time.process_time()
    run = run_sketch(sketch, "nano33ble", seconds=4)
    assert time.process_time() - begin < 4
    assert 4 * 19_000 / 2 * 0.98 < len(run.lines) < 4 * 19_000 / 2 * 1.02  # two packets a line


def test_the_package_alone_is_enough_for_virtual_urls():
    code = (
        "import tinyml_course, sys, serial; "
        "port = serial.serial_for_url('virtual://pico?sketch=selftest', do_not_open=True); "
        "assert 'tensorflow' not in sys.modules; print(type(port).__module__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("protocol_virtual")


def test_what_was_printed_before_a_crash_is_in_the_json_too(write_sketch, capsys):
    folder = write_sketch(
        'void setup() { Serial.begin(9600); Serial.println("before"); Serial.print("half");\n'
        "  *(volatile int *)0x70000000 = 1; }\nvoid loop() {}\n"
    )
    assert main(["sketch", "run", str(folder), "--json"]) == 1
    out, said = capsys.readouterr()
    value = json.loads(out)
    assert value["lines"] == ["before", "half"]
    assert said == f"tinyml sketch: {value['error']}\n"


@pytest.mark.parametrize(
    ("code", "lacks"),
    [("", "setup() and loop()"), ("// x\n", "setup() and loop()"), ("void setup() {}\n", "loop()")],
)
def test_a_sketch_without_its_two_functions_is_told_so(write_sketch, capsys, code, lacks):
    assert main(["sketch", "build", str(write_sketch(code))]) == 1
    assert f"probe.ino has no {lacks}: a sketch needs" in capsys.readouterr().err


def test_dump_writes_the_flash_and_names_the_models_in_it(tmp_path, capsys):
    out = tmp_path / "flash.bin"
    assert main(["sketch", "dump", "security", "--board", "nano33ble", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert len(out.read_bytes()) == 983_040
    assert "a model at 0x0001" in said
    assert "image, 1,148 bytes" in said
    without = run_json(capsys, "sketch", "dump", "motion", "--board", "nano33ble")
    assert without["models"] == []
    assert 0 < without["used_bytes"] < without["flash_bytes"] == 983_040


def test_dump_makes_no_folders_for_a_mistyped_path(tmp_path, capsys):
    out = tmp_path / "nonexist" / "flash.bin"
    assert main(["sketch", "dump", "security", "--board", "nano33ble", "--out", str(out)]) == 1
    assert f"there is no folder {out.parent}; make it" in capsys.readouterr().err
    assert not out.parent.exists()


def test_what_pins_did_is_said_in_the_words_of_the_sketch(write_sketch, capsys):
    sketch = write_sketch(
        "void setup() { pinMode(10, OUTPUT); digitalWrite(10, HIGH); pinMode(6, OUTPUT);\n"
        "  for (int duty = 10; duty <= 200; duty += 10) { analogWrite(6, duty); delay(1); }\n"
        "  tone(5, 440, 10); delay(20); tone(5, 880, 10); delay(20); noTone(5); }\n"
        "void loop() { delay(100); }"
    )
    for board, name in (("nano33ble", "pin 10 (SS)"), ("wio_terminal", "pin 10 (DAC1)")):
        run = ["sketch", "run", str(sketch), "--board", board, "--seconds", "0.5"]
        assert main(run) == 0
        lines = capsys.readouterr().out.splitlines()
        assert f"pins: {name}: high once: 0.000 to 0.5" in "\n".join(lines)
        (six,) = [line for line in lines if line.startswith("pins: pin 6: high once: 0.000 to")]
        assert six.endswith(" s, pulsed by analogWrite: 10 to 200 of 255")
        assert "tones: pin 5: 2 times, 440 to 880 Hz" in lines
