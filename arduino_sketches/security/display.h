// Shows the class, or that the model is refused: the LED on both boards, and words on the Wio
// Terminal's screen. The LED is off for the first class, on for the second, blinks for the third, and
// for each further one it flashes as often as the class's number says, then pauses; it blinks fast
// while the model is refused. display_update() is called in every loop(): nothing here waits.
#pragma once
#include <Arduino.h>

#if defined(WIO_TERMINAL) || defined(SEEED_WIO_TERMINAL)
#include <TFT_eSPI.h>
#define HAS_SCREEN 1
static TFT_eSPI tft;
#endif

static const uint32_t BLINK_MS = 125;
static const uint32_t ALARM_MS = 50;
static const uint32_t PAUSE_MS = 1000;  // between two groups of flashes
static const int REFUSED = -1;
static const int READY = -2;  // a model is at work, and no window was classified yet
static int shown = READY;

static void display_begin() {
  pinMode(LED_BUILTIN, OUTPUT);
  digitalWrite(LED_BUILTIN, LOW);
#ifdef HAS_SCREEN
  tft.begin();
  tft.setRotation(3);
  tft.fillScreen(TFT_BLACK);
  tft.setTextSize(2);
  tft.setTextColor(TFT_LIGHTGREY);
  tft.drawString("security", 20, 20);
#endif
}

// index: of the class, or REFUSED, or READY.
static void display_show(const char *name, int index) {
#ifdef HAS_SCREEN
  static const uint16_t colors[] = {TFT_GREEN,  TFT_GREEN,   TFT_BLUE,   TFT_CYAN,
                                    TFT_YELLOW, TFT_MAGENTA, TFT_ORANGE, TFT_WHITE};
  static bool has_drawn = false;
  if (!has_drawn || index != shown) {
    const int fitting = 280 / (6 * (int)strlen(name));  // letters are 6 dots wide at size 1
    tft.fillRect(20, 90, 280, 60, TFT_BLACK);
    tft.setTextSize((uint8_t)(fitting > 6 ? 6 : fitting < 1 ? 1 : fitting));
    tft.setTextColor(index == REFUSED ? TFT_RED : index < 0 ? TFT_LIGHTGREY : colors[index % 8]);
    tft.drawString(name, 20, 90);
    has_drawn = true;
  }
#else
  (void)name;
#endif
  shown = index;
}

// The line below: the version of the model, or what became of an update.
static void display_note(const char *text, uint32_t version) {
#ifdef HAS_SCREEN
  tft.fillRect(20, 190, 300, 20, TFT_BLACK);
  tft.setTextSize(2);
  tft.setTextColor(TFT_LIGHTGREY);
  tft.drawString(text, 20, 190);
  if (version > 0) tft.drawNumber((long)version, 20 + 12 * ((int)strlen(text) + 1), 190);
#else
  (void)text;
  (void)version;
#endif
}

static void display_update() {
  bool on = shown > 0;
  if (shown == REFUSED) on = (millis() / ALARM_MS) % 2;
  if (shown == 2) on = (millis() / BLINK_MS) % 2;
  if (shown > 2) {
    const uint32_t flashes_ms = 2 * BLINK_MS * (uint32_t)shown;
    const uint32_t at_ms = millis() % (flashes_ms + PAUSE_MS);
    on = at_ms < flashes_ms && (at_ms / BLINK_MS) % 2 == 0;
  }
  digitalWrite(LED_BUILTIN, on ? HIGH : LOW);
}
