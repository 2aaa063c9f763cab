// Shows what was seen: on the Wio Terminal's screen in words; on the Nano the LED is on while a gesture
// is being taken, then flashes as often as the class's number says (none for the first class).
// display_update() makes the LED flash and is called in every loop(): nothing here waits.
#pragma once
#include <Arduino.h>

#if defined(WIO_TERMINAL) || defined(SEEED_WIO_TERMINAL)
#include <TFT_eSPI.h>
#define HAS_SCREEN 1
static TFT_eSPI tft;
#endif

static const uint32_t FLASH_MS = 150;
static int flashes_left = 0;
static uint32_t flash_since_ms = 0;
static bool is_taking = false;

#ifdef HAS_SCREEN
static void display_words(const char *words, uint16_t color) {
  const int fitting = 280 / (6 * (int)strlen(words));  // letters are 6 dots wide at size 1
  tft.fillRect(20, 90, 280, 60, TFT_BLACK);
  tft.setTextSize((uint8_t)(fitting > 6 ? 6 : fitting < 1 ? 1 : fitting));
  tft.setTextColor(color);
  tft.drawString(words, 20, 90);
}
#endif

static void display_begin() {
  pinMode(LED_BUILTIN, OUTPUT);
  digitalWrite(LED_BUILTIN, LOW);
#ifdef HAS_SCREEN
  tft.begin();
  tft.setRotation(3);
  tft.fillScreen(TFT_BLACK);
  tft.setTextSize(2);
  tft.setTextColor(TFT_LIGHTGREY);
  tft.drawString("gestures", 20, 20);
  display_words("ready", TFT_LIGHTGREY);
#endif
}

static void display_begun() {
  is_taking = true;
  flashes_left = 0;
#ifdef HAS_SCREEN
  display_words("...", TFT_LIGHTGREY);
#endif
}

static void display_answer(const char *name, int index) {
  is_taking = false;
  flashes_left = index;
  flash_since_ms = millis();
#ifdef HAS_SCREEN
  display_words(name, index == 0 ? TFT_LIGHTGREY : TFT_GREEN);
#else
  (void)name;
#endif
}

static void display_update() {
  const uint32_t since_ms = millis() - flash_since_ms;
  if (flashes_left > 0 && since_ms >= 2 * FLASH_MS) {
    flashes_left--;
    flash_since_ms += 2 * FLASH_MS;
  }
  const bool is_flashing = flashes_left > 0 && millis() - flash_since_ms >= FLASH_MS;
  digitalWrite(LED_BUILTIN, is_taking || is_flashing ? HIGH : LOW);
}
