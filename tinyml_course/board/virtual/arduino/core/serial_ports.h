// The serial ports of a board: USB, and a pair of pins.
#pragma once
#include "Stream.h"

#define SERIAL_8N1 (0x13)
#define SERIAL_8E1 (0x11)
#define SERIAL_8O1 (0x12)

// The serial port: USB on every board of the course.
class SerialPort : public Stream {
 public:
  void begin(unsigned long baud);
  void begin(unsigned long baud, uint16_t) { begin(baud); }  // USB has no start and stop bits
  void end();
  int available() override;
  int read() override;
  int peek() override;
  void flush() override;
  size_t write(uint8_t byte) override;
  size_t write(const uint8_t *buffer, size_t size) override;
  using Print::write;
  // One packet of USB, or the chip's own buffer; mbed's says 0.
#if defined(ARDUINO_ARCH_SAMD)
  int availableForWrite() override { return 63; }
#elif defined(ARDUINO_ARCH_ESP32)
  int availableForWrite() override { return 128; }
#endif
  operator bool();

 private:
  void fill();
  uint8_t received_[256];
  uint16_t count_ = 0, next_ = 0;
};
extern SerialPort Serial;

// The pins RX and TX. Nothing is connected to them: what is written leaves the board, and nothing
// ever arrives.
class HardwareSerial : public Stream {
 public:
  void begin(unsigned long) { is_on_ = true; }
  void begin(unsigned long, uint16_t) { is_on_ = true; }
  void end() { is_on_ = false; }
  int available() override;
  int read() override;
  int peek() override;
  void flush() override;
  size_t write(uint8_t byte) override;
  size_t write(const uint8_t *buffer, size_t size) override;
  using Print::write;
  operator bool() { return is_on_; }

 private:
  bool is_on_ = false;
};
extern HardwareSerial Serial1;
