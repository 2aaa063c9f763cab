// Wio Terminal: LIS3DH, set to +-4 g and 100 samples a second. It has no gyroscope.
// Library: Grove-3-Axis-Digital-Accelerometer-2g-to-16g-LIS3DHTR.
#pragma once
#include <LIS3DHTR.h>
#include <Wire.h>

#define SKETCH_BOARD "wio_terminal"
#define HAS_GYROSCOPE 0

static LIS3DHTR<TwoWire> lis;

static bool imu_begin() {
  lis.begin(Wire1);  // returns nothing: isConnection() tells
  if (!lis.isConnection()) return false;
  lis.setOutputDataRate(LIS3DHTR_DATARATE_100HZ);
  lis.setFullScaleRange(LIS3DHTR_RANGE_4G);
  return true;
}

// At +-4 g the chip counts 8000 to a g (2 mg a step of its upper 12 bits), and the library, 1.2.4,
// divides by 7282: what it returns is 10 % too much.
static const float LIBRARY_SCALE = 7282.0f / 8000.0f;

static bool imu_read(float x[6]) {
  lis.getAcceleration(&x[0], &x[1], &x[2]);
  for (int axis = 0; axis < 3; axis++) x[axis] *= LIBRARY_SCALE;
  for (int axis = 3; axis < 6; axis++) x[axis] = 0.0f;
  return true;
}
