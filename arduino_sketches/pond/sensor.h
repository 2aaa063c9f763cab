// Four probes on either board's analogue pins:
//
//   sensor_begin()        sets the converter.
//   sensor_read(values)   pH, temperature (C), oxygen (mg/L), ammonia (mg/L).
#pragma once
#include <Arduino.h>

#if defined(WIO_TERMINAL) || defined(SEEED_WIO_TERMINAL)
#define SKETCH_BOARD "wio_terminal"
#elif defined(ARDUINO_ARDUINO_NANO33BLE)
#define SKETCH_BOARD "nano33ble"
#else
#error "No sensor header for this board: choose Seeed Wio Terminal or Arduino Nano 33 BLE in the Tools menu."
#endif

#include "sensor_probes.h"
