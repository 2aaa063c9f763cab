"""Each peripheral through a sketch that uses it as on the board."""

import wave

import numpy as np
import pytest

from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.board.virtual.traces import Player, acceleration_trace, read_trace
from tinyml_course.errors import BoardError

SERIAL = "Serial.begin(115200);"


@pytest.fixture
def sound(tmp_path):
    """Half a second of a rising count, so that every sample can be told from the others."""
    path = tmp_path / "count.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(np.arange(8000, dtype="<i2").tobytes())
    return path


def test_numbers_are_printed_as_the_cores_print_them(write_sketch):
    sketch = write_sketch(
        "void setup() { "
        + SERIAL
        + """
          Serial.println(-42); Serial.println(255, HEX); Serial.println(5, BIN);
          Serial.println(4294967295UL); Serial.println(-9223372036854775807LL);
          Serial.println(3.14159); Serial.println(-2.5f, 0); Serial.println(1.0e10);
          Serial.println(0.0 / 0.0); Serial.println('c'); Serial.println(true);
          Serial.println((unsigned char)200); Serial.println(F("flash"));
          size_t n = Serial.print("four"); Serial.println(n);
          Serial.println(map(5, 0, 10, 0, 100)); Serial.println(constrain(12, 0, 10));
          Serial.println(max(3, 4) + min(1, 2)); Serial.println(abs(-3));
        }
        void loop() { delay(1000); }"""
    )
    outputs = {
        board: run_sketch(sketch, board, seconds=0.01).lines
        for board in ("nano33ble", "xiao_samd21", "esp32c3")
    }
    assert outputs["nano33ble"] == [
        "-42",
        "FF",
        "101",
        "4294967295",
        "-9223372036854775807",
        "3.14",
        "-3",
        "ovf",
        "nan",
        "c",
        "1",
        "200",
        "flash",
        "four4",
        "50",
        "10",
        "5",
        "3",
    ]
    assert outputs["nano33ble"] == outputs["xiao_samd21"] == outputs["esp32c3"]


def test_text_comes_in(write_sketch):
    sketch = write_sketch(
        "void setup() { "
        + SERIAL
        + """
          Serial.setTimeout(50);
          long a = Serial.parseInt(); float b = Serial.parseFloat();
          Serial.read();
          String s = Serial.readStringUntil('\\n'); s.trim();
          char rest[4]; size_t n = Serial.readBytes(rest, 4);
          Serial.println(a); Serial.println(b, 3); Serial.println(s); Serial.println((int)n);
          Serial.println(Serial.read()); Serial.println(s.startsWith("he"));
          String t = s; t += "!"; Serial.println(t); Serial.println(t == "hello!");
        }
        void loop() { delay(1000); }"""
    )
    run = run_sketch(sketch, "pico", seconds=1, send="x-12 3.5\n  hello \nabcd")
    assert run.lines == ["-12", "3.500", "hello", "4", "-1", "1", "hello!", "1"]


def test_time_is_counted_and_delay_skips(write_sketch):
    sketch = write_sketch(
        "void setup() { "
        + SERIAL
        + """
          unsigned long a = millis(); delay(1500); unsigned long b = millis();
          Serial.println(b - a);
          unsigned long c = micros(); delayMicroseconds(70); unsigned long d = micros();
          Serial.println(d - c);
          unsigned long e = micros(); for (volatile int i = 0; i < 100000; i++) {}
          Serial.println(micros() - e);
        }
        void loop() { delay(1000); }"""
    )
    machine = VirtualBoard(build_sketch(sketch, "nano33ble"))
    machine.run(3)
    skipped, short, computed = (int(line) for line in machine.uart.sent.split())
    assert skipped == 1500
    assert short in (70, 71)  # and the few instructions around it
    assert 100_000 / 64 < computed < 20 * 100_000 / 64  # a few cycles a turn at 64 MHz
    assert machine.cpu.instructions < 2_000_000  # the waiting was not emulated


def test_waiting_for_the_clock_is_nearly_free_and_never_early(write_sketch):
    sketch = write_sketch(
        "unsigned long next, late = 0; int n = 0;\n"
        "void setup() { " + SERIAL + " next = micros(); }\n"
        """void loop() {
          if ((int32_t)(micros() - next) < 0) return;
          unsigned long behind = micros() - next; if (behind > late) late = behind;
          next += 20000;
          if (++n == 200) { Serial.println(late); }
        }"""
    )
    machine = VirtualBoard(build_sketch(sketch, "nano33ble"))
    machine.run(4.1)
    assert int(machine.uart.sent) <= 250
    assert machine.cpu.instructions < 4_000_000


def test_pins_keys_and_tones(write_sketch):
    sketch = write_sketch(
        "void setup() { "
        + SERIAL
        + """
          pinMode(WIO_KEY_A, INPUT_PULLUP); pinMode(LED_BUILTIN, OUTPUT);
          tone(WIO_BUZZER, 440, 100); analogWrite(LED_BUILTIN, 128);
        }
        void loop() {
          digitalWrite(LED_BUILTIN, digitalRead(WIO_KEY_A) == LOW ? HIGH : LOW);
          delay(10);
        }"""
    )
    machine = VirtualBoard(build_sketch(sketch, "wio_terminal"))
    machine.run(0.1)
    assert machine.gpio.tones[0][1:] == (12, 440, 100)
    assert [c.value for c in machine.gpio.changes] == [128, 0]
    machine.gpio.set_input(28, 0)  # pressed
    machine.run(0.1)
    assert machine.gpio.outputs[13] == 1
    machine.gpio.set_input(28, None)
    machine.run(0.1)
    assert machine.gpio.outputs[13] == 0
    assert machine.gpio.changes[-1].time_us == pytest.approx(200_000, abs=11_000)


def test_volts_become_counts(write_sketch):
    sketch = write_sketch(
        "void setup() { "
        + SERIAL
        + """
          Serial.println(analogRead(A0)); analogReadResolution(12); Serial.println(analogRead(A0));
          Serial.println(analogRead(A1));
        }
        void loop() { delay(1000); }"""
    )
    machine = VirtualBoard(build_sketch(sketch, "nano33ble"))
    machine.adc.set_voltage(14, 1.65)
    machine.adc.set_voltage(15, 9.9)
    machine.run(0.1)
    assert machine.uart.sent.split() == [b"512", b"2048", b"4095"]


PDM_SKETCH = """
#include <PDM.h>
short buffer[256]; volatile long got = 0; volatile long last = -1, gaps = 0;
void receive() {
  int n = PDM.available(); PDM.read(buffer, n);
  for (int i = 0; i < n / 2; i++) { if (buffer[i] != last + 1) gaps++; last = buffer[i]; }
  got += n / 2;
}
void setup() {
  Serial.begin(115200);
  PDM.onReceive(receive); PDM.setBufferSize(512); PDM.setGain(20);
  Serial.println(PDM.begin(2, 16000)); Serial.println(PDM.begin(1, 8000));
  Serial.println(PDM.begin(1, 16000));
  %s
  Serial.println(got); Serial.println(gaps); PDM.end();
}
void loop() { delay(1000); }
"""


@pytest.mark.parametrize(
    "wait",
    ["while (got < 4000) {}", "while (got < 4000) delay(1);", "while (got < 4000) millis();"],
    ids=["spinning", "delay", "asking the time"],
)
def test_the_nanos_microphone_calls_back(write_sketch, sound, wait):
    """Also while the sketch does nothing but compute: the callback is an interrupt there too."""
    run = run_sketch(write_sketch(PDM_SKETCH % wait), "nano33ble", [sound], seconds=1)
    assert run.lines[:3] == ["0", "0", "1"]
    assert int(run.lines[3]) in range(4000, 4353)
    assert run.lines[4] == "0"


def test_the_wios_microphone_gives_twelve_bits(write_sketch, sound):
    sketch = write_sketch("""
#include <mic.h>
volatile uint32_t first = 0, count = 0;
void receive(uint16_t *buffer, uint32_t length) {
  if (!count) first = buffer[160];
  count += length;
}
mic_config_t config = {1, 16000, 320, 1};
DMA_ADC_Class Mic(&config);
void setup() {
  Serial.begin(115200); Mic.set_callback(receive); Serial.println(Mic.begin());
  delay(100); Serial.println(first); Serial.println(count);
}
void loop() { delay(1000); }
""")
    run = run_sketch(sketch, "wio_terminal", [sound], seconds=0.2)
    assert run.lines == ["1", str(1024 + 160 // 16), "1600"]


def test_the_wrong_sound_rate_is_said(write_sketch, sound):
    sketch = write_sketch(
        "#include <PDM.h>\nvoid setup() { PDM.begin(1, 41667); }\nvoid loop() { delay(10); }"
    )
    with pytest.raises(BoardError, match="at 41667 Hz, the trace has 16000 Hz"):
        run_sketch(sketch, "nano33ble", [sound], seconds=1)


def test_gas_counts_come_from_the_trace(write_sketch, tmp_path):
    trace = tmp_path / "gas.csv"
    rows = "\n".join(f"{t},{100 + t},{200 + t},{300 + t},{400 + t},air" for t in range(0, 500, 100))
    trace.write_text("t_ms,no2,c2h5oh,voc,co,label\n" + rows + "\n")
    sketch = write_sketch("""
#include <Multichannel_Gas_GMXXX.h>
#include <Wire.h>
GAS_GMXXX<TwoWire> gas;
void setup() { Serial.begin(115200); gas.begin(Wire, 0x08); }
void loop() {
  Serial.print(gas.measure_NO2()); Serial.print(" "); Serial.print(gas.measure_CO());
  Serial.print(" "); Serial.println(gas.calcVol(gas.measure_VOC()));
  delay(100);
}
""")
    run = run_sketch(sketch, "wio_terminal", [trace], seconds=0.25)
    assert run.lines == ["100 400 0.97", "200 500 1.29", "300 600 1.61"]


def test_the_screen_can_be_looked_at(write_sketch, tmp_path):
    sketch = write_sketch("""
#include <TFT_eSPI.h>
TFT_eSPI tft;
void setup() {
  tft.begin(); tft.setRotation(3); tft.fillScreen(TFT_NAVY);
  tft.fillRect(10, 20, 30, 40, TFT_RED); tft.drawRect(100, 20, 30, 40, TFT_GREEN);
  tft.drawLine(0, 239, 319, 239, TFT_WHITE); tft.fillCircle(200, 100, 20, TFT_YELLOW);
  tft.setTextColor(TFT_WHITE, TFT_BLACK); tft.setTextSize(2);
  tft.drawString("W", 10, 100); tft.drawNumber(-273, 10, 150);
}
void loop() { delay(1000); }
""")
    screen = run_sketch(sketch, "wio_terminal", seconds=0.1).board.screen
    image = screen.image
    assert image.shape == (240, 320, 3)
    assert image[0, 0].tolist() == [0, 0, 123]
    assert (image[20:60, 10:40] == [255, 0, 0]).all()
    assert image[40, 100].tolist() == [0, 255, 0]
    assert image[40, 110].tolist() == [0, 0, 123]
    assert (image[239] == 255).all()
    assert image[100, 200].tolist() == [255, 255, 0]
    cell = image[100:116, 10:22]
    assert 20 < (cell == 255).all(axis=2).sum() < 150  # a W, white on black
    assert (cell == 0).all(axis=2).any()
    assert screen.texts == ["W", "-273"]
    screen.save_png(tmp_path / "screen.png")
    import matplotlib.image

    stored = matplotlib.image.imread(tmp_path / "screen.png")
    assert np.array_equal((stored[:, :, :3] * 255).round().astype(np.uint8), image)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "t_ms,x\n0,1\n20,2\n", "is no trace"),
        ("b.csv", "t_ms,ax_g,ay_g,az_g\n0,1,2,x\n20,1,2,3\n", "line 2: az_g is 'x', not a number"),
        ("c.csv", "t_ms,ax_g,ay_g,az_g\n0,1,2,3\n", "at least two rows"),
        ("d.wav", "RIFFnonsense", "not a PCM WAV file"),
    ],
)
def test_a_bad_trace_is_said(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(BoardError, match=message):
        read_trace(path)
    with pytest.raises(BoardError, match=r"\(n, 3\) in g"):
        acceleration_trace(np.zeros((5, 2)))


def test_a_question_a_little_early_or_late_finds_its_row():
    now = [70]  # the first question came 70 us late
    player = Player(acceleration_trace(np.arange(30).reshape(10, 3)), lambda: now[0])
    found = []
    for n, late_us in enumerate([70, 0, 90, 10, -3000]):
        now[0] = 20_000 * n + late_us
        found.append(player.index())
    assert found == [0, 1, 2, 3, 4]
    now[0] = 20_000 * 13 + 70
    assert player.row().tolist() == [9, 10, 11]  # the trace begins again


def test_memory_is_handed_out_and_taken_back(write_sketch):
    sketch = write_sketch(
        "void setup() { "
        + SERIAL
        + """
          long rounds = 0; void *kept[20];
          for (int r = 0; r < 2000; r++) {
            for (int i = 0; i < 20; i++) kept[i] = malloc(7 + 61 * ((r + i) % 9));
            for (int i = 0; i < 20; i++) rounds += kept[i] != nullptr;
            for (int i = 0; i < 20; i++) free(kept[(i * 7) % 20]);
          }
          Serial.println(rounds);
          char *big = (char *)malloc(150000); Serial.println(big != nullptr);
          big = (char *)realloc(big, 180000); Serial.println(big == nullptr);
          Serial.println(malloc(300000) == nullptr);
          char *z = (char *)calloc(10, 3); int sum = 0; for (int i = 0; i < 30; i++) sum += z[i];
          Serial.println(sum);
        }
        void loop() { delay(1000); }"""
    )
    run = run_sketch(sketch, "nano33ble", seconds=1)
    assert run.lines == ["40000", "1", "1", "1", "0"]
