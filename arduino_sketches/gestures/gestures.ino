// What does the wrist do? Samples accelerometer and gyroscope 50 times a second. A trigger waits for
// the begin of a movement; when its window of two seconds is full, a network says which gesture it
// was. One line for a begin, and one for an answer:
//   onset:0,t_ms:2280
//   gesture:0,class:1,rest:0.0000,left:0.9961, ... twist:0.0000,latency_us:2150
// Send r, and it prints the samples of each gesture instead of an answer, to learn from; send c, and
// it classifies again. The protocol: docs/serial_protocol.md. Board, libraries, what to see: README.md
// in this folder.
#include "display.h"
#include "gestures_classify.h"
#include "gestures_trigger.h"
#include "imu.h"
#include "message.h"
#include "rest.h"
#include "sensor_check.h"

static const uint32_t PERIOD_US = 1000000 / GESTURES_SAMPLE_RATE_HZ;

static float ring[GESTURES_WINDOW][GESTURES_CHANNELS];    // the last samples; `place` is the oldest
static float window[GESTURES_WINDOW][GESTURES_CHANNELS];  // the same in the order of time
static int place = 0;
static bool has_begun = false;  // the ring holds samples
static bool is_recording = false;
static uint32_t gestures = 0;
static uint32_t next_sample_us;
static uint32_t lost = 0;  // samples that were due while the board was busy

void setup() {
  Serial.begin(115200);
  const uint32_t start_ms = millis();
  while (!Serial && millis() - start_ms < 2000) {
  }  // a board on a battery has nobody to wait for
  Serial.println("# gestures 1 " SKETCH_BOARD);
  if (!HAS_GYROSCOPE) Serial.println("# no gyroscope on this board: its three channels stand at 0");
  display_begin();
  watchdog_begin();
  while (!imu_begin()) fail("the accelerometer does not answer");
  next_sample_us = micros();
}

void loop() {
  obey();
  display_update();
  if (rest_until(next_sample_us)) return;
  count_lost();
  next_sample_us += PERIOD_US;

  float sample[GESTURES_CHANNELS];
  if (!imu_read(sample)) return fail("the accelerometer does not answer");
  if (const char *doubt = sensor_doubt(sample)) return fail(doubt);
  remember(sample);
  const int32_t news = gestures_trigger_push(sample);
  if (news == GESTURES_TRIGGER_BEGUN) {
    display_begun();
    if (is_recording) return;
    print_value("onset:", gestures);
    print_value(",t_ms:", millis());
    message.println();
    message.send();
  } else if (news == GESTURES_TRIGGER_COMPLETE) {
    unroll();
    if (is_recording) {
      print_samples();
    } else {
      classify();
    }
    gestures++;
  }
}

// r: print samples from now on, with the line that names their columns. c: classify.
void obey() {
  if (Serial.available() == 0) return;
  const int key = Serial.read();
  if (key == 'r') {
    is_recording = true;
    print_value("# rate_hz:", GESTURES_SAMPLE_RATE_HZ);
    message.println();
    message.println("aX,aY,aZ,gX,gY,gZ");
    message.send();
  } else if (key == 'c') {
    is_recording = false;
    Serial.println("# classifying");
  }
}

// At the start the first sample stands for all that was before it.
void remember(const float *sample) {
  for (int i = 0; i < (has_begun ? 1 : GESTURES_WINDOW); i++) {
    memcpy(ring[place], sample, sizeof ring[0]);
    place = (place + 1) % GESTURES_WINDOW;
  }
  has_begun = true;
}

void unroll() {
  const int newer = GESTURES_WINDOW - place;
  memcpy(window[0], ring[place], newer * sizeof ring[0]);
  memcpy(window[newer], ring[0], place * sizeof ring[0]);
}

void classify() {
  int8_t input[GESTURES_INPUT_SIZE];
  int8_t output[GESTURES_OUTPUT_SIZE];
  float scores[GESTURES_CLASSES];
  gestures_preprocess(window[0], input);
  const uint32_t start_us = micros();
  gestures_invoke(input, output);
  const uint32_t latency_us = micros() - start_us;
  const int best = gestures_read_output(output, scores);

  display_answer(gestures_class_names[best], best);
  print_value("gesture:", gestures);
  print_value(",class:", best);
  for (int c = 0; c < GESTURES_CLASSES; c++) {
    message.print(",");
    message.print(gestures_class_names[c]);
    message.print(":");
    message.print(scores[c], 4);
  }
  print_value(",latency_us:", latency_us);
  message.println();
  message.send();
}

// One line a sample and an empty one behind them: what `tinyml run gestures --data` reads.
void print_samples() {
  for (int t = 0; t < GESTURES_WINDOW; t++) {
    for (int c = 0; c < GESTURES_CHANNELS; c++) {
      if (c > 0) message.print(",");
      message.print(window[t][c], 4);
    }
    message.println();
    message.send();
  }
  message.println();
  message.send();
  begin_anew();  // printing took longer than a sample
}

void print_value(const char *name, uint32_t value) {
  message.print(name);
  message.print(value);
}

void begin_anew() {
  gestures_trigger_reset();
  has_begun = false;
  next_sample_us = micros();
}

// Samples whose time has passed by more than a period are gone, and a window with a gap is none: say
// so, and begin a new one.
void count_lost() {
  const uint32_t missed = (micros() - next_sample_us) / PERIOD_US;
  if (missed == 0) return;
  lost += missed;
  next_sample_us += missed * PERIOD_US;
  gestures_trigger_reset();
  has_begun = false;
  message.print("# samples lost so far: ");
  message.println(lost);
  message.send();
}

// Says once a second what is wrong, with a fast blink; what was sampled before is not classified.
void fail(const char *reason) {
  message.print("# error ");
  message.println(reason);
  message.send();
  watchdog_kick();
  for (int i = 0; i < 10; i++) {
    digitalWrite(LED_BUILTIN, i % 2 ? HIGH : LOW);
    delay(100);
  }
  begin_anew();
}
