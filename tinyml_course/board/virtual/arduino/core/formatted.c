/* snprintf and its family, and dtostrf. Decimal digits of a double are exact, and rounded once.
 *
 * The cores of all these boards link a printf that knows %f: Seeed's by `-u _printf_float`. */
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "numbers.h"

#define MOST_DIGITS 330 /* 309 before the point of the largest double, and some behind */

typedef struct {
  char digits[MOST_DIGITS + 2]; /* without leading zeros, except before a point that needs one */
  int count, before_point;
} Decimal;

/* Digits of x >= 0: `decimals` of them behind the point, or as many in all if `is_significant`. */
static void decimal_of(double x, int decimals, int is_significant, Decimal *result) {
  uint32_t words[36] = {0}; /* a number in base 2^32, the lowest word first */
  int exponent;
  const uint64_t mantissa = (uint64_t)(frexp(x, &exponent) * 9007199254740992.0);
  exponent -= 53; /* x = mantissa * 2^exponent */
  char *out = result->digits + 1;
  int n = 0;

  /* Before the point: divide by ten until nothing is left. */
  const uint64_t low = exponent >= 0 ? mantissa : exponent > -64 ? mantissa >> -exponent : 0;
  const int shift = exponent >= 0 ? exponent : 0;
  for (int i = 0; i < 64; i++) {
    if (low >> i & 1u) words[(i + shift) >> 5] |= 1u << ((i + shift) & 31);
  }
  int top = 36;
  char reversed[312];
  while (top > 0 && !words[top - 1]) top--;
  while (top > 0) {
    uint64_t rest = 0;
    for (int i = top - 1; i >= 0; i--) {
      rest = rest << 32 | words[i];
      words[i] = (uint32_t)(rest / 10u);
      rest %= 10u;
    }
    reversed[n++] = (char)rest;
    while (top > 0 && !words[top - 1]) top--;
  }
  for (int i = 0; i < n; i++) out[i] = reversed[n - 1 - i];
  result->before_point = n;

  /* Behind it: what 2^32 has carried out after each product with ten. The fraction's bits stand
   * below the point in words[35], words[34] and so on. */
  memset(words, 0, sizeof words);
  int lowest = 36;
  if (exponent < 0) {
    for (int i = 0; i < 64; i++) {
      const int place = -exponent - 1 - i; /* bits behind the point, 0 is one half */
      if (!(mantissa >> i & 1u) || place < 0 || place >= 36 * 32) continue;
      words[35 - (place >> 5)] |= 0x80000000u >> (place & 31);
      if (35 - (place >> 5) < lowest) lowest = 35 - (place >> 5);
    }
  }
  int wanted = is_significant ? decimals : n + decimals;
  if (wanted > MOST_DIGITS) wanted = MOST_DIGITS;
  while (n < wanted) {
    uint64_t carry = 0;
    for (int i = lowest; i < 36; i++) {
      carry += (uint64_t)words[i] * 10u;
      words[i] = (uint32_t)carry;
      carry >>= 32;
    }
    if (is_significant && n == 0 && carry == 0 && lowest < 36) {
      result->before_point--; /* a leading zero is no digit */
      if (result->before_point < -400) break;
      continue;
    }
    out[n++] = (char)carry;
  }
  /* Round half to even on what is left: the cut digits, or the fraction. */
  int up;
  if (n > wanted) {
    int is_tail_zero = lowest == 36 || x == floor(x);
    for (int i = wanted + 1; i < n; i++) is_tail_zero &= out[i] == 0;
    const int is_odd = wanted > 0 && (out[wanted - 1] & 1);
    up = out[wanted] > 5 || (out[wanted] == 5 && (!is_tail_zero || is_odd));
    n = wanted;
  } else {
    int is_half = words[35] == 0x80000000u;
    for (int i = lowest; i < 35; i++) is_half &= words[i] == 0;
    up = words[35] >= 0x80000000u && (!is_half || (n > 0 && (out[n - 1] & 1)));
  }
  int at = n;
  while (up && at > 0) {
    if (++out[--at] < 10) up = 0;
    else out[at] = 0;
  }
  result->digits[0] = 0;
  if (up) { /* 9.99 became 10.0 */
    out[-1] = 1;
    result->before_point++;
    memmove(out, out - 1, (size_t)n + 1);
    n += is_significant ? 0 : 1;
  }
  for (int i = 0; i < n; i++) out[i] += '0';
  memmove(result->digits, out, (size_t)n);
  result->count = n;
}

typedef struct {
  char *text;
  size_t size, length;
} Output;

static void put(Output *out, char c) {
  if (out->length + 1 < out->size) out->text[out->length] = c;
  out->length++;
}
static void fill(Output *out, char c, int count) {
  while (count-- > 0) put(out, c);
}

static void put_point(Output *out, const Decimal *d, int decimals, int keeps_point) {
  if (d->before_point <= 0) put(out, '0');
  for (int i = 0; i < d->before_point; i++) put(out, i < d->count ? d->digits[i] : '0');
  if (decimals > 0 || keeps_point) put(out, '.');
  for (int i = 0; i < decimals; i++) {
    const int at = d->before_point + i;
    put(out, at >= 0 && at < d->count ? d->digits[at] : '0');
  }
}

static void put_exponent(Output *out, const Decimal *d, int decimals, char letter, int keeps_point) {
  put(out, d->digits[0]);
  if (decimals > 0 || keeps_point) put(out, '.');
  for (int i = 1; i <= decimals; i++) put(out, i < d->count ? d->digits[i] : '0');
  const int power = d->digits[0] == '0' ? 0 : d->before_point - 1, size = power < 0 ? -power : power;
  put(out, letter);
  put(out, power < 0 ? '-' : '+');
  if (size >= 100) put(out, (char)('0' + size / 100));
  put(out, (char)('0' + size / 10 % 10));
  put(out, (char)('0' + size % 10));
}

/* x >= 0, in the form of `letter` (f, e or g, or a capital). */
static void put_double(Output *out, double x, char letter, int precision, int keeps_point) {
  const char form = letter | 32;
  Decimal d;
  if (precision < 0) precision = 6;
  if (isnan(x) || isinf(x)) {
    const char *word = isnan(x) ? (letter == form ? "nan" : "NAN") : letter == form ? "inf" : "INF";
    while (*word) put(out, *word++);
    return;
  }
  if (form == 'f') {
    decimal_of(x, precision, 0, &d);
    put_point(out, &d, precision, keeps_point);
    return;
  }
  if (form == 'g' && precision == 0) precision = 1;
  decimal_of(x, form == 'g' ? precision : precision + 1, 1, &d);
  if (form == 'e') {
    put_exponent(out, &d, precision, letter, keeps_point);
    return;
  }
  const int power = x == 0.0 ? 0 : d.before_point - 1;
  int shown = precision;
  if (x == 0.0) d.before_point = 1;
  if (!keeps_point) {
    while (shown > 1 && (shown > d.count || d.digits[shown - 1] == '0')) shown--;
  }
  if (power < -4 || power >= precision) {
    put_exponent(out, &d, shown - 1, (char)(letter - 2), keeps_point);
  } else {
    put_point(out, &d, shown > power + 1 ? shown - power - 1 : 0, keeps_point);
  }
}

typedef struct {
  int left, plus, space, other_form, zero, width, precision;
} Form;

/* A sign or prefix, then the body, in the width that was asked for. */
static void put_field(Output *out, const Form *form, const char *prefix, const char *body,
                      int length, int zeros) {
  const int size = (int)strlen(prefix) + zeros + length;
  const int pad = form->width > size ? form->width - size : 0;
  if (!form->left && !form->zero) fill(out, ' ', pad);
  while (*prefix) put(out, *prefix++);
  fill(out, '0', zeros + (!form->left && form->zero ? pad : 0));
  for (int i = 0; i < length; i++) put(out, body[i]);
  if (form->left) fill(out, ' ', pad);
}

static const char *sign_of(const Form *form, int negative) {
  return negative ? "-" : form->plus ? "+" : form->space ? " " : "";
}

static void put_integer(Output *out, Form *form, uint64_t value, const char *prefix, char letter) {
  const unsigned base = letter == 'o' ? 8 : (letter | 32) == 'x' || letter == 'p' ? 16 : 10;
  char text[24];
  int at = sizeof text;
  for (; value; value /= base) {
    const unsigned digit = (unsigned)(value % base);
    text[--at] = (char)(digit < 10 ? '0' + digit : (letter == 'X' ? 'A' : 'a') + digit - 10);
  }
  const int length = (int)sizeof text - at;
  int zeros = form->precision < 0 ? (length == 0) : form->precision - length;
  if (letter == 'o' && form->other_form && zeros <= 0) zeros = 1;
  if (form->precision >= 0) form->zero = 0;
  put_field(out, form, prefix, text + at, length, zeros > 0 ? zeros : 0);
}

static void put_number(Output *out, Form *form, double x, char letter) {
  char body[MOST_DIGITS + 64];
  Output inner = {body, sizeof body, 0};
  put_double(&inner, fabs(x), letter, form->precision, form->other_form);
  if (isnan(x) || isinf(x)) form->zero = 0;
  const int length = (int)(inner.length < sizeof body ? inner.length : sizeof body - 1);
  put_field(out, form, sign_of(form, signbit(x) && !isnan(x)), body, length, 0);
}

static int number_at(const char **format, va_list *arguments) {
  if (**format == '*') {
    (*format)++;
    return va_arg(*arguments, int);
  }
  int value = 0;
  while (**format >= '0' && **format <= '9') value = value * 10 + *(*format)++ - '0';
  return value;
}

static uint64_t take_integer(va_list *arguments, int longs, int is_signed) {
  if (longs >= 2) return va_arg(*arguments, uint64_t);
  const unsigned value = va_arg(*arguments, unsigned); /* int and long are one size here */
  const int narrow = is_signed ? (int)value : 0;
  if (longs == -1) return is_signed ? (uint64_t)(int64_t)(short)narrow : (unsigned short)value;
  if (longs == -2) return is_signed ? (uint64_t)(int64_t)(signed char)narrow : (uint8_t)value;
  return is_signed ? (uint64_t)(int64_t)narrow : value;
}

int vsnprintf(char *text, size_t size, const char *format, va_list given) {
  Output out = {text, size, 0};
  va_list arguments;
  va_copy(arguments, given);
  while (*format) {
    if (*format != '%') {
      put(&out, *format++);
      continue;
    }
    format++;
    Form form = {0, 0, 0, 0, 0, 0, -1};
    for (;; format++) {
      if (*format == '-') form.left = 1;
      else if (*format == '+') form.plus = 1;
      else if (*format == ' ') form.space = 1;
      else if (*format == '#') form.other_form = 1;
      else if (*format == '0') form.zero = 1;
      else break;
    }
    form.width = number_at(&format, &arguments);
    if (form.width < 0) form.left = 1, form.width = -form.width;
    if (*format == '.') {
      format++;
      form.precision = number_at(&format, &arguments);
    }
    int longs = 0;
    for (;; format++) {
      if (*format == 'l') longs++;
      else if (*format == 'h') longs--;
      else if (*format == 'j' || *format == 'L') longs = 2;
      else if (*format != 'z' && *format != 't') break;
    }
    const char letter = *format;
    if (!letter) break;
    format++;
    switch (letter) {
      case 'd':
      case 'i': {
        const int64_t value = (int64_t)take_integer(&arguments, longs, 1);
        const uint64_t plain = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
        put_integer(&out, &form, plain, sign_of(&form, value < 0), letter);
        break;
      }
      case 'u':
      case 'o':
      case 'x':
      case 'X': {
        const uint64_t value = take_integer(&arguments, longs, 0);
        const int has_prefix = form.other_form && value && letter != 'u' && letter != 'o';
        put_integer(&out, &form, value, has_prefix ? (letter == 'x' ? "0x" : "0X") : "", letter);
        break;
      }
      case 'p':
        put_integer(&out, &form, (uintptr_t)va_arg(arguments, void *), "0x", letter);
        break;
      case 'c': {
        const char c = (char)va_arg(arguments, int);
        form.zero = 0;
        put_field(&out, &form, "", &c, 1, 0);
        break;
      }
      case 's': {
        const char *word = va_arg(arguments, const char *);
        if (!word) word = "(null)";
        const size_t limit = form.precision < 0 ? (size_t)-1 : (size_t)form.precision;
        size_t length = 0;
        while (length < limit && word[length]) length++;
        form.zero = 0;
        put_field(&out, &form, "", word, (int)length, 0);
        break;
      }
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G': {
        const double x = va_arg(arguments, double);
        put_number(&out, &form, x, letter);
        break;
      }
      default:
        put(&out, letter);
    }
  }
  va_end(arguments);
  if (size) text[out.length < size ? out.length : size - 1] = '\0';
  return (int)out.length;
}

int vsprintf(char *text, const char *format, va_list arguments) {
  return vsnprintf(text, (size_t)0x7FFFFFFF, format, arguments);
}

int snprintf(char *text, size_t size, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(text, size, format, arguments);
  va_end(arguments);
  return length;
}

int sprintf(char *text, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int length = vsprintf(text, format, arguments);
  va_end(arguments);
  return length;
}

#ifdef ARDUINO_ARCH_ESP32
/* Its core adds half of the last place and cuts the digits off, in doubles: 0.125 is 0.13, not 0.12 as
 * printf's. What is no number gets neither blanks nor a sign. */
char *dtostrf(double value, signed int width, unsigned int decimals, char *text) {
  if (isnan(value) || isinf(value)) return strcpy(text, isnan(value) ? "nan" : "inf");
  const int is_negative = value < 0.0;
  double twice = 2.0, scale = 1.0;
  for (unsigned i = 0; i < decimals; i++) twice *= 10.0;
  double rest = (is_negative ? -value : value) + 1.0 / twice;
  unsigned whole = 1;
  for (; rest >= 10.0 * scale; scale *= 10.0) whole++;
  rest /= scale;
  char *at = text;
  int blanks = width - (int)whole - is_negative - (decimals ? (int)decimals + 1 : 0);
  for (; blanks > 0; blanks--) *at++ = ' ';
  if (is_negative) *at++ = '-';
  for (unsigned left = whole + decimals; left-- > 0;) {
    const int digit = rest > 9.0 ? 9 : (int)rest;
    *at++ = (char)('0' + digit);
    if (decimals && left == decimals) *at++ = '.';
    rest = (rest - digit) * 10.0;
  }
  *at = '\0';
  return text;
}
#else
char *dtostrf(double value, signed char width, unsigned char decimals, char *text) {
  Form form = {width < 0, 0, 0, 0, 0, width < 0 ? -width : width, decimals};
  Output out = {text, 0x7FFFFFFF, 0};
  put_number(&out, &form, value, 'f');
  text[out.length] = '\0';
  return text;
}
#endif
