// Raspberry Pi Pico.
#pragma once
#define LED_BUILTIN (25u)  // active high
#define A0 (26u)
#define A1 (27u)
#define A2 (28u)
