#include "Arduino_HTS221.h"

#include "surroundings.h"

HTS221Class HTS;

float HTS221Class::readTemperature(int units) {
  const float celsius = surroundings_value(FEELS_TEMPERATURE);
  return units == FAHRENHEIT ? celsius * 1.8f + 32.0f : celsius;
}
float HTS221Class::readHumidity() { return surroundings_value(FEELS_HUMIDITY); }
