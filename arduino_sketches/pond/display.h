// What the pond does and will do: on the Wio Terminal's screen; on the Nano the LED is on while there is
// an alarm, and the rest stands in the serial monitor. Nothing here waits.
#pragma once
#include <Arduino.h>

#include "alarms.h"

#if defined(WIO_TERMINAL) || defined(SEEED_WIO_TERMINAL)
#include <TFT_eSPI.h>
#define HAS_SCREEN 1
static TFT_eSPI tft;
static const char *const SHOWN_NAMES[POND_CHANNELS] = {"pH", "C", "O2", "NH3"};
static const int GRAPH_X = 10, GRAPH_Y = 118, GRAPH_W = 300, GRAPH_H = 84;
static const float GRAPH_TOP = 14.0f;  // mg/L of oxygen
#endif

static volatile bool was_pressed = false;  // since the last question: the sketch sleeps for seconds

static void display_begin() {
  pinMode(LED_BUILTIN, OUTPUT);
  digitalWrite(LED_BUILTIN, LOW);
#ifdef HAS_SCREEN
  pinMode(WIO_KEY_C, INPUT_PULLUP);
  attachInterrupt(digitalPinToInterrupt(WIO_KEY_C), [] { was_pressed = true; }, FALLING);
  tft.begin();
  tft.setRotation(3);
  tft.fillScreen(TFT_BLACK);
  tft.setTextSize(2);
  tft.setTextColor(TFT_LIGHTGREY);
  tft.drawString("pond", 10, 6);
#endif
}

static bool button_pressed() {
  const bool is_new = was_pressed;
  was_pressed = false;
  return is_new;
}

#ifdef HAS_SCREEN
static void show_number(float value, int channel, int x, int y, uint16_t color) {
  const int digits = channel == 3 ? 3 : channel == 1 ? 1 : 2;
  long scaled = 1;
  for (int i = 0; i < digits; i++) scaled *= 10;
  const long all = lroundf(value * (float)scaled);
  const long size = all < 0 ? -all : all;
  char text[40];
  snprintf(text, sizeof text, "%s%ld.%0*ld", all < 0 ? "-" : "", size / scaled, digits, size % scaled);
  tft.setTextColor(color);
  tft.drawString(text, x, y);
}

static void show_readings(const float *now) {
  tft.fillRect(0, 26, 320, 88, TFT_BLACK);
  tft.setTextSize(2);
  for (int c = 0; c < POND_CHANNELS; c++) {
    tft.setTextColor(TFT_LIGHTGREY);
    tft.drawString(SHOWN_NAMES[c], 10 + 80 * c, 30);
    show_number(now[c], c, 10 + 80 * c, 54, TFT_WHITE);
  }
}

static void show_alarms(uint8_t alarms, const char *otherwise) {
  const char *text = alarms & LOW_NOW      ? "OXYGEN IS LOW"
                     : alarms & LOW_AHEAD  ? "LOW OXYGEN IN 3 H"
                     : alarms & STUCK      ? "A PROBE IS STUCK"
                     : alarms & JUMP       ? "A PROBE JUMPED"
                     : alarms & UNFORESEEN ? "LOOK AT THE PROBES"
                                           : otherwise;
  tft.fillRect(0, 206, 320, 34, alarms ? TFT_RED : TFT_BLACK);
  tft.setTextSize(2);
  tft.setTextColor(alarms ? TFT_WHITE : TFT_GREEN);
  tft.drawString(text, 10, 215);
}

static int graph_y(float oxygen) {
  const float share = oxygen < 0 ? 0 : oxygen > GRAPH_TOP ? 1 : oxygen / GRAPH_TOP;
  return GRAPH_Y + GRAPH_H - 1 - (int)(share * (float)(GRAPH_H - 1));
}
#endif

static void display_waiting(const float *now, int readings_left, uint8_t alarms) {
#ifdef HAS_SCREEN
  show_readings(now);
  char text[48];
  snprintf(text, sizeof text, "forecast in %d readings", readings_left);
  show_alarms(alarms, text);
#else
  (void)now;
  (void)readings_left;
  (void)alarms;
#endif
}

// A day of oxygen, where it will be in three hours, and the line under which fish suffer.
static void display_forecast(const float window[][POND_CHANNELS], const float *ahead, uint8_t alarms) {
#ifdef HAS_SCREEN
  show_readings(window[POND_WINDOW - 1]);
  for (int c = 0; c < POND_CHANNELS; c++) {
    const float shown = ahead[c] < 0 && c != 1 ? 0.0f : ahead[c];  // less than none there cannot be
    show_number(shown, c, 10 + 80 * c, 78, TFT_CYAN);
  }
  tft.setTextSize(1);
  tft.setTextColor(TFT_CYAN);
  tft.drawString("in 3 h", 10, 100);
  tft.setTextColor(TFT_LIGHTGREY);
  tft.drawString("oxygen, one day", 210, 100);

  tft.fillRect(GRAPH_X, GRAPH_Y, GRAPH_W, GRAPH_H, TFT_BLACK);
  tft.drawFastHLine(GRAPH_X, graph_y(LOW_OXYGEN), GRAPH_W, TFT_RED);
  const int day = GRAPH_W * 8 / 9;  // the rest is the three hours to come
  int x = GRAPH_X, y = graph_y(window[0][2]);
  for (int t = 1; t < POND_WINDOW; t++) {
    const int next_x = GRAPH_X + day * t / (POND_WINDOW - 1), next_y = graph_y(window[t][2]);
    tft.drawLine(x, y, next_x, next_y, TFT_WHITE);
    x = next_x;
    y = next_y;
  }
  const int last_x = GRAPH_X + GRAPH_W - 4, last_y = graph_y(ahead[2]);
  tft.drawLine(x, y, last_x, last_y, TFT_CYAN);
  tft.fillCircle(last_x, last_y, 3, TFT_CYAN);

  show_alarms(alarms, "all is well");
#else
  (void)window;
  (void)ahead;
  (void)alarms;
#endif
}
