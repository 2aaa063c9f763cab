"""A board that is touched while it runs: keys, voltages, and what its lamps did."""

import pytest

from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.touch import Voltage, parse_press, parse_voltage
from tinyml_course.errors import BoardError

KEYS = """void setup() { Serial.begin(9600); pinMode(KEY, MODE); pinMode(LED_BUILTIN, OUTPUT); }
void loop() {
  static int last = -1;
  int level = digitalRead(KEY);
  digitalWrite(LED_BUILTIN, level == PRESSED);
  if (last >= 0 && level != last) {
    Serial.print(millis()); Serial.println(level ? " high" : " low");
  }
  last = level;
  delay(10);
}"""  # fmt: skip


def keys(write_sketch, key, mode, pressed):
    code = KEYS.replace("KEY", key).replace("MODE", mode).replace("PRESSED", pressed)
    return write_sketch(code)


@pytest.mark.parametrize(
    ("board", "key", "mode", "pressed", "words"),
    [
        ("wio_terminal", "WIO_KEY_A", "INPUT_PULLUP", "LOW", ("low", "high")),
        ("nano33ble", "2", "INPUT_PULLUP", "LOW", ("low", "high")),
        ("nano33ble", "2", "INPUT", "HIGH", ("high", "low")),
        ("esp32c3", "2", "INPUT_PULLDOWN", "HIGH", ("high", "low")),
    ],
)
def test_a_key_does_what_it_is_wired_for(write_sketch, board, key, mode, pressed, words):
    sketch = keys(write_sketch, key, mode, pressed)
    name = "key_a" if key.startswith("WIO") else key
    run = run_sketch(sketch, board, seconds=2, presses=[f"{name}@0.5", f"{name}@1+0.3"])
    assert [line.split()[1] for line in run.lines] == [*words, *words]
    times_ms = [int(line.split()[0]) for line in run.lines]
    for time_ms, expected in zip(times_ms, (500, 600, 1000, 1300), strict=True):
        assert 0 <= time_ms - expected <= 11
    lamp = next(times for times in run.pins if times.is_lamp)
    assert len(lamp.on_s) == 2
    assert "on 2 times: 0.5" in lamp.words


def test_a_voltage_stands_at_a_pin_and_changes(write_sketch):
    sketch = write_sketch(
        "void setup() { Serial.begin(9600); }\n"
        "void loop() { Serial.println(analogRead(A0));\n"
        "  Serial.println(analogRead(A1)); delay(500); }"
    )
    run = run_sketch(sketch, "nano33ble", seconds=1.4, voltages=["A0=1.65", "A1=3.3@0.9"])
    assert [int(line) for line in run.lines] == [512, 0, 512, 0, 512, 1023]


@pytest.mark.parametrize(
    ("parse", "text", "words"),
    [
        (parse_press, "KEY_Q@1", "no pin 'KEY_Q'"),
        (parse_press, "KEY_A", "give KEY@SECONDS"),
        (parse_press, "KEY_A@-1", "give KEY@SECONDS"),
        (parse_press, "KEY_A@nan", "give KEY@SECONDS"),
        (parse_voltage, "A0=12", "it takes 0 to 3.3 V, and what is beyond destroys a real one"),
        (parse_voltage, "A0=5", "'A0=5' is no voltage for A0 of the Seeed Wio Terminal"),
        (parse_voltage, "A0=5", "two equal resistors make it A0=2.5"),
        (parse_voltage, "A0=-1", "it takes 0 to 3.3 V"),
        (parse_voltage, "KEY_A=1", "KEY_A of the Seeed Wio Terminal is digital and takes a level"),
        (parse_voltage, "28=1", "--press 28@SECONDS"),
        (parse_voltage, "A0", "give PIN=VOLTS"),
        (parse_voltage, "A99=1", "no pin 'A99'"),
    ],
)
def test_what_cannot_be_is_refused(parse, text, words):
    with pytest.raises(BoardError, match=words):
        parse("wio_terminal", text)


def test_lamps_that_light_when_low(write_sketch):
    sketch = write_sketch(
        "void setup() { pinMode(LEDR, OUTPUT); digitalWrite(LEDR, HIGH); delay(100);\n"
        "  digitalWrite(LEDR, LOW); delay(50); digitalWrite(LEDR, HIGH);\n"
        "  pinMode(4, OUTPUT); analogWrite(4, 100); }\nvoid loop() { delay(10); }"
    )
    run = run_sketch(sketch, "nano33ble", seconds=0.3)
    assert [times.name for times in run.pins] == ["LEDR", "pin 4"]
    assert run.pins[0].on_s[0] == pytest.approx((0.1, 0.15), abs=1e-3)
    assert run.pins[1].words == (
        "pin 4: high once: 0.150 to 0.300 s, pulsed by analogWrite: 100 of 255"
    )


def test_a_trace_that_no_sensor_reads_gets_a_note(write_sketch, tmp_path):
    trace = tmp_path / "gas.csv"
    trace.write_text("t_ms,no2,c2h5oh,voc,co\n0,1,2,3,4\n1000,1,2,3,4\n")
    sketch = write_sketch("void setup() { Serial.println(1); }\nvoid loop() { delay(10); }")
    run = run_sketch(sketch, "wio_terminal", [trace], seconds=1)
    assert "gas.csv changed nothing" in run.notes[0]
    assert "gas sensor" in run.notes[0]
    reader = write_sketch(
        "#include <Multichannel_Gas_GMXXX.h>\nGAS_GMXXX<TwoWire> gas;\n"
        "void setup() { gas.begin(Wire, 8); Serial.println(gas.measure_CO()); }\n"
        "void loop() { delay(10); }"
    )
    run = run_sketch(reader, "wio_terminal", [trace], seconds=1)
    assert (run.lines, run.notes) == (["4"], ())


@pytest.mark.parametrize(
    ("board", "low", "high"),
    # mbed's core takes both for RISING; Seeed's fires as long as the level holds; the ESP32's
    # LOW is "disabled", its HIGH another word for RISING
    [("nano33ble", 1, 1), ("wio_terminal", 100, 200), ("esp32c3", 0, 1)],
)
def test_interrupts_on_a_level_as_the_boards_core_has_them(write_sketch, board, low, high):
    code = """volatile int count;
    void hit() { count++; }
    void setup() { Serial.begin(9600); pinMode(2, INPUT_PULLUP); attachInterrupt(2, hit, LEVEL); }
    void loop() { if (millis() > 300) { noInterrupts(); Serial.println(count); delay(1000); } }"""
    counts = []
    for level in ("LOW", "HIGH"):
        sketch = write_sketch(code.replace("LEVEL", level))
        run = run_sketch(sketch, board, seconds=0.5, presses=["2@0.1"])
        counts.append(int(run.lines[0]))
    assert counts == pytest.approx([low, high], abs=3 if board == "wio_terminal" else 0)


def test_the_share_of_time_awake_is_the_cores(write_sketch):
    sketch = write_sketch(
        "void setup() { Serial.begin(9600); Serial.println(1); }\n"
        "void loop() { delay(90); delayMicroseconds(10000); }"
    )
    nano = run_sketch(sketch, "nano33ble", seconds=1).power
    assert nano.awake_share == pytest.approx(0.1, abs=0.01)
    assert nano.processor_ma == pytest.approx(0.1 * 3.3 + 0.9 * 0.0015, rel=0.1)
    assert nano.board_ma.value == 0.9
    assert "awake 10.0% of the time" in nano.words
    wio = run_sketch(sketch, "wio_terminal", seconds=1).power
    assert (wio.awake_share, wio.processor_ma) == (1.0, 7.8)  # its delay() is a busy loop


def test_the_core_of_the_esp32_calls_serial_event(write_sketch):
    sketch = write_sketch(
        "void setup() { Serial.begin(9600); }\nvoid loop() { delay(10); }\n"
        "void serialEvent() { while (Serial.available()) Serial.write(Serial.read() + 1); }"
    )
    run = run_sketch(sketch, "esp32c3", seconds=0.2, send="HAL")
    assert (run.output, run.notes) == ("IBM", ())
    plain = write_sketch("void setup() {}\nvoid loop() { delay(10); }", name="plain")
    run_sketch(plain, "esp32c3", seconds=0.2, send="HAL")  # none to call


def test_a_key_may_be_held_when_the_power_comes(write_sketch):
    """Held before the sketch has said INPUT_PULLUP, it draws to ground all the same."""
    sketch = keys(write_sketch, "2", "INPUT_PULLUP", "LOW")
    run = run_sketch(sketch, "nano33ble", seconds=1, presses=["2@0+0.5"])
    assert [line.split()[1] for line in run.lines] == ["high"]
    assert 500 <= int(run.lines[0].split()[0]) <= 511


def test_a_digital_pin_takes_no_volts(write_sketch):
    sketch = write_sketch("void setup() {}\nvoid loop() { delay(10); }")
    words = (
        "D2 of the Arduino Nano 33 BLE Sense is digital.* --press D2@SECONDS.*Volts go to A0, A1"
    )
    with pytest.raises(BoardError, match=words):
        run_sketch(sketch, "nano33ble", seconds=0.1, voltages="D2=1")
    with pytest.raises(BoardError, match=r"is digital.*set_input\(2, 1\)"):
        run_sketch(sketch, "nano33ble", seconds=0.1, voltages=Voltage(2, 1.0))
    with pytest.raises(BoardError, match=r"takes 0 to 3\.3 V"):
        run_sketch(sketch, "nano33ble", seconds=0.1, voltages=Voltage(14, 5.0))
    run_sketch(sketch, "wio_terminal", seconds=0.1, voltages=["D2=1", "WIO_LIGHT=3.3"])  # D2 is A2
