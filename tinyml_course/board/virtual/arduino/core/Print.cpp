#include <stdarg.h>

#include "Arduino.h"

size_t Print::write(const uint8_t *buffer, size_t size) {
  size_t n = 0;
  while (n < size && write(buffer[n])) n++;
  return n;
}

size_t Print::print_number(unsigned long long number, int base, bool negative) {
  char text[66];
  char *at = text + sizeof text;
  if (base < 2) base = 10;
  if (number <= 0xFFFFFFFFull) {  // 32-bit division is much cheaper than 64-bit
    uint32_t rest = (uint32_t)number;
    do {
      const uint32_t digit = rest % (uint32_t)base;
      *--at = (char)(digit < 10 ? '0' + digit : 'A' + digit - 10);
      rest /= (uint32_t)base;
    } while (rest);
  } else {
    do {
      const uint32_t digit = (uint32_t)(number % (unsigned)base);
      *--at = (char)(digit < 10 ? '0' + digit : 'A' + digit - 10);
      number /= (unsigned)base;
    } while (number);
  }
  if (negative) *--at = '-';
  return write(at, (size_t)(text + sizeof text - at));
}

// A negative number has a sign in base 10 only, as in the cores.
size_t Print::print(long long number, int base) {
  const bool negative = base == DEC && number < 0;
  return print_number(negative ? 0ull - (unsigned long long)number : (unsigned long long)number,
                      base, negative);
}
size_t Print::print(long number, int base) {
  if (base == DEC) return print((long long)number, base);
  return print_number((unsigned long)number, base, false);
}
size_t Print::print(int number, int base) { return print((long)number, base); }
size_t Print::print(unsigned long long number, int base) { return print_number(number, base, false); }
size_t Print::print(unsigned long number, int base) { return print_number(number, base, false); }
size_t Print::print(unsigned int number, int base) { return print_number(number, base, false); }
size_t Print::print(unsigned char number, int base) { return print_number(number, base, false); }

size_t Print::print(double number, int digits) {
  if (isnan(number)) return print("nan");
  if (isinf(number)) return print("inf");
  if (number > 4294967040.0 || number < -4294967040.0) return print("ovf");
  size_t n = 0;
  if (number < 0.0) {
    n += print('-');
    number = -number;
  }
  double rounding = 0.5;
  for (int i = 0; i < digits; i++) rounding /= 10.0;
  number += rounding;
  const unsigned long whole = (unsigned long)number;
  double rest = number - (double)whole;
  n += print(whole);
  if (digits > 0) n += print('.');
  while (digits-- > 0) {
    rest *= 10.0;
    const unsigned int digit = (unsigned int)rest;
    n += print(digit);
    rest -= digit;
  }
  return n;
}

#ifdef ARDUINO_ARCH_ESP32  // where printf() ends at the port that Serial is
extern "C" int printf(const char *format, ...) {
  char text[256];
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  Serial.write((const uint8_t *)text, strlen(text));
  return length;
}
#endif

#ifndef BOARD_CORE_API
size_t Print::printf(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(nullptr, 0, format, arguments);
  va_end(arguments);
  char *text = static_cast<char *>(malloc((size_t)length + 1));
  if (!text) return 0;
  va_start(arguments, format);
  vsnprintf(text, (size_t)length + 1, format, arguments);
  va_end(arguments);
  const size_t written = write((const uint8_t *)text, (size_t)length);
  free(text);
  return written;
}
#endif
