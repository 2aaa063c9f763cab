// Texts: their place, their padding, and a cursor that goes on in the next line.
#include "TFT_eSPI.h"
#include "board_io.h"

enum { TEXT = 6, MEASURE = 7 };  // of screen.py

void TFT_eSPI::setTextColor(uint16_t color) {
  text_color_ = color;
  has_background_ = false;
}

void TFT_eSPI::setTextColor(uint16_t color, uint16_t background, bool) {
  text_color_ = color;
  text_background_ = background;
  has_background_ = color != background;
}

// The width at size 1; the line's height and ascent stay in results 1 and 2.
int32_t TFT_eSPI::measure(const char *text, size_t length) {
  SCREEN_ARGUMENT(7) = font_;
  draw(MEASURE, 0, 0, (int32_t)(uintptr_t)text, (int32_t)length);
  return (int32_t)SCREEN_RESULT(0);
}

int16_t TFT_eSPI::textWidth(const char *text) {
  const size_t length = strlen(text);
  const int32_t width = font_ <= 1 ? 6 * (int32_t)length : measure(text, length);
  return (int16_t)(width * (int32_t)text_size_);
}

int16_t TFT_eSPI::textWidth(const char *text, uint8_t font) {
  const uint32_t kept = font_;
  font_ = font;
  const int16_t width = textWidth(text);
  font_ = kept;
  return width;
}

int16_t TFT_eSPI::fontHeight() {
  if (font_ <= 1) return (int16_t)(8 * text_size_);
  measure("", 0);
  return (int16_t)(SCREEN_RESULT(1) * text_size_);
}

int16_t TFT_eSPI::fontHeight(int16_t font) {
  const uint32_t kept = font_;
  font_ = (uint32_t)font;
  const int16_t height = fontHeight();
  font_ = kept;
  return height;
}

void TFT_eSPI::text_at(const char *text, size_t length, int32_t x, int32_t y) {
  SCREEN_ARGUMENT(5) = text_size_;
  SCREEN_ARGUMENT(6) = has_background_ ? text_background_ : 0x10000u;
  SCREEN_ARGUMENT(7) = font_;
  draw(TEXT, x, y, (int32_t)(uintptr_t)text, (int32_t)length, text_color_);
}

int16_t TFT_eSPI::drawAligned(const char *text, int32_t x, int32_t y, uint8_t datum) {
  const size_t length = strlen(text);
  const int32_t width = textWidth(text);
  if (datum == TL_DATUM && !padding_) {
    text_at(text, length, x, y);
    return (int16_t)width;
  }
  const int32_t height = fontHeight();
  const int32_t ascent = font_ <= 1 ? 7 * (int32_t)text_size_
                                    : (int32_t)(SCREEN_RESULT(2) * text_size_);
  const uint8_t column = datum % 3, row = datum / 3;
  const int32_t left = x - (column == 0 ? 0 : column == 1 ? width / 2 : width);
  const int32_t top = y - (row == 0 ? 0 : row == 1 ? height / 2 : row == 2 ? height : ascent);
  if (padding_ > width && has_background_) {
    const int32_t free = padding_ - width;
    const int32_t before = column == 0 ? 0 : column == 1 ? free / 2 : free;
    fillRect(left - before, top, before, height, text_background_);
    fillRect(left + width, top, free - before, height, text_background_);
  }
  text_at(text, length, left, top);
  return (int16_t)width;
}

int16_t TFT_eSPI::drawString(const char *text, int32_t x, int32_t y) {
  return drawAligned(text, x, y, datum_);
}

int16_t TFT_eSPI::drawString(const char *text, int32_t x, int32_t y, uint8_t font) {
  const uint32_t kept = font_;
  font_ = font;
  const int16_t width = drawAligned(text, x, y, datum_);
  font_ = kept;
  return width;
}

int16_t TFT_eSPI::drawCentreString(const char *text, int32_t x, int32_t y, uint8_t font) {
  const uint32_t kept = font_;
  font_ = font;
  const int16_t width = drawAligned(text, x, y, TC_DATUM);
  font_ = kept;
  return width;
}

int16_t TFT_eSPI::drawRightString(const char *text, int32_t x, int32_t y, uint8_t font) {
  const uint32_t kept = font_;
  font_ = font;
  const int16_t width = drawAligned(text, x, y, TR_DATUM);
  font_ = kept;
  return width;
}

int16_t TFT_eSPI::drawNumber(long number, int32_t x, int32_t y) {
  char text[14];
  return drawString(ltoa(number, text, 10), x, y);
}
int16_t TFT_eSPI::drawNumber(long number, int32_t x, int32_t y, uint8_t font) {
  char text[14];
  return drawString(ltoa(number, text, 10), x, y, font);
}

int16_t TFT_eSPI::drawFloat(float number, uint8_t decimals, int32_t x, int32_t y) {
  char text[64];
  return drawString(dtostrf(number, 0, decimals > 7 ? 7 : decimals, text), x, y);
}
int16_t TFT_eSPI::drawFloat(float number, uint8_t decimals, int32_t x, int32_t y, uint8_t font) {
  char text[64];
  return drawString(dtostrf(number, 0, decimals > 7 ? 7 : decimals, text), x, y, font);
}

int16_t TFT_eSPI::drawChar(uint16_t character, int32_t x, int32_t y) {
  const char text[2] = {(char)character, '\0'};
  text_at(text, 1, x, y);
  return textWidth(text);
}
int16_t TFT_eSPI::drawChar(uint16_t character, int32_t x, int32_t y, uint8_t font) {
  const uint32_t kept = font_;
  font_ = font;
  const int16_t width = drawChar(character, x, y);
  font_ = kept;
  return width;
}
void TFT_eSPI::drawChar(int32_t x, int32_t y, uint16_t character, uint32_t color,
                        uint32_t background, uint8_t size) {
  const uint32_t kept[] = {text_color_, text_background_, text_size_};
  const bool had_background = has_background_;
  setTextColor((uint16_t)color, (uint16_t)background);
  setTextSize(size);
  drawChar(character, x, y);
  text_color_ = kept[0], text_background_ = kept[1], text_size_ = kept[2];
  has_background_ = had_background;
}

// Runs of letters up to the end of the line; a free font stands with its base line on the cursor.
size_t TFT_eSPI::write(const uint8_t *buffer, size_t size) {
  const char *text = (const char *)buffer;
  const size_t total = size;
  int32_t line = 8, ascent = 0;
  if (font_ > 1) {
    measure("", 0);
    line = (int32_t)SCREEN_RESULT(1);
    ascent = font_ >= 0x100 ? (int32_t)SCREEN_RESULT(2) : 0;
  }
  const int32_t scale = (int32_t)text_size_;
  while (size) {
    if (*text == '\n') cursor_x_ = 0, cursor_y_ += (int16_t)(line * scale);
    if (*text == '\n' || *text == '\r') {
      text++, size--;
      continue;
    }
    size_t count = 0;
    int32_t width = 0;
    while (count < size && text[count] != '\n' && text[count] != '\r') {
      const int32_t next = (font_ <= 1 ? 6 : measure(text + count, 1)) * scale;
      if (wraps_ && cursor_x_ + width + next > width_ && (count || cursor_x_)) break;
      width += next;
      count++;
    }
    if (count) text_at(text, count, cursor_x_, cursor_y_ - ascent * scale);
    cursor_x_ += (int16_t)width;
    text += count, size -= count;
    if (size && *text != '\n' && *text != '\r') cursor_x_ = 0, cursor_y_ += (int16_t)(line * scale);
  }
  return total;
}
