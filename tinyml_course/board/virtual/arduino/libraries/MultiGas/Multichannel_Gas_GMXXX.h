// Four gas channels from the trace, raw counts (not ppm), through "Seeed Arduino MultiGas".
#pragma once
#include <Arduino.h>
#include <Wire.h>

#include "board_io.h"

template <class Bus>
class GAS_GMXXX {
 public:
  void begin(Bus &, uint8_t address) { (void)address; }
  void preheated() {}
  uint32_t measure_NO2() { return GAS_COUNTS(0); }
  uint32_t measure_C2H5OH() { return GAS_COUNTS(1); }
  uint32_t measure_VOC() { return GAS_COUNTS(2); }
  uint32_t measure_CO() { return GAS_COUNTS(3); }
  float calcVol(uint32_t counts) { return (float)counts * 3.3f / 1023.0f; }
};
