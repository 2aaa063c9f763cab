// Colour, proximity and gestures, from a trace or as set, through the interface of Arduino_APDS9960.
#pragma once
#include <Arduino.h>
#include <Wire.h>

enum {
  GESTURE_NONE = -1,
  GESTURE_UP = 0,
  GESTURE_DOWN = 1,
  GESTURE_LEFT = 2,
  GESTURE_RIGHT = 3
};

class APDS9960 {
 public:
  bool begin();
  void end() {}
  bool setLEDBoost(uint8_t boost) { return boost < 4; }
  void setGestureSensitivity(uint8_t) {}
  void setInterruptPin(int) {}
  bool enableColor() { return true; }
  bool enableProximity() { return true; }
  bool enableGesture() { return true; }
  bool disableColor() { return true; }
  bool disableProximity() { return true; }
  bool disableGesture() { return true; }
  int gestureAvailable();
  int readGesture();  // one of GESTURE_, once
  int colorAvailable();
  bool readColor(int &r, int &g, int &b);
  bool readColor(int &r, int &g, int &b, int &c);
  int proximityAvailable();
  int readProximity();  // 0: touched, 255: nothing near
};
extern APDS9960 APDS;
