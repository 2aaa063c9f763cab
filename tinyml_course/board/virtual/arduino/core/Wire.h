// The I2C bus, as an address to hand to a sensor library. Raw transfers are not emulated.
#pragma once
#include <stdint.h>

class TwoWire {
 public:
  void begin() {}
  void end() {}
  void setClock(uint32_t) {}
};
extern TwoWire Wire;
extern TwoWire Wire1;
