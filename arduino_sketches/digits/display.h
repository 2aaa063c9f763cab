// What a person sees, on whichever board this is compiled for. Both boards keep one contract:
//
//   display_begin()             before anything else
//   display_picture(picture)    DIGITS_PIXELS greys, row by row, 0 for paper to 255 for ink
//   display_answer(scores, best, label)
//                               the classes' scores from 0 to 1, the index of the highest, and
//                               the true class, negative if nobody knows it
//   button_pressed()            whether a person asks for the next picture; true once a press
#pragma once
#include <Arduino.h>

#if defined(ARDUINO_ARDUINO_NANO33BLE)
#include "display_nano.h"
#elif defined(WIO_TERMINAL) || defined(SEEED_WIO_TERMINAL)
#include "display_wio_terminal.h"
#else
#error "No display header for this board: choose Arduino Nano 33 BLE or Seeed Wio Terminal in the Tools menu."
#endif
