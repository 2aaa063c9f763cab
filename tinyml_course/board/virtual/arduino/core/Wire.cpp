#include "Wire.h"

#include "board_io.h"

TwoWire Wire(0);
TwoWire Wire1(1);

void TwoWire::setClock(uint32_t hz) { I2C_CLOCK_HZ = hz; }

size_t TwoWire::write(uint8_t byte) {
  if (sent_ == MOST) return 0;
  buffer_[sent_++] = byte;
  return 1;
}

size_t TwoWire::write(const uint8_t *bytes, size_t size) {
  size_t n = 0;
  while (n < size && write(bytes[n])) n++;
  return n;
}

uint8_t TwoWire::endTransmission(bool) {
  I2C_BUS = bus_;
  I2C_ADDRESS = address_;
  I2C_BUFFER = (uint32_t)(uintptr_t)buffer_;
  I2C_SEND = sent_;
  sent_ = 0;
  return (uint8_t)I2C_RESULT;
}

uint8_t TwoWire::requestFrom(uint8_t address, size_t size, bool) {
  I2C_BUS = bus_;
  I2C_ADDRESS = address;
  I2C_BUFFER = (uint32_t)(uintptr_t)buffer_;
  I2C_RECEIVE = size < MOST ? size : MOST;
  received_ = (uint16_t)I2C_RESULT;
  next_ = 0;
  return (uint8_t)received_;
}
