// The I2C bus: transfers to whatever the host has attached, and to the chips on the board.
#pragma once
#include "Arduino.h"

class TwoWire : public Stream {
 public:
  explicit TwoWire(uint8_t bus) : bus_(bus) {}
#ifdef ARDUINO_ARCH_ESP32  // where the pins are the sketch's choice, and it hears whether it worked
  bool begin() { return true; }
  bool begin(int sda, int scl, uint32_t hz = 0) {
    if (hz) setClock(hz);
    return setPins(sda, scl);
  }
  bool setPins(int sda, int scl) { return sda != scl && sda < 22 && scl < 22; }
#else
  void begin() {}
#endif
  void begin(uint8_t address) NOT_EMULATED("the board is the only master here");
  void end() {}
  void setClock(uint32_t hz);

  void beginTransmission(uint8_t address) { address_ = address, sent_ = 0; }
  uint8_t endTransmission(bool stop = true);  // 0: done, 2: nothing answers at the address
  size_t write(uint8_t byte) override;
  size_t write(const uint8_t *bytes, size_t size) override;
  size_t write(int byte) { return write((uint8_t)byte); }
  size_t write(unsigned int byte) { return write((uint8_t)byte); }
  size_t write(long byte) { return write((uint8_t)byte); }
  size_t write(unsigned long byte) { return write((uint8_t)byte); }
  using Print::write;

  uint8_t requestFrom(uint8_t address, size_t size, bool stop = true);
  int available() override { return received_ - next_; }
  int read() override { return next_ < received_ ? buffer_[next_++] : -1; }
  int peek() override { return next_ < received_ ? buffer_[next_] : -1; }
  void flush() override {}
  void onReceive(void (*handler)(int)) NOT_EMULATED("the board is the only master here");
  void onRequest(void (*handler)(void)) NOT_EMULATED("the board is the only master here");

 private:
  static const size_t MOST = 256;
  uint8_t bus_, address_ = 0;
  uint16_t sent_ = 0, received_ = 0, next_ = 0;
  uint8_t buffer_[MOST];
};
extern TwoWire Wire;
extern TwoWire Wire1;
