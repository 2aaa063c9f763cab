/* Texts to numbers and back, sorting: the rest of <stdlib.h>. */
#include "numbers.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static int digit_value(char c) {
  if (isdigit((unsigned char)c)) return c - '0';
  return isalpha((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : 36;
}

/* The number without its sign, at most `limit`. */
static unsigned long long read_number(const char *text, char **end, int base, int *negative,
                                      unsigned long long limit) {
  const char *at = text;
  while (isspace((unsigned char)*at)) at++;
  *negative = *at == '-';
  if (*at == '-' || *at == '+') at++;
  const int has_x = at[0] == '0' && (at[1] | 32) == 'x' && digit_value(at[2]) < 16;
  if ((base == 0 || base == 16) && has_x) at += 2, base = 16;
  if (base == 0) base = *at == '0' ? 8 : 10;
  const char *first = at;
  unsigned long long value = 0;
  int is_over = 0;
  for (; digit_value(*at) < base; at++) {
    const unsigned digit = (unsigned)digit_value(*at);
    if (value > (limit - digit) / (unsigned)base) is_over = 1;
    value = is_over ? limit : value * (unsigned)base + digit;
  }
  if (end) *end = (char *)(at == first ? text : at);
  return value;
}

long strtol(const char *text, char **end, int base) {
  int negative;
  const unsigned long long limit = (unsigned long long)LONG_MAX + 1u;
  const unsigned long long value = read_number(text, end, base, &negative, limit);
  if (negative) return (long)(0 - value);
  return value > LONG_MAX ? LONG_MAX : (long)value;
}

unsigned long strtoul(const char *text, char **end, int base) {
  int negative;
  const unsigned long value = (unsigned long)read_number(text, end, base, &negative, ULONG_MAX);
  return negative ? 0 - value : value;
}

long long strtoll(const char *text, char **end, int base) {
  int negative;
  const unsigned long long limit = (unsigned long long)LLONG_MAX + 1u;
  const unsigned long long value = read_number(text, end, base, &negative, limit);
  if (negative) return (long long)(0 - value);
  return value > LLONG_MAX ? LLONG_MAX : (long long)value;
}

unsigned long long strtoull(const char *text, char **end, int base) {
  int negative;
  const unsigned long long value = read_number(text, end, base, &negative, ULLONG_MAX);
  return negative ? 0 - value : value;
}

/* Right to the last digit or the one before: up to 19 digits, one product with a power of ten. */
double strtod(const char *text, char **end) {
  const char *at = text;
  while (isspace((unsigned char)*at)) at++;
  const int negative = *at == '-';
  if (*at == '-' || *at == '+') at++;
  unsigned long long digits = 0;
  int exponent = 0, has_digits = 0, has_point = 0;
  for (;; at++) {
    if (*at == '.' && !has_point) {
      has_point = 1;
      continue;
    }
    if (!isdigit((unsigned char)*at)) break;
    has_digits = 1;
    if (digits < 1000000000000000000ull) {
      digits = digits * 10 + (unsigned)(*at - '0');
      exponent -= has_point;
    } else {
      exponent += !has_point;
    }
  }
  if (!has_digits) at = text;
  if (has_digits && (*at | 32) == 'e') {
    char *after;
    const char *begin = at + 1;
    if (isdigit((unsigned char)*begin) ||
        ((*begin == '-' || *begin == '+') && isdigit((unsigned char)begin[1]))) {
      const long more = strtol(begin, &after, 10);
      exponent += (int)(more > 9999 ? 9999 : more < -9999 ? -9999 : more);
      at = after;
    }
  }
  if (end) *end = (char *)at;
  double value = (double)digits, power = 10.0, scale = 1.0;
  for (int n = exponent < 0 ? -exponent : exponent; n && value != 0.0; n >>= 1, power *= power) {
    if (n & 1) scale *= power;
  }
  value = exponent < 0 ? value / scale : value * scale;
  return negative ? -value : value;
}

double atof(const char *text) { return strtod(text, NULL); }
float strtof(const char *text, char **end) { return (float)strtod(text, end); }

#ifdef ARDUINO_ARCH_ESP32
typedef unsigned long long Whole; /* of which the ESP32's core alone makes texts */
#else
typedef unsigned long Whole;
#endif

/* Digits of a base from 2 to `most`; of another base none. */
static char *put_digits(Whole value, char *text, int base, int most) {
  char reversed[8 * sizeof(Whole) + 1];
  int n = 0, length = 0;
  if (base >= 2 && base <= most) {
    do {
      const unsigned digit = (unsigned)(value % (unsigned)base);
      reversed[n++] = (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
      value /= (unsigned)base;
    } while (value);
  }
  while (n) text[length++] = reversed[--n];
  text[length] = '\0';
  return text;
}

char *utoa(unsigned int value, char *text, int base) { return put_digits(value, text, base, 36); }

/* A negative number has a sign in base 10 only. */
char *itoa(int value, char *text, int base) {
  if (base != 10 || value >= 0) return utoa((unsigned int)value, text, base);
  *text = '-';
  put_digits(0 - (unsigned int)value, text + 1, base, 36);
  return text;
}

#ifdef ARDUINO_ARCH_ESP32
/* Its core's own know bases up to 16, and a sign in each of them. */
char *ulltoa(unsigned long long value, char *text, int base) {
  return put_digits(value, text, base, 16);
}
char *lltoa(long long value, char *text, int base) {
  if (value >= 0 || base < 2 || base > 16) return ulltoa((unsigned long long)value, text, base);
  *text = '-';
  ulltoa(0 - (unsigned long long)value, text + 1, base);
  return text;
}
char *ultoa(unsigned long value, char *text, int base) { return ulltoa(value, text, base); }
char *ltoa(long value, char *text, int base) { return lltoa(value, text, base); }
#else
char *ultoa(unsigned long value, char *text, int base) { return put_digits(value, text, base, 36); }
char *ltoa(long value, char *text, int base) { return itoa((int)value, text, base); }
#endif

long long atoll(const char *text) { return strtoll(text, NULL, 10); }
long labs(long x) { return x < 0 ? -x : x; }
#undef abs
int abs(int x) { return x < 0 ? -x : x; }

/* Insertion in halves that double: no recursion, and quick enough for what fits into RAM. */
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *)) {
  unsigned char *items = base;
  size_t gap = 1;
  while (gap < count / 3) gap = 3 * gap + 1;
  for (; gap; gap /= 3) {
    for (size_t i = gap; i < count; i++) {
      for (size_t j = i; j >= gap; j -= gap) {
        unsigned char *right = items + j * size, *left = right - gap * size;
        if (compare(left, right) <= 0) break;
        for (size_t k = 0; k < size; k++) {
          const unsigned char byte = left[k];
          left[k] = right[k], right[k] = byte;
        }
      }
    }
  }
}
