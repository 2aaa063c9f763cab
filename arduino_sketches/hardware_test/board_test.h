// The tests of whichever board this is compiled for: test_lamps(), test_sensors(), test_keys().
#pragma once
#include <Arduino.h>

// The Nano 33 BLE Sense exists twice, and the compiler cannot tell which one you have. Look at the
// print on the board: "Rev2" needs a 2 here.
#ifndef NANO_REVISION
#define NANO_REVISION 1
#endif

void blink(int pin, int on);
void expect(const char *what, float value, const char *unit, float low, float high);
void answers(const char *what, bool does);
void expect_key(const char *name, int pin);
void expect_sound(const int16_t *samples, int count, float least_rms);

#if defined(ARDUINO_ARDUINO_NANO33BLE)
#include "board_test_nano.h"
#elif defined(WIO_TERMINAL) || defined(SEEED_WIO_TERMINAL)
#include "board_test_wio_terminal.h"
#else
#define SKETCH_BOARD "another board"  // with a lamp at least
static void test_lamps() {}
static void test_sensors() {}
static void test_keys() {}
#endif
