// The movement sensors of whichever board this is compiled for. All boards keep one contract:
//
//   imu_begin()   starts the sensors; false if they do not answer.
//   imu_read(x)   the newest sample: x, y, z in g, then the turns about x, y, z in degrees a second,
//                 axes as printed on the board. Without a gyroscope the turns are 0.
#pragma once
#include <Arduino.h>

// The Nano 33 BLE Sense exists twice, and the compiler cannot tell which one you have. Look at the
// print on the board: "Rev2" needs a 2 here.
#ifndef NANO_REVISION
#define NANO_REVISION 1
#endif

#if defined(ARDUINO_ARDUINO_NANO33BLE) && NANO_REVISION == 1
#include "imu_nano_rev1.h"
#elif defined(ARDUINO_ARDUINO_NANO33BLE)
#include "imu_nano_rev2.h"
#elif defined(WIO_TERMINAL) || defined(SEEED_WIO_TERMINAL)
#include "imu_wio_terminal.h"
#else
#error "No header for this board: choose Arduino Nano 33 BLE or Seeed Wio Terminal in the Tools menu."
#endif
