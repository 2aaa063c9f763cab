// What a sketch does while nothing is due: the processor rests, and a watchdog knows that all is well.
#pragma once
#include <Arduino.h>

#if defined(ARDUINO_ARCH_MBED)
#include <drivers/Watchdog.h>  // of the board's core
#elif __has_include(<Adafruit_SleepyDog.h>)
#include <Adafruit_SleepyDog.h>
#define HAS_SLEEPY_DOG 1
#endif

// The Nano's watchdog goes on in its bootloader, and an upload has to be through before it bites.
static const uint32_t WATCHDOG_MS = 60000;

// From here on a sketch that hangs starts again: 60 s on the Nano; 16 s on the Wio, if the library
// Adafruit SleepyDog is installed, without it never.
static void watchdog_begin() {
#if defined(ARDUINO_ARCH_MBED)
  mbed::Watchdog::get_instance().start(WATCHDOG_MS);
#elif defined(HAS_SLEEPY_DOG)
  Watchdog.enable();
#endif
}

static void watchdog_kick() {
#if defined(ARDUINO_ARCH_MBED)
  mbed::Watchdog::get_instance().kick();
#elif defined(HAS_SLEEPY_DOG)
  Watchdog.reset();
#endif
}

// Until the next millisecond, or the next interrupt. delay() rests on the Nano; on the Wio it would
// count the time awake.
static void rest() {
#if defined(ARDUINO_ARCH_SAMD)
  __WFI();
#else
  delay(1);
#endif
}

// Rests while more than a millisecond is left; false when `due_us` has come.
static inline bool rest_until(uint32_t due_us) {
  const int32_t left_us = (int32_t)(due_us - micros());
  if (left_us <= 0) return false;
  watchdog_kick();
  if (left_us > 1500) rest();
  return true;
}
