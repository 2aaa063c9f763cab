// The centres that were learnt, in the chip's flash: with the power off and on again, or after the
// watchdog, the machine is judged by what somebody vouched for. Without them a board that starts anew
// would call "healthy" whatever it meets, a broken bearing too. The record carries the network's number
// and a sum: another network, or a damaged record, is not taken. An upload erases it on the Wio alone.
#pragma once
#include <Arduino.h>

#include "vibration_detect.h"

static const int MOST_SPEEDS = 4;

struct Known {
  int32_t speeds;
  vibration_centre centres[MOST_SPEEDS];  // one a speed
};

struct Stored {
  uint32_t id;
  uint32_t sum;
  Known known;
};

#if defined(ARDUINO_ARCH_MBED)
#include <FlashIAP.h>  // of the board's core

// A page of the Nano's flash that no sketch reaches: below the place that a newer bootloader takes.
static const uint32_t STORED_AT = 0xDF000;
static mbed::FlashIAP flash;

static void storage_read(Stored *stored) {
  flash.init();
  flash.read(stored, STORED_AT, sizeof *stored);
  flash.deinit();
}

static void storage_write(const Stored *stored) {
  flash.init();
  flash.erase(STORED_AT, flash.get_sector_size(STORED_AT));
  flash.program(stored, STORED_AT, sizeof *stored);
  flash.deinit();
}
#else
#include <FlashStorage.h>  // library "FlashStorage"

FlashStorage(flash, Stored)

static void storage_read(Stored *stored) { flash.read(stored); }

static void storage_write(const Stored *stored) { flash.write(*stored); }
#endif

// FNV-1a, 32 bits: a damaged record is noticed, and two boards that know the same say the same.
static uint32_t storage_sum(const Known *known) {
  const uint8_t *bytes = (const uint8_t *)known;
  uint32_t sum = 2166136261u;
  for (size_t i = 0; i < sizeof *known; i++) sum = (sum ^ bytes[i]) * 16777619u;
  return sum;
}

// False, and nothing is changed, if nothing was stored that belongs to this network.
static bool storage_load(Known *known) {
  static Stored stored;
  storage_read(&stored);
  if (stored.id != VIBRATION_CENTRE_ID || stored.sum != storage_sum(&stored.known)) return false;
  if (stored.known.speeds < 1 || stored.known.speeds > MOST_SPEEDS) return false;
  *known = stored.known;
  return true;
}

// Whether what stands in the flash afterwards is what was to be stored.
static bool storage_save(const Known *known) {
  static Stored stored;
  stored.id = VIBRATION_CENTRE_ID;
  stored.sum = storage_sum(known);
  stored.known = *known;
  storage_write(&stored);
  static Stored found;
  storage_read(&found);
  return memcmp(&found, &stored, sizeof found) == 0;
}
