// What the computer sends, a line at a time, character by character: nothing here waits.
//
//   u 544d4431...  an image with its tag, two hexadecimal digits a byte
//   ?              which model is at work, please
#pragma once
#include <Arduino.h>

enum Line { LINE_UNFINISHED, LINE_UPDATE, LINE_QUESTION, LINE_WRONG_UPDATE, LINE_UNKNOWN };

static const uint32_t LINE_MOST_BYTES = 2048;
static uint8_t line_image[LINE_MOST_BYTES] __attribute__((aligned(4)));
static uint32_t line_bytes = 0;  // after LINE_UPDATE, until the next character

static char line_command = 0;            // the line's first character, 0 before it came
static bool line_is_well_formed = true;  // so far
static uint32_t line_digits = 0;         // hexadecimal digits received

static int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

static Line line_end() {
  Line line = LINE_UNKNOWN;
  if (line_command == 0) line = LINE_UNFINISHED;  // an empty line says nothing
  if (line_command == 'u') {
    line = line_is_well_formed && line_digits % 2 == 0 ? LINE_UPDATE : LINE_WRONG_UPDATE;
  }
  if (line_command == '?') line = LINE_QUESTION;
  line_bytes = line_digits / 2;
  line_command = 0;
  line_is_well_formed = true;
  line_digits = 0;
  return line;
}

// Takes a character; tells what the line was when its end has come.
static Line line_take(char c) {
  if (c == '\n') return line_end();
  if (c == '\r' || c == ' ') return LINE_UNFINISHED;
  if (line_command == 0) {
    line_command = c;
    return LINE_UNFINISHED;
  }
  const int value = digit_value(c);
  if (value < 0 || line_digits == 2 * LINE_MOST_BYTES) {
    line_is_well_formed = false;  // no digit, or one too many
  } else {
    uint8_t &byte = line_image[line_digits++ / 2];
    byte = (uint8_t)(byte << 4 | value);
  }
  return LINE_UNFINISHED;
}
