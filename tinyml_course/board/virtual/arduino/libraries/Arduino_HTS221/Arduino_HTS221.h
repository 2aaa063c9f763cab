// Temperature and humidity, from a trace or as set, through the interface of Arduino_HTS221.
#pragma once
#include <Arduino.h>
#include <Wire.h>

enum { FAHRENHEIT, CELSIUS };

class HTS221Class {
 public:
  int begin() { return 1; }
  void end() {}
  float readTemperature(int units = CELSIUS);
  float readHumidity();  // percent
};
extern HTS221Class HTS;
