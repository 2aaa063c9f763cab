// Bytes in flash that look like an EEPROM, as the FlashStorage libraries have it: 255 after an upload,
// and after commit() kept without power.
#pragma once
#include "FlashStorage.h"

#ifndef EEPROM_EMULATION_SIZE
#define EEPROM_EMULATION_SIZE 1024
#endif

class FlashEEPROMClass {
 public:
  uint8_t read(int at) {
    begin();
    return has(at, 1) ? kept_.data[at] : 0;
  }
  void write(int at, uint8_t value) {
    begin();
    if (has(at, 1)) kept_.data[at] = value, is_written_ = true;
  }
  void update(int at, uint8_t value) { write(at, value); }
  bool isValid() {
    begin();
    return kept_.is_valid;
  }
  void commit() {
    begin();
    if (!is_written_) return;
    kept_.is_valid = true;
    flash_.write(kept_);
    is_written_ = false;
  }
  uint16_t length() { return sizeof kept_.data; }
  bool getCommitASAP() { return false; }
  void setCommitASAP(bool = true) {}
  template <class T>
  T &get(int at, T &value) {
    begin();
    if (has(at, sizeof(T))) memcpy((uint8_t *)&value, kept_.data + at, sizeof(T));
    return value;
  }
  template <class T>
  const T &put(int at, const T &value) {
    begin();
    if (has(at, sizeof(T))) {
      memcpy(kept_.data + at, (const uint8_t *)&value, sizeof(T));
      is_written_ = true;
    }
    return value;
  }

 private:
  struct Kept {
    uint8_t data[EEPROM_EMULATION_SIZE];
    bool is_valid;
  };
  static bool has(int at, size_t size) { return at >= 0 && (size_t)at + size <= EEPROM_EMULATION_SIZE; }
  void begin() {
    if (has_begun_) return;
    has_begun_ = true;
    flash_.read(&kept_);
    if (!kept_.is_valid) memset(kept_.data, 255, sizeof kept_.data);
  }
  FlashStorageClass<Kept> flash_;
  Kept kept_;
  bool has_begun_ = false, is_written_ = false;
};
static FlashEEPROMClass EEPROM;
