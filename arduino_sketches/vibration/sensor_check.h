// Whether what an accelerometer says can be true. The libraries report success after a bus error too,
// with whatever was in memory: a sketch that believed it would call a dead sensor "still".
#pragma once
#include <Arduino.h>

static const float MOST_G = 4.5f;        // the sensors are set to +-4 g
static const int STUCK_SAMPLES = 100;    // two seconds at 50 Hz; a live one has noise in its last digit

// Null if all is well, or what is wrong.
static const char *sensor_doubt(const float g[3]) {
  static float last[3];
  static int repeats = 0;
  for (int axis = 0; axis < 3; axis++) {
    if (!(g[axis] >= -MOST_G && g[axis] <= MOST_G)) return "the accelerometer is out of range";
  }
  const bool is_same = g[0] == last[0] && g[1] == last[1] && g[2] == last[2];
  repeats = is_same ? repeats + 1 : 0;
  for (int axis = 0; axis < 3; axis++) last[axis] = g[axis];
  return repeats >= STUCK_SAMPLES ? "the accelerometer is stuck: it repeats itself" : nullptr;
}
