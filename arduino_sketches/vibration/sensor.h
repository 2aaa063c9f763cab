// The Nano's accelerometer, read at its own rate: a sample that is asked for too early or too late
// would shake the spectrum.
//
//   sensor_begin()     starts it at +-4 g; false if it does not answer.
//   sensor_has_news()  whether there is a sample that was not read yet.
//   sensor_read(g)     that sample as x, y, z in g.
#pragma once
#include <Arduino.h>

// The Nano 33 BLE Sense exists twice, and the compiler cannot tell which one you have. Look at the
// print on the board: "Rev2" needs a 2 here. Its sensor gives 99.84 samples a second instead of 119:
// bands and beats lie a sixth lower, and the detector learns them so.
#ifndef NANO_REVISION
#define NANO_REVISION 1
#endif

#if defined(ARDUINO_ARDUINO_NANO33BLE) && NANO_REVISION == 1
#include <Arduino_LSM9DS1.h>
#define SKETCH_BOARD "nano33ble"
#elif defined(ARDUINO_ARDUINO_NANO33BLE)
#include <Arduino_BMI270_BMM150.h>
#define SKETCH_BOARD "nano33ble_rev2"
#else
#error "No sensor header for this board: choose Arduino Nano 33 BLE in the Tools menu."
#endif

static bool sensor_begin() { return IMU.begin(); }

static bool sensor_has_news() { return IMU.accelerationAvailable(); }

static bool sensor_read(float g[3]) { return IMU.readAcceleration(g[0], g[1], g[2]); }
