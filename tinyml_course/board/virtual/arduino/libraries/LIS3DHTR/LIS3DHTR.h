// Accelerations in g from the trace, through the interface of Seeed's LIS3DHTR library 1.2.4.
#pragma once
#include <Arduino.h>
#include <Wire.h>

#include "accelerometer.h"

enum odr_type_t {
  LIS3DHTR_DATARATE_POWERDOWN = 0x00,
  LIS3DHTR_DATARATE_1HZ = 0x10,
  LIS3DHTR_DATARATE_10HZ = 0x20,
  LIS3DHTR_DATARATE_25HZ = 0x30,
  LIS3DHTR_DATARATE_50HZ = 0x40,
  LIS3DHTR_DATARATE_100HZ = 0x50,
  LIS3DHTR_DATARATE_200HZ = 0x60,
  LIS3DHTR_DATARATE_400HZ = 0x70,
};
enum scale_type_t {
  LIS3DHTR_RANGE_2G = 0x00,
  LIS3DHTR_RANGE_4G = 0x10,
  LIS3DHTR_RANGE_8G = 0x20,
  LIS3DHTR_RANGE_16G = 0x30,
};

template <class Bus>
class LIS3DHTR {
 public:
  // Returns nothing: ask isConnection(). 16 g and 400 Hz until told otherwise.
  void begin(Bus &, uint8_t address = 0x18) {
    (void)address;
    setOutputDataRate(LIS3DHTR_DATARATE_400HZ);
  }
  bool isConnection() { return ACCELEROMETER_PRESENT != 0; }
  operator bool() { return isConnection(); }
  bool available() { return accelerometer_available() != 0; }  // new data, no check of begin()
  void setOutputDataRate(odr_type_t rate) {
    static const float rates_hz[] = {0, 1, 10, 25, 50, 100, 200, 400};
    accelerometer_begin(rates_hz[(rate >> 4) & 7]);
    delay(100);
  }
  void setFullScaleRange(scale_type_t) { delay(100); }
  void getAcceleration(float *x, float *y, float *z) { accelerometer_read(*x, *y, *z); }
  float getAccelerationX() { return axis(0); }
  float getAccelerationY() { return axis(1); }
  float getAccelerationZ() { return axis(2); }

 private:
  float axis(unsigned n) {
    ACCELEROMETER_LATCH = 1;
    return accelerometer_axis(n);
  }
};
