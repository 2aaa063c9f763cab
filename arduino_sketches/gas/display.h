// What to do and what was smelt: on the Wio Terminal's screen; on the Nano the LED is on while the
// sensor belongs over the drink, and the rest stands in the serial monitor. Nothing here waits.
#pragma once
#include <Arduino.h>

#if defined(WIO_TERMINAL) || defined(SEEED_WIO_TERMINAL)
#include <TFT_eSPI.h>
#define HAS_SCREEN 1
static TFT_eSPI tft;
#endif

static void display_begin() {
  pinMode(LED_BUILTIN, OUTPUT);
  digitalWrite(LED_BUILTIN, LOW);
#ifdef HAS_SCREEN
  pinMode(WIO_KEY_C, INPUT_PULLUP);
  tft.begin();
  tft.setRotation(3);
  tft.fillScreen(TFT_BLACK);
  tft.setTextSize(2);
  tft.setTextColor(TFT_LIGHTGREY);
  tft.drawString("gas", 20, 20);
#endif
}

static bool button_pressed() {
#ifdef HAS_SCREEN
  return digitalRead(WIO_KEY_C) == LOW;
#else
  return false;
#endif
}

// Where the sensor belongs now, and for how many seconds more.
static void display_phase(const char *where, int seconds) {
  digitalWrite(LED_BUILTIN, where[0] == 'o' ? HIGH : LOW);
#ifdef HAS_SCREEN
  char text[16];
  snprintf(text, sizeof text, "%d s", seconds);
  tft.fillRect(20, 60, 280, 50, TFT_BLACK);
  tft.setTextSize(2);
  tft.setTextColor(TFT_LIGHTGREY);
  tft.drawString(where, 20, 60);
  tft.drawString(text, 20, 86);
#else
  (void)seconds;
#endif
}

static void display_answer(const char *network, const char *tree) {
#ifdef HAS_SCREEN
  tft.fillRect(20, 120, 280, 110, TFT_BLACK);
  tft.setTextSize(5);
  tft.setTextColor(TFT_GREEN);
  tft.drawString(network, 20, 120);
  tft.setTextSize(2);
  tft.setTextColor(TFT_LIGHTGREY);
  tft.drawString("the tree says", 20, 180);
  tft.drawString(tree, 20, 206);
#else
  (void)network;
  (void)tree;
#endif
}
