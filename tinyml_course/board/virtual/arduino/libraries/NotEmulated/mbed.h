#pragma once
#error "mbed.h: mbed is in the real core, the virtual one has Arduino functions only: use millis(), delay() and attachInterrupt()"
