// Wio Terminal: the screen, 320 x 240, and the blue switch in front of it. On the left the picture,
// ink on paper; on the right the answer, and under it a bar for each class's score. The answer is
// green if it is right, orange if it is wrong, blue if nobody knows.
#pragma once
#include <TFT_eSPI.h>  // comes with Seeed's core

#include "digits_pictures.h"

#define SKETCH_BOARD "wio_terminal"

static const int LARGER_SIDE = DIGITS_WINDOW > DIGITS_CHANNELS ? DIGITS_WINDOW : DIGITS_CHANNELS;
static const int FRAME_X = 10, FRAME_Y = 10, FRAME_SIZE = 200;
static const int DOT = FRAME_SIZE / LARGER_SIDE;  // a pixel of the picture, in dots of the screen
static const int PICTURE_X = FRAME_X + (FRAME_SIZE - DOT * DIGITS_CHANNELS) / 2;
static const int PICTURE_Y = FRAME_Y + (FRAME_SIZE - DOT * DIGITS_WINDOW) / 2;
static const int CAPTION_Y = 217;
static const int ANSWER_X = 230, ANSWER_Y = 10, ANSWER_TEXT_SIZE = 14;
static const int BARS_X = 234, BARS_Y = 121, BAR_STEP = 11, BAR_HEIGHT = 8, BAR_LENGTH = 76;
static const int BAR_LABEL_X = 222;
static const uint32_t BOUNCE_MS = 50;  // a switch that closes opens and closes for a while

static const uint16_t COLOR_BACKGROUND = 0x10A4;  // red, green, blue in 5, 6 and 5 bits
static const uint16_t COLOR_TEXT = 0xC638;
static const uint16_t COLOR_EMPTY_BAR = 0x2968;
static const uint16_t COLOR_OTHER_BAR = 0x8C72;
static const uint16_t COLOR_RIGHT = 0x36D1;
static const uint16_t COLOR_WRONG = 0xFC46;
static const uint16_t COLOR_UNKNOWN = 0x5DBD;

static TFT_eSPI tft;

static void display_begin() {
  pinMode(WIO_5S_PRESS, INPUT_PULLUP);
  tft.begin();
  tft.setRotation(3);
  tft.fillScreen(COLOR_BACKGROUND);
  tft.fillRect(FRAME_X, FRAME_Y, FRAME_SIZE, FRAME_SIZE, TFT_WHITE);
  tft.setTextSize(1);
  tft.setTextColor(COLOR_TEXT);
  for (int c = 0; c < DIGITS_CLASSES; c++) {
    tft.drawString(digits_class_names[c], BAR_LABEL_X, BARS_Y + c * BAR_STEP);
  }
}

// Red and blue have five bits and green has six: its last one repeats the first, or greys look pink.
static uint16_t grey565(uint8_t light) {
  const uint16_t five = light >> 3;
  const uint16_t six = (uint16_t)(five << 1 | five >> 4);
  return (uint16_t)(five << 11 | six << 5 | five);
}

static void display_picture(const uint8_t *picture) {
  for (int row = 0; row < DIGITS_WINDOW; row++) {
    for (int column = 0; column < DIGITS_CHANNELS; column++) {
      const uint8_t light = DIGITS_FULL_GREY - *picture++;
      tft.fillRect(PICTURE_X + column * DOT, PICTURE_Y + row * DOT, DOT, DOT, grey565(light));
    }
  }
}

static void display_answer(const float *scores, int best, int label) {
  const uint16_t color = label < 0 ? COLOR_UNKNOWN : label == best ? COLOR_RIGHT : COLOR_WRONG;
  tft.setTextSize(ANSWER_TEXT_SIZE);
  tft.setTextColor(color, COLOR_BACKGROUND);  // with a background, the old one is painted over
  tft.drawString(digits_class_names[best], ANSWER_X, ANSWER_Y);

  for (int c = 0; c < DIGITS_CLASSES; c++) {
    const int length = (int)(scores[c] * BAR_LENGTH + 0.5f);
    const int y = BARS_Y + c * BAR_STEP;
    tft.fillRect(BARS_X, y, length, BAR_HEIGHT, c == best ? color : COLOR_OTHER_BAR);
    tft.fillRect(BARS_X + length, y, BAR_LENGTH - length, BAR_HEIGHT, COLOR_EMPTY_BAR);
  }

  tft.setTextSize(2);
  tft.setTextColor(COLOR_TEXT, COLOR_BACKGROUND);
  tft.drawString(label < 0 ? "label: none" : "label:     ", FRAME_X, CAPTION_Y);
  if (label >= 0) tft.drawString(digits_class_names[label], FRAME_X + 7 * 12, CAPTION_Y);
}

static bool button_pressed() {
  static bool was_down = false;
  static uint32_t changed_ms = 0;
  const bool is_down = digitalRead(WIO_5S_PRESS) == LOW;
  if (is_down == was_down || millis() - changed_ms < BOUNCE_MS) return false;
  was_down = is_down;
  changed_ms = millis();
  return is_down;
}
