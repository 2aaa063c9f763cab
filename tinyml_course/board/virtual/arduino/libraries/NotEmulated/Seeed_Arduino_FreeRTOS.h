#pragma once
#error "Seeed_Arduino_FreeRTOS.h: FreeRTOS is in the real core, the virtual board has no threads: use millis() in loop()"
