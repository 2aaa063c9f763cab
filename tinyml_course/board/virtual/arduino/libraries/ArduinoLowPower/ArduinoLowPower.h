// Arduino's low power library, for the SAMD21. sleep() and deepSleep() are both its standby: millis() stands
// still. The chip's clock wakes it, which counts whole seconds: sleep(1000) takes between one and two of
// them, sleep(999) up to one. idle() waits for any interrupt, and one comes each millisecond.
#pragma once
#ifdef __SAMD51__
#error "ArduinoLowPower.h: the library is for the SAMD21 and does not compile for the real Wio Terminal either; use Adafruit_SleepyDog.h"
#endif
#include <Arduino.h>

#include "board_io.h"

class ArduinoLowPowerClass {
 public:
  void idle() { __WFI(); }
  void idle(uint32_t) { __WFI(); }
  void idle(int) { __WFI(); }
  void sleep() { TIMER_STANDBY_MS = TIMER_FOR_EVER; }
  void sleep(uint32_t ms) { TIMER_STANDBY_S = ms / 1000u; }
  void sleep(int ms) { sleep((uint32_t)ms); }
  void deepSleep() { sleep(); }
  void deepSleep(uint32_t ms) { sleep(ms); }
  void deepSleep(int ms) { sleep((uint32_t)ms); }
  void attachInterruptWakeup(uint32_t pin, voidFuncPtr handler, uint32_t mode) {
    attachInterrupt(pin, handler, (int)mode);
  }
};
static ArduinoLowPowerClass LowPower __attribute__((unused));
