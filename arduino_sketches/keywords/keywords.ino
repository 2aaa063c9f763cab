// Listens for "yes" and "no". Every 20 ms a hop of sound becomes a row of log-mel features; three
// times a second the network looks at the last second of rows, unless nobody makes a sound; a
// keyword lights the LED and goes out as one line:
//   time_ms:5760,class:0,latency_us:40652
// The protocol: docs/serial_protocol.md. Board, libraries, what to see: README.md in this folder.
#include "display.h"
#include "keywords.h"
#include "keywords_ears.h"
#include "keywords_stream.h"
#include "sound.h"

static const uint32_t HOP_MS = 1000UL * KEYWORDS_EARS_HOP / KEYWORDS_EARS_SAMPLE_RATE_HZ;

static int16_t hop[KEYWORDS_EARS_HOP];
static uint32_t hops = 0;  // the time of what is heard, in units of 20 ms

void setup() {
  Serial.begin(115200);
  const uint32_t start_ms = millis();
  while (!Serial && millis() - start_ms < 2000) {
  }  // a board on a battery has nobody to wait for
  Serial.println("# keywords 1 " BOARD_NAME);
  display_begin();
  while (!sound_begin()) fail("the microphone does not answer");
}

void loop() {
  display_update();
  if (!sound_read(hop, KEYWORDS_EARS_HOP)) {
    delay(1);  // nothing to do until more sound is there: the processor may rest
    return;
  }
  hops++;
  if (sound_lost() != 0) Serial.println("# sound was lost: the board does not keep up");

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
  Serial.print("time_ms:");
  Serial.print(hops * HOP_MS);
  Serial.print(",class:");
  Serial.print((int)keyword);
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
