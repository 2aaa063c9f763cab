// Runs the model in selftest_model.c on vectors that the computer sends: the accuracy test over a
// whole test set on the device itself, and the benchmark. Any int8 model: README.md says how.
// No sensor, no library: every board. The protocol: docs/serial_protocol.md.
#include "selftest_model.h"

static int8_t input[SELFTEST_MODEL_INPUT_SIZE];
static int8_t output[SELFTEST_MODEL_OUTPUT_SIZE];

static char command;         // the line's first character, 0 before it came
static bool is_well_formed;  // so far
static bool has_half_byte;
static uint8_t half_byte;
static size_t count;         // bytes of the vector received

void setup() {
  Serial.begin(115200);
  const uint32_t start_ms = millis();
  while (!Serial && millis() - start_ms < 2000) {
  }  // a board on a battery has nobody to wait for
  Serial.println("# selftest 1");
  begin_line();
}

void loop() {
  while (Serial.available() > 0) take((char)Serial.read());
  delay(1);  // nothing to do until more comes: the processor may rest
}

void begin_line() {
  command = 0;
  is_well_formed = true;
  has_half_byte = false;
  count = 0;
}

void take(char c) {
  if (c == '\n') {
    answer();
    begin_line();
  } else if (c == '\r' || c == ' ') {
    // between the command and its vector, and before the line's end
  } else if (command == 0) {
    command = c;
  } else {
    take_digit(c);
  }
}

// Two hexadecimal digits a byte, the high one first.
void take_digit(char c) {
  uint8_t value;
  if (c >= '0' && c <= '9') value = (uint8_t)(c - '0');
  else if (c >= 'a' && c <= 'f') value = (uint8_t)(c - 'a' + 10);
  else if (c >= 'A' && c <= 'F') value = (uint8_t)(c - 'A' + 10);
  else {
    is_well_formed = false;
    return;
  }
  if (!has_half_byte) {
    half_byte = value;
  } else if (count < sizeof input) {
    input[count++] = (int8_t)(half_byte << 4 | value);
  } else {
    count = sizeof input + 1;  // too long
  }
  has_half_byte = !has_half_byte;
}

void answer() {
  if (command == '?') {
    print_value("inputs:", SELFTEST_MODEL_INPUT_SIZE);
    print_value(",outputs:", SELFTEST_MODEL_OUTPUT_SIZE);
    Serial.println();
  } else if (command != 'v') {
    if (command != 0) Serial.println("# error unknown command: send ? or v and a vector");
  } else if (!is_well_formed || has_half_byte || count != sizeof input) {
    print_value("# error a vector has two hexadecimal digits for each byte, bytes wanted: ",
                SELFTEST_MODEL_INPUT_SIZE);
    Serial.println();
  } else {
    run();
  }
}

void run() {
  uint32_t sum = 0;
  for (size_t i = 0; i < sizeof input; i++) sum += (uint8_t)input[i];

  const uint32_t start_us = micros();
  selftest_model_invoke(input, output);
  const uint32_t latency_us = micros() - start_us;

  print_value("sum:", (long)sum);
  print_value(",latency_us:", (long)latency_us);
  for (size_t i = 0; i < sizeof output; i++) {
    Serial.print(",q");
    Serial.print((unsigned long)i);
    print_value(":", output[i]);
  }
  Serial.println();
}

void print_value(const char *name, long value) {
  Serial.print(name);
  Serial.print(value);
}
