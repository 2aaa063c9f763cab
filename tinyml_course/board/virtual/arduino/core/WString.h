// Text that grows: the String class of the Arduino cores, with the same functions and the same habits.
// A text whose memory could not be had is invalid: `if (text)` is false, and it reads as empty.
#pragma once
#include <stddef.h>
#include <stdint.h>

class __FlashStringHelper;
#define F(text) (reinterpret_cast<const __FlashStringHelper *>(text))

class StringSumHelper;

class String {
 public:
  String(const char *text = "");
  String(const char *text, unsigned int length);
  String(const __FlashStringHelper *text) : String(reinterpret_cast<const char *>(text)) {}
  String(const String &other);
  String(String &&other);
  explicit String(char c);
  explicit String(unsigned char number, unsigned char base = 10);
  explicit String(int number, unsigned char base = 10);
  explicit String(unsigned int number, unsigned char base = 10);
  explicit String(long number, unsigned char base = 10);
  explicit String(unsigned long number, unsigned char base = 10);
#ifdef ARDUINO_ARCH_ESP32
  explicit String(long long number, unsigned char base = 10);
  explicit String(unsigned long long number, unsigned char base = 10);
  explicit String(float number, unsigned int decimals = 2);
  explicit String(double number, unsigned int decimals = 2);
  bool concat(long long number) { return concat(String(number)); }
  bool concat(unsigned long long number) { return concat(String(number)); }
#else
  explicit String(float number, unsigned char decimals = 2);
  explicit String(double number, unsigned char decimals = 2);
#endif
  ~String();

  String &operator=(const String &other);
  String &operator=(String &&other);
  String &operator=(const char *text);
  String &operator=(const __FlashStringHelper *text) {
    return *this = reinterpret_cast<const char *>(text);
  }

  bool reserve(unsigned int size);
  unsigned int length() const { return length_; }
  bool isEmpty() const { return length_ == 0; }
  explicit operator bool() const { return !invalid_; }

  // True if it fitted; if not, the text stays as it was.
  bool concat(const char *text, unsigned int length);
  bool concat(const char *text);
  bool concat(const String &text) { return concat(text.c_str(), text.length()); }
  bool concat(const __FlashStringHelper *text) {
    return concat(reinterpret_cast<const char *>(text));
  }
  bool concat(char c) { return concat(&c, 1); }
  bool concat(unsigned char number) { return concat(String(number)); }
  bool concat(int number) { return concat(String(number)); }
  bool concat(unsigned int number) { return concat(String(number)); }
  bool concat(long number) { return concat(String(number)); }
  bool concat(unsigned long number) { return concat(String(number)); }
  bool concat(float number) { return concat(String(number)); }
  bool concat(double number) { return concat(String(number)); }
  template <class T>
  String &operator+=(const T &more) {
    concat(more);
    return *this;
  }

  int compareTo(const String &other) const;
  bool equals(const String &other) const { return compareTo(other) == 0; }
  bool equals(const char *text) const;
  bool equalsIgnoreCase(const String &other) const;
  bool startsWith(const String &prefix) const { return startsWith(prefix, 0); }
  bool startsWith(const String &prefix, unsigned int offset) const;
  bool endsWith(const String &suffix) const;

  char operator[](unsigned int index) const { return charAt(index); }
  char &operator[](unsigned int index);
  char charAt(unsigned int index) const { return index < length_ ? text_[index] : '\0'; }
  void setCharAt(unsigned int index, char c);
  void getBytes(unsigned char *buffer, unsigned int size, unsigned int index = 0) const;
  void toCharArray(char *buffer, unsigned int size, unsigned int index = 0) const {
    getBytes(reinterpret_cast<unsigned char *>(buffer), size, index);
  }
  const char *c_str() const { return text_ ? text_ : ""; }
  char *begin() { return text_; }
  char *end() { return text_ + length_; }
  const char *begin() const { return c_str(); }
  const char *end() const { return c_str() + length_; }

  int indexOf(char c, unsigned int from = 0) const;
  int indexOf(const String &text, unsigned int from = 0) const;
  int lastIndexOf(char c) const;
  int lastIndexOf(char c, unsigned int from) const;
  int lastIndexOf(const String &text) const;
  int lastIndexOf(const String &text, unsigned int from) const;
  String substring(unsigned int begin) const { return substring(begin, length_); }
  String substring(unsigned int begin, unsigned int end) const;

  void replace(char find, char replacement);
  void replace(const String &find, const String &replacement);
  void remove(unsigned int index);
  void remove(unsigned int index, unsigned int count);
  void toLowerCase();
  void toUpperCase();
  void trim();

  long toInt() const;
  float toFloat() const;
  double toDouble() const;

 private:
  String &take(String &other);
  void invalidate();
  char *text_ = nullptr;
  unsigned int length_ = 0, capacity_ = 0;  // capacity: bytes, the closing zero included
  bool invalid_ = false;
};

// The left side of a `+`: what the texts are collected in.
class StringSumHelper : public String {
 public:
  StringSumHelper(const String &text) : String(text) {}
  StringSumHelper(const char *text) : String(text) {}
  StringSumHelper(char c) : String(c) {}
  StringSumHelper(unsigned char number) : String(number) {}
  StringSumHelper(int number) : String(number) {}
  StringSumHelper(unsigned int number) : String(number) {}
  StringSumHelper(long number) : String(number) {}
  StringSumHelper(unsigned long number) : String(number) {}
  StringSumHelper(float number) : String(number) {}
  StringSumHelper(double number) : String(number) {}
};

#define STRING_PLUS(type)                                                        \
  inline StringSumHelper &operator+(const StringSumHelper &left, type right) {   \
    StringSumHelper &sum = const_cast<StringSumHelper &>(left);                  \
    sum.concat(right);                                                           \
    return sum;                                                                  \
  }
STRING_PLUS(const String &)
STRING_PLUS(const char *)
STRING_PLUS(char)
STRING_PLUS(unsigned char)
STRING_PLUS(int)
STRING_PLUS(unsigned int)
STRING_PLUS(long)
STRING_PLUS(unsigned long)
#ifdef ARDUINO_ARCH_ESP32
STRING_PLUS(long long)
STRING_PLUS(unsigned long long)
#endif
STRING_PLUS(float)
STRING_PLUS(double)
STRING_PLUS(const __FlashStringHelper *)
#undef STRING_PLUS

inline bool operator==(const String &a, const String &b) { return a.equals(b); }
inline bool operator==(const String &a, const char *b) { return a.equals(b); }
inline bool operator==(const char *a, const String &b) { return b.equals(a); }
inline bool operator!=(const String &a, const String &b) { return !a.equals(b); }
inline bool operator!=(const String &a, const char *b) { return !a.equals(b); }
inline bool operator!=(const char *a, const String &b) { return !b.equals(a); }
inline bool operator<(const String &a, const String &b) { return a.compareTo(b) < 0; }
inline bool operator>(const String &a, const String &b) { return a.compareTo(b) > 0; }
inline bool operator<=(const String &a, const String &b) { return a.compareTo(b) <= 0; }
inline bool operator>=(const String &a, const String &b) { return a.compareTo(b) >= 0; }
