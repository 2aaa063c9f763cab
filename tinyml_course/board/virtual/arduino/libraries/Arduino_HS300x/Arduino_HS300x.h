// Temperature and humidity, from a trace or as set, through the interface of Arduino_HS300x.
#pragma once
#include <Arduino.h>
#include <Wire.h>

enum { FAHRENHEIT, CELSIUS };

class HS300xClass {
 public:
  int begin() { return 1; }
  void end() {}
  float readTemperature(int units = CELSIUS);
  float readHumidity();  // percent
};
extern HS300xClass HS300x;
