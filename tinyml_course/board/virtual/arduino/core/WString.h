// Text that grows. Enough for readStringUntil() and for building a line; no arithmetic on texts.
#pragma once
#include <stddef.h>

class __FlashStringHelper;
#define F(text) (reinterpret_cast<const __FlashStringHelper *>(text))
#define PSTR(text) (text)
#define PROGMEM

class String {
 public:
  String(const char *text = "");
  String(const String &other);
  String &operator=(const String &other);
  ~String();
  String &operator+=(char c);
  String &operator+=(const char *text);
  bool operator==(const char *text) const;
  bool operator!=(const char *text) const { return !(*this == text); }
  char operator[](unsigned int index) const { return index < length_ ? text_[index] : '\0'; }
  char charAt(unsigned int index) const { return (*this)[index]; }
  unsigned int length() const { return length_; }
  const char *c_str() const { return text_ ? text_ : ""; }
  bool startsWith(const char *text) const;
  void trim();
  long toInt() const;
  float toFloat() const;

 private:
  void reserve(unsigned int size);
  char *text_ = nullptr;
  unsigned int length_ = 0, capacity_ = 0;
};
