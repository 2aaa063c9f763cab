// The program around every sketch, as in the cores.
#include "Arduino.h"
#include "board_io.h"

// On a bare processor C++ treats main like any function: it needs its plain name here.
extern "C" int main() {
  setup();
  for (;;) {
    SYSTEM_LOOP = 1;
    loop();
    board_run_background();
  }
}
