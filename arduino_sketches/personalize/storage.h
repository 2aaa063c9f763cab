// What was learnt, in the chip's flash: it is there again after the power was off. An upload erases it,
// and a sketch with another network does not take it: the record carries the head's number and a sum.
// Flash takes about ten thousand writes: a few a day last for years, one a second for hours.
#pragma once
#include <Arduino.h>

#include "personalize_head.h"

struct Stored {
  uint32_t id;
  uint32_t sum;
  personalize_head_state_t state;
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

// FNV-1a, 32 bits: a damaged record is noticed, and two boards that learnt the same say the same.
static uint32_t storage_sum(const personalize_head_state_t *state) {
  const uint8_t *bytes = (const uint8_t *)state;
  uint32_t sum = 2166136261u;
  for (size_t i = 0; i < sizeof *state; i++) sum = (sum ^ bytes[i]) * 16777619u;
  return sum;
}

// False, and nothing is changed, if nothing was stored that belongs to this head.
static bool storage_load(personalize_head_state_t *state) {
  static Stored stored;
  storage_read(&stored);
  if (stored.id != PERSONALIZE_HEAD_ID || stored.sum != storage_sum(&stored.state)) return false;
  *state = stored.state;
  return true;
}

static void storage_save(const personalize_head_state_t *state) {
  static Stored stored;
  stored.id = PERSONALIZE_HEAD_ID;
  stored.sum = storage_sum(state);
  stored.state = *state;
  storage_write(&stored);
}
