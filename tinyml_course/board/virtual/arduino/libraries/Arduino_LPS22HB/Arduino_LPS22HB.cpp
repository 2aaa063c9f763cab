#include "Arduino_LPS22HB.h"

#include "surroundings.h"

LPS22HBClass BARO;

float LPS22HBClass::readPressure(int units) {
  const float kilopascal = surroundings_value(FEELS_PRESSURE);
  return units == PSI ? kilopascal * 0.145038f : units == MILLIBAR ? kilopascal * 10.0f : kilopascal;
}
float LPS22HBClass::readTemperature() { return surroundings_value(FEELS_TEMPERATURE); }

// The international height formula.
float LPS22HBClass::readAltitude() {
  return 44330.0f * (1.0f - powf(readPressure() / 101.325f, 0.190295f));
}
