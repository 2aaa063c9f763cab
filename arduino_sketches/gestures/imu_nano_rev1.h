// Nano 33 BLE Sense (Rev1): LSM9DS1, +-4 g, +-2000 degrees a second, 119 samples a second.
// Library: Arduino_LSM9DS1.
#pragma once
#include <Arduino_LSM9DS1.h>

#define SKETCH_BOARD "nano33ble"
#define HAS_GYROSCOPE 1

static bool imu_begin() { return IMU.begin(); }

static bool imu_read(float x[6]) {
  return IMU.readAcceleration(x[0], x[1], x[2]) && IMU.readGyroscope(x[3], x[4], x[5]);
}
