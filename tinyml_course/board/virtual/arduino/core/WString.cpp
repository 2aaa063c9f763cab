#include "Arduino.h"

String::String(const char *text) { *this = text; }
String::String(const char *text, unsigned int length) { concat(text, length); }
String::String(const String &other) { *this = other; }
String::String(String &&other) { take(other); }
String::~String() { free(text_); }

String::String(char c) { concat(&c, 1); }

// Digits above 9 are small letters, as in the cores; a base of 10 alone knows a sign.
String::String(unsigned long number, unsigned char base) {
  char text[33];
  *this = ultoa(number, text, base);
}
String::String(long number, unsigned char base) {
  char text[34];
  *this = ltoa(number, text, base);
}
String::String(unsigned char number, unsigned char base) : String((unsigned int)number, base) {}

// The cores ask dtostrf for two characters more than decimals: String(3.0, 0) is " 3" there and here.
// ArduinoCore-API's knows ten decimals at most, the ESP32's as many as are asked for.
#ifdef ARDUINO_ARCH_ESP32
String::String(double number, unsigned int decimals) {
  char *text = (char *)malloc(decimals + 320);
  if (!text) {
    *this = "nan";
    return;
  }
  *this = dtostrf(number, (int)decimals + 2, decimals, text);
  free(text);
}
String::String(float number, unsigned int decimals) : String((double)number, decimals) {}
String::String(unsigned long long number, unsigned char base) {
  char text[65];
  *this = ulltoa(number, text, base);
}
String::String(long long number, unsigned char base) {
  char text[66];
  *this = lltoa(number, text, base);
}
String::String(int number, unsigned char base) {
  char text[34];
  *this = itoa(number, text, base);
}
String::String(unsigned int number, unsigned char base) {
  char text[33];
  *this = utoa(number, text, base);
}
#else
String::String(double number, unsigned char decimals) {
  char text[340];
  decimals = decimals > 10 ? 10 : decimals;
  *this = dtostrf(number, decimals + 2, decimals, text);
}
String::String(float number, unsigned char decimals) : String((double)number, decimals) {}
String::String(unsigned int number, unsigned char base) : String((unsigned long)number, base) {}
String::String(int number, unsigned char base) : String((long)number, base) {}
#endif

String &String::operator=(const String &other) {
  if (this == &other) return *this;
  if (other.invalid_) {
    invalidate();
    return *this;
  }
  length_ = 0;
  if (!concat(other.c_str(), other.length_)) invalidate();
  return *this;
}

String &String::operator=(String &&other) { return this == &other ? *this : take(other); }

String &String::operator=(const char *text) {
  length_ = 0;
  if (!text || !concat(text, strlen(text))) invalidate();
  return *this;
}

String &String::take(String &other) {
  free(text_);
  text_ = other.text_, length_ = other.length_, capacity_ = other.capacity_;
  invalid_ = other.invalid_;
  other.text_ = nullptr, other.length_ = other.capacity_ = 0;
  return *this;
}

void String::invalidate() {
  free(text_);
  text_ = nullptr, length_ = capacity_ = 0;
  invalid_ = true;
}

bool String::reserve(unsigned int size) {
  if (size < capacity_) return true;
  char *moved = static_cast<char *>(realloc(text_, size + 1));
  if (!moved) return false;
  if (!text_) moved[0] = '\0';
  text_ = moved, capacity_ = size + 1;
  invalid_ = false;
  return true;
}

bool String::concat(const char *text, unsigned int length) {
  if (!text) return false;
  const bool is_own = text_ && text >= text_ && text <= text_ + length_;
  const size_t own = is_own ? (size_t)(text - text_) : 0;
  if (!reserve(length_ + length)) return false;
  memmove(text_ + length_, is_own ? text_ + own : text, length);
  length_ += length;
  text_[length_] = '\0';
  return true;
}

bool String::concat(const char *text) { return text && concat(text, strlen(text)); }

int String::compareTo(const String &other) const { return strcmp(c_str(), other.c_str()); }
bool String::equals(const char *text) const { return strcmp(c_str(), text ? text : "") == 0; }
bool String::equalsIgnoreCase(const String &other) const {
  return length_ == other.length_ && strcasecmp(c_str(), other.c_str()) == 0;
}

bool String::startsWith(const String &prefix, unsigned int offset) const {
  if (offset + prefix.length_ > length_) return false;
  return strncmp(c_str() + offset, prefix.c_str(), prefix.length_) == 0;
}

bool String::endsWith(const String &suffix) const {
  return length_ >= suffix.length_ && startsWith(suffix, length_ - suffix.length_);
}

char &String::operator[](unsigned int index) {
  static char nothing;
  if (index < length_) return text_[index];
  nothing = '\0';
  return nothing;
}

void String::setCharAt(unsigned int index, char c) {
  if (index < length_) text_[index] = c;
}

void String::getBytes(unsigned char *buffer, unsigned int size, unsigned int index) const {
  if (!buffer || size == 0) return;
  unsigned int n = index < length_ ? length_ - index : 0;
  if (n > size - 1) n = size - 1;
  memcpy(buffer, c_str() + index, n);
  buffer[n] = '\0';
}

int String::indexOf(char c, unsigned int from) const {
  if (from >= length_) return -1;
  const char *found = strchr(text_ + from, c);
  return found ? (int)(found - text_) : -1;
}

int String::indexOf(const String &text, unsigned int from) const {
  if (from >= length_) return -1;
  const char *found = strstr(text_ + from, text.c_str());
  return found ? (int)(found - text_) : -1;
}

int String::lastIndexOf(char c) const { return lastIndexOf(c, length_ - 1); }
int String::lastIndexOf(char c, unsigned int from) const {
  if (from >= length_) return -1;
  for (int i = (int)from; i >= 0; i--) {
    if (text_[i] == c) return i;
  }
  return -1;
}

int String::lastIndexOf(const String &text) const {
  return lastIndexOf(text, length_ - text.length_);
}
int String::lastIndexOf(const String &text, unsigned int from) const {
  if (text.length_ == 0 || length_ == 0 || text.length_ > length_) return -1;
  if (from >= length_) from = length_ - 1;
  for (int i = (int)from; i >= 0; i--) {
    if (startsWith(text, (unsigned int)i)) return i;
  }
  return -1;
}

String String::substring(unsigned int begin, unsigned int end) const {
  if (begin > end) {
    const unsigned int other = begin;
    begin = end, end = other;
  }
  if (begin >= length_) return String();
  return String(text_ + begin, (end > length_ ? length_ : end) - begin);
}

void String::replace(char find, char replacement) {
  for (unsigned int i = 0; i < length_; i++) {
    if (text_[i] == find) text_[i] = replacement;
  }
}

void String::replace(const String &find, const String &replacement) {
  if (length_ == 0 || find.length_ == 0) return;
  String result;
  const char *from = text_;
  for (const char *at; (at = strstr(from, find.c_str())) != nullptr; from = at + find.length_) {
    if (!result.concat(from, (unsigned int)(at - from)) || !result.concat(replacement)) return;
  }
  if (result.concat(from)) take(result);
}

void String::remove(unsigned int index) { remove(index, (unsigned int)-1); }
void String::remove(unsigned int index, unsigned int count) {
  if (index >= length_ || count == 0) return;
  if (count > length_ - index) count = length_ - index;
  length_ -= count;
  memmove(text_ + index, text_ + index + count, length_ - index);
  text_[length_] = '\0';
}

void String::toLowerCase() {
  for (unsigned int i = 0; i < length_; i++) text_[i] = (char)tolower((unsigned char)text_[i]);
}
void String::toUpperCase() {
  for (unsigned int i = 0; i < length_; i++) text_[i] = (char)toupper((unsigned char)text_[i]);
}

void String::trim() {
  unsigned int begin = 0;
  while (begin < length_ && isspace((unsigned char)text_[begin])) begin++;
  while (length_ > begin && isspace((unsigned char)text_[length_ - 1])) length_--;
  if (!text_) return;
  length_ -= begin;
  memmove(text_, text_ + begin, length_);
  text_[length_] = '\0';
}

long String::toInt() const { return atol(c_str()); }
float String::toFloat() const { return static_cast<float>(toDouble()); }
double String::toDouble() const { return atof(c_str()); }
