// Air pressure, from a trace or as set, through the interface of Arduino_LPS22HB.
#pragma once
#include <Arduino.h>
#include <Wire.h>

enum { PSI, MILLIBAR, KILOPASCAL };

class LPS22HBClass {
 public:
  int begin() { return 1; }
  void end() {}
  float readPressure(int units = KILOPASCAL);
  float readTemperature();
  float readAltitude();  // metres above the level where 101.325 kPa stand
};
extern LPS22HBClass BARO;
