// Streams the accelerometer, 50 samples a second, for `tinyml record` and the Serial Plotter.
// One line a sample: t_ms:1240,ax_g:0.0125,ay_g:-0.0312,az_g:0.9980
// The protocol: docs/serial_protocol.md. Board, libraries, what to see: README.md in this folder.
#include "sensor.h"

static const uint32_t PERIOD_US = 20000;  // 50 Hz
static uint32_t next_sample_us;

void setup() {
  pinMode(LED_BUILTIN, OUTPUT);
  Serial.begin(115200);
  const uint32_t start_ms = millis();
  while (!Serial && millis() - start_ms < 2000) {
  }  // a board on a battery has nobody to wait for
  Serial.println("# recorder 1 " BOARD_NAME);
  while (!sensor_begin()) fail("the accelerometer does not answer");
  next_sample_us = micros();
}

void loop() {
  if ((int32_t)(micros() - next_sample_us) < 0) return;
  next_sample_us += PERIOD_US;

  float g[3];
  const uint32_t t_ms = millis();
  if (!sensor_read(g)) return;
  Serial.print("t_ms:");
  Serial.print(t_ms);
  print_value(",ax_g:", g[0]);
  print_value(",ay_g:", g[1]);
  print_value(",az_g:", g[2]);
  Serial.println();
  digitalWrite(LED_BUILTIN, (t_ms / 500) % 2 ? HIGH : LOW);  // a slow blink: recording
}

void print_value(const char *name, float value) {
  Serial.print(name);
  Serial.print(value, 4);
}

// Says once a second what is wrong, with a fast blink.
void fail(const char *reason) {
  Serial.print("# error ");
  Serial.println(reason);
  for (int i = 0; i < 10; i++) {
    digitalWrite(LED_BUILTIN, i % 2 ? HIGH : LOW);
    delay(100);
  }
}
