// Values in flash, as FlashStorage of the SAMD boards has them. Here they begin as 0 at each power-on,
// as after an upload, and take room in RAM.
#pragma once
#include <Arduino.h>

#define FlashStorage(name, T) static FlashStorageClass<T> name;

template <class T>
class FlashStorageClass {
 public:
  void write(T value) { value_ = value; }
  void read(T *value) { *value = value_; }
  T read() { return value_; }

 private:
  T value_{};
};
