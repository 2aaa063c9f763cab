// A line for the computer, built first and sent at once. Each print() to a USB port is a packet of its
// own: a line of twenty prints would be twenty of them, and twenty waits.
#pragma once
#include <Arduino.h>

class Message : public Print {
 public:
  size_t write(uint8_t c) override {
    if (length_ == sizeof text_) send();  // longer than we thought: in two pieces
    text_[length_++] = c;
    return 1;
  }
  using Print::write;
  void send() {
    Serial.write(text_, length_);
    length_ = 0;
  }

 private:
  uint8_t text_[192];
  size_t length_ = 0;
};
static Message message;
