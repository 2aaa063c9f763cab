#include "mic.h"

#include "board_io.h"

static const uint32_t LARGEST = 1600;
static uint16_t samples[LARGEST];
static uint32_t samples_a_buffer;
static void (*on_buffer)(uint16_t *buffer, uint32_t length) = nullptr;

static void deliver() {
  while (MICROPHONE_DUE >= samples_a_buffer) {
    MICROPHONE_ADDRESS = (uint32_t)(uintptr_t)samples;
    MICROPHONE_TAKE = samples_a_buffer;
    for (uint32_t i = 0; i < samples_a_buffer; i++) {
      const int sample = 1024 + ((int16_t)samples[i] >> 4);  // 16 bit signed to 12 unsigned
      samples[i] = (uint16_t)constrain(sample, 0, 4095);
    }
    if (on_buffer) on_buffer(samples, samples_a_buffer);
  }
}

void DMA_ADC_Class::set_callback(void (*callback)(uint16_t *buffer, uint32_t length)) {
  on_buffer = callback;
}

uint8_t DMA_ADC_Class::begin() {
  if (!MICROPHONE_PRESENT || config_->channel_cnt != 1 || config_->buf_size > LARGEST) return 0;
  samples_a_buffer = config_->buf_size;
  MICROPHONE_BEGIN = config_->sampling_rate;
  board_background_task = deliver;
  return 1;
}

void DMA_ADC_Class::end() {
  MICROPHONE_BEGIN = 0;
  board_background_task = nullptr;
}
