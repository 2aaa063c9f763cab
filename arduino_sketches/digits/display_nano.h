// Nano 33 BLE Sense: the colour LED, green for right, red for wrong, blue if nobody knows.
#pragma once

#define SKETCH_BOARD "nano33ble"

static void display_light(bool red, bool green, bool blue) {
  digitalWrite(LEDR, red ? LOW : HIGH);  // active low
  digitalWrite(LEDG, green ? LOW : HIGH);
  digitalWrite(LEDB, blue ? LOW : HIGH);
}

static void display_begin() {
  pinMode(LEDR, OUTPUT);
  pinMode(LEDG, OUTPUT);
  pinMode(LEDB, OUTPUT);
  display_light(false, false, false);
}

static void display_picture(const uint8_t *) {}

static void display_answer(const float *, int best, int label) {
  display_light(label >= 0 && label != best, label == best, label < 0);
}

static bool button_pressed() { return false; }  // the board's only button is reset
