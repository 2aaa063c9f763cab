#include "SPI.h"

#include "board_io.h"

SPIClass SPI;

void SPIClass::beginTransaction(SPISettings settings) {
  settings_ = settings;
  SPI_CLOCK_HZ = settings.hz_;
}

static uint8_t turned(uint8_t byte) {
  uint8_t other = 0;
  for (int bit = 0; bit < 8; bit++) other = (uint8_t)(other << 1 | (byte >> bit & 1));
  return other;
}

uint8_t SPIClass::transfer(uint8_t byte) {
  SPI_TRANSFER = settings_.lsb_first_ ? turned(byte) : byte;
  const uint8_t back = (uint8_t)SPI_TRANSFER;
  return settings_.lsb_first_ ? turned(back) : back;
}

uint16_t SPIClass::transfer16(uint16_t word) {
  if (settings_.lsb_first_) {
    const uint8_t low = transfer((uint8_t)word);
    return (uint16_t)(transfer((uint8_t)(word >> 8)) << 8 | low);
  }
  const uint8_t high = transfer((uint8_t)(word >> 8));
  return (uint16_t)(high << 8 | transfer((uint8_t)word));
}

void SPIClass::transfer(void *buffer, size_t size) {
  uint8_t *bytes = (uint8_t *)buffer;
  for (size_t i = 0; i < size; i++) bytes[i] = transfer(bytes[i]);
}
