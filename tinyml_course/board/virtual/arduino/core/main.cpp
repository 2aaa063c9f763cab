// The program around every sketch, as in the cores.
#include "Arduino.h"
#include "board_io.h"

#ifdef ARDUINO_ARCH_ESP32  // of the cores here the only one that calls it
void serialEvent(void) __attribute__((weak));
#endif

// On a bare processor C++ treats main like any function: it needs its plain name here.
extern "C" int main() {
  setup();
  for (;;) {
    SYSTEM_LOOP = 1;
    loop();
    board_run_background();
#ifdef ARDUINO_ARCH_ESP32
    if (serialEvent && Serial.available()) serialEvent();
#endif
  }
}
