#include "Arduino_HS300x.h"

#include "surroundings.h"

HS300xClass HS300x;

float HS300xClass::readTemperature(int units) {
  const float celsius = surroundings_value(FEELS_TEMPERATURE);
  return units == FAHRENHEIT ? celsius * 1.8f + 32.0f : celsius;
}
float HS300xClass::readHumidity() { return surroundings_value(FEELS_HUMIDITY); }
