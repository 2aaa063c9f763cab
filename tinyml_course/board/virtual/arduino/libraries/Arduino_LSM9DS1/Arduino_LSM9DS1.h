// Accelerations in g from the trace, through the interface of Arduino_LSM9DS1. The gyroscope and the
// magnetometer are not emulated.
#pragma once
#include <Arduino.h>

class LSM9DS1Class {
 public:
  int begin();  // 1 = ok
  void end();
  void setContinuousMode() {}
  void setOneShotMode() {}
  int accelerationAvailable();
  int readAcceleration(float &x, float &y, float &z);
  float accelerationSampleRate() { return 119.0f; }
};
extern LSM9DS1Class IMU;
