"""What a hand and a microphone do to a board while it runs."""

import io

import numpy as np
import pytest
from PIL import Image

from tinyml_course.board.build.sketch import build_sketch
from tinyml_course.board.virtual import gpio, screen
from tinyml_course.board.virtual.board import VirtualBoard
from tinyml_course.errors import BoardError

EARS = """
#include <PDM.h>
static int16_t samples[256];
static void hear() {
  const int n = PDM.read(samples, PDM.available()) / 2;
  for (int i = 0; i < n; i++) Serial.print(String(samples[i]) + ' ');
}
void setup() {
  Serial.begin(115200);
  PDM.onReceive(hear);
  PDM.setBufferSize(64);
  PDM.begin(1, RATE);
}
void loop() { WAIT; }
"""


def listen(write_sketch, rate_hz=16_000, wait="delay(1)"):
    sketch = write_sketch(EARS.replace("RATE", str(rate_hz)).replace("WAIT", wait))
    return VirtualBoard(build_sketch(sketch, "nano33ble"))


@pytest.mark.parametrize("wait", ["delay(1)", "", "for (;;) Serial.available()"])
def test_a_live_board_hears_every_sample_once_and_in_order(write_sketch, wait):
    machine = listen(write_sketch, wait=wait)
    machine.run(0.01)
    machine.uart.take()
    machine.microphone.go_live()
    sent = np.arange(1, 3201, dtype=np.int16)
    for chunk in sent.reshape(5, 640):
        machine.microphone.feed(chunk)
        while machine.microphone.heard_until_us > machine.timer.now_us:
            left_us = machine.microphone.heard_until_us - machine.timer.now_us
            machine.run(min(left_us / 1e6, 0.01))
    heard = [int(word) for word in machine.uart.take().split()]
    assert heard == sent[: len(heard)].tolist()
    assert len(sent) - len(heard) < 32, "a buffer may not be full yet"


def test_without_new_sound_nothing_is_heard_and_afterwards_the_trace_plays_on(write_sketch):
    machine = listen(write_sketch)
    machine.microphone.go_live()
    machine.run(0.2)
    assert machine.uart.take() == b""
    machine.microphone.end_live()
    machine.run(0.1)
    assert set(machine.uart.take().split()) == {b"0"}


def test_a_sketch_that_listens_at_another_rate_is_told_so(write_sketch):
    machine = listen(write_sketch, 41667)
    machine.run(0.01)
    with pytest.raises(BoardError, match=r"41667 Hz.*16,000"):
        machine.microphone.go_live()


def test_a_hand_overrules_the_trace(write_sketch):
    sketch = write_sketch(
        """#include <Arduino_LSM9DS1.h>
        void setup() { Serial.begin(115200); IMU.begin(); }
        void loop() {
          float x, y, z;
          delay(20);
          if (!IMU.accelerationAvailable()) return;
          IMU.readAcceleration(x, y, z);
          Serial.println(x);
        }"""
    )
    machine = VirtualBoard(build_sketch(sketch, "nano33ble"))
    machine.accelerometer.set_g((0.5, 0.0, 0.8))
    machine.run(0.1)
    assert set(machine.uart.take().split()) == {b"0.50"}
    machine.accelerometer.set_g(None)
    machine.run(0.04)
    machine.uart.take()
    machine.run(0.1)
    said = {abs(float(word)) for word in machine.uart.take().split()}
    assert said == {0.0}, "without a trace it lies still, but for the sensor's noise"


def test_a_delay_can_be_left_and_taken_up_again(write_sketch):
    sketch = write_sketch(
        """void setup() { pinMode(13, OUTPUT); }
        void loop() { digitalWrite(13, HIGH); delay(100); digitalWrite(13, LOW); delay(100); }"""
    )
    built = build_sketch(sketch, "nano33ble")
    whole, cut = VirtualBoard(built), VirtualBoard(built)
    whole.run(1.0)
    for _ in range(100):
        before_s = cut.time_s
        cut.run(0.01)
        assert cut.time_s - before_s < 0.0101
    assert cut.gpio.changes == whole.gpio.changes[: len(cut.gpio.changes)]
    assert len(whole.gpio.changes) - len(cut.gpio.changes) <= 1


def test_how_bright_a_lamp_is(write_sketch):
    sketch = write_sketch(
        """void setup() { pinMode(13, OUTPUT); digitalWrite(13, HIGH); analogWrite(5, 51); }
        void loop() { delay(100); }"""
    )
    machine = VirtualBoard(build_sketch(sketch, "nano33ble"))
    machine.run(0.1)
    assert [machine.gpio.share_high(pin) for pin in (13, 5, 7)] == [1.0, 0.2, None]


def test_what_is_kept_has_a_bound(write_sketch, monkeypatch):
    monkeypatch.setattr(gpio, "MOST_CHANGES", 10)
    monkeypatch.setattr(screen, "MOST_TEXTS", 10)
    sketch = write_sketch(
        """#include <TFT_eSPI.h>
        TFT_eSPI tft;
        void setup() { pinMode(13, OUTPUT); tft.begin(); tft.setRotation(3); }
        void loop() { tft.drawString("a", 0, 0); digitalWrite(13, HIGH); delay(5);
                      digitalWrite(13, LOW); delay(5); }"""
    )
    machine = VirtualBoard(build_sketch(sketch, "wio_terminal"))
    machine.run(1.0)
    assert 5 <= len(machine.gpio.changes) <= 10
    assert machine.gpio.changes[-1].time_us > 900_000, "the newest are kept"
    assert 5 <= len(machine.screen.texts) <= 10
    assert machine.screen.changes > 100
    image = Image.open(io.BytesIO(machine.screen.png_bytes(1)))
    assert np.array_equal(np.asarray(image), machine.screen.image)


def test_gas_by_hand(write_sketch):
    sketch = write_sketch(
        """#include <Wire.h>
        #include <Multichannel_Gas_GMXXX.h>
        GAS_GMXXX<TwoWire> gas;
        void setup() { Serial.begin(115200); gas.begin(Wire, 0x08); }
        void loop() { Serial.println(gas.measure_VOC()); delay(50); }"""
    )
    machine = VirtualBoard(build_sketch(sketch, "wio_terminal"))
    machine.gas.set_counts((1, 2, 345, 4))
    machine.run(0.2)
    assert set(machine.uart.take().split()) == {b"345"}
