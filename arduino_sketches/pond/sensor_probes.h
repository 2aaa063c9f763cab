// Probes with an amplifier each, which give 0 to 3 V. Two points make a probe a sensor: dip it into two
// known waters, write down the volts, and put them here. Do it again every month; probes age.
#pragma once
#include <Arduino.h>

struct Probe {
  uint8_t pin;
  float low_volts, low_value;
  float high_volts, high_value;
};

static const Probe PROBES[4] = {
    {A0, 0.0f, 0.0f, 3.0f, 14.0f},  // pH
    {A1, 0.0f, 0.0f, 3.0f, 50.0f},  // C
    {A2, 0.0f, 0.0f, 3.0f, 20.0f},  // oxygen, mg/L
    {A3, 0.0f, 0.0f, 3.0f, 1.0f},   // ammonia, mg/L
};
static const float LAST_DIGIT[4] = {0.01f, 0.1f, 0.01f, 0.001f};

static const int CONVERTER_BITS = 12;
static const int AVERAGED = 16;  // conversions for a reading

static void sensor_begin() { analogReadResolution(CONVERTER_BITS); }

static void sensor_read(float values[4]) {
  for (int k = 0; k < 4; k++) {
    const Probe &probe = PROBES[k];
    uint32_t total = 0;
    for (int i = 0; i < AVERAGED; i++) total += (uint32_t)analogRead(probe.pin);
    const float volts = (float)total * (3.3f / (AVERAGED * ((1 << CONVERTER_BITS) - 1)));
    const float slope = (probe.high_value - probe.low_value) / (probe.high_volts - probe.low_volts);
    const float value = probe.low_value + slope * (volts - probe.low_volts);
    values[k] = roundf(value / LAST_DIGIT[k]) * LAST_DIGIT[k];
  }
}
