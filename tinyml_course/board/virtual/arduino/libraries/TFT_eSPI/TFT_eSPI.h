// The Wio Terminal's screen, 320 x 240, through the interface of TFT_eSPI as Seeed's core brings it.
// The host keeps the picture, and that of every sprite.
#pragma once
#include <Arduino.h>

#include "gfxfont.h"

#define TFT_WIDTH 240
#define TFT_HEIGHT 320

#define TFT_BLACK 0x0000
#define TFT_NAVY 0x000F
#define TFT_DARKGREEN 0x03E0
#define TFT_DARKCYAN 0x03EF
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
#define TFT_GREENYELLOW 0xB7E0
#define TFT_PINK 0xFC9F
#define TFT_BROWN 0x9A60
#define TFT_GOLD 0xFEA0
#define TFT_SILVER 0xC618
#define TFT_SKYBLUE 0x867D
#define TFT_VIOLET 0x915C
#define TFT_TRANSPARENT 0x0120

// Where in a text the given point lies.
enum {
  TL_DATUM = 0, TC_DATUM, TR_DATUM,
  ML_DATUM, MC_DATUM, MR_DATUM,
  BL_DATUM, BC_DATUM, BR_DATUM,
  L_BASELINE, C_BASELINE, R_BASELINE,
  CL_DATUM = ML_DATUM, CC_DATUM = MC_DATUM, CR_DATUM = MR_DATUM
};

class TFT_eSPI : public Print {
 public:
  TFT_eSPI(int16_t width = TFT_WIDTH, int16_t height = TFT_HEIGHT)
      : width_(width), height_(height) {}

  void begin(uint8_t tab = 0) { init(tab); }
  void init(uint8_t tab = 0);
  void setRotation(uint8_t rotation);
  uint8_t getRotation() { return rotation_; }
  void invertDisplay(bool) NOT_EMULATED("leave the colours as they are");
  int16_t width() { return width_; }
  int16_t height() { return height_; }

  void fillScreen(uint32_t color) { fillRect(0, 0, width_, height_, color); }
  void drawPixel(int32_t x, int32_t y, uint32_t color);
  uint16_t readPixel(int32_t x, int32_t y);
  void drawLine(int32_t x0, int32_t y0, int32_t x1, int32_t y1, uint32_t color);
  void drawFastHLine(int32_t x, int32_t y, int32_t w, uint32_t color) { fillRect(x, y, w, 1, color); }
  void drawFastVLine(int32_t x, int32_t y, int32_t h, uint32_t color) { fillRect(x, y, 1, h, color); }
  void drawRect(int32_t x, int32_t y, int32_t w, int32_t h, uint32_t color);
  void fillRect(int32_t x, int32_t y, int32_t w, int32_t h, uint32_t color);
  void drawRoundRect(int32_t x, int32_t y, int32_t w, int32_t h, int32_t radius, uint32_t color);
  void fillRoundRect(int32_t x, int32_t y, int32_t w, int32_t h, int32_t radius, uint32_t color);
  void drawCircle(int32_t x, int32_t y, int32_t radius, uint32_t color);
  void drawCircleHelper(int32_t x, int32_t y, int32_t radius, uint8_t corners, uint32_t color);
  void fillCircle(int32_t x, int32_t y, int32_t radius, uint32_t color);
  void drawEllipse(int16_t x, int16_t y, int32_t rx, int32_t ry, uint16_t color);
  void fillEllipse(int16_t x, int16_t y, int32_t rx, int32_t ry, uint16_t color);
  void drawTriangle(int32_t x0, int32_t y0, int32_t x1, int32_t y1, int32_t x2, int32_t y2,
                    uint32_t color);
  void fillTriangle(int32_t x0, int32_t y0, int32_t x1, int32_t y1, int32_t x2, int32_t y2,
                    uint32_t color);

  // Pictures in memory: colours of 16 bits, or bits (drawXBitmap: the lowest first).
  void setSwapBytes(bool swap) { swaps_bytes_ = swap; }
  bool getSwapBytes() { return swaps_bytes_; }
  void pushImage(int32_t x, int32_t y, int32_t w, int32_t h, const uint16_t *data);
  void pushImage(int32_t x, int32_t y, int32_t w, int32_t h, const uint16_t *data,
                 uint16_t transparent);
  void drawBitmap(int16_t x, int16_t y, const uint8_t *bits, int16_t w, int16_t h, uint16_t color);
  void drawBitmap(int16_t x, int16_t y, const uint8_t *bits, int16_t w, int16_t h, uint16_t color,
                  uint16_t background);
  void drawXBitmap(int16_t x, int16_t y, const uint8_t *bits, int16_t w, int16_t h, uint16_t color);
  void drawXBitmap(int16_t x, int16_t y, const uint8_t *bits, int16_t w, int16_t h, uint16_t color,
                   uint16_t background);

  // Pixel after pixel into a window, row by row.
  void setAddrWindow(int32_t x, int32_t y, int32_t w, int32_t h);
  void setWindow(int32_t x0, int32_t y0, int32_t x1, int32_t y1) {
    setAddrWindow(x0, y0, x1 - x0 + 1, y1 - y0 + 1);
  }
  void pushColor(uint16_t color) { pushColor(color, 1); }
  void pushColor(uint16_t color, uint32_t count);
  void startWrite() {}
  void endWrite() {}

  void setTextColor(uint16_t color);
  void setTextColor(uint16_t color, uint16_t background, bool fill = false);
  void setTextSize(uint8_t size) { text_size_ = size ? size : 1; }
  void setTextFont(uint8_t font) { font_ = font; }
  void setFreeFont(const GFXfont *font = nullptr) { font_ = font ? font->number : 1; }
  void setTextDatum(uint8_t datum) { datum_ = datum; }
  uint8_t getTextDatum() { return datum_; }
  void setTextPadding(uint16_t width) { padding_ = width; }
  uint16_t getTextPadding() { return padding_; }
  void setTextWrap(bool wraps, bool = false) { wraps_ = wraps; }
  int16_t textWidth(const char *text, uint8_t font);
  int16_t textWidth(const char *text);
  int16_t textWidth(const String &text, uint8_t font) { return textWidth(text.c_str(), font); }
  int16_t textWidth(const String &text) { return textWidth(text.c_str()); }
  int16_t fontHeight(int16_t font);
  int16_t fontHeight();

  int16_t drawString(const char *text, int32_t x, int32_t y, uint8_t font);
  int16_t drawString(const char *text, int32_t x, int32_t y);
  int16_t drawString(const String &text, int32_t x, int32_t y, uint8_t font) {
    return drawString(text.c_str(), x, y, font);
  }
  int16_t drawString(const String &text, int32_t x, int32_t y) {
    return drawString(text.c_str(), x, y);
  }
  int16_t drawCentreString(const char *text, int32_t x, int32_t y, uint8_t font);
  int16_t drawCentreString(const String &text, int32_t x, int32_t y, uint8_t font) {
    return drawCentreString(text.c_str(), x, y, font);
  }
  int16_t drawRightString(const char *text, int32_t x, int32_t y, uint8_t font);
  int16_t drawRightString(const String &text, int32_t x, int32_t y, uint8_t font) {
    return drawRightString(text.c_str(), x, y, font);
  }
  int16_t drawNumber(long number, int32_t x, int32_t y, uint8_t font);
  int16_t drawNumber(long number, int32_t x, int32_t y);
  int16_t drawFloat(float number, uint8_t decimals, int32_t x, int32_t y, uint8_t font);
  int16_t drawFloat(float number, uint8_t decimals, int32_t x, int32_t y);
  int16_t drawChar(uint16_t character, int32_t x, int32_t y, uint8_t font);
  int16_t drawChar(uint16_t character, int32_t x, int32_t y);
  void drawChar(int32_t x, int32_t y, uint16_t character, uint32_t color, uint32_t background,
                uint8_t size);

  // As Print has them, from a cursor on; a line that does not fit goes on in the next.
  void setCursor(int16_t x, int16_t y) { cursor_x_ = x, cursor_y_ = y; }
  void setCursor(int16_t x, int16_t y, uint8_t font) { setTextFont(font), setCursor(x, y); }
  int16_t getCursorX() { return cursor_x_; }
  int16_t getCursorY() { return cursor_y_; }
  size_t write(uint8_t c) override { return write(&c, 1); }
  size_t write(const uint8_t *text, size_t size) override;
  using Print::write;

  uint16_t color565(uint8_t red, uint8_t green, uint8_t blue) {
    return (uint16_t)(((red & 0xF8) << 8) | ((green & 0xFC) << 3) | (blue >> 3));
  }
  uint16_t color8to16(uint8_t color332);
  uint16_t alphaBlend(uint8_t alpha, uint16_t foreground, uint16_t background);

 protected:
  void draw(uint32_t command, int32_t a, int32_t b = 0, int32_t c = 0, int32_t d = 0,
            uint32_t color = 0);
  void bits(int32_t x, int32_t y, const uint8_t *bits, int32_t w, int32_t h, uint32_t color,
            uint32_t background, bool lowest_first);
  void text_at(const char *text, size_t length, int32_t x, int32_t y);
  int32_t measure(const char *text, size_t length);

  uint32_t target_ = 0;  // a sprite's memory, or 0 for the screen
  int16_t width_, height_;

 private:
  friend class TFT_eSprite;
  int16_t drawAligned(const char *text, int32_t x, int32_t y, uint8_t datum);
  uint32_t text_color_ = TFT_WHITE, text_background_ = TFT_BLACK, text_size_ = 1, font_ = 1;
  int16_t cursor_x_ = 0, cursor_y_ = 0;
  uint16_t padding_ = 0;
  int32_t window_x_ = 0, window_y_ = 0, window_w_ = 1, window_h_ = 1;
  uint32_t window_at_ = 0;
  uint8_t rotation_ = 0, datum_ = TL_DATUM;
  bool has_background_ = false, wraps_ = true, swaps_bytes_ = false;
};

#include "TFT_eSprite.h"
