// Characters that arrive. The timed forms wait for a character as long as setTimeout() says.
#pragma once
#include "Print.h"

// What parseInt() and parseFloat() may pass over before the number begins.
enum LookaheadMode { SKIP_ALL, SKIP_NONE, SKIP_WHITESPACE };
#define NO_IGNORE_CHAR '\x01'

class Stream : public Print {
 public:
  virtual int available() = 0;
  virtual int read() = 0;
  virtual int peek() = 0;
  void setTimeout(unsigned long milliseconds) { timeout_ms_ = milliseconds; }
  unsigned long getTimeout() const { return timeout_ms_; }
  size_t readBytes(char *buffer, size_t length);
  size_t readBytes(uint8_t *buffer, size_t length) { return readBytes((char *)buffer, length); }
  size_t readBytesUntil(char end, char *buffer, size_t length);
  size_t readBytesUntil(char end, uint8_t *buffer, size_t length) {
    return readBytesUntil(end, (char *)buffer, length);
  }
  String readString();
  String readStringUntil(char end);
  long parseInt(LookaheadMode lookahead = SKIP_ALL, char ignore = NO_IGNORE_CHAR);
  float parseFloat(LookaheadMode lookahead = SKIP_ALL, char ignore = NO_IGNORE_CHAR);

  // Reads until the text has come: true; false if time runs out, or `end` comes first.
  bool find(const char *text) { return find(text, strlen(text)); }
  bool find(const char *text, size_t length) { return findUntil(text, length, nullptr, 0); }
  bool find(char c) { return find(&c, 1); }
  bool findUntil(const char *text, const char *end) {
    return findUntil(text, strlen(text), end, strlen(end));
  }
  bool findUntil(const char *text, size_t length, const char *end, size_t end_length);

 protected:
  int timedRead();
  int timedPeek();

 private:
  int skip_to_number(LookaheadMode lookahead, bool with_point);
  unsigned long timeout_ms_ = 1000;
};
