// Arduino's low power library for the SAMD boards: the processor rests for so many milliseconds.
#pragma once
#include <Arduino.h>

#include "board_io.h"

class ArduinoLowPowerClass {
 public:
  void idle(uint32_t ms) { rest(ms); }
  void sleep(uint32_t ms) { rest(ms); }
  void deepSleep(uint32_t ms) { rest(ms); }
  void idle() { __WFI(); }
  void sleep() { __WFI(); }
  void deepSleep() { __WFI(); }
  void attachInterruptWakeup(uint32_t pin, voidFuncPtr handler, uint32_t mode) {
    attachInterrupt(pin, handler, (int)mode);
  }

 private:
  void rest(uint32_t ms) {
    for (; ms > 4000000u; ms -= 4000000u) TIMER_REST_US = 4000000000u;
    TIMER_REST_US = ms * 1000u;
  }
};
static ArduinoLowPowerClass LowPower;
