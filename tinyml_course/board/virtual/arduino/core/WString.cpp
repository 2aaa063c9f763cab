#include "Arduino.h"

String::String(const char *text) { *this += text; }
String::String(const String &other) { *this += other.c_str(); }
String::~String() { free(text_); }

String &String::operator=(const String &other) {
  if (this != &other) {
    length_ = 0;
    *this += other.c_str();
  }
  return *this;
}

void String::reserve(unsigned int size) {
  if (size + 1 <= capacity_) return;
  capacity_ = size + 1 + size / 2;
  text_ = static_cast<char *>(realloc(text_, capacity_));
}

String &String::operator+=(char c) {
  const char text[2] = {c, '\0'};
  return *this += text;
}

String &String::operator+=(const char *text) {
  const unsigned int more = strlen(text);
  reserve(length_ + more);
  memcpy(text_ + length_, text, more + 1);
  length_ += more;
  return *this;
}

bool String::operator==(const char *text) const { return strcmp(c_str(), text) == 0; }

bool String::startsWith(const char *text) const {
  return strncmp(c_str(), text, strlen(text)) == 0;
}

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

void String::trim() {
  if (!text_) return;
  unsigned int begin = 0;
  while (is_space(text_[begin])) begin++;
  while (length_ > begin && is_space(text_[length_ - 1])) length_--;
  length_ -= begin;
  memmove(text_, text_ + begin, length_);
  text_[length_] = '\0';
}

long String::toInt() const { return atol(c_str()); }
float String::toFloat() const { return static_cast<float>(atof(c_str())); }
