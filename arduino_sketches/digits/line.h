// What the computer sends, a line at a time, character by character: nothing here waits.
//
//   p 00ff7f...   a picture, row by row, two hexadecimal digits a pixel: 00 paper, ff full ink
//   ?             its rows and columns, please
#pragma once
#include <Arduino.h>

#include "digits_pictures.h"

enum Line { LINE_UNFINISHED, LINE_PICTURE, LINE_SIZES, LINE_WRONG_PICTURE, LINE_UNKNOWN };

static uint8_t line_picture[DIGITS_PIXELS];  // whole after LINE_PICTURE, until the next character

static char line_command = 0;         // the line's first character, 0 before it came
static bool line_is_well_formed = true;  // so far
static int line_digits = 0;           // hexadecimal digits received

static int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

static Line line_end() {
  const bool is_whole = line_is_well_formed && line_digits == 2 * DIGITS_PIXELS;
  Line line = LINE_UNKNOWN;
  if (line_command == 0) line = LINE_UNFINISHED;  // an empty line says nothing
  if (line_command == 'p') line = is_whole ? LINE_PICTURE : LINE_WRONG_PICTURE;
  if (line_command == '?') line = LINE_SIZES;
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
  if (value < 0 || line_digits == 2 * DIGITS_PIXELS) {
    line_is_well_formed = false;  // no digit, or one too many
  } else {
    uint8_t &pixel = line_picture[line_digits++ / 2];
    pixel = (uint8_t)(pixel << 4 | value);
  }
  return LINE_UNFINISHED;
}
