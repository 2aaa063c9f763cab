// The ESP32's EEPROM: bytes that begin() makes room for and commit() keeps. Here they begin as 255 at
// each power-on: a virtual board is always a new one.
#pragma once
#include <Arduino.h>

#ifndef ARDUINO_ARCH_ESP32
#ifdef BOARD_CORE_API
#ifdef ARDUINO_ARDUINO_NANO33BLE
#error "EEPROM.h: the core of the real board has none either; use FlashIAP.h, as the course's sketch vibration does"
#else
#error "EEPROM.h: the core of the real board has none either, and the virtual one keeps nothing without power"
#endif
#else
#error "EEPROM.h: the core of the real board has none either; use FlashStorage.h or FlashAsEEPROM.h"
#endif
#endif

class EEPROMClass {
 public:
  ~EEPROMClass() { end(); }
  bool begin(size_t size) {
    end();
    data_ = (uint8_t *)malloc(size);
    if (!data_) return false;
    memset(data_, 255, size);
    size_ = size;
    return true;
  }
  void end() {
    free(data_);
    data_ = nullptr, size_ = 0;
  }
  size_t length() { return size_; }
  uint8_t read(int at) { return (size_t)at < size_ ? data_[at] : 0; }
  void write(int at, uint8_t value) {
    if ((size_t)at < size_) data_[at] = value;
  }
  void update(int at, uint8_t value) { write(at, value); }
  bool commit() { return data_ != nullptr; }
  template <class T>
  T &get(int at, T &value) {
    if (at >= 0 && at + sizeof(T) <= size_) memcpy((uint8_t *)&value, data_ + at, sizeof(T));
    return value;
  }
  template <class T>
  const T &put(int at, const T &value) {
    if (at >= 0 && at + sizeof(T) <= size_) memcpy(data_ + at, (const uint8_t *)&value, sizeof(T));
    return value;
  }

 private:
  uint8_t *data_ = nullptr;
  size_t size_ = 0;
};
static EEPROMClass EEPROM;
