// mbed's way to the chip's flash: pages of 4096 bytes that are erased as a whole, 255 then. Of the Nano's
// flash, the virtual board keeps 0xD0000 to 0xDFFFF; what lies below is the sketch's own, and above it a
// bootloader may stand.
#pragma once
#include <Arduino.h>

#include "board_io.h"

#ifndef ARDUINO_ARDUINO_NANO33BLE
#error "FlashIAP.h is in the core of the real board, the virtual one has it for the Nano 33 BLE alone: keep values in RAM"
#endif

namespace mbed {
class FlashIAP {
 public:
  int init() { return 0; }
  int deinit() { return 0; }
  int read(void *buffer, uint32_t address, uint32_t size) {
    if (!is_kept(address, size)) return -1;
    point(buffer, address);
    STORAGE_READ = size;
    BOARD_MEMORY_BARRIER();
    return 0;
  }
  int program(const void *buffer, uint32_t address, uint32_t size) {
    if (!is_kept(address, size) || address % get_page_size() || size % get_page_size()) return -1;
    for (uint32_t i = 0; i < size; i++) {  // without an erase, bits only go from 1 to 0
      uint8_t byte;
      read(&byte, address + i, 1);
      byte &= ((const uint8_t *)buffer)[i];
      point(&byte, address + i);
      STORAGE_WRITE = 1;
    }
    return 0;
  }
  int erase(uint32_t address, uint32_t size) {
    const uint32_t sector = get_sector_size(address);
    if (!is_kept(address, size) || address % sector || size % sector) return -1;
    uint8_t erased[64];
    memset(erased, 0xFF, sizeof erased);
    for (uint32_t i = 0; i < size; i += sizeof erased) {
      point(erased, address + i);
      STORAGE_WRITE = sizeof erased;
    }
    delay(85 * (size / sector));  // nRF52840 product specification, NVMC: a page takes 85 ms
    return 0;
  }
  uint32_t get_page_size() const { return 4; }
  uint32_t get_sector_size(uint32_t) const { return 4096; }
  uint32_t get_flash_start() const { return 0; }
  uint32_t get_flash_size() const { return 0x100000; }
  uint8_t get_erase_value() const { return 0xFF; }

 private:
  static const uint32_t FIRST = 0xD0000;
  bool is_kept(uint32_t address, uint32_t size) const {
    return address >= FIRST && size <= STORAGE_SIZE && address - FIRST <= STORAGE_SIZE - size;
  }
  void point(const void *buffer, uint32_t address) const {
    STORAGE_PLACE = address - FIRST;
    STORAGE_ADDRESS = (uint32_t)(uintptr_t)buffer;
    BOARD_MEMORY_BARRIER();
  }
};
}  // namespace mbed
