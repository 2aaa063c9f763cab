#include "Arduino.h"

int Stream::timedPeek() {
  const unsigned long start = millis();
  do {
    const int c = peek();
    if (c >= 0) return c;
  } while (millis() - start < timeout_ms_);
  return -1;
}

int Stream::timedRead() {
  const int c = timedPeek();
  if (c >= 0) read();
  return c;
}

size_t Stream::readBytes(char *buffer, size_t length) {
  size_t n = 0;
  while (n < length) {
    const int c = timedRead();
    if (c < 0) break;
    buffer[n++] = (char)c;
  }
  return n;
}

size_t Stream::readBytesUntil(char end, char *buffer, size_t length) {
  size_t n = 0;
  while (n < length) {
    const int c = timedRead();
    if (c < 0 || c == (unsigned char)end) break;
    buffer[n++] = (char)c;
  }
  return n;
}

String Stream::readString() {
  String text;
  for (int c = timedRead(); c >= 0; c = timedRead()) text += (char)c;
  return text;
}

String Stream::readStringUntil(char end) {
  String text;
  for (int c = timedRead(); c >= 0 && c != (unsigned char)end; c = timedRead()) text += (char)c;
  return text;
}

// How much of `text` the last characters of what came match, after one more.
static size_t advance(const char *text, size_t length, size_t matched, char c) {
  while (matched > 0 && text[matched] != c) {
    size_t shorter = matched - 1;  // the longest beginning of the text that is still an end of it
    while (shorter > 0 && memcmp(text, text + matched - shorter, shorter) != 0) shorter--;
    matched = shorter;
  }
  return length > matched && text[matched] == c ? matched + 1 : matched;
}

bool Stream::findUntil(const char *text, size_t length, const char *end, size_t end_length) {
  size_t matched = 0, end_matched = 0;
  if (length == 0) return true;
  for (int c = timedRead(); c >= 0; c = timedRead()) {
    matched = advance(text, length, matched, (char)c);
    if (matched == length) return true;
    if (end_length) end_matched = advance(end, end_length, end_matched, (char)c);
    if (end_length && end_matched == end_length) return false;
  }
  return false;
}

int Stream::skip_to_number(LookaheadMode lookahead, bool with_point) {
  for (;;) {
    const int c = timedPeek();
    if (c < 0 || c == '-' || (c >= '0' && c <= '9') || (with_point && c == '.')) return c;
    if (lookahead == SKIP_NONE || (lookahead == SKIP_WHITESPACE && !isspace(c))) return -1;
    read();
  }
}

long Stream::parseInt(LookaheadMode lookahead, char ignore) {
  long value = 0;
  bool negative = false;
  for (int c = skip_to_number(lookahead, false);
       c == '-' || (c >= '0' && c <= '9') || (c >= 0 && c == ignore); c = timedPeek()) {
    if (c == '-') negative = true;
    else if (c != ignore) value = value * 10 + (c - '0');
    read();
  }
  return negative ? -value : value;
}

float Stream::parseFloat(LookaheadMode lookahead, char ignore) {
  float value = 0.0f, place = 0.0f;
  bool negative = false;
  for (int c = skip_to_number(lookahead, true);
       c == '-' || c == '.' || (c >= '0' && c <= '9') || (c >= 0 && c == ignore);
       c = timedPeek()) {
    if (c == '-') negative = true;
    else if (c == '.') place = 0.1f;
    else if (c == ignore) {
    } else if (place > 0.0f) {
      value += place * (float)(c - '0');
      place *= 0.1f;
    } else value = value * 10.0f + (float)(c - '0');
    read();
  }
  return negative ? -value : value;
}
