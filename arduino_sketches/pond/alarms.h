// What a pond keeper must hear of: oxygen that is low or will be, and probes that cannot be believed.
// The rules look at readings alone; the last one asks whether the forecast of three hours ago came true.
#pragma once
#include <Arduino.h>

#include "pond_predict.h"

enum Alarm {
  LOW_NOW = 1,       // oxygen is low
  LOW_AHEAD = 2,     // it will be, in three hours
  STUCK = 4,         // a probe has not moved for six hours
  JUMP = 8,          // a probe moved more in ten minutes than water can
  UNFORESEEN = 16,   // a probe reads what nobody foretold
};

// Oxygen: the alarm comes below the first and goes at the second. With one limit for both, noise
// would switch it on and off while the water lies just there, and nobody heeds a siren that flickers.
static const float LOW_OXYGEN = 3.0f;   // mg/L, where fish suffer
static const float FINE_OXYGEN = 3.5f;  // mg/L
static const int STUCK_READINGS = 36;
static const float STEP_LIMIT[4] = {0.6f, 1.5f, 2.5f, 0.08f};  // in ten minutes
static const float SURPRISE = 5.0f;                            // times the usual error

// What is no number is low too: a probe calibrated with twice the same volts must not look well.
static bool is_low(float oxygen, bool was_low) { return !(oxygen >= (was_low ? FINE_OXYGEN : LOW_OXYGEN)); }

// The newest reading is the window's last, and `readings` of them have been taken. `before` is what
// was found at the reading before, `ahead` the forecast, `foretold` what was said of this reading three
// hours ago; either is null while there is none. The rules do not wait for a day to be full.
static uint8_t find_alarms(const float window[][POND_CHANNELS], uint32_t readings, uint8_t before,
                           const float *ahead, const float *foretold) {
  const float *now = window[POND_WINDOW - 1];
  uint8_t found = 0;
  if (is_low(now[2], before & LOW_NOW)) found |= LOW_NOW;
  if (ahead && is_low(ahead[2], before & LOW_AHEAD)) found |= LOW_AHEAD;
  for (int c = 0; c < POND_CHANNELS; c++) {
    if (readings > 1 && fabsf(now[c] - window[POND_WINDOW - 2][c]) > STEP_LIMIT[c]) found |= JUMP;
    bool moved = readings < (uint32_t)STUCK_READINGS;
    for (int t = POND_WINDOW - STUCK_READINGS; t < POND_WINDOW - 1; t++) moved |= window[t][c] != now[c];
    if (!moved && c != 3) found |= STUCK;  // ammonia's last digit is too coarse for this rule
    if (foretold && fabsf(now[c] - foretold[c]) > SURPRISE * pond_usual_error[c]) found |= UNFORESEEN;
  }
  return found;
}
