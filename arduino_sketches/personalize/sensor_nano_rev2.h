// Nano 33 BLE Sense Rev2: BMI270, +-4 g, 99.84 samples a second. Library: Arduino_BMI270_BMM150.
#pragma once
#include <Arduino_BMI270_BMM150.h>

#define SKETCH_BOARD "nano33ble_rev2"

static bool sensor_begin() { return IMU.begin(); }

static bool sensor_read(float g[3]) { return IMU.readAcceleration(g[0], g[1], g[2]); }
