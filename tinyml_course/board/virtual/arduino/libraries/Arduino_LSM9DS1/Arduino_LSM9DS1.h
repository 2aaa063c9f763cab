// Acceleration in g, turning in degrees a second, magnetism in microtesla, from traces or as set,
// through the interface of Arduino_LSM9DS1.
#pragma once
#include <Arduino.h>
#include <Wire.h>

class LSM9DS1Class {
 public:
  int begin();  // 1 = ok
  void end();
  void setContinuousMode() {}
  void setOneShotMode() {}
  int accelerationAvailable();
  int readAcceleration(float &x, float &y, float &z);
  float accelerationSampleRate() { return 119.0f; }
  int gyroscopeAvailable();
  int readGyroscope(float &x, float &y, float &z);
  float gyroscopeSampleRate() { return 119.0f; }
  int magneticFieldAvailable();
  int readMagneticField(float &x, float &y, float &z);
  float magneticFieldSampleRate() { return 20.0f; }
};
extern LSM9DS1Class IMU;
