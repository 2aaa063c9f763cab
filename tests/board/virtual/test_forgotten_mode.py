"""What `digitalWrite()` does to a pin that no `pinMode()` made an output, core by core."""

import pytest

from tinyml_course.board.run import run_sketch

BLINK = """
void setup() { Serial.begin(9600); MODE }
void loop() {
  digitalWrite(5, HIGH); Serial.print(digitalRead(5)); delay(100);
  digitalWrite(5, LOW); Serial.print(digitalRead(5)); delay(100);
}
"""


@pytest.mark.parametrize(
    ("board", "read", "changes"),
    [
        ("nano33ble", "10", 4),  # the first write makes it an output
        ("pico", "10", 4),
        ("wio_terminal", "10", 0),  # it pulls the input up
        ("xiao_samd21", "10", 0),
        ("esp32c3", "00", 0),  # it is kept
    ],
)
def test_without_a_mode(write_sketch, board, read, changes):
    run = run_sketch(write_sketch(BLINK.replace("MODE", "")), board, seconds=0.39)
    assert run.output == read * 2
    assert len(run.board.gpio.changes) == changes
    assert any("pinMode(PIN, OUTPUT)" in note for note in run.notes) == (not changes)


@pytest.mark.parametrize("board", ["nano33ble", "wio_terminal", "esp32c3"])
def test_with_one(write_sketch, board):
    run = run_sketch(
        write_sketch(BLINK.replace("MODE", "pinMode(5, OUTPUT);")), board, seconds=0.39
    )
    assert run.output == "1010"
    assert len(run.board.gpio.changes) == 4
    assert not run.notes


@pytest.mark.parametrize("board", ["nano33ble", "wio_terminal", "esp32c3"])
def test_what_was_written_shows_once_the_pin_is_an_output(write_sketch, board):
    code = (
        "void setup() { digitalWrite(5, HIGH); pinMode(5, OUTPUT); }\nvoid loop() { delay(9); }\n"
    )
    run = run_sketch(write_sketch(code), board, seconds=0.1)
    assert [(change.pin, change.value) for change in run.board.gpio.changes] == [(5, 1)]
    assert not run.notes
