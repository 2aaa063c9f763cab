// What the libraries of the smaller sensors share: values by their place in traces.py's QUANTITIES.
#pragma once
#include <string.h>

#include "board_io.h"

enum {
  FEELS_TURN = 0,  // x, y, z
  FEELS_MAGNET = 3,
  FEELS_TEMPERATURE = 6,
  FEELS_HUMIDITY,
  FEELS_PRESSURE,
  FEELS_RED,
  FEELS_GREEN,
  FEELS_BLUE,
  FEELS_CLEAR,
  FEELS_PROXIMITY
};

static inline float surroundings_value(unsigned number) {
  const uint32_t bits = SURROUNDINGS_VALUE(number);
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

// New samples at a sensor's own rate: true once a period.
class SampleClock {
 public:
  explicit SampleClock(float rate_hz) : period_us_((uint32_t)(1000000.0f / rate_hz)) {}
  bool is_new() { return started_ && (uint32_t)(TIMER_MICROS - last_us_) >= period_us_; }
  void start() { started_ = true, last_us_ = TIMER_MICROS; }
  void take() {
    const uint32_t passed_us = TIMER_MICROS - last_us_;
    last_us_ += passed_us - passed_us % period_us_;
  }

 private:
  uint32_t period_us_, last_us_ = 0;
  bool started_ = false;
};
