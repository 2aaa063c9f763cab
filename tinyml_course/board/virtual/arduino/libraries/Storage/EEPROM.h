// The ESP32's EEPROM: bytes in RAM that begin() reads and commit() keeps; 255 after an upload. Here they
// lie in the first half of the board's storage.
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

#include "board_storage.h"

class EEPROMClass {
 public:
  bool begin(size_t size) {
    end();
    if (size == 0 || size > STORAGE_SIZE / 2) return false;
    data_ = (uint8_t *)malloc(size);
    if (!data_) return false;
    board_storage_move(0, data_, size, false);
    size_ = size;
    return true;
  }
  void end() {  // keeps, as the core's does
    commit();
    free(data_);
    data_ = nullptr, size_ = 0;
  }
  size_t length() { return size_; }
  uint8_t read(int at) { return (size_t)at < size_ ? data_[at] : 0; }
  void write(int at, uint8_t value) {
    if ((size_t)at < size_) data_[at] = value;
  }
  void update(int at, uint8_t value) __attribute__((unavailable(
      "the EEPROM.h of the real board has none either: write() changes RAM only, and commit() keeps it")));
  bool commit() {
    if (!data_) return false;
    board_storage_move(0, data_, size_, true);
    return true;
  }
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
