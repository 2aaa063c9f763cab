// Nano 33 BLE Sense Rev2: BMI270, +-4 g, +-2000 degrees a second, 99.84 samples a second.
// Library: Arduino_BMI270_BMM150.
#pragma once
#include <Arduino_BMI270_BMM150.h>

#define SKETCH_BOARD "nano33ble_rev2"
#define HAS_GYROSCOPE 1

static bool imu_begin() { return IMU.begin(); }

static bool imu_read(float x[6]) {
  return IMU.readAcceleration(x[0], x[1], x[2]) && IMU.readGyroscope(x[3], x[4], x[5]);
}
