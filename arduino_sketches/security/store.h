// Where an update is kept without power: a piece of flash. An upload erases it on the Wio alone
// (README.md says how that is known). What is stored is checked
// at every start like the shipped model, so that nobody gains by writing to it; who empties it gets the
// shipped model back, and with it the shipped model's version. Two places are written by turns: while one
// is written the other keeps the update at work, so that a cable pulled in between is no way back.
#pragma once
#include <Arduino.h>

#include "line.h"

struct Stored {
  uint32_t bytes;  // more than fit, or none: nothing is stored
  uint8_t image[LINE_MOST_BYTES];
};
static const int STORED_PLACES = 2;
static Stored stored;

#if defined(ARDUINO_ARCH_MBED)
#include <FlashIAP.h>  // of the board's core

// Pages of the Nano's flash that no sketch reaches: below the place that a newer bootloader takes.
static const uint32_t STORED_AT[STORED_PLACES] = {0xDE000, 0xDF000};
static mbed::FlashIAP flash;

static void storage_read(int place) {
  flash.init();
  if (flash.read(&stored, STORED_AT[place], sizeof stored) != 0) stored.bytes = 0;
  flash.deinit();
}

static void storage_write(int place) {
  flash.init();
  flash.erase(STORED_AT[place], flash.get_sector_size(STORED_AT[place]));
  flash.program(&stored, STORED_AT[place], sizeof stored);
  flash.deinit();
}
#else
#include <FlashStorage.h>  // library "FlashStorage", 1.0 or newer: each has a block of its own

FlashStorage(flash_even, Stored)
FlashStorage(flash_odd, Stored)

static void storage_read(int place) { place ? flash_odd.read(&stored) : flash_even.read(&stored); }

static void storage_write(int place) { place ? flash_odd.write(stored) : flash_even.write(stored); }
#endif

// How many bytes are stored there; they are copied to `image`.
static uint32_t store_load(int place, uint8_t *image) {
  storage_read(place);
  if (stored.bytes > LINE_MOST_BYTES) return 0;
  memcpy(image, stored.image, stored.bytes);
  return stored.bytes;
}

// Writes, and reads it back; false if it does not lie there.
static bool store_save(int place, const uint8_t *image, uint32_t bytes) {
  stored.bytes = bytes;
  memcpy(stored.image, image, bytes);
  storage_write(place);
  storage_read(place);
  return stored.bytes == bytes && memcmp(stored.image, image, bytes) == 0;
}
