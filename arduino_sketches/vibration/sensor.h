// The board's accelerometer, read at its own rate: a sample that is asked for too early or too late
// would shake the spectrum.
//
//   sensor_begin()     starts it at +-4 g; false if it does not answer.
//   sensor_has_news()  whether there is a sample that was not read yet.
//   sensor_read(g)     that sample as x, y, z in g.
#pragma once
#include <Arduino.h>

// The Nano 33 BLE Sense exists twice, and the compiler cannot tell which one you have. Look at the
// print on the board: "Rev2" needs a 2 here. Its sensor gives 99.84 samples a second instead of 119:
// bands and beats lie a sixth lower, and the detector learns them so; likewise the Wio's 100.
#ifndef NANO_REVISION
#define NANO_REVISION 1
#endif

#if defined(ARDUINO_ARDUINO_NANO33BLE) && NANO_REVISION == 1
#include <Arduino_LSM9DS1.h>
#define SKETCH_BOARD "nano33ble"
#elif defined(ARDUINO_ARDUINO_NANO33BLE)
#include <Arduino_BMI270_BMM150.h>
#define SKETCH_BOARD "nano33ble_rev2"
#elif defined(WIO_TERMINAL) || defined(SEEED_WIO_TERMINAL)
#include <LIS3DHTR.h>
#include <Wire.h>
#define SKETCH_BOARD "wio_terminal"
#else
#error "No sensor header for this board: choose Arduino Nano 33 BLE or Seeed Wio Terminal in the Tools menu."
#endif

#if defined(ARDUINO_ARDUINO_NANO33BLE)
static bool sensor_begin() { return IMU.begin(); }

static bool sensor_has_news() { return IMU.accelerationAvailable(); }

static bool sensor_read(float g[3]) { return IMU.readAcceleration(g[0], g[1], g[2]); }
#else
static LIS3DHTR<TwoWire> lis;

static bool sensor_begin() {
  lis.begin(Wire1);  // returns nothing: isConnection() tells
  if (!lis.isConnection()) return false;
  lis.setOutputDataRate(LIS3DHTR_DATARATE_100HZ);
  lis.setFullScaleRange(LIS3DHTR_RANGE_4G);
  return true;
}

static bool sensor_has_news() { return lis.available(); }

// The library, 1.2.4, returns 10 % too much at +-4 g (see the sketch `motion`), which cancels here.
static bool sensor_read(float g[3]) {
  lis.getAcceleration(&g[0], &g[1], &g[2]);
  for (int axis = 0; axis < 3; axis++) g[axis] *= 7282.0f / 8000.0f;
  return true;
}
#endif
