// Does the board work? Tries every sensor, key and lamp in turn, and says with each number what is
// to be expected. Begins anew when it is through. One line a test:
//   # ok accelerometer, its length at rest: 1.002 g, expected 0.900 to 1.100
//   # wrong light sensor: 0.000 V, expected 0.050 to 3.300
// The protocol: docs/serial_protocol.md. Board, libraries, what to do: README.md in this folder.
#include "board_test.h"

static int wrong = 0;

void setup() {
  Serial.begin(115200);
  const uint32_t start_ms = millis();
  while (!Serial && millis() - start_ms < 2000) {
  }  // a board on a battery has nobody to wait for
  Serial.println("# hardware_test 1 " SKETCH_BOARD);
  pinMode(LED_BUILTIN, OUTPUT);
}

void loop() {
  wrong = 0;
  Serial.println("# look: LED_BUILTIN blinks three times");
  blink(LED_BUILTIN, HIGH);
  test_lamps();
  test_sensors();
  test_keys();
  Serial.print("# done, wrong: ");
  Serial.println(wrong);
  delay(3000);
}

void blink(int pin, int on) {
  pinMode(pin, OUTPUT);
  for (int i = 0; i < 6; i++) {
    digitalWrite(pin, (i % 2 == 0) == (on == HIGH) ? HIGH : LOW);
    delay(200);
  }
}

// A number, and the range in which a healthy board's lies.
void expect(const char *what, float value, const char *unit, float low, float high) {
  const bool is_ok = value >= low && value <= high;
  if (!is_ok) wrong++;
  Serial.print(is_ok ? "# ok " : "# wrong ");
  Serial.print(what);
  Serial.print(": ");
  Serial.print(value, 3);
  Serial.print(' ');
  Serial.print(unit);
  Serial.print(", expected ");
  Serial.print(low, 3);
  Serial.print(" to ");
  Serial.println(high, 3);
}

void answers(const char *what, bool does) {
  if (!does) wrong++;
  Serial.print(does ? "# ok " : "# wrong ");
  Serial.print(what);
  Serial.println(does ? " answers" : " does not answer");
}

// Waits five seconds for a key.
void expect_key(const char *name, int pin) {
  pinMode(pin, INPUT_PULLUP);
  Serial.print("# press ");
  Serial.println(name);
  const uint32_t start_ms = millis();
  while (digitalRead(pin) == HIGH && millis() - start_ms < 5000) delay(5);
  answers(name, digitalRead(pin) == LOW);
  while (digitalRead(pin) == LOW && millis() - start_ms < 10000) delay(5);
}

// The mean, and how far the samples swing around it, of 16-bit samples.
void expect_sound(const int16_t *samples, int count, float least_rms) {
  float mean = 0.0f, power = 0.0f;
  for (int i = 0; i < count; i++) mean += samples[i];
  mean /= (float)count;
  for (int i = 0; i < count; i++) power += (samples[i] - mean) * (samples[i] - mean);
  expect("microphone in a quiet room", sqrtf(power / (float)count), "counts rms", least_rms, 4000.0f);
}
