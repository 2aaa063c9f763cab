// Listens for "yes" and "no". Every 20 ms a hop of sound becomes a row of log-mel features; three
// times a second the network looks at the last second of rows, unless nobody makes a sound; a
// keyword lights the LED and goes out as one line:
//   time_ms:5760,class:0,latency_us:40652
// The protocol: docs/serial_protocol.md. Board, libraries, what to see: README.md in this folder.
#include "display.h"
#include "keywords.h"
#include "keywords_ears.h"
#include "keywords_stream.h"
#include "message.h"
#include "rest.h"
#include "sound.h"

static const uint32_t HOP_MS = 1000UL * KEYWORDS_EARS_HOP / KEYWORDS_EARS_SAMPLE_RATE_HZ;

static int16_t hop[KEYWORDS_EARS_HOP];
static uint32_t hops = 0;  // the time of what is heard, in units of 20 ms

void setup() {
  Serial.begin(115200);
  const uint32_t start_ms = millis();
  while (!Serial && millis() - start_ms < 2000) {
  }  // a board on a battery has nobody to wait for
  Serial.println("# keywords 1 " SKETCH_BOARD);
  display_begin();
  watchdog_begin();
  while (!sound_begin()) fail("the microphone does not answer");
}

void loop() {
  display_update();
  watchdog_kick();
  if (!sound_read(hop, KEYWORDS_EARS_HOP)) {
    rest();  // nothing to do until more sound is there
    return;
  }
  hops++;
  count_lost();

  const int8_t *rows = keywords_ears_push(hop);
  if (!keywords_stream_is_due(rows)) return;
  int8_t scores[KEYWORDS_OUTPUT_SIZE];
  const uint32_t start_us = micros();
  keywords_invoke(rows, scores);
  const uint32_t latency_us = micros() - start_us;
  const int32_t keyword = keywords_stream_decide(scores);
  if (keyword != KEYWORDS_STREAM_NO_KEYWORD) report(keyword, latency_us);
}

void report(int32_t keyword, uint32_t latency_us) {
  display_show(keyword);
  message.print("time_ms:");
  message.print(hops * HOP_MS);
  message.print(",class:");
  message.print((int)keyword);
  message.print(",latency_us:");
  message.println(latency_us);
  message.send();
}

void count_lost() {
  static uint32_t lost = 0;
  const uint32_t more = sound_lost();
  if (more == 0) return;
  lost += more;
  message.print("# sound was lost: the board does not keep up; samples lost so far: ");
  message.println(lost);
  message.send();
}

// Says once a second what is wrong, with a fast blink.
void fail(const char *reason) {
  message.print("# error ");
  message.println(reason);
  message.send();
  watchdog_kick();
  for (int i = 0; i < 10; i++) {
    digitalWrite(LED_BUILTIN, i % 2 ? HIGH : LOW);
    delay(100);
  }
}
