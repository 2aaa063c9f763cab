// Wio Terminal: analogue microphone at a 12-bit converter. Library: Seeed Arduino Mic.
// The samples are unsigned. Their middle is not that of the converter: Seeed's examples take 1024, and
// no two boards have the same, so it is measured all the time.
#pragma once
#include <mic.h>

#define SKETCH_BOARD "wio_terminal"

static const int MIDDLE_SHIFT = 10;  // follows within 64 ms: far below any voice
static int32_t sound_middle = 1024L << MIDDLE_SHIFT;

static void sound_take(uint16_t *samples, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    sound_middle += (int32_t)samples[i] - (sound_middle >> MIDDLE_SHIFT);
    sound_put((int16_t)(((int32_t)samples[i] - (sound_middle >> MIDDLE_SHIFT)) * 16));
  }
}

static mic_config_t sound_config = {1, 16000, 320, 1};
static DMA_ADC_Class sound_mic(&sound_config);

static bool sound_begin() {
  sound_mic.set_callback(sound_take);
  return sound_mic.begin() != 0;
}
