#include "TFT_eSPI.h"

#include "board_io.h"

// The numbers are those of screen.py.
enum {
  ROTATE = 1, FILL_RECT, PIXEL, LINE, DISC, TEXT, MEASURE, CREATE_SPRITE, DELETE_SPRITE,
  PUSH_SPRITE, IMAGE, BITMAP, READ_PIXEL, SCROLL
};
static const uint32_t NOTHING = 0x10000u;  // instead of a colour

void TFT_eSPI::draw(uint32_t command, int32_t a, int32_t b, int32_t c, int32_t d, uint32_t color) {
  SCREEN_ARGUMENT(0) = (uint32_t)a;
  SCREEN_ARGUMENT(1) = (uint32_t)b;
  SCREEN_ARGUMENT(2) = (uint32_t)c;
  SCREEN_ARGUMENT(3) = (uint32_t)d;
  SCREEN_ARGUMENT(4) = color & 0xFFFFu;
  SCREEN_ARGUMENT(8) = target_;
  SCREEN_COMMAND = command;
}

void TFT_eSPI::init(uint8_t) { setRotation(0); }

void TFT_eSPI::setRotation(uint8_t rotation) {
  rotation_ = rotation & 3;
  if (target_) return;
  width_ = rotation & 1 ? TFT_HEIGHT : TFT_WIDTH;
  height_ = rotation & 1 ? TFT_WIDTH : TFT_HEIGHT;
  draw(ROTATE, rotation);
}

void TFT_eSPI::drawPixel(int32_t x, int32_t y, uint32_t color) { draw(PIXEL, x, y, 0, 0, color); }

uint16_t TFT_eSPI::readPixel(int32_t x, int32_t y) {
  draw(READ_PIXEL, x, y);
  return (uint16_t)SCREEN_RESULT(0);
}

void TFT_eSPI::drawLine(int32_t x0, int32_t y0, int32_t x1, int32_t y1, uint32_t color) {
  draw(LINE, x0, y0, x1, y1, color);
}

void TFT_eSPI::fillRect(int32_t x, int32_t y, int32_t w, int32_t h, uint32_t color) {
  draw(FILL_RECT, x, y, w, h, color);
}

void TFT_eSPI::drawRect(int32_t x, int32_t y, int32_t w, int32_t h, uint32_t color) {
  fillRect(x, y, w, 1, color);
  fillRect(x, y + h - 1, w, 1, color);
  fillRect(x, y, 1, h, color);
  fillRect(x + w - 1, y, 1, h, color);
}

void TFT_eSPI::fillCircle(int32_t x, int32_t y, int32_t radius, uint32_t color) {
  draw(DISC, x, y, radius, 0, color);
}

// Half the width of an ellipse in the row `row` away from its middle, rounded.
static int32_t half_width(int32_t rx, int32_t ry, int32_t row) {
  if (!ry) return rx;
  return (int32_t)(sqrtf((float)(ry * ry - row * row)) * (float)rx / (float)ry + 0.5f);
}

void TFT_eSPI::fillEllipse(int16_t x, int16_t y, int32_t rx, int32_t ry, uint16_t color) {
  for (int32_t row = -ry; row <= ry; row++) {
    const int32_t half = half_width(rx, ry, row);
    fillRect(x - half, y + row, 2 * half + 1, 1, color);
  }
}

void TFT_eSPI::drawEllipse(int16_t x, int16_t y, int32_t rx, int32_t ry, uint16_t color) {
  int32_t before = 0;
  for (int32_t row = -ry; row <= 0; row++) {  // from the top to the middle, mirrored
    const int32_t half = half_width(rx, ry, row);
    const int32_t first = before < half ? before + 1 : half, count = half - first + 1;
    for (int32_t side = -1; side <= 1; side += 2) {
      const int32_t line = y + side * row;
      if (row == -ry) {
        fillRect(x - half, line, 2 * half + 1, 1, color);
        continue;
      }
      fillRect(x + first, line, count, 1, color);
      fillRect(x - half, line, count, 1, color);
    }
    before = half;
  }
}

// One eighth of a circle, mirrored into the quarters asked for: 1 top left, 2 top right, 4 bottom
// right, 8 bottom left.
void TFT_eSPI::drawCircleHelper(int32_t x, int32_t y, int32_t radius, uint8_t corners,
                                uint32_t color) {
  int32_t column = radius, row = 0, error = 1 - radius;
  while (column >= row) {
    for (int quarter = 0; quarter < 4; quarter++) {
      if (!(corners & 1 << quarter)) continue;
      const int32_t right = quarter == 1 || quarter == 2 ? 1 : -1, down = quarter >= 2 ? 1 : -1;
      drawPixel(x + right * column, y + down * row, color);
      drawPixel(x + right * row, y + down * column, color);
    }
    row++;
    if (error < 0) error += 2 * row + 1;
    else error += 2 * (row - --column) + 1;
  }
}

void TFT_eSPI::drawCircle(int32_t x, int32_t y, int32_t radius, uint32_t color) {
  drawCircleHelper(x, y, radius, 15, color);
}

void TFT_eSPI::drawRoundRect(int32_t x, int32_t y, int32_t w, int32_t h, int32_t r,
                             uint32_t color) {
  fillRect(x + r, y, w - 2 * r, 1, color);
  fillRect(x + r, y + h - 1, w - 2 * r, 1, color);
  fillRect(x, y + r, 1, h - 2 * r, color);
  fillRect(x + w - 1, y + r, 1, h - 2 * r, color);
  drawCircleHelper(x + r, y + r, r, 1, color);
  drawCircleHelper(x + w - r - 1, y + r, r, 2, color);
  drawCircleHelper(x + w - r - 1, y + h - r - 1, r, 4, color);
  drawCircleHelper(x + r, y + h - r - 1, r, 8, color);
}

void TFT_eSPI::fillRoundRect(int32_t x, int32_t y, int32_t w, int32_t h, int32_t r,
                             uint32_t color) {
  fillRect(x, y + r, w, h - 2 * r, color);
  for (int32_t row = 1; row <= r; row++) {
    const int32_t half = half_width(r, r, row), left = x + r - half, wide = w - 2 * (r - half);
    fillRect(left, y + r - row, wide, 1, color);
    fillRect(left, y + h - 1 - r + row, wide, 1, color);
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

void TFT_eSPI::pushImage(int32_t x, int32_t y, int32_t w, int32_t h, const uint16_t *data) {
  SCREEN_ARGUMENT(5) = (uint32_t)(uintptr_t)data;
  SCREEN_ARGUMENT(6) = swaps_bytes_;
  SCREEN_ARGUMENT(9) = NOTHING;
  draw(IMAGE, x, y, w, h);
}

void TFT_eSPI::pushImage(int32_t x, int32_t y, int32_t w, int32_t h, const uint16_t *data,
                         uint16_t transparent) {
  SCREEN_ARGUMENT(5) = (uint32_t)(uintptr_t)data;
  SCREEN_ARGUMENT(6) = swaps_bytes_;
  SCREEN_ARGUMENT(9) = transparent;
  draw(IMAGE, x, y, w, h);
}

void TFT_eSPI::bits(int32_t x, int32_t y, const uint8_t *bits, int32_t w, int32_t h, uint32_t color,
                    uint32_t background, bool lowest_first) {
  SCREEN_ARGUMENT(5) = (uint32_t)(uintptr_t)bits;
  SCREEN_ARGUMENT(6) = lowest_first;
  SCREEN_ARGUMENT(9) = background;
  draw(BITMAP, x, y, w, h, color);
}
void TFT_eSPI::drawBitmap(int16_t x, int16_t y, const uint8_t *from, int16_t w, int16_t h,
                          uint16_t color) {
  bits(x, y, from, w, h, color, NOTHING, false);
}
void TFT_eSPI::drawBitmap(int16_t x, int16_t y, const uint8_t *from, int16_t w, int16_t h,
                          uint16_t color, uint16_t background) {
  bits(x, y, from, w, h, color, background, false);
}
void TFT_eSPI::drawXBitmap(int16_t x, int16_t y, const uint8_t *from, int16_t w, int16_t h,
                           uint16_t color) {
  bits(x, y, from, w, h, color, NOTHING, true);
}
void TFT_eSPI::drawXBitmap(int16_t x, int16_t y, const uint8_t *from, int16_t w, int16_t h,
                           uint16_t color, uint16_t background) {
  bits(x, y, from, w, h, color, background, true);
}

void TFT_eSPI::setAddrWindow(int32_t x, int32_t y, int32_t w, int32_t h) {
  window_x_ = x, window_y_ = y, window_w_ = w > 0 ? w : 1, window_h_ = h > 0 ? h : 1;
  window_at_ = 0;
}

void TFT_eSPI::pushColor(uint16_t color, uint32_t count) {
  const uint32_t size = (uint32_t)(window_w_ * window_h_);
  while (count) {
    const int32_t column = (int32_t)(window_at_ % (uint32_t)window_w_);
    const int32_t row = (int32_t)(window_at_ / (uint32_t)window_w_);
    const uint32_t in_row = min(count, (uint32_t)(window_w_ - column));
    fillRect(window_x_ + column, window_y_ + row, (int32_t)in_row, 1, color);
    window_at_ = (window_at_ + in_row) % size;
    count -= in_row;
  }
}

uint16_t TFT_eSPI::color8to16(uint8_t color) {
  const uint32_t red = color >> 5, green = color >> 2 & 7, blue = color & 3;
  return color565((uint8_t)(red * 255 / 7), (uint8_t)(green * 255 / 7), (uint8_t)(blue * 85));
}

uint16_t TFT_eSPI::alphaBlend(uint8_t alpha, uint16_t fore, uint16_t back) {
  static const uint16_t masks[] = {0xF800, 0x07E0, 0x001F};
  uint32_t mixed = 0;
  for (uint16_t mask : masks) {
    const uint32_t sum = (fore & mask) * (uint32_t)alpha + (back & mask) * (uint32_t)(255 - alpha);
    mixed |= sum / 255 & mask;
  }
  return (uint16_t)mixed;
}
