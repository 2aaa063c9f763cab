// The SPI bus: one device that the host may attach; without it every byte that comes back is 0.
#pragma once
#include <Arduino.h>

#define SPI_HAS_TRANSACTION 1
#ifdef BOARD_CORE_API
typedef enum { SPI_MODE0 = 0, SPI_MODE1 = 1, SPI_MODE2 = 2, SPI_MODE3 = 3 } SPIMode;
#elif defined(ARDUINO_ARCH_ESP32)
#define SPI_MODE0 0
#define SPI_MODE1 1
#define SPI_MODE2 2
#define SPI_MODE3 3
#else
#define SPI_MODE0 0x02
#define SPI_MODE1 0x00
#define SPI_MODE2 0x03
#define SPI_MODE3 0x01
#endif

class SPISettings {
 public:
  SPISettings() {}
  SPISettings(uint32_t hz, BitOrder order, int) : hz_(hz), lsb_first_(order == LSBFIRST) {}

 private:
  friend class SPIClass;
  uint32_t hz_ = 4000000;
  bool lsb_first_ = false;
};

class SPIClass {
 public:
  void begin() {}
  void begin(int, int, int, int = -1) {}  // the ESP32's: any pins will do
  void end() {}
  void beginTransaction(SPISettings settings);
  void endTransaction() {}
  uint8_t transfer(uint8_t byte);
  uint16_t transfer16(uint16_t word);
  void transfer(void *buffer, size_t size);
  void usingInterrupt(int) {}
  void notUsingInterrupt(int) {}
  void setBitOrder(BitOrder order) { settings_.lsb_first_ = order == LSBFIRST; }
  void setDataMode(uint8_t) {}
  void setClockDivider(uint32_t) {}

 private:
  SPISettings settings_;
};
extern SPIClass SPI;
