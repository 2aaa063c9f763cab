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
  int16_t drawString(const String &text, int32_t x, int32_t y) {
    return drawString(text.c_str(), x, y);
  }
  int16_t drawNumber(long number, int32_t x, int32_t y);
  int16_t drawFloat(float number, uint8_t decimals, int32_t x, int32_t y);
  int16_t textWidth(const char *text) { return (int16_t)(6 * text_size_ * strlen(text)); }
  int16_t fontHeight() { return (int16_t)(8 * text_size_); }
  void drawPixel(int32_t x, int32_t y, uint32_t color);
  void drawLine(int32_t x0, int32_t y0, int32_t x1, int32_t y1, uint32_t color);
  void drawRect(int32_t x, int32_t y, int32_t w, int32_t h, uint32_t color);
  void fillRect(int32_t x, int32_t y, int32_t w, int32_t h, uint32_t color);
  void fillCircle(int32_t x, int32_t y, int32_t radius, uint32_t color);
  void drawFastHLine(int32_t x, int32_t y, int32_t w, uint32_t color) { fillRect(x, y, w, 1, color); }
  void drawFastVLine(int32_t x, int32_t y, int32_t h, uint32_t color) { fillRect(x, y, 1, h, color); }
  void drawCircle(int32_t x, int32_t y, int32_t radius, uint32_t color);
  void drawTriangle(int32_t x0, int32_t y0, int32_t x1, int32_t y1, int32_t x2, int32_t y2,
                    uint32_t color);
  void fillTriangle(int32_t x0, int32_t y0, int32_t x1, int32_t y1, int32_t x2, int32_t y2,
                    uint32_t color);

  // As Print has them, from a cursor on; a line that does not fit goes on in the next.
  void setCursor(int16_t x, int16_t y) { cursor_x_ = x, cursor_y_ = y; }
  int16_t getCursorX() { return cursor_x_; }
  int16_t getCursorY() { return cursor_y_; }
  void setTextWrap(bool wraps) { wraps_ = wraps; }
  template <class... Arguments>
  size_t print(const Arguments &...arguments) {
    return Printer(*this).print(arguments...);
  }
  template <class... Arguments>
  size_t println(const Arguments &...arguments) {
    return Printer(*this).println(arguments...);
  }
  template <class... Arguments>
  size_t printf(const char *format, Arguments... arguments) {
    return Printer(*this).printf(format, arguments...);
  }

  int16_t width() { return rotated_ ? 320 : 240; }
  int16_t height() { return rotated_ ? 240 : 320; }
  uint16_t color565(uint8_t red, uint8_t green, uint8_t blue) {
    return (uint16_t)(((red & 0xF8) << 8) | ((green & 0xFC) << 3) | (blue >> 3));
  }

 private:
  // Not a Print itself: sketches that only draw then pay nothing for it.
  class Printer : public Print {
   public:
    explicit Printer(TFT_eSPI &screen) : screen_(screen) {}
    size_t write(uint8_t c) override { return write(&c, 1); }
    size_t write(const uint8_t *text, size_t size) override {
      screen_.write_at_cursor((const char *)text, size);
      return size;
    }

   private:
    TFT_eSPI &screen_;
  };
  void write_at_cursor(const char *text, size_t size);

  static int16_t cursor_x_, cursor_y_;  // a board has one screen
  static bool wraps_;
  bool rotated_ = false;
  uint32_t text_color_ = TFT_WHITE, text_background_ = TFT_BLACK, text_size_ = 1;
  bool has_background_ = false;
};
