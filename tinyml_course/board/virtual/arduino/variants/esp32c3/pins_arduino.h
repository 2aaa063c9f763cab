// ESP32-C3 DevKit.
#pragma once
#define LED_BUILTIN (8u)
#define RGB_BUILTIN (22u + LED_BUILTIN)  // the same lamp, for digitalWrite() and rgbLedWrite()
#ifndef RGB_BRIGHTNESS
#define RGB_BRIGHTNESS 64
#endif
#define A0 (0u)
#define A1 (1u)
#define A2 (2u)
#define A3 (3u)
#define A4 (4u)
#define A5 (5u)
#define SDA (8u)
#define SCL (9u)
#define SS (7u)
#define MOSI (6u)
#define MISO (5u)
#define SCK (4u)
