#include "PDM.h"

#include "board_io.h"

PDMClass PDM;

static void (*on_receive)(void) = nullptr;
static int buffer_bytes = 512;

// A buffer is full: the callback reads it. What it leaves is gone, as on the board.
static void deliver() {
  while ((int)(MICROPHONE_DUE * 2) >= buffer_bytes) {
    const uint32_t before = MICROPHONE_AVAILABLE;
    if (on_receive) on_receive();
    if (MICROPHONE_AVAILABLE == before) {
      MICROPHONE_ADDRESS = 0;
      MICROPHONE_TAKE = (uint32_t)buffer_bytes / 2;
    }
  }
}

int PDMClass::begin(int channels, int sample_rate_hz) {
  if (!MICROPHONE_PRESENT || channels != 1) return 0;
  if (sample_rate_hz != 16000 && sample_rate_hz != 41667) return 0;
  MICROPHONE_BEGIN = (uint32_t)sample_rate_hz;
  board_background_task = deliver;
  return 1;
}

void PDMClass::end() {
  MICROPHONE_BEGIN = 0;
  board_background_task = nullptr;
}

int PDMClass::available() {
  const int waiting = (int)(MICROPHONE_AVAILABLE * 2);
  return waiting < buffer_bytes ? waiting : buffer_bytes;
}

int PDMClass::read(void *buffer, size_t size) {
  const size_t waiting = (size_t)available();
  if (size > waiting) size = waiting;
  MICROPHONE_ADDRESS = (uint32_t)(uintptr_t)buffer;
  MICROPHONE_TAKE = size / 2;
  return (int)size;
}

void PDMClass::onReceive(void (*callback)(void)) { on_receive = callback; }
void PDMClass::setGain(int) {}
void PDMClass::setBufferSize(int bytes) { buffer_bytes = bytes; }
