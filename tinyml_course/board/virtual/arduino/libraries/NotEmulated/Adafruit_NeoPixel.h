#pragma once
#error "Adafruit_NeoPixel.h: Adafruit_NeoPixel drives real strips, the virtual board has none: use digitalWrite() on its lamps"
