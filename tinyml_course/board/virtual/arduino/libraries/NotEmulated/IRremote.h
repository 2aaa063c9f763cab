#pragma once
#error "IRremote.h: infrared is on the real board, the virtual one has none"
