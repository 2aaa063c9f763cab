/* sscanf: numbers, words and sets of characters out of a text. Returns how many it stored. */
#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  int width, is_skipped, length; /* length: -2 hh, -1 h, 0, 1 l, 2 ll */
} Wanted;

static void store_integer(va_list *to, const Wanted *wanted, long long value) {
  if (wanted->is_skipped) return;
  void *place = va_arg(*to, void *);
  if (wanted->length == -2) *(signed char *)place = (signed char)value;
  else if (wanted->length == -1) *(short *)place = (short)value;
  else if (wanted->length == 2) *(long long *)place = value;
  else *(int *)place = (int)value; /* int and long are the same on these processors */
}

/* The text up to a width, so that a number ends there. */
static const char *cut(const char *text, int width, char *buffer, size_t room) {
  if (!width || (size_t)width >= room) return text;
  strncpy(buffer, text, (size_t)width);
  buffer[width] = '\0';
  return buffer;
}

/* "%[abc]" and "%[^abc]" and "%[0-9]": is c in the set? `end` is its closing bracket. */
static int is_in_set(char c, const char *set, const char *end) {
  const int is_inverted = *set == '^';
  int is_found = 0;
  for (const char *at = set + is_inverted; at < end; at++) {
    if (at + 2 < end && at[1] == '-') {
      is_found |= c >= at[0] && c <= at[2];
      at += 2;
    } else {
      is_found |= c == *at;
    }
  }
  return is_found != is_inverted;
}

int vsscanf(const char *text, const char *format, va_list given) {
  va_list to;
  va_copy(to, given);
  const char *const begin = text;
  char buffer[32];
  int stored = 0;
  for (; *format; format++) {
    if (isspace((unsigned char)*format)) {
      while (isspace((unsigned char)*text)) text++;
      continue;
    }
    if (*format != '%' || format[1] == '%') {
      if (*format == '%') format++;
      if (*text != *format) break;
      text++;
      continue;
    }
    Wanted wanted = {0, 0, 0};
    format++;
    if (*format == '*') wanted.is_skipped = 1, format++;
    while (isdigit((unsigned char)*format)) wanted.width = 10 * wanted.width + *format++ - '0';
    for (; *format == 'l' || *format == 'h' || *format == 'z'; format++) {
      wanted.length += *format == 'l' ? 1 : *format == 'h' ? -1 : 0;
    }
    if (*format == 'n') {
      store_integer(&to, &wanted, text - begin);
      continue;
    }
    if (*format != 'c' && *format != '[') {
      while (isspace((unsigned char)*text)) text++;
    }
    if (!*text) {
      if (!stored) stored = EOF;
      break;
    }
    if (strchr("diuxXop", *format)) {
      const int base = *format == 'i' ? 0 : strchr("xXp", *format) ? 16 : *format == 'o' ? 8 : 10;
      const char *from = cut(text, wanted.width, buffer, sizeof buffer);
      char *end;
      const long long value = base == 10 && *format != 'u' ? strtoll(from, &end, base)
                                                           : (long long)strtoull(from, &end, base);
      if (end == from) break;
      store_integer(&to, &wanted, value);
      text += end - from;
    } else if (strchr("fFeEgGa", *format)) {
      const char *from = cut(text, wanted.width, buffer, sizeof buffer);
      char *end;
      const double value = strtod(from, &end);
      if (end == from) break;
      text += end - from;
      if (!wanted.is_skipped && wanted.length > 0) *va_arg(to, double *) = value;
      else if (!wanted.is_skipped) *va_arg(to, float *) = (float)value;
    } else if (*format == 's' || *format == 'c' || *format == '[') {
      const char kind = *format, *set = format + 1, *set_end = set;
      if (kind == '[') {
        set_end = strchr(set + (*set == '^') + 1, ']');
        if (!set_end) break;
        format = set_end;
      }
      int left = wanted.width ? wanted.width : kind == 'c' ? 1 : 0x7FFFFFFF;
      char *out = wanted.is_skipped ? NULL : va_arg(to, char *);
      int count = 0;
      for (; left && *text; left--, text++, count++) {
        if (kind == 's' && isspace((unsigned char)*text)) break;
        if (kind == '[' && !is_in_set(*text, set, set_end)) break;
        if (out) *out++ = *text;
      }
      if (!count) break;
      if (out && kind != 'c') *out = '\0';
    } else {
      break; /* nothing that this library knows */
    }
    stored += !wanted.is_skipped;
  }
  va_end(to);
  return stored;
}

int sscanf(const char *text, const char *format, ...) {
  va_list to;
  va_start(to, format);
  const int stored = vsscanf(text, format, to);
  va_end(to);
  return stored;
}
