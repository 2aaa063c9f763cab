#pragma once
#error "FreeRTOS.h: FreeRTOS is in the real core, the virtual board has no threads: use millis() in loop()"
