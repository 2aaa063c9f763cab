#include "TFT_eSPI.h"
#include "board_io.h"

enum { CREATE_SPRITE = 8, DELETE_SPRITE = 9, PUSH_SPRITE = 10, SCROLL = 14 };  // of screen.py

void *TFT_eSprite::createSprite(int16_t width, int16_t height, uint8_t) {
  if (target_) return (void *)(uintptr_t)target_;
  if (width < 1 || height < 1) return nullptr;
  const size_t pixels = (size_t)width * (size_t)height;
  void *memory = malloc(depth_ == 16 ? 2 * pixels : depth_ == 8 ? pixels : (pixels + 7) / 8);
  if (!memory) return nullptr;
  target_ = (uint32_t)(uintptr_t)memory;
  width_ = width, height_ = height;
  setScrollRect(0, 0, width, height);
  draw(CREATE_SPRITE, width, height);
  return memory;
}

void TFT_eSprite::deleteSprite() {
  if (!target_) return;
  draw(DELETE_SPRITE, 0);
  free((void *)(uintptr_t)target_);
  target_ = 0;
}

void *TFT_eSprite::setColorDepth(int8_t bits) {
  depth_ = bits > 8 ? 16 : bits > 1 ? 8 : 1;
  if (!target_) return nullptr;
  deleteSprite();
  return createSprite(width_, height_);
}

void TFT_eSprite::setScrollRect(int32_t x, int32_t y, int32_t w, int32_t h, uint16_t color) {
  scroll_x_ = x, scroll_y_ = y, scroll_w_ = w, scroll_h_ = h;
  scroll_color_ = color;
}

void TFT_eSprite::scroll(int16_t dx, int16_t dy) {
  SCREEN_ARGUMENT(5) = (uint32_t)(int32_t)dx;
  SCREEN_ARGUMENT(6) = (uint32_t)(int32_t)dy;
  draw(SCROLL, scroll_x_, scroll_y_, scroll_w_, scroll_h_, scroll_color_);
}

bool TFT_eSprite::push(TFT_eSPI *to, int32_t x, int32_t y, uint32_t transparent) {
  if (!target_ || !to) return false;

  SCREEN_ARGUMENT(9) = transparent;
  SCREEN_ARGUMENT(0) = (uint32_t)x;
  SCREEN_ARGUMENT(1) = (uint32_t)y;
  SCREEN_ARGUMENT(2) = target_;
  SCREEN_ARGUMENT(8) = to->target_;
  SCREEN_COMMAND = PUSH_SPRITE;
  return true;
}
