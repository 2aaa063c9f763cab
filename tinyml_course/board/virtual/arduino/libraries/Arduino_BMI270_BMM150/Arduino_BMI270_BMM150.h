// Acceleration in g, turning in degrees a second, magnetism in microtesla, from traces or as set,
// through the interface of Arduino_BMI270_BMM150.
#pragma once
#include <Arduino.h>
#include <Wire.h>

class BoschSensorClass {
 public:
  int begin();  // 1 = ok
  void end();
  void setContinuousMode() {}
  void setOneShotMode() {}
  int accelerationAvailable();
  int readAcceleration(float &x, float &y, float &z);
  float accelerationSampleRate() { return 99.84f; }
  int gyroscopeAvailable();
  int readGyroscope(float &x, float &y, float &z);
  float gyroscopeSampleRate() { return 99.84f; }
  int magneticFieldAvailable();
  int readMagneticField(float &x, float &y, float &z);
  float magneticFieldSampleRate() { return 10.0f; }
  float getTemperature();
};
extern BoschSensorClass IMU;
