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

static const float LOW_OXYGEN = 3.0f;  // mg/L, where fish suffer
static const int STUCK_READINGS = 36;
static const float STEP_LIMIT[4] = {0.6f, 1.5f, 2.5f, 0.08f};  // in ten minutes
static const float SURPRISE = 5.0f;                            // times the usual error

// The newest reading is the window's last; `foretold` is what was said of it three hours ago.
static uint8_t find_alarms(const float window[][POND_CHANNELS], const float *ahead, const float *foretold) {
  const float *now = window[POND_WINDOW - 1];
  uint8_t found = 0;
  if (now[2] < LOW_OXYGEN) found |= LOW_NOW;
  if (ahead && ahead[2] < LOW_OXYGEN) found |= LOW_AHEAD;
  for (int c = 0; c < POND_CHANNELS; c++) {
    if (fabsf(now[c] - window[POND_WINDOW - 2][c]) > STEP_LIMIT[c]) found |= JUMP;
    bool moved = false;
    for (int t = POND_WINDOW - STUCK_READINGS; t < POND_WINDOW - 1; t++) moved |= window[t][c] != now[c];
    if (!moved && c != 3) found |= STUCK;  // ammonia's last digit is too coarse for this rule
    if (foretold && fabsf(now[c] - foretold[c]) > SURPRISE * pond_usual_error[c]) found |= UNFORESEEN;
  }
  return found;
}
