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

int16_t TFT_eSPI::drawFloat(float number, uint8_t decimals, int32_t x, int32_t y) {
  char text[64];
  return drawString(dtostrf(number, 0, decimals > 7 ? 7 : decimals, text), x, y);
}

void TFT_eSPI::drawCircle(int32_t x, int32_t y, int32_t radius, uint32_t color) {
  int32_t column = radius, row = 0, error = 1 - radius;  // one eighth, mirrored
  while (column >= row) {
    for (int32_t side = -1; side <= 1; side += 2) {
      drawPixel(x + column * side, y + row, color);
      drawPixel(x + column * side, y - row, color);
      drawPixel(x + row * side, y + column, color);
      drawPixel(x + row * side, y - column, color);
    }
    row++;
    if (error < 0) error += 2 * row + 1;
    else error += 2 * (row - --column) + 1;
  }
}

void TFT_eSPI::drawTriangle(int32_t x0, int32_t y0, int32_t x1, int32_t y1, int32_t x2, int32_t y2,
                            uint32_t color) {
  drawLine(x0, y0, x1, y1, color);
  drawLine(x1, y1, x2, y2, color);
  drawLine(x2, y2, x0, y0, color);
}

// Where the edge from a to b is in row y, rounded; y lies between the two.
static int32_t edge_at(int32_t ax, int32_t ay, int32_t bx, int32_t by, int32_t y) {
  if (ay == by) return ax;
  const int32_t part = 2 * (bx - ax) * (y - ay), whole = 2 * (by - ay);
  return ax + (part + (part < 0 ? -whole / 2 : whole / 2)) / whole;
}

void TFT_eSPI::fillTriangle(int32_t x0, int32_t y0, int32_t x1, int32_t y1, int32_t x2, int32_t y2,
                            uint32_t color) {
  int32_t x[3] = {x0, x1, x2}, y[3] = {y0, y1, y2};
  for (int pass = 0; pass < 2; pass++) {  // from top to bottom
    for (int i = 0; i < 2; i++) {
      if (y[i] <= y[i + 1]) continue;
      const int32_t kept_x = x[i], kept_y = y[i];
      x[i] = x[i + 1], y[i] = y[i + 1];
      x[i + 1] = kept_x, y[i + 1] = kept_y;
    }
  }
  for (int32_t row = y[0]; row <= y[2]; row++) {
    const int32_t a = edge_at(x[0], y[0], x[2], y[2], row);
    const int32_t b = row < y[1] ? edge_at(x[0], y[0], x[1], y[1], row)
                                 : edge_at(x[1], y[1], x[2], y[2], row);
    if (y[0] == y[2]) {  // flat: its widest extent
      const int32_t left = min(x[0], min(x[1], x[2])), right = max(x[0], max(x[1], x[2]));
      fillRect(left, row, right - left + 1, 1, color);
    } else {
      fillRect(min(a, b), row, max(a, b) - min(a, b) + 1, 1, color);
    }
  }
}

int16_t TFT_eSPI::cursor_x_, TFT_eSPI::cursor_y_;
bool TFT_eSPI::wraps_ = true;

void TFT_eSPI::write_at_cursor(const char *text, size_t size) {
  const int32_t cell = 6 * (int32_t)text_size_;
  while (size) {
    if (*text == '\n') cursor_x_ = 0, cursor_y_ += 8 * text_size_;
    if (*text == '\n' || *text == '\r') {
      text++, size--;
      continue;
    }
    if (wraps_ && cursor_x_ + cell > width()) cursor_x_ = 0, cursor_y_ += 8 * text_size_;
    size_t count = 0;
    while (count < size && text[count] != '\n' && text[count] != '\r' &&
           (!wraps_ || count == 0 || cursor_x_ + (int32_t)(count + 1) * cell <= width())) {
      count++;
    }
    SCREEN_ARGUMENT(5) = text_size_;
    SCREEN_ARGUMENT(6) = has_background_ ? text_background_ : 0x10000u;
    draw(TEXT, cursor_x_, cursor_y_, (int32_t)(uintptr_t)text, (int32_t)count, text_color_);
    cursor_x_ += (int16_t)((int32_t)count * cell);
    text += count, size -= count;
  }
}
