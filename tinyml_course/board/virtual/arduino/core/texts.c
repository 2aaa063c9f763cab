/* The rest of <string.h>: searching, joining, cutting. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

char *strcat(char *to, const char *from) {
  strcpy(to + strlen(to), from);
  return to;
}

char *strncat(char *to, const char *from, size_t n) {
  char *end = to + strlen(to);
  while (n-- && *from) *end++ = *from++;
  *end = '\0';
  return to;
}

size_t strnlen(const char *text, size_t limit) {
  size_t n = 0;
  while (n < limit && text[n]) n++;
  return n;
}

size_t strlcpy(char *to, const char *from, size_t size) {
  const size_t length = strlen(from);
  if (size) {
    const size_t n = length < size - 1 ? length : size - 1;
    memcpy(to, from, n);
    to[n] = '\0';
  }
  return length;
}

size_t strlcat(char *to, const char *from, size_t size) {
  const size_t begin = strnlen(to, size);
  return begin + strlcpy(to + begin, from, size - begin);
}

int strncasecmp(const char *a, const char *b, size_t n) {
  for (; n; a++, b++, n--) {
    const int left = tolower((unsigned char)*a), right = tolower((unsigned char)*b);
    if (left != right) return left - right;
    if (!left) break;
  }
  return 0;
}

int strcasecmp(const char *a, const char *b) { return strncasecmp(a, b, (size_t)-1); }
int strcoll(const char *a, const char *b) { return strcmp(a, b); }

char *strrchr(const char *text, int c) {
  const char *found = NULL;
  for (;; text++) {
    if (*text == (char)c) found = text;
    if (!*text) return (char *)found;
  }
}

char *strstr(const char *text, const char *part) {
  const size_t length = strlen(part);
  for (;; text++) {
    if (strncmp(text, part, length) == 0) return (char *)text;
    if (!*text) return NULL;
  }
}

void *memchr(const void *memory, int c, size_t n) {
  for (const unsigned char *at = memory; n; at++, n--) {
    if (*at == (unsigned char)c) return (void *)at;
  }
  return NULL;
}

size_t strspn(const char *text, const char *allowed) {
  size_t n = 0;
  while (text[n] && strchr(allowed, text[n])) n++;
  return n;
}

size_t strcspn(const char *text, const char *stops) {
  size_t n = 0;
  while (text[n] && !strchr(stops, text[n])) n++;
  return n;
}

char *strpbrk(const char *text, const char *stops) {
  text += strcspn(text, stops);
  return *text ? (char *)text : NULL;
}

char *strtok_r(char *text, const char *separators, char **rest) {
  if (!text) text = *rest;
  if (!text) return NULL;
  text += strspn(text, separators);
  if (!*text) {
    *rest = NULL;
    return NULL;
  }
  char *end = text + strcspn(text, separators);
  *rest = *end ? end + 1 : NULL;
  *end = '\0';
  return text;
}

char *strsep(char **rest, const char *separators) {
  char *text = *rest;
  if (!text) return NULL;
  char *end = text + strcspn(text, separators);
  *rest = *end ? end + 1 : NULL;
  *end = '\0';
  return text;
}

char *strtok(char *text, const char *separators) {
  static char *rest;
  return strtok_r(text, separators, &rest);
}

char *strdup(const char *text) {
  const size_t size = strlen(text) + 1;
  char *copy = malloc(size);
  return copy ? memcpy(copy, text, size) : NULL;
}
