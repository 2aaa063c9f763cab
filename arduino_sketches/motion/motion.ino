// Still, walk or run? Samples the accelerometer 50 times a second, classifies the last two seconds
// once a second, and shows the class: LED off for still, on for walk, blinking for run; on a Wio
// Terminal also in words. One line an inference:
//   window:7,class:1,still:0.0000,walk:0.9961,run:0.0000,latency_us:65
// The protocol: docs/serial_protocol.md. Board, libraries, what to see: README.md in this folder.
#include "display.h"
#include "message.h"
#include "motion_classify.h"
#include "rest.h"
#include "sensor.h"
#include "sensor_check.h"

static const uint32_t PERIOD_US = 1000000 / MOTION_SAMPLE_RATE_HZ;
static const int HOP = MOTION_WINDOW / 2;  // new samples between two inferences

static float samples[MOTION_WINDOW][MOTION_CHANNELS];  // in g, the oldest first
static int filled = 0;
static uint32_t windows = 0;
static uint32_t next_sample_us;
static uint32_t lost = 0;  // samples that were due while the board was busy

void setup() {
  Serial.begin(115200);
  const uint32_t start_ms = millis();
  while (!Serial && millis() - start_ms < 2000) {
  }  // a board on a battery has nobody to wait for
  Serial.println("# motion 1 " SKETCH_BOARD);
  display_begin();
  watchdog_begin();
  while (!sensor_begin()) fail("the accelerometer does not answer");
  next_sample_us = micros();
}

void loop() {
  display_update();
  if (rest_until(next_sample_us)) return;
  count_lost();
  next_sample_us += PERIOD_US;

  if (!sensor_read(samples[filled])) return fail("the accelerometer does not answer");
  if (const char *doubt = sensor_doubt(samples[filled])) return fail(doubt);
  filled++;
  if (filled == MOTION_WINDOW) {
    classify();
    memmove(samples, samples[HOP], (MOTION_WINDOW - HOP) * sizeof samples[0]);
    filled -= HOP;
  }
}

void classify() {
  int8_t input[MOTION_INPUT_SIZE];
  int8_t output[MOTION_OUTPUT_SIZE];
  float scores[MOTION_CLASSES];
  motion_preprocess(samples[0], input);
  const uint32_t start_us = micros();
  motion_invoke(input, output);
  const uint32_t latency_us = micros() - start_us;
  const int best = motion_read_output(output, scores);

  display_show(motion_class_names[best], best);
  message.print("window:");
  message.print(windows++);
  message.print(",class:");
  message.print(best);
  for (int c = 0; c < MOTION_CLASSES; c++) {
    message.print(",");
    message.print(motion_class_names[c]);
    message.print(":");
    message.print(scores[c], 4);
  }
  message.print(",latency_us:");
  message.println(latency_us);
  message.send();
}

// Samples whose time has passed by more than a period are gone, and a window with a gap is none: say
// so, and begin a new one.
void count_lost() {
  const uint32_t missed = (micros() - next_sample_us) / PERIOD_US;
  if (missed == 0) return;
  lost += missed;
  next_sample_us += missed * PERIOD_US;
  filled = 0;
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
  filled = 0;
  for (int i = 0; i < 10; i++) {
    digitalWrite(LED_BUILTIN, i % 2 ? HIGH : LOW);
    delay(100);
  }
  next_sample_us = micros();
}
