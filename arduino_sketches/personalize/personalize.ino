// Still, walk or run, and its owner teaches it: the network's body is frozen, its last layer learns by
// SGD from keys. Samples the accelerometer 50 times a second and answers once a second:
//   window:7,class:1,shipped:2,still:0.0312,walk:0.9531,run:0.0156,latency_us:52
// A key says what the newest window was, and it is learnt at once:
//   label:1,window:7,labels:3,sum:2166136261,learn_us:3100
// Three seconds after the last key it is stored; with the power off and on again it is still known.
// Wio Terminal: the keys on top are still, walk, run from left to right, the blue stick pressed for a
// second forgets. Nano: buttons from D2, D3, D4 to GND, and D5. Either: 0, 1, 2 and f by serial.
// The protocol: docs/serial_protocol.md. Board, libraries, what to see: README.md in this folder.
#include "display.h"
#include "keys.h"
#include "message.h"
#include "personalize.h"
#include "personalize_classes.h"
#include "personalize_head.h"
#include "personalize_preprocess.h"
#include "rest.h"
#include "sensor.h"
#include "sensor_check.h"
#include "storage.h"

static const uint32_t PERIOD_US = 1000000 / PERSONALIZE_SAMPLE_RATE_HZ;
static const uint32_t STORE_AFTER_MS = 3000;  // flash does not like to be written at every key
static const int HOP = PERSONALIZE_WINDOW / 2;  // new samples between two answers

static float samples[PERSONALIZE_WINDOW][PERSONALIZE_CHANNELS];  // in g, the oldest first
static int filled = 0;
static uint32_t windows = 0;
static uint32_t next_sample_us;
static uint32_t lost = 0;  // samples that were due while the board was busy

static int8_t features[PERSONALIZE_OUTPUT_SIZE];  // of the newest window: what the head looks at
static bool has_window = false;  // a fault of the sensor makes it one of long ago
static personalize_head_state_t shipped, learnt;
static bool is_stored = true;
static uint32_t changed_ms;

void setup() {
  Serial.begin(115200);
  const uint32_t start_ms = millis();
  while (!Serial && millis() - start_ms < 2000) {
  }  // a board on a battery has nobody to wait for
  Serial.println("# personalize 1 " SKETCH_BOARD);
  display_begin(personalize_class_names);
  keys_begin();
  personalize_head_forget(&shipped);
  if (storage_load(&learnt)) {
    say_what_is_known("# known from before; labels: ");
  } else {
    personalize_head_forget(&learnt);
    Serial.println("# nothing stored: as shipped");
  }
  display_labels(learnt.seen);
  watchdog_begin();
  while (!sensor_begin()) fail("the accelerometer does not answer");
  next_sample_us = micros();
}

void loop() {
  display_update();
  const int wish = keys_read();
  if (wish >= 0) learn(wish);
  if (wish == KEY_FORGET) forget();
  if (!is_stored && millis() - changed_ms >= STORE_AFTER_MS) store();
  if (rest_until(next_sample_us)) return;
  count_lost();
  next_sample_us += PERIOD_US;

  if (!sensor_read(samples[filled])) return fail("the accelerometer does not answer");
  if (const char *doubt = sensor_doubt(samples[filled])) return fail(doubt);
  filled++;
  if (filled == PERSONALIZE_WINDOW) {
    classify();
    memmove(samples, samples[HOP], (PERSONALIZE_WINDOW - HOP) * sizeof samples[0]);
    filled -= HOP;
  }
}

void classify() {
  int8_t input[PERSONALIZE_INPUT_SIZE];
  uint16_t of_32768[PERSONALIZE_HEAD_CLASSES];
  personalize_preprocess(samples[0], input);
  const uint32_t start_us = micros();
  personalize_invoke(input, features);
  has_window = true;
  const int best = personalize_head_predict(&learnt, features);
  const uint32_t latency_us = micros() - start_us;
  const int as_shipped = personalize_head_predict(&shipped, features);
  personalize_head_probabilities(&learnt, features, of_32768);

  display_show(best, as_shipped);
  print_value("window:", windows++);
  print_value(",class:", best);
  print_value(",shipped:", as_shipped);
  for (int c = 0; c < PERSONALIZE_HEAD_CLASSES; c++) {
    message.print(",");
    message.print(personalize_class_names[c]);
    message.print(":");
    message.print(of_32768[c] / 32768.0f, 4);
  }
  print_value(",latency_us:", latency_us);
  message.println();
  message.send();
}

// The newest window was of this class.
void learn(int label) {
  if (!has_window) {
    message.println("# no window yet: move for two seconds, then press");
    message.send();
    return;
  }
  const uint32_t start_us = micros();
  personalize_head_learn(&learnt, features, label);
  const uint32_t learn_us = micros() - start_us;
  show_change();
  print_value("label:", label);
  print_value(",window:", windows - 1);
  print_value(",labels:", count_labels());
  print_value(",sum:", storage_sum(&learnt));
  print_value(",learn_us:", learn_us);
  message.println();
  message.send();
}

void forget() {
  personalize_head_forget(&learnt);
  show_change();
  say_what_is_known("# forgotten; labels: ");
}

void show_change() {
  display_labels(learnt.seen);
  is_stored = false;
  changed_ms = millis();
}

void store() {
  is_stored = true;  // or given up: to try again at once would wear the flash out
  if (!storage_save(&learnt)) {
    message.println("# error the flash does not keep it: what was learnt goes with the power");
    return message.send();
  }
  say_what_is_known("# stored; labels: ");
}

uint32_t count_labels() {
  uint32_t sum = 0;
  for (int c = 0; c < PERSONALIZE_HEAD_CLASSES; c++) sum += learnt.seen[c];
  return sum;
}

void say_what_is_known(const char *begin) {
  print_value(begin, count_labels());
  print_value(", sum ", storage_sum(&learnt));
  message.println();
  message.send();
}

void print_value(const char *name, uint32_t value) {
  message.print(name);
  message.print(value);
}

// Samples whose time has passed by more than a period are gone, and a window with a gap is none: say
// so, and begin a new one. The Nano stands still for a tenth of a second while it erases flash.
void count_lost() {
  const uint32_t missed = (micros() - next_sample_us) / PERIOD_US;
  if (missed == 0) return;
  lost += missed;
  next_sample_us += missed * PERIOD_US;
  filled = 0;
  print_value("# samples lost so far: ", lost);
  message.println();
  message.send();
}

// Says once a second what is wrong, with a fast blink; what was sampled before is not classified.
void fail(const char *reason) {
  message.print("# error ");
  message.println(reason);
  message.send();
  watchdog_kick();
  filled = 0;
  has_window = false;
  for (int i = 0; i < 10; i++) {
    digitalWrite(LED_BUILTIN, i % 2 ? HIGH : LOW);
    delay(100);
  }
  next_sample_us = micros();
}
