// ESP32-C3 DevKit.
#pragma once
#define LED_BUILTIN (8u)
#define A0 (0u)
#define A1 (1u)
#define A2 (2u)
#define A3 (3u)
#define A4 (4u)
#define A5 (5u)
