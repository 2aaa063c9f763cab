// Nano 33 BLE Sense (Rev1): LSM9DS1, +-4 g, 119 samples a second. Library: Arduino_LSM9DS1.
#pragma once
#include <Arduino_LSM9DS1.h>

#define SKETCH_BOARD "nano33ble"

static bool sensor_begin() { return IMU.begin(); }

static bool sensor_read(float g[3]) { return IMU.readAcceleration(g[0], g[1], g[2]); }
