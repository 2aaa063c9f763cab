"""What a sketch does when the world is not as it should be: sensors that die, time that is lost."""

import re

import numpy as np
import pytest

from tests.board.test_course_sketches import TRACE
from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.board.virtual.traces import acceleration_trace, read_trace
from tinyml_course.shipped import SKETCHES

BOARDS = ["nano33ble", "wio_terminal"]


def broken(values):
    """Two good windows of walking, then what the sensor says when it is broken."""
    good = read_trace(TRACE).values[300:500]
    return acceleration_trace(np.concatenate([good, np.full((400, 3), values, np.float32)]))


@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize(
    ("values", "reason"), [((0.2, 0.1, 0.9), "is stuck"), ((7.5, 0, 0), "out of range")]
)
def test_a_dead_sensor_is_said_and_never_classified(board, values, reason):
    run = run_sketch(SKETCHES / "motion", board, [broken(values)], seconds=9)
    if board == "wio_terminal":
        reason = "is stuck"  # its library's 16 bits end at 4.1 g
    errors = [n for n, line in enumerate(run.lines) if line.startswith("# error")]
    windows = [n for n, line in enumerate(run.lines) if line.startswith("window:")]
    assert reason in run.lines[errors[0]]
    # one window may still hold the sensor's last second; nothing comes once it is known
    assert all(n < errors[0] for n in windows)
    assert len(windows) <= 5
    recorded = run_sketch(SKETCHES / "recorder", board, [broken(values)], seconds=9).lines
    assert any(reason in line for line in recorded)


@pytest.mark.parametrize("board", BOARDS)
def test_a_sensor_that_comes_back_is_classified_again(board):
    good = read_trace(TRACE).values[300:500]
    dead = np.full((130, 3), (8.0, 0, 0), np.float32)
    run = run_sketch(
        SKETCHES / "motion", board, [acceleration_trace(np.concatenate([good, dead, good]))]
    )
    errors = [n for n, line in enumerate(run.lines) if line.startswith("# error")]
    assert errors
    assert any(line.startswith("window:") for line in run.lines[errors[-1] :])


def test_lost_samples_are_counted_and_their_window_is_dropped(tmp_path):
    """An interrupt that takes 75 ms stands for whatever keeps a board busy."""
    source = (SKETCHES / "motion" / "motion.ino").read_text()
    folder = tmp_path / "motion"
    folder.mkdir()
    for path in (SKETCHES / "motion").iterdir():
        if path.suffix != ".md":
            (folder / path.name).write_bytes(path.read_bytes())
    busy = "static void hog() { delayMicroseconds(75000); }\nvoid setup() {\n"
    busy += "  attachInterrupt(2, hog, RISING);"
    (folder / "motion.ino").write_text(source.replace("void setup() {", busy))
    walk = read_trace(TRACE)
    machine = VirtualBoard(build_sketch(folder, "nano33ble"), [walk])
    machine.gpio.plan_input(2, 1, at_s=2.51)
    machine.run(6)
    lines = machine.uart.sent.decode().splitlines()
    assert lines[2] == "# samples lost so far: 3"
    undisturbed = run_sketch(SKETCHES / "motion", "nano33ble", [walk], seconds=6)
    assert "lost" not in undisturbed.output
    assert sum(line.startswith("window:") for line in lines) < len(undisturbed.lines) - 1


@pytest.mark.parametrize("board", BOARDS)
def test_a_loop_rests_while_nothing_is_due(board):
    run = run_sketch(SKETCHES / "motion", board, [TRACE], seconds=6)
    assert run.power.awake_share < 0.2
    again = run_sketch(SKETCHES / "digits", board, seconds=6)
    assert again.power.awake_share < 0.2


@pytest.mark.parametrize("board", BOARDS)
def test_a_line_is_sent_at_once(board):
    machine = VirtualBoard(build_sketch(SKETCHES / "motion", board), [read_trace(TRACE)])
    writes = []
    plain = machine.uart.write

    def count(offset, value):
        if offset == machine.uart.registers.TX_LENGTH:
            writes.append(value)
        return plain(offset, value)

    machine.uart.write = count
    machine.run(5)
    lines = machine.uart.sent.decode().splitlines()
    assert len(writes) <= len(lines) + 1  # the first line is a println()


def test_the_wios_scale_is_put_right():
    """The library reads 10 % too much at +-4 g; the sketch streams what the board feels."""
    trace = acceleration_trace(np.linspace(-3, 3, 300).reshape(100, 3))
    lines = run_sketch(SKETCHES / "recorder", "wio_terminal", [trace], seconds=2.4).lines
    said = [[float(v) for v in re.findall(r"_g:(-?[\d.]+)", line)] for line in lines[1:101]]
    assert np.abs(np.array(said) - trace.values).max() < 0.0002


def test_a_microphone_that_does_not_start_is_said(tmp_path):
    folder = tmp_path / "keywords"
    folder.mkdir()
    for path in (SKETCHES / "keywords").iterdir():
        text = path.read_text().replace("{1, 16000, 320, 1}", "{2, 16000, 320, 1}")
        (folder / path.name).write_text(text)
    run = run_sketch(folder, "wio_terminal", seconds=2)
    assert run.lines[1] == "# error the microphone does not answer"
    assert any(times.name == "LED_BUILTIN" and len(times.on_s) > 3 for times in run.pins)


def test_ten_classes_are_shown(tmp_path, write_sketch):
    """Names of any number of classes: the LED's flashes count them, the screen writes them."""
    display = (SKETCHES / "motion" / "display.h").read_text()
    sketch = write_sketch(
        '#include "display.h"\nvoid setup() { display_begin(); display_show("washing up", 5); }\n'
        "void loop() { display_update(); delay(5); }",
        display__h=display,
    )
    nano = run_sketch(sketch, "nano33ble", seconds=2.2)
    lamp = nano.pins[0]
    assert sum(begin < 1.3 for begin, _ in lamp.on_s) == 5
    wio = run_sketch(sketch, "wio_terminal", seconds=0.3)
    assert wio.board.screen.texts[-1] == "washing up"
    lit = (wio.board.screen.image[90:150] == (255, 0, 255)).all(axis=2)
    assert lit.any()
    assert not lit[:, 300:].any()  # it fits


def test_the_hardware_test_finds_a_healthy_nano(tmp_path):
    sound = SKETCHES.parent / "data" / "keywords" / "yes_no.wav"
    folder = SKETCHES / "hardware_test"
    run = run_sketch(folder, "nano33ble", [sound], seconds=9)
    assert run.lines[0] == "# hardware_test 1 nano33ble"
    assert "# done, wrong: 0" in run.lines
    assert run.notes == ()
    assert {times.name for times in run.pins} == {"LED_BUILTIN", "LEDR", "LEDG", "LEDB"}
    cold = run_sketch(folder, "nano33ble", [sound], seconds=9, settings=["pressure_kpa=30"])
    assert "# wrong air pressure: 30.000 kPa, expected 70.000 to 106.000" in cold.lines
    assert "# done, wrong: 1" in cold.lines


def test_the_hardware_test_asks_for_every_key_of_the_wio():
    sound = SKETCHES.parent / "data" / "keywords" / "yes_no.wav"
    keys = ["KEY_A", "KEY_B", "KEY_C", "UP", "DOWN", "LEFT", "RIGHT", "PRESS"]
    presses = [f"{key}@{4.5 + n}+0.5" for n, key in enumerate(keys)]
    run = run_sketch(
        SKETCHES / "hardware_test",
        "wio_terminal",
        [sound],
        seconds=15,
        presses=presses,
        voltages=["WIO_LIGHT=0.4"],
    )
    assert "# done, wrong: 0" in run.lines
    assert sum(line.startswith("# press ") for line in run.lines) == len(keys)
    assert len(run.board.gpio.tones) >= 2
