"""A loop() that waits for sound costs little, and no block of samples is lost, late or early."""

import numpy as np
import pytest

from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.traces import Trace

SECONDS = 0.97  # the next blocks of both boards come 6 and 10 ms later
RAMP = Trace("sound", np.arange(20_000, dtype=np.int16).reshape(-1, 1), 16_000.0)

# The shape of Arduino's own example; what it prints is who came when.
NANO = """
#include <PDM.h>
short samples[256];
volatile int samplesRead;
volatile unsigned long cameAt;
unsigned long begunAt;
void onData() {
  int bytes = PDM.available();
  PDM.read(samples, bytes);
  samplesRead = bytes / 2;
  cameAt = micros();
}
void say(long first, long last, unsigned long time) {
  Serial.print(first); Serial.print(' '); Serial.print(last); Serial.print(' ');
  Serial.println(time - begunAt);
}
void setup() {
  Serial.begin(9600);
  while (!Serial);
  PDM.onReceive(onData);
  begunAt = micros();
  PDM.begin(1, 16000);
}
void loop() {
  WAIT
  if (samplesRead) {
    say(samples[0], samples[samplesRead - 1], cameAt);
    samplesRead = 0;
  }
}
"""
WIO = """
#include <mic.h>
mic_config_t config = {1, 16000, 320, 1};
DMA_ADC_Class Mic(&config);
volatile uint32_t length = 0, first, last;
volatile unsigned long cameAt;
unsigned long begunAt;
void onData(uint16_t *samples, uint32_t count) {
  first = samples[0]; last = samples[count - 1]; length = count; cameAt = micros();
}
void setup() {
  Serial.begin(9600);
  Mic.set_callback(onData);
  begunAt = micros();
  Mic.begin();
}
void loop() {
  WAIT
  if (length) {
    Serial.print((first - 1024) * 16); Serial.print(' ');
    Serial.print((last - 1024) * 16); Serial.print(' ');
    Serial.println(cameAt - begunAt);
    length = 0;
  }
}
"""
WAITS = [
    "",
    "while (!READY) { POLL Serial.available(); }",
    "while (!READY) digitalRead(2);",
    "if (Serial.available()) Serial.read();",
]


@pytest.mark.parametrize("wait", WAITS, ids=["idle", "asking", "looking", "asking once"])
@pytest.mark.parametrize(
    ("sketch", "ready", "poll", "board", "block", "rounding"),
    [
        (NANO, "samplesRead", "PDM.available();", "nano33ble", 256, 0),
        (WIO, "length", "", "wio_terminal", 320, 15),
    ],
    ids=["nano33ble", "wio_terminal"],
)
def test_every_block_comes_in_order_and_at_its_time(
    write_sketch, sketch, ready, poll, board, block, rounding, wait
):
    """Emulated instruction by instruction this would take 30 to 55 million of them a second."""
    text = sketch.replace("WAIT", wait.replace("READY", ready).replace("POLL", poll))
    run = run_sketch(write_sketch(text), board, [RAMP], seconds=SECONDS)
    came = np.array([[int(word) for word in line.split()] for line in run.lines])
    number = np.arange(1, len(came) + 1)
    assert len(came) == int(SECONDS * 16_000) // block
    assert np.all(np.abs(came[:, 0] - (number - 1) * block) <= rounding)
    assert np.all(np.abs(came[:, 1] - (number * block - 1)) <= rounding)
    late_us = came[:, 2] - number * block * 1_000_000 // 16_000
    assert late_us.min() >= 0
    assert late_us.max() <= 2000
    assert run.instructions < 3_000_000


@pytest.mark.parametrize(
    "work", ["", "if (taken % 100 == 0) for (volatile int i = 0; i < 2000; i++);"]
)
def test_a_loop_that_takes_sample_by_sample_is_not_idle(write_sketch, work):
    """It asks nobody anything; moved on at every pass it would be too late for the next block."""
    sketch = """
#include <PDM.h>
short block[256];
volatile short ring[512];
volatile unsigned long written = 0, dropped = 0;
unsigned long taken = 0, gaps = 0;
void onData() {
  int count = PDM.read(block, PDM.available()) / 2;
  for (int i = 0; i < count; i++) {
    if (written - taken == 512) { dropped = dropped + 1; continue; }
    ring[written % 512] = block[i];
    written = written + 1;
  }
}
void setup() { Serial.begin(9600); PDM.onReceive(onData); PDM.begin(1, 16000); }
void loop() {
  if (written == taken) return;
  if (ring[taken % 512] != (short)taken) gaps++;
  taken++;
  WORK
  if (taken == 15000) { Serial.println(dropped); Serial.println(gaps); Serial.println(millis()); }
}
"""
    run = run_sketch(write_sketch(sketch.replace("WORK", work)), "nano33ble", [RAMP], seconds=1)
    dropped, gaps, time_ms = map(int, run.lines)
    assert (dropped, gaps) == (0, 0)
    assert time_ms in range(944, 960)  # sample 15,000 is in the block that is full at 944 ms
