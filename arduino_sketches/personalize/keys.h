// What somebody wants: a label by key or by serial, or to forget. Nothing here waits.
#pragma once
#include <Arduino.h>

#include "personalize_head.h"

static const int KEY_NOTHING = -1;
static const int KEY_FORGET = -2;
static const uint32_t FORGET_MS = 1000;  // how long the key is held that forgets
static const uint32_t SETTLE_MS = 30;    // a button's contacts bounce for some milliseconds

#if defined(WIO_TERMINAL) || defined(SEEED_WIO_TERMINAL)
static const uint8_t label_keys[] = {WIO_KEY_C, WIO_KEY_B, WIO_KEY_A};  // from left to right
static const uint8_t forget_key = WIO_5S_PRESS;
#else
static const uint8_t label_keys[] = {2, 3, 4};
static const uint8_t forget_key = 5;
#endif
static const int LABEL_KEYS = sizeof label_keys;

static void keys_begin() {
  for (int k = 0; k < LABEL_KEYS; k++) pinMode(label_keys[k], INPUT_PULLUP);
  pinMode(forget_key, INPUT_PULLUP);
}

// A label, KEY_FORGET or KEY_NOTHING; once for each press.
static int keys_read() {
  static bool was_down[LABEL_KEYS];
  static uint32_t changed_ms[LABEL_KEYS];
  static uint32_t forget_since_ms = 0;
  static bool is_counting = false, has_forgotten = false;

  while (Serial.available()) {
    const int c = Serial.read();
    if (c >= '0' && c < '0' + PERSONALIZE_HEAD_CLASSES) return c - '0';
    if (c == 'f') return KEY_FORGET;
  }
  for (int k = 0; k < LABEL_KEYS && k < PERSONALIZE_HEAD_CLASSES; k++) {
    const bool is_down = digitalRead(label_keys[k]) == LOW;
    if (is_down == was_down[k] || millis() - changed_ms[k] < SETTLE_MS) continue;
    was_down[k] = is_down;
    changed_ms[k] = millis();
    if (is_down) return k;
  }
  if (digitalRead(forget_key) == HIGH) {
    is_counting = has_forgotten = false;
  } else if (!is_counting) {
    is_counting = true;
    forget_since_ms = millis();
  } else if (!has_forgotten && millis() - forget_since_ms >= FORGET_MS) {
    has_forgotten = true;
    return KEY_FORGET;
  }
  return KEY_NOTHING;
}
