// Accelerations in g from the trace, through the interface of Arduino_BMI270_BMM150. The gyroscope and the
// magnetometer are not emulated.
#pragma once
#include <Arduino.h>

class BoschSensorClass {
 public:
  int begin();  // 1 = ok
  void end();
  void setContinuousMode() {}
  void setOneShotMode() {}
  int accelerationAvailable();
  int readAcceleration(float &x, float &y, float &z);
  float accelerationSampleRate() { return 99.84f; }
};
extern BoschSensorClass IMU;
