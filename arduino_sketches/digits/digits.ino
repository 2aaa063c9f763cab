// Which digit is it? Shows handwritten digits one after the other, and what the network says: on the
// Wio Terminal's screen, or green for right and red for wrong. A picture can also come from the
// computer, as one line. One line an inference goes back:
//   picture:4,label:7,class:7,latency_us:7030,q0:-126,q1:-127, ... q9:-124
// The protocol: docs/serial_protocol.md. Board, libraries, what to see: README.md in this folder.
#include "digits_classify.h"
#include "digits_pictures.h"
#include "display.h"
#include "line.h"
#include "message.h"
#include "rest.h"

static const uint32_t SHOW_MS = 2000;   // a picture of our own
static const uint32_t HOLD_MS = 10000;  // one that was sent: somebody looks at it
static const int NO_LABEL = -1;

static uint32_t next_ms;  // when the next picture of our own is due
static int next_picture = 0;

void setup() {
  Serial.begin(115200);
  const uint32_t start_ms = millis();
  while (!Serial && millis() - start_ms < 2000) {
  }  // a board on a battery has nobody to wait for
  Serial.println("# digits 1 " SKETCH_BOARD);
  display_begin();
  watchdog_begin();
  next_ms = millis();
}

void loop() {
  while (Serial.available() > 0) {
    const Line line = line_take((char)Serial.read());
    if (line != LINE_UNFINISHED) answer(line);
  }
  if (button_pressed() || (int32_t)(millis() - next_ms) >= 0) show_next();
  watchdog_kick();
  rest();  // nothing to do until then
}

void show_next() {
  print_value("picture:", next_picture);
  print_value(",label:", digits_labels[next_picture]);
  message.print(",");
  classify(digits_pictures[next_picture], digits_labels[next_picture]);
  next_picture = (next_picture + 1) % DIGITS_PICTURES;
  next_ms = millis() + SHOW_MS;
}

// To one line of the computer one line comes back.
void answer(Line line) {
  if (line == LINE_PICTURE) {
    long sum = 0;
    for (int i = 0; i < DIGITS_PIXELS; i++) sum += line_picture[i];
    print_value("sum:", sum);
    message.print(",");
    classify(line_picture, NO_LABEL);
    next_ms = millis() + HOLD_MS;
  } else if (line == LINE_SIZES) {
    print_value("rows:", DIGITS_WINDOW);
    print_value(",columns:", DIGITS_CHANNELS);
    message.println();
    message.send();
  } else if (line == LINE_WRONG_PICTURE) {
    print_value("# error a picture has two hexadecimal digits for each pixel, pixels wanted: ",
                DIGITS_PIXELS);
    message.println();
    message.send();
  } else {
    Serial.println("# error unknown command: send ? or p and a picture");
  }
}

void classify(const uint8_t *picture, int label) {
  static float window[DIGITS_PIXELS];
  int8_t input[DIGITS_INPUT_SIZE];
  int8_t output[DIGITS_OUTPUT_SIZE];
  float scores[DIGITS_CLASSES];
  for (int i = 0; i < DIGITS_PIXELS; i++) window[i] = (float)picture[i] / DIGITS_FULL_GREY;
  digits_preprocess(window, input);
  const uint32_t start_us = micros();
  digits_invoke(input, output);
  const uint32_t latency_us = micros() - start_us;
  const int best = digits_read_output(output, scores);

  print_value("class:", best);
  print_value(",latency_us:", (long)latency_us);
  for (int c = 0; c < DIGITS_CLASSES; c++) {
    print_value(",q", c);
    print_value(":", output[c]);
  }
  message.println();
  message.send();
  display_picture(picture);
  display_answer(scores, best, label);
}

void print_value(const char *name, long value) {
  message.print(name);
  message.print(value);
}
