// Numbers and text as characters. Every form returns how many characters it wrote.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define DEC 10
#define HEX 16
#define OCT 8
#define BIN 2

class Print;

class Printable {
 public:
  virtual size_t printTo(Print &p) const = 0;
};

class Print {
 public:
  virtual size_t write(uint8_t byte) = 0;
  virtual size_t write(const uint8_t *buffer, size_t size);
  size_t write(const char *text) { return write((const uint8_t *)text, strlen(text)); }
  size_t write(const char *buffer, size_t size) { return write((const uint8_t *)buffer, size); }
  virtual int availableForWrite() { return 0; }
  virtual void flush() {}

  size_t print(const __FlashStringHelper *text) { return print((const char *)text); }
  size_t print(const String &text) { return print(text.c_str()); }
  size_t print(const char *text) { return write(text); }
  size_t print(char c) { return write((uint8_t)c); }
  size_t print(unsigned char number, int base = DEC);
  size_t print(int number, int base = DEC);
  size_t print(unsigned int number, int base = DEC);
  size_t print(long number, int base = DEC);
  size_t print(unsigned long number, int base = DEC);
  size_t print(long long number, int base = DEC);
  size_t print(unsigned long long number, int base = DEC);
  size_t print(double number, int digits = 2);
  size_t print(const Printable &thing) { return thing.printTo(*this); }

  size_t println() { return write("\r\n"); }
  template <class T>
  size_t println(const T &thing) {
    size_t n = print(thing);
    return n + println();
  }
  template <class T>
  size_t println(const T &thing, int base_or_digits) {
    size_t n = print(thing, base_or_digits);
    return n + println();
  }

#ifndef BOARD_CORE_API  // Seeed's core and the ESP32's have it, ArduinoCore-API has not
  size_t printf(const char *format, ...) __attribute__((format(printf, 2, 3)));
#else
  size_t printf(const char *format, ...) __attribute__((unavailable(
      "the core of the real board has no Serial.printf() either; "
      "char text[80]; snprintf(text, sizeof text, ...); Serial.print(text)")));
#endif

 private:
  size_t print_number(unsigned long long number, int base, bool negative);
};
