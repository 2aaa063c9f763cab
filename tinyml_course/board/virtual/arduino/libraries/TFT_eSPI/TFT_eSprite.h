// A picture in the board's memory that is drawn first and pushed to the screen then, without flicker.
#pragma once

class TFT_eSprite : public TFT_eSPI {
 public:
  explicit TFT_eSprite(TFT_eSPI *screen) : TFT_eSPI(0, 0), screen_(screen) {}
  ~TFT_eSprite() { deleteSprite(); }

  // The memory that it takes, or a null pointer if there is not enough: two bytes a pixel at a
  // colour depth of 16, one at 8, an eighth at 1. The picture itself is the host's.
  void *createSprite(int16_t width, int16_t height, uint8_t frames = 1);
  void deleteSprite();
  bool created() { return target_ != 0; }
  void *setColorDepth(int8_t bits);
  int8_t getColorDepth() { return depth_; }
  void *getPointer() NOT_EMULATED("draw into the sprite with its functions");
  void createPalette(const uint16_t *palette, uint8_t colors = 16)
      NOT_EMULATED("give colours of 16 bits");

  void fillSprite(uint32_t color) { fillRect(0, 0, width_, height_, color); }
  void setScrollRect(int32_t x, int32_t y, int32_t w, int32_t h, uint16_t color = TFT_BLACK);
  void scroll(int16_t dx, int16_t dy = 0);
  void pushSprite(int32_t x, int32_t y) { push(screen_, x, y, 0x10000u); }
  void pushSprite(int32_t x, int32_t y, uint16_t transparent) { push(screen_, x, y, transparent); }
  bool pushToSprite(TFT_eSprite *other, int32_t x, int32_t y) { return push(other, x, y, 0x10000u); }
  bool pushToSprite(TFT_eSprite *other, int32_t x, int32_t y, uint16_t transparent) {
    return push(other, x, y, transparent);
  }
  bool pushRotated(int16_t angle, uint32_t transparent = 0x00FFFFFF)
      NOT_EMULATED("draw the sprite turned");

 private:
  bool push(TFT_eSPI *to, int32_t x, int32_t y, uint32_t transparent);
  TFT_eSPI *screen_;
  int8_t depth_ = 16;
  int32_t scroll_x_ = 0, scroll_y_ = 0, scroll_w_ = 0, scroll_h_ = 0;
  uint16_t scroll_color_ = TFT_BLACK;
};
