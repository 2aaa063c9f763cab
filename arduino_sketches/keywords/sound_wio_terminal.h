// Wio Terminal: analogue microphone at a 12-bit converter. Library: Seeed Arduino Mic.
// The samples are unsigned around the middle of the range; what offset is left, the front end removes.
#pragma once
#include <mic.h>

#define BOARD_NAME "wio_terminal"

static void sound_take(uint16_t *samples, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    sound_put((int16_t)(((int32_t)samples[i] - 2048) * 16));
  }
}

static mic_config_t sound_config = {1, 16000, 320, 1};
static DMA_ADC_Class sound_mic(&sound_config);

static bool sound_begin() {
  sound_mic.set_callback(sound_take);
  sound_mic.begin();
  return true;
}
