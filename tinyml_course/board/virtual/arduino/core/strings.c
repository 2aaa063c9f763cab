/* The part of the C library that sketches and generated models use and the compiler does not bring.
 * Anything else is an error of the linker that names it. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

size_t strlen(const char *text) {
  const char *end = text;
  while (*end) end++;
  return (size_t)(end - text);
}

int strncmp(const char *a, const char *b, size_t n) {
  for (; n; a++, b++, n--) {
    if (*a != *b) return (unsigned char)*a - (unsigned char)*b;
    if (!*a) break;
  }
  return 0;
}

int strcmp(const char *a, const char *b) { return strncmp(a, b, (size_t)-1); }

char *strcpy(char *to, const char *from) {
  memcpy(to, from, strlen(from) + 1);
  return to;
}

char *strncpy(char *to, const char *from, size_t n) {
  size_t i = 0;
  for (; i < n && from[i]; i++) to[i] = from[i];
  for (; i < n; i++) to[i] = '\0';
  return to;
}

char *strchr(const char *text, int c) {
  for (;; text++) {
    if (*text == (char)c) return (char *)text;
    if (!*text) return NULL;
  }
}

int atoi(const char *text) { return (int)atol(text); }

long atol(const char *text) { return strtol(text, NULL, 10); }

/* Halves are rounded away from zero. */
long lroundf(float x) { return (long)(x < 0.0f ? ceilf(x - 0.5f) : floorf(x + 0.5f)); }
long lround(double x) { return (long)(x < 0.0 ? ceil(x - 0.5) : floor(x + 0.5)); }
