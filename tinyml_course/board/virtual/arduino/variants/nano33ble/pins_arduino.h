// Arduino Nano 33 BLE Sense.
#pragma once
#define LED_BUILTIN (13u)  // active high
#define LEDR (22u)         // active low, like LEDG and LEDB
#define LEDG (23u)
#define LEDB (24u)
#define LED_PWR (25u)
#define D2 (2u)
#define D3 (3u)
#define D4 (4u)
#define D5 (5u)
#define D6 (6u)
#define D7 (7u)
#define D8 (8u)
#define D9 (9u)
#define D10 (10u)
#define D11 (11u)
#define D12 (12u)
#define D13 (13u)
#define A0 (14u)
#define A1 (15u)
#define A2 (16u)
#define A3 (17u)
#define A4 (18u)
#define A5 (19u)
#define A6 (20u)
#define A7 (21u)
#define SDA (18u)
#define SCL (19u)
#define SS (10u)
#define MOSI (11u)
#define MISO (12u)
#define SCK (13u)
#define PIN_LED LED_BUILTIN
#define PIN_A0 A0
#define NUM_DIGITAL_PINS (21u)
#define NUM_ANALOG_INPUTS (7u)
#define SerialUSB Serial
