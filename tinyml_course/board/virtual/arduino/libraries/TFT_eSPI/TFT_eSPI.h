// The Wio Terminal's screen, 320 x 240, through the part of TFT_eSPI that Seeed's core brings (1.6.0)
// and the course uses. The host keeps the picture.
#pragma once
#include <Arduino.h>

#define TFT_BLACK 0x0000
#define TFT_NAVY 0x000F
#define TFT_DARKGREEN 0x03E0
#define TFT_MAROON 0x7800
#define TFT_PURPLE 0x780F
#define TFT_OLIVE 0x7BE0
#define TFT_LIGHTGREY 0xC618
#define TFT_DARKGREY 0x7BEF
#define TFT_BLUE 0x001F
#define TFT_GREEN 0x07E0
#define TFT_CYAN 0x07FF
#define TFT_RED 0xF800
#define TFT_MAGENTA 0xF81F
#define TFT_YELLOW 0xFFE0
#define TFT_WHITE 0xFFFF
#define TFT_ORANGE 0xFDA0

class TFT_eSPI {
 public:
  void begin() { init(); }
  void init();
  void setRotation(uint8_t rotation);
  void fillScreen(uint32_t color);
  void setTextColor(uint16_t color);
  void setTextColor(uint16_t color, uint16_t background);
  void setTextSize(uint8_t size);
  int16_t drawString(const char *text, int32_t x, int32_t y);
  int16_t drawNumber(long number, int32_t x, int32_t y);
  void drawPixel(int32_t x, int32_t y, uint32_t color);
  void drawLine(int32_t x0, int32_t y0, int32_t x1, int32_t y1, uint32_t color);
  void drawRect(int32_t x, int32_t y, int32_t w, int32_t h, uint32_t color);
  void fillRect(int32_t x, int32_t y, int32_t w, int32_t h, uint32_t color);
  void fillCircle(int32_t x, int32_t y, int32_t radius, uint32_t color);
  int16_t width() { return rotated_ ? 320 : 240; }
  int16_t height() { return rotated_ ? 240 : 320; }
  uint16_t color565(uint8_t red, uint8_t green, uint8_t blue) {
    return (uint16_t)(((red & 0xF8) << 8) | ((green & 0xFC) << 3) | (blue >> 3));
  }

 private:
  bool rotated_ = false;
  uint32_t text_color_ = TFT_WHITE, text_background_ = TFT_BLACK, text_size_ = 1;
  bool has_background_ = false;
};
