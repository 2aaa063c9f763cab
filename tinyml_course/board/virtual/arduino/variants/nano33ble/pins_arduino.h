// Arduino Nano 33 BLE Sense.
#pragma once
#define LED_BUILTIN (13u)  // active high
#define LEDR (22u)         // active low, like LEDG and LEDB
#define LEDG (23u)
#define LEDB (24u)
#define LED_PWR (25u)
#define A0 (14u)
#define A1 (15u)
#define A2 (16u)
#define A3 (17u)
#define A4 (18u)
#define A5 (19u)
#define A6 (20u)
#define A7 (21u)
