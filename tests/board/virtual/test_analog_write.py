"""`analogWrite()`: what each core makes of a value that a pin cannot have."""

import pytest

from tinyml_course.board.run import run_sketch


def duty(write_sketch, board, call):
    """What the pin is driven with after the call, and the notes."""
    sketch = write_sketch(f"void setup() {{ {call}; }}\nvoid loop() {{ delay(100); }}\n")
    run = run_sketch(sketch, board, seconds=0.1)
    pin = int(call.split("analogWrite(")[1].split(",")[0])
    notes = [note for note in run.notes if note.startswith("analogWrite")]
    return run.board.gpio.outputs.get(pin), notes


@pytest.mark.parametrize(
    ("board", "pin", "below", "above"),
    [
        ("nano33ble", 4, 0, 255),  # the pulses end; no more than all the time
        ("pico", 4, 0, 255),
        ("esp32c3", 4, 255, 255),  # -1 is a very large number there
        ("wio_terminal", 6, 255, 44),  # a timer that keeps eight bits: 300 is 44
        ("wio_terminal", 12, 255, 255),  # one that keeps them all: always high
        ("xiao_samd21", 6, 255, 44),
        ("xiao_samd21", 4, 255, 255),
    ],
)
def test_beyond_the_range(write_sketch, board, pin, below, above):
    for value, expected in ((-1, below), (300, above)):
        got, notes = duty(write_sketch, board, f"analogWrite({pin}, {value})")
        assert got == expected, value
        assert len(notes) == 1
        assert f"analogWrite({pin}, {value}): from 0 to 255 here" in notes[0]
        assert "constrain(value, 0, 255)" in notes[0]


@pytest.mark.parametrize("board", ["nano33ble", "pico", "wio_terminal", "xiao_samd21", "esp32c3"])
@pytest.mark.parametrize("value", [0, 1, 128, 255])
def test_within_the_range_there_is_no_word(write_sketch, board, value):
    call = f"pinMode(6, OUTPUT); digitalWrite(6, HIGH); analogWrite(6, {value})"
    assert duty(write_sketch, board, call) == (value, [])


def test_the_wio_switches_pins_that_no_timer_drives(write_sketch):
    """Its resolution is 12 bits: 200 of 255 is low there."""
    got, notes = duty(write_sketch, "wio_terminal", "analogWrite(5, 200)")
    assert got == 0
    assert notes == [
        "analogWrite(5, 200): no timer drives this pin of the Seeed Wio Terminal; its core "
        "switches it, high from 2048 on"
    ]
    got, notes = duty(write_sketch, "wio_terminal", "analogWrite(72, 2048)")  # the backlight
    assert got == 1
    call = "analogWriteResolution(8); analogWrite(72, 200)"
    assert duty(write_sketch, "wio_terminal", call)[0] == 1


def test_the_wios_timers_take_eight_bits_whatever_was_chosen(write_sketch):
    call = "analogWriteResolution(12); analogWrite(13, 200)"
    assert duty(write_sketch, "wio_terminal", call) == (200, [])
    got, notes = duty(write_sketch, "wio_terminal", call.replace("200", "2048"))
    assert got == 255
    assert "from 0 to 255" in notes[0]


@pytest.mark.parametrize("board", ["nano33ble", "xiao_samd21"])
def test_a_resolution_is_heeded(write_sketch, board):
    call = "analogWriteResolution(10); analogWrite(6, 512)"
    assert duty(write_sketch, board, call) == (128, [])


def test_the_esp32s_resolution_may_name_the_pin(write_sketch):
    call = "analogWriteFrequency(6, 5000); analogWriteResolution(6, 10); analogWrite(6, 512)"
    assert duty(write_sketch, "esp32c3", call) == (128, [])


@pytest.mark.parametrize(
    ("board", "call", "expected"),
    [
        ("wio_terminal", "analogWrite(9, 4095)", 255),
        ("wio_terminal", "analogWrite(9, 255)", 15),
        ("xiao_samd21", "analogWrite(0, 1023)", 255),
        ("xiao_samd21", "analogWrite(0, 255)", 63),
    ],
)
def test_pins_that_give_real_volts(write_sketch, board, call, expected):
    assert duty(write_sketch, board, call) == (expected, [])


@pytest.mark.parametrize("board", ["nano33ble", "esp32c3"])
def test_a_pin_that_no_board_has_is_passed_over(write_sketch, board):
    assert duty(write_sketch, board, "analogWrite(200, 5)") == (None, [])
