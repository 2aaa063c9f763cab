"""Sketches of the kinds that makers write: ports, pins, interrupts, tones, waiting."""

import time

import pytest

from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.errors import BoardError

BOARDS = ["nano33ble", "wio_terminal", "esp32c3"]


def test_text_that_arrives(write_sketch):
    sketch = write_sketch(
        """void setup() {
          Serial.begin(9600); Serial.setTimeout(50);
          Serial.println(Serial.find("go")); Serial.println(Serial.parseInt());
          Serial.println(Serial.parseFloat(), 3); Serial.read();
          char word[10]; size_t n = Serial.readBytesUntil(';', word, 9); word[n] = 0;
          Serial.println(word); Serial.println(Serial.readStringUntil('\\n'));
          Serial.println(Serial.parseInt(SKIP_ALL, ','));
          Serial.println(Serial.findUntil("never", "END"));
          Serial.println(Serial.readString()); Serial.println(Serial.parseInt());
        }
        void loop() { delay(100); }"""
    )
    sent = "gggo 42, -1.5 word;a line\n1,234 xENDtail"
    run = run_sketch(sketch, "nano33ble", seconds=1, send=sent)
    assert run.lines == ["1", "42", "-1.500", "word", "a line", "1234", "0", "tail", "0"]


def test_the_second_port_is_there_and_nothing_is_connected(write_sketch):
    sketch = write_sketch(
        """void setup() {
          Serial.begin(9600); Serial1.begin(9600, SERIAL_8N1); Stream &port = Serial1;
          Serial.println(Serial1.println("midi")); Serial.println(port.available());
          Serial.println(Serial1.read()); if (Serial1) Serial.println("on");
        }
        void loop() { if (Serial1.available()) Serial.write(Serial1.read()); delay(10); }"""
    )
    for board in ("nano33ble", "wio_terminal"):
        assert run_sketch(sketch, board, seconds=0.2).lines == ["6", "0", "-1", "on"]


def test_pulses_from_outside_are_measured(write_sketch):
    sketch = write_sketch(
        """void setup() { Serial.begin(9600); pinMode(7, INPUT); }
        void loop() { Serial.println(pulseIn(7, HIGH, 200000)); }"""
    )
    machine = VirtualBoard(build_sketch(sketch, "nano33ble"))
    for begin_s, width_us in ((0.05, 580), (0.1, 1500), (0.15, 23)):
        machine.gpio.plan_input(7, 1, begin_s)
        machine.gpio.plan_input(7, 0, begin_s + width_us / 1e6)
    machine.run(0.5)
    measured = [int(line) for line in machine.uart.sent.split()]
    assert measured[3:] == [0]  # none came in time
    for got, width_us in zip(measured, (580, 1500, 23), strict=False):
        assert abs(got - width_us) <= 5


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("RISING", [100, 300]), ("FALLING", [200, 350]), ("CHANGE", [100, 200, 300, 350])],
)
@pytest.mark.parametrize("board", BOARDS)
def test_interrupts_come_at_the_edge_also_in_a_delay(write_sketch, board, mode, expected):
    sketch = write_sketch(
        """volatile unsigned long at; volatile int count;
        void edge() { at = millis(); count++; Serial.println(at); }
        void setup() {
          Serial.begin(9600); pinMode(2, INPUT);
          attachInterrupt(digitalPinToInterrupt(2), edge, MODE);
        }
        void loop() { if (millis() > 290) delay(300); }""".replace("MODE", mode)
    )
    machine = VirtualBoard(build_sketch(sketch, board))
    for time_s, level in ((0.1, 1), (0.2, 0), (0.3, 1), (0.35, 0)):
        machine.gpio.plan_input(2, level, time_s)
    machine.run(1)
    assert [int(line) for line in machine.uart.sent.split()] == expected
    assert machine.time_s < 1.4  # a delay that was broken off is not begun again


def test_interrupts_can_be_held_back_and_let_go(write_sketch):
    sketch = write_sketch(
        """volatile int count = 0;
        void edge() { count++; }
        void setup() {
          Serial.begin(9600); attachInterrupt(3, edge, RISING);
          noInterrupts(); delay(200); Serial.println(count); interrupts(); delay(1);
          Serial.println(count); delay(200); Serial.println(count);
          detachInterrupt(3); delay(200); Serial.println(count);
        }
        void loop() {}"""
    )
    machine = VirtualBoard(build_sketch(sketch, "nano33ble"))
    for time_s in (0.1, 0.3, 0.5):
        machine.gpio.plan_input(3, 1, time_s)
        machine.gpio.plan_input(3, 0, time_s + 0.01)
    machine.run(1)
    assert machine.uart.sent.split() == [b"0", b"1", b"2", b"2"]
    machine.gpio.set_input(3, 1)
    machine.run(0.1)  # nobody listens any more


def test_bits_shifted_out_and_in(write_sketch):
    sketch = write_sketch(
        """void setup() {
          Serial.begin(9600); pinMode(4, OUTPUT); pinMode(5, OUTPUT); pinMode(6, INPUT_PULLUP);
          shiftOut(4, 5, MSBFIRST, B10110000); Serial.println(shiftIn(6, 5, LSBFIRST));
        }
        void loop() { delay(1000); }"""
    )
    run = run_sketch(sketch, "nano33ble", seconds=0.1)
    data, bits = 0, []
    for change in run.board.gpio.changes:
        if change.pin == 4:
            data = change.value
        elif change.value:
            bits.append(data)
    assert bits[:8] == [1, 0, 1, 1, 0, 0, 0, 0]
    assert len(bits) == 16
    assert run.lines == ["255"]


def test_a_melody_is_no_error_and_can_be_read(write_sketch):
    sketch = write_sketch(
        """int melody[] = {262, 196};
        void setup() { for (int n : melody) { tone(8, n, 125); delay(160); noTone(8); } }
        void loop() {}"""
    )
    run = run_sketch(sketch, "wio_terminal", seconds=1)
    assert [tone[1:] for tone in run.board.gpio.tones] == [
        (8, 262, 125), (8, 0, 0), (8, 196, 125), (8, 0, 0),
    ]  # fmt: skip
    assert "tone" in run.notes[0]


def test_a_sketch_that_waits_or_ends_quietly_gets_a_note(write_sketch):
    waiting = "void setup() { Serial.begin(9600); }\n"
    waiting += "void loop() { if (Serial.available()) Serial.write(Serial.read()); }"
    run = run_sketch(write_sketch(waiting), "nano33ble", seconds=1)
    assert run.output == ""
    assert "showed nothing in 1" in run.notes[0]
    run = run_sketch(write_sketch(waiting), "nano33ble", seconds=1, send="hi")
    assert (run.output, run.notes) == ("hi", ())


def test_serial_event_is_said_to_be_never_called(write_sketch):
    """Neither the Nano's core nor Seeed's calls it from loop() for the USB port."""
    sketch = write_sketch(
        "void setup() { Serial.println(1); }\nvoid loop() { delay(10); }\n"
        "void serialEvent() { Serial.println(2); }"
    )
    run = run_sketch(sketch, "nano33ble", seconds=0.2, send="x")
    assert run.lines == ["1"]
    assert "never calls serialEvent()" in run.notes[0]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("void setup() { NVIC_SystemReset(); }", "real board has it, the virtual"),
        ("void setup() { analogReference(AR_EXTERNAL); }", "AR_EXTERNAL"),
        ("#include <Stepper.h>\nvoid setup() {}", "no library with Stepper.h"),
        ("#include <ArduinoBLE.h>\nvoid setup() {}", "Bluetooth is on the real board, the virt"),
        ("#include <EEPROM.h>\nvoid setup() {}", "the real board has none either"),
        (
            "#include <iostream>\nvoid setup() {}",
            "the real one may have <iostream>; here are: algorithm, array",
        ),
    ],
)
def test_what_is_not_here_says_so(write_sketch, code, words):
    with pytest.raises(BoardError, match=words):
        build_sketch(write_sketch(code + "\nvoid loop() {}"), "nano33ble")


LOOPS = {
    "empty": "void setup() {}\nvoid loop() {}",
    "millis": "unsigned long last;\nvoid setup() { pinMode(13, OUTPUT); }\nvoid loop() {"
    " if (millis() - last >= 1000) { last += 1000; digitalWrite(13, !digitalRead(13)); } }",
    "analog": "volatile int v;\nvoid setup() {}\nvoid loop() { v = analogRead(A0); }",
}


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("board", ["nano33ble", "wio_terminal", "xiao_samd21", "pico", "esp32c3"])
def test_waiting_loops_run_far_faster_than_real_time(write_sketch, board, loop):
    built = build_sketch(write_sketch(LOOPS[loop]), board)
    machine = VirtualBoard(built)
    begin = time.process_time()
    machine.run(10)
    assert time.process_time() - begin < 2  # at least five times real time
    assert machine.time_s == pytest.approx(10, abs=0.01)
    if loop == "millis":
        late = [
            change.time_us - 1_000_000 * (i + 1) for i, change in enumerate(machine.gpio.changes)
        ]
        assert len(late) in (9, 10)
        assert all(0 <= us < 1100 for us in late)
    again = VirtualBoard(built)
    again.run(10)
    assert (again.cpu.instructions, again.time_s) == (machine.cpu.instructions, machine.time_s)
