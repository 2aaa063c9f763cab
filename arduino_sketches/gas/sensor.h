// The gas sensor, on either board's Grove or I2C pins:
//
//   sensor_begin()       starts it and looks whether it answers.
//   sensor_read(counts)  NO2, C2H5OH, VOC, CO: counts of its 10-bit converter, not ppm; false if they
//                        cannot be.
#pragma once
#include <Arduino.h>

#if defined(WIO_TERMINAL) || defined(SEEED_WIO_TERMINAL)
#define SKETCH_BOARD "wio_terminal"
#elif defined(ARDUINO_ARDUINO_NANO33BLE)
#define SKETCH_BOARD "nano33ble"
#else
#error "No sensor header for this board: choose Seeed Wio Terminal or Arduino Nano 33 BLE in the Tools menu."
#endif

#include "sensor_grove_multigas.h"
