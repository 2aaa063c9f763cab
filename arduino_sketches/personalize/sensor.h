// The accelerometer of whichever board this is compiled for. Both boards keep one contract:
//
//   sensor_begin()  starts the sensor at +-4 g; false if it does not answer.
//   sensor_read(g)  the newest sample as x, y, z in g (1 g = the pull of the earth), axes as printed
//                   on the board. Ask 50 times a second: each sensor is faster than that.
#pragma once
#include <Arduino.h>

// The Nano 33 BLE Sense exists twice, and the compiler cannot tell which one you have. Look at the
// print on the board: "Rev2" needs a 2 here.
#ifndef NANO_REVISION
#define NANO_REVISION 1
#endif

#if defined(ARDUINO_ARDUINO_NANO33BLE) && NANO_REVISION == 1
#include "sensor_nano_rev1.h"
#elif defined(ARDUINO_ARDUINO_NANO33BLE)
#include "sensor_nano_rev2.h"
#elif defined(WIO_TERMINAL) || defined(SEEED_WIO_TERMINAL)
#include "sensor_wio_terminal.h"
#else
#error "No sensor header for this board: choose Arduino Nano 33 BLE or Seeed Wio Terminal in the Tools menu."
#endif
