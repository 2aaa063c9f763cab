#include "Arduino_BMI270_BMM150.h"

#include "accelerometer.h"

BoschSensorClass IMU;

int BoschSensorClass::begin() { return accelerometer_begin(accelerationSampleRate()); }
void BoschSensorClass::end() {}
int BoschSensorClass::accelerationAvailable() { return accelerometer_available(); }
int BoschSensorClass::readAcceleration(float &x, float &y, float &z) { return accelerometer_read(x, y, z); }
