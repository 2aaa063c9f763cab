// The Nano's microphone, fed from a WAV file, through the interface of Arduino's PDM library.
#pragma once
#include <Arduino.h>

class PDMClass {
 public:
  int begin(int channels, int sample_rate_hz);  // 1 = ok; one channel, 16000 or 41667 Hz
  void end();
  int available();  // bytes
  int read(void *buffer, size_t size);
  void onReceive(void (*callback)(void));
  void setGain(int gain);
  void setBufferSize(int bytes);
};
extern PDMClass PDM;
