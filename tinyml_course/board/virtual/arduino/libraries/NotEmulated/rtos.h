#pragma once
#error "rtos.h: mbed threads are in the real core, the virtual one has none: use millis() in loop()"
