#include "Arduino_APDS9960.h"

#include "surroundings.h"

APDS9960 APDS;

// The chip integrates light for 2.78 ms a step, and the library sets ten of them.
static SampleClock color_clock(36.0f), proximity_clock(36.0f);
static uint32_t gesture;  // one that waits, plus 1

bool APDS9960::begin() {
  color_clock.start();
  proximity_clock.start();
  return true;
}

int APDS9960::gestureAvailable() {
  if (!gesture) gesture = SURROUNDINGS_GESTURE;
  return gesture != 0;
}
int APDS9960::readGesture() {
  gestureAvailable();
  const int found = (int)gesture - 1;
  gesture = 0;
  return found;
}

int APDS9960::colorAvailable() { return color_clock.is_new(); }
bool APDS9960::readColor(int &r, int &g, int &b) {
  int c;
  return readColor(r, g, b, c);
}
bool APDS9960::readColor(int &r, int &g, int &b, int &c) {
  color_clock.take();
  r = (int)surroundings_value(FEELS_RED);
  g = (int)surroundings_value(FEELS_GREEN);
  b = (int)surroundings_value(FEELS_BLUE);
  c = (int)surroundings_value(FEELS_CLEAR);
  return true;
}

int APDS9960::proximityAvailable() { return proximity_clock.is_new(); }
int APDS9960::readProximity() {
  proximity_clock.take();
  return (int)surroundings_value(FEELS_PROXIMITY);
}
