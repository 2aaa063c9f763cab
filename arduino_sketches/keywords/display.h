// Shows the keyword for a second: the Nano's colour LED, green for yes and red for no; the Wio
// Terminal's LED and the word on its screen. display_update() is called in every loop().
#pragma once
#include <Arduino.h>

#if defined(WIO_TERMINAL) || defined(SEEED_WIO_TERMINAL)
#include <TFT_eSPI.h>
#define HAS_SCREEN 1
static TFT_eSPI tft;
#endif

enum KeywordClass { KEYWORD_YES = 0, KEYWORD_NO = 1 };  // the model's order

static const uint32_t SHOW_MS = 1000;
static bool is_shown = false;
static uint32_t shown_ms;

static void display_light(bool on, bool is_yes) {
  digitalWrite(LED_BUILTIN, on ? HIGH : LOW);
#ifdef HAS_SCREEN
  tft.fillRect(20, 90, 280, 60, TFT_BLACK);
  if (on) {
    tft.setTextColor(is_yes ? TFT_GREEN : TFT_RED);
    tft.drawString(is_yes ? "yes" : "no", 20, 90);
  }
#else
  digitalWrite(LEDG, on && is_yes ? LOW : HIGH);  // active low
  digitalWrite(LEDR, on && !is_yes ? LOW : HIGH);
#endif
}

static void display_begin() {
  pinMode(LED_BUILTIN, OUTPUT);
#ifdef HAS_SCREEN
  tft.begin();
  tft.setRotation(3);
  tft.fillScreen(TFT_BLACK);
  tft.setTextSize(2);
  tft.setTextColor(TFT_LIGHTGREY);
  tft.drawString("say yes or no", 20, 20);
  tft.setTextSize(6);
#else
  pinMode(LEDR, OUTPUT);
  pinMode(LEDG, OUTPUT);
#endif
  display_light(false, false);
}

static void display_show(int32_t keyword) {
  display_light(true, keyword == KEYWORD_YES);
  is_shown = true;
  shown_ms = millis();
}

static void display_update() {
  if (is_shown && millis() - shown_ms >= SHOW_MS) {
    is_shown = false;
    display_light(false, false);
  }
}
