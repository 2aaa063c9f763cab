// The Wio Terminal's microphone, fed from a WAV file, through the interface of "Seeed Arduino Mic":
// 12-bit unsigned samples around 1024, where Seeed's examples have the middle.
#pragma once
#include <Arduino.h>

typedef struct {
  uint8_t channel_cnt;
  uint32_t sampling_rate;
  uint32_t buf_size;
  int debug_pin;
} mic_config_t;

class DMA_ADC_Class {
 public:
  explicit DMA_ADC_Class(mic_config_t *config) : config_(config) {}
  void set_callback(void (*callback)(uint16_t *buffer, uint32_t length));
  uint8_t begin();
  void end();

 private:
  mic_config_t *config_;
};
