// Wio Terminal: screen, buzzer, motion, light, microphone, keys.
#pragma once
#include <LIS3DHTR.h>
#include <TFT_eSPI.h>
#include <Wire.h>
#include <mic.h>

#define SKETCH_BOARD "wio_terminal"

static TFT_eSPI tft;
static LIS3DHTR<TwoWire> lis;

static int16_t heard[4096];  // a quarter of a second
static volatile int heard_count = 4096;

static void hear(uint16_t *samples, uint32_t count) {
  for (uint32_t i = 0; i < count && heard_count < 4096; i++) {
    heard[heard_count] = (int16_t)samples[i];
    heard_count = heard_count + 1;
  }
}
static mic_config_t hearing = {1, 16000, 320, 1};
static DMA_ADC_Class microphone(&hearing);

static void test_lamps() {
  Serial.println("# look: the screen is red, green, blue, then white with a text");
  static const uint16_t colors[] = {TFT_RED, TFT_GREEN, TFT_BLUE, TFT_WHITE};
  tft.begin();
  tft.setRotation(3);
  for (uint16_t color : colors) {
    tft.fillScreen(color);
    delay(300);
  }
  tft.setTextSize(3);
  tft.setTextColor(TFT_BLACK);
  tft.drawString("hardware_test", 20, 100);
  Serial.println("# listen: the buzzer beeps twice");
  pinMode(WIO_BUZZER, OUTPUT);
  for (int i = 0; i < 2; i++) {
    tone(WIO_BUZZER, 1000, 150);
    delay(300);
  }
}

static void test_sensors() {
  lis.begin(Wire1);  // returns nothing: isConnection() tells
  const bool moves = lis.isConnection();
  answers("accelerometer", moves);
  if (moves) {
    float x = 0, y = 0, z = 0;
    lis.setOutputDataRate(LIS3DHTR_DATARATE_100HZ);
    lis.setFullScaleRange(LIS3DHTR_RANGE_2G);  // where the library's scale is right
    lis.getAcceleration(&x, &y, &z);
    expect("accelerometer, its length at rest", sqrtf(x * x + y * y + z * z), "g", 0.9f, 1.1f);
  }
  pinMode(WIO_LIGHT, INPUT);
  expect("light sensor on the back, not covered", (float)analogRead(WIO_LIGHT) * 3.3f / 1023.0f, "V",
         0.01f, 3.3f);
  microphone.set_callback(hear);
  static bool hears = false;
  if (!hears) hears = microphone.begin() != 0;
  answers("microphone", hears);
  if (hears) {
    delay(200);
    heard_count = 0;
    const uint32_t start_ms = millis();
    while (heard_count < 4096 && millis() - start_ms < 2000) delay(1);
    expect_sound(heard, 4096, 1.0f);
  }
}

static void test_keys() {
  expect_key("key A, the right one on the top", WIO_KEY_A);
  expect_key("key B, the middle one", WIO_KEY_B);
  expect_key("key C, the left one", WIO_KEY_C);
  expect_key("the switch up", WIO_5S_UP);
  expect_key("the switch down", WIO_5S_DOWN);
  expect_key("the switch left", WIO_5S_LEFT);
  expect_key("the switch right", WIO_5S_RIGHT);
  expect_key("the switch in", WIO_5S_PRESS);
}
