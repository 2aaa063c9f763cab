"""Sleep that stops the clock: what the low power libraries of Seeed's boards do to `millis()`."""

import pytest

from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.errors import BoardError

LOW_POWER = "#include <ArduinoLowPower.h>\n"
DOG = "#include <Adafruit_SleepyDog.h>\n"


def sketch_of(write_sketch, loop, head=LOW_POWER, setup=""):
    return write_sketch(
        f"{head}void setup() {{ Serial.begin(9600); pinMode(1, OUTPUT); {setup} }}\n"
        f"void loop() {{ {loop} }}\n"
    )


@pytest.mark.parametrize("call", ["sleep", "deepSleep"])
def test_millis_stands_still_while_the_xiao_sleeps(write_sketch, call):
    loop = f"Serial.println(millis()); LowPower.{call}(1000); delay(310);"
    run = run_sketch(sketch_of(write_sketch, loop), "xiao_samd21", seconds=6.2)
    assert [int(line) for line in run.lines] == [0, 310, 620]
    assert run.seconds == pytest.approx(6.2, abs=1e-3)
    assert run.board.awake_share == pytest.approx((2 * 0.31 + 0.2) / 6.2, abs=0.01)


def test_the_alarm_comes_at_a_whole_second_of_the_chips_clock(write_sketch):
    """With 0.31 s awake, as a scope at a XIAO once showed it: 1.7 s for `deepSleep(1000)`."""
    loop = "digitalWrite(1, HIGH); LowPower.deepSleep(1000); digitalWrite(1, LOW); delay(310);"
    run = run_sketch(sketch_of(write_sketch, loop), "xiao_samd21", seconds=8)
    spans = [until - since for since, until in run.pins[0].on_s[:3]]
    assert spans == pytest.approx([2, 1.69, 1.69], abs=1e-3)
    loop = loop.replace("1000", "999")
    run = run_sketch(sketch_of(write_sketch, loop), "xiao_samd21", seconds=4)
    spans = [until - since for since, until in run.pins[0].on_s[:3]]
    assert spans == pytest.approx([1, 0.69, 0.69], abs=1e-3)


def test_idle_ends_with_the_next_millisecond(write_sketch):
    loop = "LowPower.idle(5000); Serial.println(millis());"
    run = run_sketch(sketch_of(write_sketch, loop), "xiao_samd21", seconds=0.0055)
    assert run.lines == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("call", ["sleep()", "deepSleep()", "sleep(60000)"])
def test_a_pin_ends_standby(write_sketch, call):
    setup = "pinMode(2, INPUT_PULLUP); LowPower.attachInterruptWakeup(2, [] {}, FALLING);"
    loop = f"LowPower.{call}; Serial.println(millis()); delay(100);"
    sketch = sketch_of(write_sketch, loop, setup=setup)
    run = run_sketch(sketch, "xiao_samd21", seconds=5, presses=["2@1", "2@3"])
    assert [int(line) for line in run.lines] == [0, 100]
    assert run.board.awake_share == pytest.approx(0.2 / 5, abs=0.01)


def test_standby_without_an_end_is_no_error(write_sketch):
    run = run_sketch(
        sketch_of(write_sketch, 'Serial.println("on"); LowPower.sleep();'), "xiao_samd21", seconds=9
    )
    assert (run.lines, run.seconds) == (["on"], pytest.approx(9, abs=1e-3))


def test_standby_goes_on_in_the_next_run(write_sketch):
    sketch = sketch_of(write_sketch, "LowPower.sleep(3000); Serial.println(millis());")
    machine = VirtualBoard(build_sketch(sketch, "xiao_samd21"))
    for _ in range(9):
        machine.run(1)
    assert machine.uart.sent.split() == [b"0", b"0"]  # after 4 and 8 s
    assert machine.time_s == pytest.approx(9, abs=1e-3)


def test_the_library_does_not_compile_for_the_wio_terminal(write_sketch):
    with pytest.raises(BoardError, match=r"does not compile for the real Wio Terminal either"):
        build_sketch(sketch_of(write_sketch, "LowPower.sleep(1000);"), "wio_terminal")


@pytest.mark.parametrize("board", ["wio_terminal", "xiao_samd21"])
def test_the_dog_sleeps_in_standby_too(write_sketch, board):
    loop = "Serial.println(Watchdog.sleep(ASKED)); Serial.println(millis()); delay(50);"
    for asked, slept in (("1000", 1000), ("100", 63), ("2500", 2000), ("", 16000), ("3", 8)):
        sketch = sketch_of(write_sketch, loop.replace("ASKED", asked), DOG)
        run = run_sketch(sketch, board, seconds=2 * slept / 1000 + 0.06)
        assert [int(line) for line in run.lines[:4]] == [slept, 0, slept, 50]


def test_after_its_sleep_the_watchdog_is_off(write_sketch):
    loop = "Watchdog.sleep(500); delay(5000); Serial.println(1);"
    sketch = sketch_of(write_sketch, loop, DOG, "Watchdog.enable(1000);")
    assert run_sketch(sketch, "wio_terminal", seconds=6).lines == ["1"]
    bites = sketch_of(write_sketch, "delay(5000);", DOG, "Watchdog.enable(1000);")
    with pytest.raises(BoardError, match="nothing was heard of the sketch"):
        run_sketch(bites, "wio_terminal", seconds=6)
