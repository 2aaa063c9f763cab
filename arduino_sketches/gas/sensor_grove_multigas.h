// Grove - Multichannel Gas Sensor v2 (GM-102B, GM-302B, GM-502B, GM-702B) at I2C address 0x08.
// Library: "Seeed Arduino MultiGas". The elements are heated: let them warm up for some minutes
// before the first sniff; a sensor that lay in a drawer for weeks wants a day.
#pragma once
#include <Multichannel_Gas_GMXXX.h>
#include <Wire.h>

static const uint8_t GAS_ADDRESS = 0x08;
static GAS_GMXXX<TwoWire> gas;

static const uint32_t MOST_COUNTS = 1023;

// The library tells of no error of the bus: it returns what lay in memory. But heated oxides never read
// 0 on every channel, and ten bits never more than 1023.
static bool sensor_read(uint16_t counts[4]) {
  const uint32_t all[4] = {gas.measure_NO2(), gas.measure_C2H5OH(), gas.measure_VOC(), gas.measure_CO()};
  bool is_alive = false;
  for (int c = 0; c < 4; c++) {
    if (all[c] > MOST_COUNTS) return false;
    is_alive |= all[c] > 0;
    counts[c] = (uint16_t)all[c];
  }
  return is_alive;
}

static bool sensor_begin() {
  gas.begin(Wire, GAS_ADDRESS);  // returns nothing
  uint16_t counts[4];
  return sensor_read(counts);
}
