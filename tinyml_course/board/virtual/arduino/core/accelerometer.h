// What the accelerometer libraries share: the newest sample of the trace, in g.
#pragma once
#include <string.h>

#include "board_io.h"

static inline int accelerometer_begin(float sample_rate_hz) {
  if (!ACCELEROMETER_PRESENT) return 0;
  ACCELEROMETER_BEGIN = (uint32_t)(sample_rate_hz * 1000.0f);
  return 1;
}

static inline int accelerometer_available() { return (int)ACCELEROMETER_AVAILABLE; }

static inline float accelerometer_axis(unsigned axis) {
  const uint32_t bits = ACCELEROMETER_AXIS(axis);
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static inline int accelerometer_read(float &x, float &y, float &z) {
  ACCELEROMETER_LATCH = 1;
  x = accelerometer_axis(0);
  y = accelerometer_axis(1);
  z = accelerometer_axis(2);
  return 1;
}
