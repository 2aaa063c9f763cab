// Adafruit's SleepyDog: a watchdog, and sleep that it ends. A board whose sketch does not call reset()
// in time starts again; here the run ends with an error that says where the sketch was.
#pragma once
#include <Arduino.h>

#include "board_io.h"

class WatchdogType {
 public:
  // The chip counts in steps: the longest that is not above what is asked for, 16 s at most.
  int enable(int max_ms = 0, bool = false) {
    int ms = 16000;
    while (max_ms && ms > max_ms && ms > 8) ms /= 2;
    SYSTEM_WATCHDOG_MS = (uint32_t)ms;
    return ms;
  }
  void disable() { SYSTEM_WATCHDOG_MS = 0; }
  void reset() { SYSTEM_KICK = 1; }
  int sleep(int max_ms = 0) {
    int ms = 16000;
    while (max_ms && ms > max_ms && ms > 8) ms /= 2;
    TIMER_REST_US = (uint32_t)ms * 1000u;
    return ms;
  }
};
static WatchdogType Watchdog;
