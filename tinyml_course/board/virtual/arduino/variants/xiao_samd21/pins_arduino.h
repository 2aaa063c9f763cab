// Seeed XIAO SAMD21.
#pragma once
#define LED_BUILTIN (13ul)  // active low
#define A0 (0ul)
#define A1 (1ul)
#define A2 (2ul)
#define A3 (3ul)
