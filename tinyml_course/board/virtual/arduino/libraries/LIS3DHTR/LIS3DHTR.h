// Accelerations from the trace, through the interface of Seeed's LIS3DHTR library 1.2.4, with its
// scale: the chip counts 16000, 8000, 4000 or 1333 to a g by its range, and the library divides by
// 16000, 7282, 3968 or 1280. So a g reads as 1.00, 1.10, 1.01 or 1.04, here as there.
#pragma once
#include <Arduino.h>
#include <Wire.h>

#include "accelerometer.h"
#include "surroundings.h"

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

enum power_type_t { POWER_MODE_NORMAL = 0x00, POWER_MODE_LOW = 0x08 };

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
  void setPowerMode(power_type_t) {}
  void setHighSolution(bool) {}  // the samples have no noise and all their bits either way
  void setOutputDataRate(odr_type_t rate) {
    static const float rates_hz[] = {0, 1, 10, 25, 50, 100, 200, 400};
    accelerometer_begin(rates_hz[(rate >> 4) & 7]);
    delay(100);
  }
  void setFullScaleRange(scale_type_t range) {
    range_ = range >> 4 & 3;
    delay(100);
  }
  void getAcceleration(float *x, float *y, float *z) {
    accelerometer_read(*x, *y, *z);
    *x = as_read(*x), *y = as_read(*y), *z = as_read(*z);
  }
  float getAccelerationX() { return axis(0); }
  float getAccelerationY() { return axis(1); }
  float getAccelerationZ() { return axis(2); }
  void openTemp() {}
  void closeTemp() {}
  int16_t getTemperature() { return (int16_t)surroundings_value(FEELS_TEMPERATURE); }

  void click(uint8_t, uint8_t, uint8_t = 10, uint8_t = 20, uint8_t = 255)
      NOT_EMULATED("compare two readings");
  bool getClick() NOT_EMULATED("compare two readings");
  uint16_t readbitADC1() NOT_EMULATED("nothing is connected to it on the Wio");
  uint16_t readbitADC2() NOT_EMULATED("nothing is connected to it on the Wio");
  uint16_t readbitADC3() NOT_EMULATED("nothing is connected to it on the Wio");

 private:
  float axis(unsigned n) {
    ACCELEROMETER_LATCH = 1;
    return as_read(accelerometer_axis(n));
  }
  float as_read(float g) {
    static const float counts_a_g[] = {16000.0f, 8000.0f, 4000.0f, 4000.0f / 3.0f};
    static const float divided_by[] = {16000.0f, 7282.0f, 3968.0f, 1280.0f};
    const float counts = roundf(g * counts_a_g[range_]);
    return constrain(counts, -32768.0f, 32767.0f) / divided_by[range_];
  }
  uint8_t range_ = LIS3DHTR_RANGE_16G >> 4;
};
