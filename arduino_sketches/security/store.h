// Where an update survives the power's going: on the Wio Terminal in a piece of flash, if the library
// FlashStorage is installed; on the Nano nowhere, its core has no such library: after a reset the
// shipped model is at work again. What was stored is checked at every start like the shipped one.
#pragma once
#include <Arduino.h>

#include "line.h"

#if defined(ARDUINO_ARCH_SAMD) && __has_include(<FlashStorage.h>)
#include <FlashStorage.h>

struct Stored {
  uint32_t bytes;  // 0: nothing is stored
  uint8_t image[LINE_MOST_BYTES];
};
FlashStorage(stored_model, Stored)

static void store_save(const uint8_t *image, uint32_t bytes) {
  static Stored stored;
  stored.bytes = bytes;
  memcpy(stored.image, image, bytes);
  stored_model.write(stored);
}

// The bytes that are stored, copied to `image`.
static uint32_t store_load(uint8_t *image) {
  static Stored stored;
  stored_model.read(&stored);
  if (stored.bytes > LINE_MOST_BYTES) return 0;
  memcpy(image, stored.image, stored.bytes);
  return stored.bytes;
}
#else
static void store_save(const uint8_t *, uint32_t) {}
static uint32_t store_load(uint8_t *) { return 0; }
#endif
