// The microphone of whichever board this is compiled for, at 16,000 samples a second.
//
//   sound_begin()         starts it; false if it does not answer.
//   sound_read(hop, n)    the next n samples, int16; false if they are not there yet.
//   sound_lost()          samples that came while there was no room for them, since the last call.
//
// The microphone's callback writes into a ring, sound_read takes out of it. Each side moves only its
// own counter, so neither has to stop the other. All is volatile: a sample must be in its place
// before the counter says so.
#pragma once
#include <Arduino.h>

static const uint32_t SOUND_RING = 4096;  // samples, a power of two: a quarter of a second
static volatile int16_t sound_ring[SOUND_RING];
static volatile uint32_t sound_written = 0, sound_taken = 0, sound_dropped = 0;

static void sound_put(int16_t sample) {
  if (sound_written - sound_taken == SOUND_RING) {
    sound_dropped = sound_dropped + 1;
    return;
  }
  sound_ring[sound_written % SOUND_RING] = sample;
  sound_written = sound_written + 1;
}

static bool sound_read(int16_t *samples, uint32_t count) {
  if (sound_written - sound_taken < count) return false;
  for (uint32_t i = 0; i < count; i++) {
    samples[i] = sound_ring[(sound_taken + i) % SOUND_RING];
  }
  sound_taken = sound_taken + count;
  return true;
}

static uint32_t sound_lost() {
  static uint32_t told = 0;
  const uint32_t dropped = sound_dropped, lost = dropped - told;
  told = dropped;
  return lost;
}

#if defined(ARDUINO_ARDUINO_NANO33BLE)
#include "sound_nano.h"
#elif defined(WIO_TERMINAL) || defined(SEEED_WIO_TERMINAL)
#include "sound_wio_terminal.h"
#else
#error "No microphone header for this board: choose Arduino Nano 33 BLE or Seeed Wio Terminal in the Tools menu."
#endif
