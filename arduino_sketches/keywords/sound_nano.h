// Nano 33 BLE Sense, Rev1 and Rev2: digital microphone. Library: PDM, part of the board's core.
#pragma once
#include <PDM.h>

#define SKETCH_BOARD "nano33ble"

static void sound_take() {
  static int16_t samples[256];
  const int bytes = PDM.available();
  const int count = PDM.read(samples, bytes < (int)sizeof samples ? bytes : (int)sizeof samples) / 2;
  for (int i = 0; i < count; i++) sound_put(samples[i]);
}

static bool sound_begin() {
  PDM.onReceive(sound_take);
  PDM.setBufferSize(512);
  return PDM.begin(1, 16000) == 1;
}
