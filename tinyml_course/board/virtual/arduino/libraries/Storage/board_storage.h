// The board's storage: bytes that outlive the power, 255 until somebody writes them.
#pragma once
#include <Arduino.h>

#include "board_io.h"

static inline void board_storage_move(uint32_t place, const void *address, uint32_t size, bool writes) {
  STORAGE_PLACE = place;
  STORAGE_ADDRESS = (uint32_t)(uintptr_t)address;
  BOARD_MEMORY_BARRIER();
  if (writes) {
    STORAGE_WRITE = size;
  } else {
    STORAGE_READ = size;
  }
  BOARD_MEMORY_BARRIER();
}
