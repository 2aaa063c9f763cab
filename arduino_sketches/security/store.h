// Where an update is kept without power: a piece of flash. An upload erases it. What is stored is checked
// at every start like the shipped model, so that nobody gains by writing to it; who empties it gets the
// shipped model back, and with it the shipped model's version.
#pragma once
#include <Arduino.h>

#include "line.h"

struct Stored {
  uint32_t bytes;  // more than fit, or none: nothing is stored
  uint8_t image[LINE_MOST_BYTES];
};
static Stored stored;

#if defined(ARDUINO_ARCH_MBED)
#include <FlashIAP.h>  // of the board's core

// A page of the Nano's flash that no sketch reaches: below the place that a newer bootloader takes.
static const uint32_t STORED_AT = 0xDF000;
static mbed::FlashIAP flash;

static void storage_read() {
  flash.init();
  flash.read(&stored, STORED_AT, sizeof stored);
  flash.deinit();
}

static void storage_write() {
  flash.init();
  flash.erase(STORED_AT, flash.get_sector_size(STORED_AT));
  flash.program(&stored, STORED_AT, sizeof stored);
  flash.deinit();
}
#else
#include <FlashStorage.h>  // library "FlashStorage"

FlashStorage(flash, Stored)

static void storage_read() { flash.read(&stored); }

static void storage_write() { flash.write(stored); }
#endif

static void store_save(const uint8_t *image, uint32_t bytes) {
  stored.bytes = bytes;
  memcpy(stored.image, image, bytes);
  storage_write();
}

// How many bytes are stored; they are copied to `image`.
static uint32_t store_load(uint8_t *image) {
  storage_read();
  if (stored.bytes > LINE_MOST_BYTES) return 0;
  memcpy(image, stored.image, stored.bytes);
  return stored.bytes;
}
