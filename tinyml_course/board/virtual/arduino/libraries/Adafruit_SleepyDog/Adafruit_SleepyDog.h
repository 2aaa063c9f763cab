// Adafruit's SleepyDog: a watchdog, and sleep that it ends. A board whose sketch does not call reset()
// in time starts again; here the run ends with an error that says where the sketch was. sleep() is the
// chip's standby: millis() stands still, and afterwards the watchdog is off, as there.
#pragma once
#include <Arduino.h>

#include "board_io.h"

class WatchdogType {
 public:
  int enable(int max_ms = 0, bool = false) {
    const int ms = period(max_ms);
    SYSTEM_WATCHDOG_MS = (uint32_t)ms;
    return ms;
  }
  void disable() { SYSTEM_WATCHDOG_MS = 0; }
  void reset() { SYSTEM_KICK = 1; }
  int sleep(int max_ms = 0) {
    const int ms = period(max_ms);
    SYSTEM_WATCHDOG_MS = 0;
    TIMER_STANDBY_MS = (uint32_t)ms;
    return ms;
  }

 private:
  // The chip counts 8 to 16384 cycles of 1024 Hz, a power of two: the longest that is not above what is
  // asked for; 0 asks for 16 s.
  static int period(int max_ms) {
    const long wanted = max_ms <= 0 || max_ms > 16000 ? 16384 : (max_ms * 1024L + 500) / 1000;
    long cycles = 16384;
    while (cycles > wanted && cycles > 8) cycles /= 2;
    return (int)((cycles * 1000 + 512) / 1024);
  }
};
static WatchdogType Watchdog;
