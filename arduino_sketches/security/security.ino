// Still, walk or run, by a model that is checked before it is believed. At the start the board computes
// the HMAC of the model in its flash with its key, and runs the model only if the tag is right; otherwise
// the LED blinks fast and a line says why. A new model may come as a line of text: it needs a right tag
// and a higher version.
//   check:0,version:1,bytes:1180,check_us:2112
//   window:7,class:1,still:0.0000,walk:0.9961,run:0.0000,latency_us:202
//   update:4,version:0,bytes:1180,check_us:2112
// The protocol: docs/serial_protocol.md. Board, libraries, what to see: README.md in this folder.
#include "display.h"
#include "line.h"
#include "message.h"
#include "rest.h"
#include "security_image.h"
#include "security_key.h"
#include "security_preprocess.h"
#include "sensor.h"
#include "sensor_check.h"
#include "store.h"

static const uint32_t PERIOD_US = 1000000 / SECURITY_SAMPLE_RATE_HZ;
static const int HOP = SECURITY_WINDOW / 2;  // new samples between two inferences

static const uint8_t *model = nullptr;  // the image at work; none is refused
static uint8_t installed[LINE_MOST_BYTES] __attribute__((aligned(4)));  // an update, once checked
static int stored_place = STORED_PLACES - 1;  // where the newest update lies: the next goes elsewhere
static int refusal = SECURITY_GOOD;
static uint32_t said_ms = 0;      // when the refusal was said last
static bool has_said = false;

static float samples[SECURITY_WINDOW][SECURITY_CHANNELS];  // in g, the oldest first
static int filled = 0;
static uint32_t windows = 0;
static uint32_t next_sample_us;
static uint32_t lost = 0;  // samples that were due while the board was busy

void setup() {
  Serial.begin(115200);
  const uint32_t start_ms = millis();
  while (!Serial && millis() - start_ms < 2000) {
  }  // a board on a battery has nobody to wait for
  Serial.println("# security 1 " SKETCH_BOARD);
  if (SECURITY_KEY_IS_EXAMPLE) {
    Serial.println("# the key is the course's example: whoever can read can sign");
  }
  display_begin();
  watchdog_begin();
  choose_model();
  while (!sensor_begin()) fail("the accelerometer does not answer");
  next_sample_us = micros();
}

void loop() {
  while (Serial.available() > 0) answer(line_take((char)Serial.read()));
  display_update();
  if (model == nullptr) return refuse();
  if (rest_until(next_sample_us)) return;
  count_lost();
  next_sample_us += PERIOD_US;

  if (!sensor_read(samples[filled])) return fail("the accelerometer does not answer");
  if (const char *doubt = sensor_doubt(samples[filled])) return fail(doubt);
  filled++;
  if (filled == SECURITY_WINDOW) {
    classify();
    memmove(samples, samples[HOP], (SECURITY_WINDOW - HOP) * sizeof samples[0]);
    filled -= HOP;
  }
}

// The newest of what was shipped and what was stored, if its tag is right.
void choose_model() {
  refusal = check("check:", security_sealed, SECURITY_SEALED_BYTES, 0);
  if (refusal == SECURITY_GOOD) model = security_sealed;
  for (int place = 0; place < STORED_PLACES; place++) {
    const uint32_t bytes = store_load(place, line_image);
    if (bytes == 0 || check("check:", line_image, bytes, newest()) != SECURITY_GOOD) continue;
    memcpy(installed, line_image, bytes);
    model = installed;
    stored_place = place;
  }
  show_model();
}

// The smallest version that may come next.
uint32_t newest() { return model ? security_version(model) : SECURITY_VERSION; }

// Checks an image and prints a record; the status.
int check(const char *name, const uint8_t *image, uint32_t bytes, uint32_t least_version) {
  const uint32_t start_us = micros();
  const int status = security_check(image, bytes, security_key, least_version);
  const uint32_t check_us = micros() - start_us;
  print_value(name, (uint32_t)status);
  print_value(",version:", status == SECURITY_GOOD ? security_version(image) : 0);
  print_value(",bytes:", bytes);
  print_value(",check_us:", check_us);
  message.println();
  message.send();
  return status;
}

void answer(Line line) {
  if (line == LINE_UPDATE) {
    update();
  } else if (line == LINE_QUESTION) {
    print_value("version:", model ? security_version(model) : 0);
    print_value(",refused:", (uint32_t)refusal);
    message.println();
    message.send();
  } else if (line == LINE_WRONG_UPDATE) {
    Serial.println("# error an update has two hexadecimal digits for each of at most 2048 bytes");
  } else if (line == LINE_UNKNOWN) {
    Serial.println("# error unknown command: send ? or u and an image");
  }
}

// A model from outside: nothing of it is used before its tag and its version are right. The version at
// work must be exceeded: the same again is a replay, a smaller one a way back to an old fault. Nothing
// exceeds the greatest number: one more would be 0, and all that is old would be new.
void update() {
  const bool must_exceed = model && newest() < UINT32_MAX;
  const int status = check("update:", line_image, line_bytes, newest() + (must_exceed ? 1 : 0));
  if (status != SECURITY_GOOD) {
    message.print("# update refused: ");
    message.println(security_reason(status));
    message.send();
    display_note("update refused", 0);
    return;
  }
  memcpy(installed, line_image, line_bytes);
  model = installed;
  refusal = SECURITY_GOOD;
  stored_place = (stored_place + 1) % STORED_PLACES;
  if (!store_save(stored_place, installed, line_bytes)) {
    Serial.println("# error the flash does not keep it: the update goes with the power");
  }
  filled = 0;
  next_sample_us = micros();
  show_model();
}

void show_model() {
  if (model) {
    display_show("ready", READY);
    display_note("model", security_version(model));
  } else {
    display_show("refused", REFUSED);
  }
}

// Without a model: says once a second why, and waits for a better one.
void refuse() {
  watchdog_kick();
  if (has_said && millis() - said_ms < 1000) return rest();
  has_said = true;
  said_ms = millis();
  message.print("# error the model is refused: ");
  message.println(security_reason(refusal));
  message.send();
}

void classify() {
  int8_t input[SECURITY_INPUT_SIZE];
  int8_t output[SECURITY_OUTPUT_SIZE];
  float scores[SECURITY_CLASSES];
  security_preprocess(samples[0], input);
  const uint32_t start_us = micros();
  security_run(model, input, output);
  const uint32_t latency_us = micros() - start_us;
  const int best = security_read_output(output, scores);

  display_show(security_class_names[best], best);
  print_value("window:", windows++);
  print_value(",class:", (uint32_t)best);
  for (int c = 0; c < SECURITY_CLASSES; c++) {
    message.print(",");
    message.print(security_class_names[c]);
    message.print(":");
    message.print(scores[c], 4);
  }
  print_value(",latency_us:", latency_us);
  message.println();
  message.send();
}

void print_value(const char *name, uint32_t value) {
  message.print(name);
  message.print(value);
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
