// Values in flash, as FlashStorage of the SAMD boards has them: 0 after an upload, and from then on what
// was written, with the power off and on again. Here they lie in the board's storage, one after the other.
#pragma once
#include "board_storage.h"

#define FlashStorage(name, T) static FlashStorageClass<T> name;

// A part of the storage. Its bytes are kept turned over, because erased flash is 255.
class BoardStoragePart {
 public:
  explicit BoardStoragePart(uint32_t size) : place_(next()) { next() += size; }
  void write(const void *from, uint32_t size, uint32_t at = 0) const {
    uint8_t turned[64];
    for (uint32_t done = 0; done < size; done += sizeof turned) {
      const uint32_t part = size - done < sizeof turned ? size - done : sizeof turned;
      for (uint32_t i = 0; i < part; i++) turned[i] = (uint8_t)~((const uint8_t *)from)[done + i];
      move(turned, at + done, part, true);
    }
  }
  void read(void *to, uint32_t size, uint32_t at = 0) const {
    move(to, at, size, false);
    for (uint32_t i = 0; i < size; i++) ((uint8_t *)to)[i] = (uint8_t)~((uint8_t *)to)[i];
  }

 private:
  static uint32_t &next() {
    static uint32_t place = 0;
    return place;
  }
  void move(const void *address, uint32_t at, uint32_t size, bool writes) const {
    board_storage_move(place_ + at, address, size, writes);
  }
  uint32_t place_;
};

template <class T>
class FlashStorageClass {
 public:
  void write(T value) { part_.write(&value, sizeof(T)); }
  void read(T *value) { part_.read(value, sizeof(T)); }
  T read() {
    T value;
    read(&value);
    return value;
  }

 private:
  BoardStoragePart part_{sizeof(T)};
};
