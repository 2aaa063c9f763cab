#include "Arduino_LSM9DS1.h"

#include "accelerometer.h"

LSM9DS1Class IMU;

int LSM9DS1Class::begin() { return accelerometer_begin(accelerationSampleRate()); }
void LSM9DS1Class::end() {}
int LSM9DS1Class::accelerationAvailable() { return accelerometer_available(); }
int LSM9DS1Class::readAcceleration(float &x, float &y, float &z) { return accelerometer_read(x, y, z); }
