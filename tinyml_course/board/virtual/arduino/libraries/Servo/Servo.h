// Servo motors: the width of the pulses at a pin, which the host keeps.
#pragma once
#include <Arduino.h>

#define MIN_PULSE_WIDTH 544
#define MAX_PULSE_WIDTH 2400
#define DEFAULT_PULSE_WIDTH 1500

class Servo {
 public:
  uint8_t attach(int pin) { return attach(pin, MIN_PULSE_WIDTH, MAX_PULSE_WIDTH); }
  uint8_t attach(int pin, int min_us, int max_us);
  void detach();
  void write(int angle_or_us);  // degrees, or microseconds from 544 on
  void writeMicroseconds(int us);
  int read();
  int readMicroseconds() { return us_; }
  bool attached() { return pin_ >= 0; }

 private:
  int pin_ = -1, min_us_ = MIN_PULSE_WIDTH, max_us_ = MAX_PULSE_WIDTH, us_ = DEFAULT_PULSE_WIDTH;
};
