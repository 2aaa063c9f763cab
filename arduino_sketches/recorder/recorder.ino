// Streams the accelerometer, 50 samples a second, for `tinyml record` and the Serial Plotter.
// One line a sample: t_ms:1240,ax_g:0.0125,ay_g:-0.0312,az_g:0.9980
// The protocol: docs/serial_protocol.md. Board, libraries, what to see: README.md in this folder.
#include "message.h"
#include "rest.h"
#include "sensor.h"
#include "sensor_check.h"

static const uint32_t PERIOD_US = 20000;  // 50 Hz
static uint32_t next_sample_us;
static uint32_t lost = 0;  // samples that were due while the board was busy

void setup() {
  pinMode(LED_BUILTIN, OUTPUT);
  Serial.begin(115200);
  const uint32_t start_ms = millis();
  while (!Serial && millis() - start_ms < 2000) {
  }  // a board on a battery has nobody to wait for
  Serial.println("# recorder 1 " SKETCH_BOARD);
  watchdog_begin();
  while (!sensor_begin()) fail("the accelerometer does not answer");
  next_sample_us = micros();
}

void loop() {
  if (rest_until(next_sample_us)) return;
  count_lost();
  next_sample_us += PERIOD_US;

  float g[3];
  const uint32_t t_ms = millis();
  if (!sensor_read(g)) return fail("the accelerometer does not answer");
  if (const char *doubt = sensor_doubt(g)) return fail(doubt);
  message.print("t_ms:");
  message.print(t_ms);
  print_value(",ax_g:", g[0]);
  print_value(",ay_g:", g[1]);
  print_value(",az_g:", g[2]);
  message.println();
  message.send();
  digitalWrite(LED_BUILTIN, (t_ms / 500) % 2 ? HIGH : LOW);  // a slow blink: recording
}

void print_value(const char *name, float value) {
  message.print(name);
  message.print(value, 4);
}

// Samples whose time has passed by more than a period are gone: say so, and go on with the next.
void count_lost() {
  const uint32_t missed = (micros() - next_sample_us) / PERIOD_US;
  if (missed == 0) return;
  lost += missed;
  next_sample_us += missed * PERIOD_US;
  message.print("# samples lost so far: ");
  message.println(lost);
  message.send();
}

// Says once a second what is wrong, with a fast blink.
void fail(const char *reason) {
  message.print("# error ");
  message.println(reason);
  message.send();
  watchdog_kick();
  for (int i = 0; i < 10; i++) {
    digitalWrite(LED_BUILTIN, i % 2 ? HIGH : LOW);
    delay(100);
  }
  next_sample_us = micros();
}
