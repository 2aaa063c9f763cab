// mbed's watchdog: a board whose sketch does not call kick() in time starts again. Here the run ends
// with an error that says where the sketch was.
#pragma once
#include <Arduino.h>

#include "board_io.h"

namespace mbed {
class Watchdog {
 public:
  static Watchdog &get_instance() {
    static Watchdog only;
    return only;
  }
  bool start(uint32_t timeout_ms) {
    SYSTEM_WATCHDOG_MS = timeout_ms;
    timeout_ms_ = timeout_ms;
    return true;
  }
  bool start() { return start(get_max_timeout()); }
  bool stop() { return false; }  // the chip's cannot be stopped
  void kick() { SYSTEM_KICK = 1; }
  bool is_running() const { return timeout_ms_ != 0; }
  uint32_t get_timeout() const { return timeout_ms_; }
  uint32_t get_max_timeout() const { return 131071999; }

 private:
  uint32_t timeout_ms_ = 0;
};
}  // namespace mbed
