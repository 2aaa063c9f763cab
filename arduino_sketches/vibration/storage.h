// The centres that were learnt, in the chip's flash: with the power off and on again, or after the
// watchdog, the machine is judged by what somebody vouched for. Without them a board that starts anew
// would call "healthy" whatever it meets, a broken bearing too. An upload erases them on the Wio alone.
#pragma once
#include "vibration_detect.h"

static const int MOST_SPEEDS = 4;

struct Known {
  int32_t speeds;  // 0: forgotten
  vibration_centre centres[MOST_SPEEDS];  // one a speed
};

typedef Known Kept;
static const uint32_t KEPT_ID = VIBRATION_CENTRE_ID;
#include "two_places.h"
