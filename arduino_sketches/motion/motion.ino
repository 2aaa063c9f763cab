// Still, walk or run? Samples the accelerometer 50 times a second, classifies the last two seconds
// once a second, and shows the class: LED off for still, on for walk, blinking for run; on a Wio
// Terminal also in words. One line an inference:
//   window:7,class:1,still:0.0000,walk:0.9961,run:0.0000,latency_us:65
// The protocol: docs/serial_protocol.md. Board, libraries, what to see: README.md in this folder.
#include "display.h"
#include "motion_classify.h"
#include "sensor.h"

static const uint32_t PERIOD_US = 1000000 / MOTION_SAMPLE_RATE_HZ;
static const int HOP = MOTION_WINDOW / 2;  // new samples between two inferences

static float samples[MOTION_WINDOW][MOTION_CHANNELS];  // in g, the oldest first
static int filled = 0;
static uint32_t windows = 0;
static uint32_t next_sample_us;

void setup() {
  Serial.begin(115200);
  const uint32_t start_ms = millis();
  while (!Serial && millis() - start_ms < 2000) {
  }  // a board on a battery has nobody to wait for
  Serial.println("# motion 1 " BOARD_NAME);
  display_begin();
  while (!sensor_begin()) fail("the accelerometer does not answer");
  next_sample_us = micros();
}

void loop() {
  display_update();
  if ((int32_t)(micros() - next_sample_us) < 0) return;
  next_sample_us += PERIOD_US;

  if (!sensor_read(samples[filled])) return;
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

  display_show(motion_class_names[best], (MotionClass)best);
  Serial.print("window:");
  Serial.print(windows++);
  Serial.print(",class:");
  Serial.print(best);
  for (int c = 0; c < MOTION_CLASSES; c++) {
    Serial.print(",");
    Serial.print(motion_class_names[c]);
    Serial.print(":");
    Serial.print(scores[c], 4);
  }
  Serial.print(",latency_us:");
  Serial.println(latency_us);
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
