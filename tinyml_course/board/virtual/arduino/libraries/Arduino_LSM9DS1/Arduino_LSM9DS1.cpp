#include "Arduino_LSM9DS1.h"

#include "accelerometer.h"
#include "surroundings.h"

LSM9DS1Class IMU;

static SampleClock turn_clock(119.0f), magnet_clock(20.0f);

static int read_three(SampleClock &clock, unsigned first, float &x, float &y, float &z) {
  clock.take();
  x = surroundings_value(first);
  y = surroundings_value(first + 1);
  z = surroundings_value(first + 2);
  return 1;
}

int LSM9DS1Class::begin() {
  turn_clock.start();
  magnet_clock.start();
  return accelerometer_begin(accelerationSampleRate());
}
void LSM9DS1Class::end() {}
int LSM9DS1Class::accelerationAvailable() { return accelerometer_available(); }
int LSM9DS1Class::readAcceleration(float &x, float &y, float &z) {
  return accelerometer_read(x, y, z);
}
int LSM9DS1Class::gyroscopeAvailable() { return turn_clock.is_new(); }
int LSM9DS1Class::readGyroscope(float &x, float &y, float &z) {
  return read_three(turn_clock, FEELS_TURN, x, y, z);
}
int LSM9DS1Class::magneticFieldAvailable() { return magnet_clock.is_new(); }
int LSM9DS1Class::readMagneticField(float &x, float &y, float &z) {
  return read_three(magnet_clock, FEELS_MAGNET, x, y, z);
}
