// Grove - Multichannel Gas Sensor v2 (GM-102B, GM-302B, GM-502B, GM-702B) at I2C address 0x08.
// Library: "Seeed Arduino MultiGas". The elements are heated: let them warm up for some minutes
// before the first sniff; a sensor that lay in a drawer for weeks wants a day.
#pragma once
#include <Multichannel_Gas_GMXXX.h>
#include <Wire.h>

static const uint8_t GAS_ADDRESS = 0x08;
static GAS_GMXXX<TwoWire> gas;

static bool sensor_begin() {
  gas.begin(Wire, GAS_ADDRESS);  // returns nothing: heated oxides never read 0 on every channel
  return gas.measure_NO2() + gas.measure_C2H5OH() + gas.measure_VOC() + gas.measure_CO() > 0;
}

static void sensor_read(uint16_t counts[4]) {
  counts[0] = (uint16_t)gas.measure_NO2();
  counts[1] = (uint16_t)gas.measure_C2H5OH();
  counts[2] = (uint16_t)gas.measure_VOC();
  counts[3] = (uint16_t)gas.measure_CO();
}
