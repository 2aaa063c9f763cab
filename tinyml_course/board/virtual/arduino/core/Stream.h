// Characters that arrive. The timed forms wait for a character as long as setTimeout() says.
#pragma once
#include "Print.h"

class Stream : public Print {
 public:
  virtual int available() = 0;
  virtual int read() = 0;
  virtual int peek() = 0;
  void setTimeout(unsigned long milliseconds) { timeout_ms_ = milliseconds; }
  size_t readBytes(char *buffer, size_t length);
  size_t readBytes(uint8_t *buffer, size_t length) { return readBytes((char *)buffer, length); }
  String readStringUntil(char end);
  long parseInt();
  float parseFloat();

 private:
  int timed_read();
  int timed_peek();
  int skip_to_number(bool with_point);
  unsigned long timeout_ms_ = 1000;
};
