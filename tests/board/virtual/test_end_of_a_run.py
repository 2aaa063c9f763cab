"""A run ends when it is over, also in the middle of a `delay()`: nothing is on longer than that."""

import pytest

from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.board import VirtualBoard

LAMP = """
void setup() { pinMode(5, OUTPUT); digitalWrite(5, HIGH); }
void loop() { delay(5000); digitalWrite(5, LOW); delay(5000); digitalWrite(5, HIGH); }
"""


@pytest.mark.parametrize("board", ["nano33ble", "pico", "wio_terminal", "xiao_samd21", "esp32c3"])
def test_a_lamp_is_on_until_the_run_ends(write_sketch, board):
    run = run_sketch(write_sketch(LAMP), board, seconds=2)
    assert run.seconds == pytest.approx(2, abs=1e-4)
    (pin,) = run.pins
    assert pin.words.startswith("pin 5")
    assert pin.words.endswith("high once: 0.000 to 2.000 s")


def test_what_a_run_uses_is_of_its_time(write_sketch):
    code = "void setup() { Serial.begin(9600); }\nvoid loop() { delay(500); delay(4000); }\n"
    run = run_sketch(write_sketch(code), "nano33ble", seconds=1)
    assert run.board.timer.asleep_us == pytest.approx(1e6, rel=1e-3)
    assert run.seconds == pytest.approx(1, abs=1e-4)


def test_the_rest_of_a_delay_is_waited_for_in_the_next_run(write_sketch):
    machine = VirtualBoard(build_sketch(write_sketch(LAMP), "nano33ble"))
    for _ in range(7):
        machine.run(1)
    changes = [(change.value, change.time_us / 1e6) for change in machine.gpio.changes]
    assert [value for value, _ in changes] == [1, 0]
    assert changes[1][1] == pytest.approx(5, abs=1e-3)
    assert machine.time_s == pytest.approx(7, abs=1e-4)


def test_pins_still_wake_a_delay_that_a_run_has_cut(write_sketch):
    sketch = write_sketch(
        "void edge() { Serial.println(millis()); }\n"
        "void setup() { Serial.begin(9600); attachInterrupt(2, edge, RISING); }\n"
        "void loop() { delay(3000); Serial.println(millis()); }\n"
    )
    machine = VirtualBoard(build_sketch(sketch, "nano33ble"))
    machine.gpio.plan_input(2, 1, 1.5)
    for _ in range(4):
        machine.run(1)
    assert machine.uart.sent.split() == [b"1500", b"3000"]
