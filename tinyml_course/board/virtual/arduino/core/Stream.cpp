#include "Arduino.h"

int Stream::timed_peek() {
  const unsigned long start = millis();
  do {
    const int c = peek();
    if (c >= 0) return c;
  } while (millis() - start < timeout_ms_);
  return -1;
}

int Stream::timed_read() {
  const int c = timed_peek();
  if (c >= 0) read();
  return c;
}

size_t Stream::readBytes(char *buffer, size_t length) {
  size_t n = 0;
  while (n < length) {
    const int c = timed_read();
    if (c < 0) break;
    buffer[n++] = (char)c;
  }
  return n;
}

String Stream::readStringUntil(char end) {
  String text;
  for (int c = timed_read(); c >= 0 && c != end; c = timed_read()) text += (char)c;
  return text;
}

int Stream::skip_to_number(bool with_point) {
  for (;;) {
    const int c = timed_peek();
    if (c < 0 || c == '-' || (c >= '0' && c <= '9') || (with_point && c == '.')) return c;
    read();
  }
}

long Stream::parseInt() {
  long value = 0;
  bool negative = false;
  for (int c = skip_to_number(false); c == '-' || (c >= '0' && c <= '9'); c = timed_peek()) {
    if (c == '-') negative = true;
    else value = value * 10 + (c - '0');
    read();
  }
  return negative ? -value : value;
}

float Stream::parseFloat() {
  float value = 0.0f, place = 0.0f;
  bool negative = false;
  for (int c = skip_to_number(true); c == '-' || c == '.' || (c >= '0' && c <= '9');
       c = timed_peek()) {
    if (c == '-') negative = true;
    else if (c == '.') place = 0.1f;
    else if (place > 0.0f) {
      value += place * (float)(c - '0');
      place *= 0.1f;
    } else value = value * 10.0f + (float)(c - '0');
    read();
  }
  return negative ? -value : value;
}
