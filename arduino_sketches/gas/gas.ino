// Which drink? Takes a sniff of 32 s with a Grove multichannel gas sensor: eight in the room's air,
// then 24 over the drink. A network and a decision tree answer; the Wio Terminal's screen says what
// to do and what it smelt. One line a second, and one a sniff:
//   t_ms:9000,no2:264,c2h5oh:441,voc:320,co:155
//   sniff:0,class:3,tree:3,air:0.0000,coffee:0.0000, ... spirit:0.0039,latency_us:95,tree_us:9
// Key C begins a sniff anew. The protocol: docs/serial_protocol.md. Wiring, libraries,
// what to see: README.md in this folder.
#include "display.h"
#include "gas_classify.h"
#include "gas_tree.h"
#include "message.h"
#include "rest.h"
#include "sensor.h"

static const uint32_t PERIOD_US = 1000000 / GAS_SAMPLE_RATE_HZ;
static const int IN_AIR = 8;  // seconds that are the reference

static float samples[GAS_WINDOW][GAS_CHANNELS];  // counts of the sensor's converter
static int filled = 0;
static uint32_t sniffs = 0;
static uint32_t next_sample_us;

void setup() {
  Serial.begin(115200);
  const uint32_t start_ms = millis();
  while (!Serial && millis() - start_ms < 2000) {
  }  // a board on a battery has nobody to wait for
  Serial.println("# gas 1 " SKETCH_BOARD);
  display_begin();
  watchdog_begin();
  while (!sensor_begin()) fail("the gas sensor does not answer at address 0x08");
  display_phase("in the air", IN_AIR);
  next_sample_us = micros();
}

void loop() {
  if (button_pressed() && filled > 0) {
    filled = 0;
    Serial.println("# sniff begun anew");
  }
  if (rest_until(next_sample_us)) return;
  if (micros() - next_sample_us >= PERIOD_US) {  // a second is gone, and a sniff with a gap is none
    if (filled > 0) Serial.println("# samples lost: sniff begun anew");
    filled = 0;
    next_sample_us = micros();
  }
  next_sample_us += PERIOD_US;

  uint16_t counts[GAS_CHANNELS];
  if (!sensor_read(counts)) return fail("the gas sensor does not answer at address 0x08");
  for (int c = 0; c < GAS_CHANNELS; c++) samples[filled][c] = counts[c];
  filled++;
  print_sample(counts);
  if (filled == GAS_WINDOW) {
    classify();
    filled = 0;
  }
  if (filled < IN_AIR) {
    display_phase("in the air", IN_AIR - filled);
  } else {
    display_phase("over the drink", GAS_WINDOW - filled);
  }
}

void classify() {
  int8_t input[GAS_INPUT_SIZE];
  int8_t output[GAS_OUTPUT_SIZE];
  float scores[GAS_CLASSES];
  gas_preprocess(samples[0], input);
  const uint32_t start_us = micros();
  gas_invoke(input, output);
  const uint32_t network_us = micros();
  const int tree = gas_tree_predict(input);
  const uint32_t tree_us = micros() - network_us;
  const int best = gas_read_output(output, scores);

  display_answer(gas_class_names[best], gas_class_names[tree]);
  print_value("sniff:", sniffs++);
  print_value(",class:", best);
  print_value(",tree:", tree);
  for (int c = 0; c < GAS_CLASSES; c++) {
    message.print(",");
    message.print(gas_class_names[c]);
    message.print(":");
    message.print(scores[c], 4);
  }
  print_value(",latency_us:", network_us - start_us);
  print_value(",tree_us:", tree_us);
  message.println();
  message.send();
}

void print_sample(const uint16_t *counts) {
  static const char *const names[GAS_CHANNELS] = {",no2:", ",c2h5oh:", ",voc:", ",co:"};
  print_value("t_ms:", millis());
  for (int c = 0; c < GAS_CHANNELS; c++) print_value(names[c], counts[c]);
  message.println();
  message.send();
}

void print_value(const char *name, uint32_t value) {
  message.print(name);
  message.print(value);
}

// Says once a second what is wrong, with a fast blink; the sniff begins anew.
void fail(const char *reason) {
  message.print("# error ");
  message.println(reason);
  message.send();
  watchdog_kick();
  filled = 0;
  for (int i = 0; i < 10; i++) {
    digitalWrite(LED_BUILTIN, i % 2 ? HIGH : LOW);
    delay(100);
  }
  next_sample_us = micros();
}
