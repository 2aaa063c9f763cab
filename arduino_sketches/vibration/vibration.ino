// Is this machine as it was? Takes windows of a second from the accelerometer, at the sensor's own
// rate, and learns the first minute as "healthy". From then on it says how far each second strays.
// What it learnt it keeps without power: it learns anew only when it is told to.
// LED: blinking slowly while it learns, off while all is as it was, on for an alarm.
//   learning:12,of:60,speed:0
//   window:60,speed:0,deviation:0.4312,median:0.2210,alarm:0,latency_us:9120
// Send `l` to learn a further speed of the same machine, `f` to forget all and begin anew, `r` to have
// every sample printed as well, for recordings of your own, and `r` again to end that. Without a
// computer: hold the Wio's key C, or D5 to GND on a Nano, while the board starts, and it forgets all.
// The protocol: docs/serial_protocol.md. Mounting, libraries, what to see: README.md in this folder.
#include "message.h"
#include "rest.h"
#include "sensor.h"
#include "sensor_check.h"
#include "storage.h"
#include "vibration_detect.h"

static const uint32_t PERIOD_US = 1000000 / VIBRATION_SAMPLE_RATE_HZ;
static const uint32_t SILENT_US = 100000;  // twelve samples: a sensor that lives is never so late
#if defined(WIO_TERMINAL) || defined(SEEED_WIO_TERMINAL)
static const int FORGET_KEY = WIO_KEY_C;
#else
static const int FORGET_KEY = 5;
#endif

static float samples[VIBRATION_WINDOW][VIBRATION_CHANNELS];  // in g
static int filled = 0;
static uint32_t last_sample_us;
static uint32_t windows = 0;

static Known known;  // the centres, one a speed
static float healthy[VIBRATION_COMMISSIONING][VIBRATION_FEATURES];
static int learnt = 0;
static bool is_learning = true;

static bool is_recording = false;

static float recent[VIBRATION_MEDIAN_OF];  // the newest deviations
static int seen = 0;

void setup() {
  Serial.begin(115200);
  const uint32_t start_ms = millis();
  while (!Serial && millis() - start_ms < 2000) {
  }  // a board on a battery has nobody to wait for
  Serial.println("# vibration 1 " SKETCH_BOARD);
  pinMode(LED_BUILTIN, OUTPUT);
  digitalWrite(LED_BUILTIN, LOW);
  recall();
  watchdog_begin();
  while (!sensor_begin()) fail("the accelerometer does not answer");
  if (is_learning) say_learning();
  last_sample_us = micros();
}

void loop() {
  listen();
  if (!sensor_has_news()) {
    if (micros() - last_sample_us > SILENT_US) return fail("the accelerometer has gone silent");
    watchdog_kick();
    rest();
    return;
  }
  const uint32_t now_us = micros();
  const bool is_late = now_us - last_sample_us > PERIOD_US + 3 * PERIOD_US / 4;
  last_sample_us = now_us;
  if (!sensor_read(samples[filled])) return fail("the accelerometer does not answer");
  if (const char *doubt = sensor_doubt(samples[filled])) return fail(doubt);
  if (is_late) {  // samples are gone, and nobody knows how old this one is
    if (filled > 0) Serial.println("# samples lost: this window begins anew");
    filled = 0;
    return;
  }
  if (is_recording) print_sample(samples[filled]);
  if (++filled < VIBRATION_WINDOW) return;
  filled = 0;

  float features[VIBRATION_FEATURES];
  const uint32_t start_us = micros();
  vibration_features(samples[0], features);
  if (is_learning) {
    learn(features);
  } else {
    judge(features, start_us);
  }
}

// A healthy window more; after a minute of them the installation is known at this speed.
void learn(const float *features) {
  memcpy(healthy[learnt++], features, sizeof healthy[0]);
  digitalWrite(LED_BUILTIN, learnt % 2 ? HIGH : LOW);
  print_value("learning:", learnt);
  print_value(",of:", VIBRATION_COMMISSIONING);
  print_value(",speed:", known.speeds);
  message.println();
  message.send();
  windows++;
  if (learnt < VIBRATION_COMMISSIONING) return;
  vibration_commission(healthy[0], learnt, &known.centres[known.speeds++]);
  store("# stored; speeds: ");
  learnt = 0;
  seen = 0;
  is_learning = false;
  digitalWrite(LED_BUILTIN, LOW);
}

// How far this window strays from the speed that it is nearest to, and the last five together.
void judge(const float *features, uint32_t start_us) {
  int nearest = 0;
  float deviation = 0;
  for (int s = 0; s < known.speeds; s++) {
    const float one = vibration_deviation(&known.centres[s], features);
    if (s == 0 || one < deviation) {
      deviation = one;
      nearest = s;
    }
  }
  const uint32_t latency_us = micros() - start_us;
  recent[seen++ % VIBRATION_MEDIAN_OF] = deviation;
  const int count = seen < VIBRATION_MEDIAN_OF ? seen : VIBRATION_MEDIAN_OF;
  const float median = vibration_median(recent, count);
  // four windows and fewer say too little
  const bool alarm = count == VIBRATION_MEDIAN_OF && median >= VIBRATION_LIMIT;
  digitalWrite(LED_BUILTIN, alarm ? HIGH : LOW);

  print_value("window:", windows++);
  print_value(",speed:", nearest);
  message.print(",deviation:");
  message.print(deviation, 4);
  message.print(",median:");
  message.print(median, 4);
  print_value(",alarm:", alarm);
  print_value(",latency_us:", latency_us);
  message.println();
  message.send();
}

// `l` learns a further speed, `f` forgets all of them, `r` begins or ends a recording.
void listen() {
  while (Serial.available() > 0) {
    const int said = Serial.read();
    if (said == 'r') is_recording = !is_recording;
    if (said != 'l' && said != 'f') continue;
    if (said == 'f') forget();
    if (known.speeds == MOST_SPEEDS) {
      Serial.println("# four speeds are known, no more fit: send f to forget them");
      continue;
    }
    is_learning = true;
    learnt = filled = 0;
    say_learning();
  }
}

// What was learnt before the power went. Whoever holds the key wants it forgotten.
void recall() {
  pinMode(FORGET_KEY, INPUT_PULLUP);
  delay(1);  // a pin takes a moment to rise
  const bool is_known = storage_load(&known) && known.speeds > 0;
  if (is_known && digitalRead(FORGET_KEY) == LOW) {
    forget();
  } else if (is_known) {
    say_known("# known from before; speeds: ");
  } else {
    Serial.println("# nothing stored");
  }
  is_learning = known.speeds == 0;
}

// Flash does not like to be written often: nothing is written where nothing was known.
void forget() {
  if (known.speeds == 0) return;
  memset(&known, 0, sizeof known);
  store("# forgotten; speeds: ");
}

void store(const char *begin) {
  say_known(storage_save(&known) ? begin : "# not stored, the flash did not take it; speeds: ");
}

void say_known(const char *begin) {
  print_value(begin, known.speeds);
  print_value(", sum ", storage_sum(&known));
  message.println();
  message.send();
}

void say_learning() {
  Serial.println("# learning: leave the machine as it is, healthy, for a minute");
}

void print_sample(const float *g) {
  static const char *const names[VIBRATION_CHANNELS] = {",ax_g:", ",ay_g:", ",az_g:"};
  print_value("t_ms:", millis());
  for (int axis = 0; axis < VIBRATION_CHANNELS; axis++) {
    message.print(names[axis]);
    message.print(g[axis], 5);
  }
  message.println();
  message.send();
}

void print_value(const char *name, uint32_t value) {
  message.print(name);
  message.print(value);
}

// Says once a second what is wrong, with a fast blink; what was sampled before is not judged.
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
  last_sample_us = micros() - 2 * PERIOD_US;  // the next one is late
}
