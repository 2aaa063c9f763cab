#include "Arduino_BMI270_BMM150.h"

#include "accelerometer.h"
#include "surroundings.h"

BoschSensorClass IMU;

static SampleClock turn_clock(99.84f), magnet_clock(10.0f);

static int read_three(SampleClock &clock, unsigned first, float &x, float &y, float &z) {
  clock.take();
  x = surroundings_value(first);
  y = surroundings_value(first + 1);
  z = surroundings_value(first + 2);
  return 1;
}

int BoschSensorClass::begin() {
  turn_clock.start();
  magnet_clock.start();
  return accelerometer_begin(accelerationSampleRate());
}
void BoschSensorClass::end() {}
int BoschSensorClass::accelerationAvailable() { return accelerometer_available(); }
int BoschSensorClass::readAcceleration(float &x, float &y, float &z) {
  return accelerometer_read(x, y, z);
}
int BoschSensorClass::gyroscopeAvailable() { return turn_clock.is_new(); }
int BoschSensorClass::readGyroscope(float &x, float &y, float &z) {
  return read_three(turn_clock, FEELS_TURN, x, y, z);
}
int BoschSensorClass::magneticFieldAvailable() { return magnet_clock.is_new(); }
int BoschSensorClass::readMagneticField(float &x, float &y, float &z) {
  return read_three(magnet_clock, FEELS_MAGNET, x, y, z);
}
float BoschSensorClass::getTemperature() { return surroundings_value(FEELS_TEMPERATURE); }
