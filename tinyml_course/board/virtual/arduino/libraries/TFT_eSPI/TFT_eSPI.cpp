#include "TFT_eSPI.h"

#include "board_io.h"

// The numbers are those of screen.py.
enum { ROTATE = 1, FILL_RECT = 2, PIXEL = 3, LINE = 4, CIRCLE = 5, TEXT = 6 };

static void draw(uint32_t command, int32_t a, int32_t b = 0, int32_t c = 0, int32_t d = 0,
                 uint32_t color = 0) {
  SCREEN_ARGUMENT(0) = (uint32_t)a;
  SCREEN_ARGUMENT(1) = (uint32_t)b;
  SCREEN_ARGUMENT(2) = (uint32_t)c;
  SCREEN_ARGUMENT(3) = (uint32_t)d;
  SCREEN_ARGUMENT(4) = color;
  SCREEN_COMMAND = command;
}

void TFT_eSPI::init() { setRotation(0); }

void TFT_eSPI::setRotation(uint8_t rotation) {
  rotated_ = rotation & 1;
  draw(ROTATE, rotation);
}

void TFT_eSPI::fillScreen(uint32_t color) { fillRect(0, 0, width(), height(), color); }

void TFT_eSPI::setTextColor(uint16_t color) {
  text_color_ = color;
  has_background_ = false;
}

void TFT_eSPI::setTextColor(uint16_t color, uint16_t background) {
  text_color_ = color;
  text_background_ = background;
  has_background_ = true;
}

void TFT_eSPI::setTextSize(uint8_t size) { text_size_ = size ? size : 1; }

int16_t TFT_eSPI::drawString(const char *text, int32_t x, int32_t y) {
  SCREEN_ARGUMENT(5) = text_size_;
  SCREEN_ARGUMENT(6) = has_background_ ? text_background_ : 0x10000u;
  draw(TEXT, x, y, (int32_t)(uintptr_t)text, (int32_t)strlen(text), text_color_);
  return (int16_t)(6 * text_size_ * strlen(text));
}

int16_t TFT_eSPI::drawNumber(long number, int32_t x, int32_t y) {
  char text[12];
  char *at = text + sizeof text;
  unsigned long rest = number < 0 ? 0ul - (unsigned long)number : (unsigned long)number;
  *--at = '\0';
  do {
    *--at = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest);
  if (number < 0) *--at = '-';
  return drawString(at, x, y);
}

void TFT_eSPI::drawPixel(int32_t x, int32_t y, uint32_t color) { draw(PIXEL, x, y, 0, 0, color); }

void TFT_eSPI::drawLine(int32_t x0, int32_t y0, int32_t x1, int32_t y1, uint32_t color) {
  draw(LINE, x0, y0, x1, y1, color);
}

void TFT_eSPI::drawRect(int32_t x, int32_t y, int32_t w, int32_t h, uint32_t color) {
  fillRect(x, y, w, 1, color);
  fillRect(x, y + h - 1, w, 1, color);
  fillRect(x, y, 1, h, color);
  fillRect(x + w - 1, y, 1, h, color);
}

void TFT_eSPI::fillRect(int32_t x, int32_t y, int32_t w, int32_t h, uint32_t color) {
  draw(FILL_RECT, x, y, w, h, color);
}

void TFT_eSPI::fillCircle(int32_t x, int32_t y, int32_t radius, uint32_t color) {
  draw(CIRCLE, x, y, radius, 0, color);
}
