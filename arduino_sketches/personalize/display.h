// Shows the answer: the LED on both boards, off for the first class, on for the second, blinking for
// the third; on the Wio Terminal's screen in words, with what the shipped weights say, and how many labels
// each class has. display_update() makes the LED blink and is called in every loop(): nothing waits.
#pragma once
#include <Arduino.h>

#include "personalize_head.h"

#if defined(WIO_TERMINAL) || defined(SEEED_WIO_TERMINAL)
#include <TFT_eSPI.h>
#define HAS_SCREEN 1
static TFT_eSPI tft;
#endif

static const uint32_t BLINK_MS = 125;
static const char *const *display_names;
static int shown = 0;

static void display_begin(const char *const *names) {
  display_names = names;
  pinMode(LED_BUILTIN, OUTPUT);
  digitalWrite(LED_BUILTIN, LOW);
#ifdef HAS_SCREEN
  tft.begin();
  tft.setRotation(3);
  tft.fillScreen(TFT_BLACK);
  tft.setTextSize(2);
  tft.setTextColor(TFT_LIGHTGREY);
  for (int c = 0; c < PERSONALIZE_HEAD_CLASSES; c++) {  // below the keys on top
    tft.drawString(names[c], (int16_t)(20 + 100 * c), 10);
  }
#endif
}

// How many labels each class has.
static void display_labels(const uint16_t *seen) {
#ifdef HAS_SCREEN
  tft.fillRect(20, 34, 300, 20, TFT_BLACK);
  tft.setTextSize(2);
  tft.setTextColor(TFT_CYAN);
  for (int c = 0; c < PERSONALIZE_HEAD_CLASSES; c++) {
    char text[8];
    snprintf(text, sizeof text, "%u", (unsigned)seen[c]);
    tft.drawString(text, (int16_t)(20 + 100 * c), 34);
  }
#else
  (void)seen;
#endif
}

static void display_show(int index, int as_shipped) {
#ifdef HAS_SCREEN
  static int before = -1, shipped_before = -1;
  if (index != before || as_shipped != shipped_before) {
    const char *name = display_names[index];
    const int fitting = 280 / (6 * (int)strlen(name));  // letters are 6 dots wide at size 1
    tft.fillRect(20, 90, 300, 130, TFT_BLACK);
    tft.setTextSize((uint8_t)(fitting > 6 ? 6 : fitting < 1 ? 1 : fitting));
    tft.setTextColor(TFT_GREEN);
    tft.drawString(name, 20, 90);
    tft.setTextSize(2);
    tft.setTextColor(TFT_LIGHTGREY);
    tft.drawString("as shipped:", 20, 170);
    tft.drawString(display_names[as_shipped], 20, 196);
    before = index;
    shipped_before = as_shipped;
  }
#else
  (void)as_shipped;
#endif
  shown = index;
}

static void display_update() {
  const bool on = shown == 2 ? (millis() / BLINK_MS) % 2 : shown > 0;
  digitalWrite(LED_BUILTIN, on ? HIGH : LOW);
}
