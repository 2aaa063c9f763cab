// Bytes in flash that look like an EEPROM, as the FlashStorage libraries have it; 255 at power-on.
#pragma once
#include "FlashStorage.h"

#ifndef EEPROM_EMULATION_SIZE
#define EEPROM_EMULATION_SIZE 1024
#endif

class FlashEEPROMClass {
 public:
  FlashEEPROMClass() { memset(data_, 255, sizeof data_); }
  uint8_t read(int at) { return (unsigned)at < sizeof data_ ? data_[at] : 0; }
  void write(int at, uint8_t value) {
    if ((unsigned)at < sizeof data_) data_[at] = value, is_written_ = true;
  }
  void update(int at, uint8_t value) { write(at, value); }
  bool isValid() { return is_committed_; }
  void commit() { is_committed_ = is_committed_ || is_written_; }
  uint16_t length() { return sizeof data_; }
  bool getCommitASAP() { return false; }
  void setCommitASAP(bool = true) {}
  template <class T>
  T &get(int at, T &value) {
    if (at >= 0 && at + sizeof(T) <= sizeof data_) memcpy((uint8_t *)&value, data_ + at, sizeof(T));
    return value;
  }
  template <class T>
  const T &put(int at, const T &value) {
    if (at >= 0 && at + sizeof(T) <= sizeof data_) {
      memcpy(data_ + at, (const uint8_t *)&value, sizeof(T));
      is_written_ = true;
    }
    return value;
  }

 private:
  uint8_t data_[EEPROM_EMULATION_SIZE];
  bool is_written_ = false, is_committed_ = false;
};
static FlashEEPROMClass EEPROM;
