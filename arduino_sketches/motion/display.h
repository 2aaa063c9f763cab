// Shows the class: the LED on both boards, and words on the Wio Terminal's screen.
// display_update() makes the LED blink and is called in every loop(): nothing here waits.
#pragma once
#include <Arduino.h>

#if defined(WIO_TERMINAL) || defined(SEEED_WIO_TERMINAL)
#include <TFT_eSPI.h>
#define HAS_SCREEN 1
static TFT_eSPI tft;
#endif

enum MotionClass { MOTION_STILL = 0, MOTION_WALK = 1, MOTION_RUN = 2 };  // the model's order

static const uint32_t BLINK_MS = 125;
static MotionClass shown = MOTION_STILL;

static void display_begin() {
  pinMode(LED_BUILTIN, OUTPUT);
  digitalWrite(LED_BUILTIN, LOW);
#ifdef HAS_SCREEN
  tft.begin();
  tft.setRotation(3);
  tft.fillScreen(TFT_BLACK);
  tft.setTextSize(2);
  tft.setTextColor(TFT_LIGHTGREY);
  tft.drawString("motion", 20, 20);
#endif
}

static void display_show(const char *name, MotionClass motion_class) {
#ifdef HAS_SCREEN
  static bool has_drawn = false;
  if (!has_drawn || motion_class != shown) {
    tft.fillRect(20, 90, 280, 60, TFT_BLACK);
    tft.setTextSize(6);
    tft.setTextColor(motion_class == MOTION_RUN ? TFT_RED : TFT_GREEN);
    tft.drawString(name, 20, 90);
    has_drawn = true;
  }
#else
  (void)name;
#endif
  shown = motion_class;
}

static void display_update() {
  const bool blink = (millis() / BLINK_MS) % 2;
  const bool on = shown == MOTION_WALK || (shown == MOTION_RUN && blink);
  digitalWrite(LED_BUILTIN, on ? HIGH : LOW);
}
