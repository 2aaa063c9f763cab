// A value in the chip's flash: it is there again after the power was off. Two places are written by turns,
// so that a record whose writing was cut off leaves the one before it. A record carries KEPT_ID and a sum:
// another network's, or a damaged one, is not taken. Before this file stand `Kept` and KEPT_ID.
// Flash takes about ten thousand writes: a few a day last for years, one a second for hours.
// Written in personalize/; arduino_sketches/build.py copies it into vibration/.
#pragma once
#include <Arduino.h>
#include <stddef.h>

struct Stored {
  uint32_t id;
  uint32_t turn;  // one more with each writing
  Kept kept;
  uint32_t sum;  // of all that stands before it
};
static const int STORED_PLACES = 2;

#if defined(ARDUINO_ARCH_MBED)
#include <FlashIAP.h>  // of the board's core

// Pages of the Nano's flash that no sketch reaches: below the place that a newer bootloader takes.
static const uint32_t STORED_AT[STORED_PLACES] = {0xDE000, 0xDF000};
static mbed::FlashIAP flash;

static bool storage_read(int place, Stored *stored) {
  flash.init();
  const bool is_read = flash.read(stored, STORED_AT[place], sizeof *stored) == 0;
  flash.deinit();
  return is_read;
}

static void storage_write(int place, const Stored *stored) {
  flash.init();
  flash.erase(STORED_AT[place], flash.get_sector_size(STORED_AT[place]));
  flash.program(stored, STORED_AT[place], sizeof *stored);
  flash.deinit();
}
#else
#include <FlashStorage.h>  // library "FlashStorage", 1.0 or newer: each has a block of its own

FlashStorage(flash_even, Stored)
FlashStorage(flash_odd, Stored)

static bool storage_read(int place, Stored *stored) {
  place ? flash_odd.read(stored) : flash_even.read(stored);
  return true;
}

static void storage_write(int place, const Stored *stored) {
  place ? flash_odd.write(*stored) : flash_even.write(*stored);
}
#endif

// FNV-1a, 32 bits: a damaged record is noticed, and two boards that know the same say the same.
static uint32_t storage_sum_of(const void *from, size_t size) {
  const uint8_t *bytes = (const uint8_t *)from;
  uint32_t sum = 2166136261u;
  for (size_t i = 0; i < size; i++) sum = (sum ^ bytes[i]) * 16777619u;
  return sum;
}

static uint32_t storage_sum(const Kept *kept) { return storage_sum_of(kept, sizeof *kept); }

static Stored stored;             // the record that is read or written
static uint32_t stored_turn = 0;  // of the newest record,
static int stored_place = STORED_PLACES - 1;  // and where it lies

// Whether a whole record with this id lies there; it is in `stored` then.
static bool storage_is_whole(int place) {
  return storage_read(place, &stored) && stored.id == KEPT_ID &&
         stored.sum == storage_sum_of(&stored, offsetof(Stored, sum));
}

// The newest record; false, and nothing is changed, if there is none.
static bool storage_load(Kept *kept) {
  bool is_found = false;
  for (int place = 0; place < STORED_PLACES; place++) {
    if (!storage_is_whole(place)) continue;
    if (is_found && (int32_t)(stored.turn - stored_turn) < 0) continue;
    is_found = true;
    stored_turn = stored.turn;
    stored_place = place;
    memcpy(kept, &stored.kept, sizeof *kept);
  }
  return is_found;
}

// Writes over the older record, and reads it back; false if it does not lie there.
static bool storage_save(const Kept *kept) {
  const int place = (stored_place + 1) % STORED_PLACES;
  stored.id = KEPT_ID;
  stored.turn = stored_turn + 1;
  memcpy(&stored.kept, kept, sizeof *kept);
  stored.sum = storage_sum_of(&stored, offsetof(Stored, sum));
  storage_write(place, &stored);
  if (!storage_is_whole(place) || stored.turn != stored_turn + 1) return false;
  stored_turn++;
  stored_place = place;
  return true;
}
