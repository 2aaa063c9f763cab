// Still, walk or run, as the sketch motion, with TensorFlow Lite Micro as interpreter: the same model,
// the same preprocessing, the same lines, so that the two can be compared.
//   # arena 1540 of 2416 bytes used
//   window:7,class:1,still:0.0000,walk:0.9961,run:0.0000,latency_us:...
// The protocol: docs/serial_protocol.md. Board, library, what to see: README.md in this folder.
#include <TensorFlowLite.h>

#include "message.h"
#include "motion_model_data.h"
#include "motion_preprocess.h"
#include "rest.h"
#include "sensor.h"
#include "sensor_check.h"
#include "tensorflow/lite/micro/micro_interpreter.h"
#include "tensorflow/lite/micro/micro_mutable_op_resolver.h"
#include "tensorflow/lite/schema/schema_generated.h"

static const uint32_t PERIOD_US = 1000000 / MOTION_SAMPLE_RATE_HZ;
static const int HOP = MOTION_WINDOW / 2;  // new samples between two inferences

alignas(16) static uint8_t arena[MOTION_ARENA_BYTES];
static tflite::MicroMutableOpResolver<MOTION_OPERATOR_COUNT> resolver;  // the model's operators only
static tflite::MicroInterpreter *interpreter = nullptr;

static float samples[MOTION_WINDOW][MOTION_CHANNELS];  // in g, the oldest first
static int filled = 0;
static uint32_t windows = 0;
static uint32_t next_sample_us;
static uint32_t lost = 0;  // samples that were due while the board was busy

void setup() {
  pinMode(LED_BUILTIN, OUTPUT);
  Serial.begin(115200);
  const uint32_t start_ms = millis();
  while (!Serial && millis() - start_ms < 2000) {
  }  // a board on a battery has nobody to wait for
  Serial.println("# motion_tflm 1 " SKETCH_BOARD);

  const tflite::Model *model = tflite::GetModel(motion_model);
  while (model->version() != TFLITE_SCHEMA_VERSION) fail("the model has another schema version");
  MOTION_ADD_OPERATORS(resolver);
  static tflite::MicroInterpreter the_interpreter(model, resolver, arena, sizeof arena);
  interpreter = &the_interpreter;
  while (interpreter->AllocateTensors() != kTfLiteOk) fail("the arena is too small");
  Serial.print("# arena ");
  Serial.print((unsigned long)interpreter->arena_used_bytes());
  Serial.print(" of ");
  Serial.print((unsigned long)sizeof arena);
  Serial.println(" bytes used");

  watchdog_begin();
  while (!sensor_begin()) fail("the accelerometer does not answer");
  next_sample_us = micros();
}

void loop() {
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
  motion_preprocess(samples[0], interpreter->input(0)->data.int8);
  const uint32_t start_us = micros();
  const TfLiteStatus status = interpreter->Invoke();
  const uint32_t latency_us = micros() - start_us;
  if (status != kTfLiteOk) {
    Serial.println("# error Invoke failed");
    return;
  }

  const int8_t *output = interpreter->output(0)->data.int8;
  int best = 0;
  for (int c = 1; c < MOTION_CLASS_COUNT; c++) {
    if (output[c] > output[best]) best = c;
  }
  message.print("window:");
  message.print(windows++);
  message.print(",class:");
  message.print(best);
  for (int c = 0; c < MOTION_CLASS_COUNT; c++) {
    message.print(",");
    message.print(motion_class_names[c]);
    message.print(":");
    message.print((output[c] - MOTION_OUTPUT_ZERO_POINT) * MOTION_OUTPUT_SCALE, 4);
  }
  message.print(",latency_us:");
  message.println(latency_us);
  message.send();
  digitalWrite(LED_BUILTIN, best == 1 ? HIGH : LOW);  // walking
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
