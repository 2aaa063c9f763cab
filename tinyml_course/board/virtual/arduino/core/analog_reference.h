// What analogRead() compares with, by core: a full reading is so many volts.
#pragma once

#define NO_SUCH_REFERENCE(remedy) \
  __attribute__((unavailable("the core of the real board has none either; " remedy)))

#if defined(ARDUINO_ARDUINO_NANO33BLE)
enum _AnalogReferenceMode {
  AR_VDD,          // the supply, 3.3 V
  AR_INTERNAL,     // 0.6 V
  AR_INTERNAL1V2,  // 1.2 V
  AR_INTERNAL2V4,  // 2.4 V
  AR_DEFAULT NO_SUCH_REFERENCE("AR_VDD is the supply, 3.3 V"),
  AR_EXTERNAL NO_SUCH_REFERENCE("AR_VDD, AR_INTERNAL, AR_INTERNAL1V2 and AR_INTERNAL2V4 are there"),
};
void analogReference(uint8_t mode);
// How long a pin charges the converter: nothing to see here.
enum _AnalogAcquisitionTime { AT_3_US, AT_5_US, AT_10_US, AT_15_US, AT_20_US, AT_40_US };
static inline void analogAcquisitionTime(uint8_t time) { (void)time; }
#elif defined(ARDUINO_ARCH_SAMD)
typedef enum _eAnalogReference {
  AR_DEFAULT,  // the supply, 3.3 V
  AR_INTERNAL1V0,
  AR_INTERNAL1V1,  // this and the next four, and 2V4 and 2V5, on the Wio Terminal only
  AR_INTERNAL1V2,
  AR_INTERNAL1V25,
  AR_INTERNAL2V0,
  AR_INTERNAL2V2,
  AR_INTERNAL2V23,  // on the XIAO only
  AR_INTERNAL2V4,
  AR_INTERNAL2V5,
  AR_INTERNAL1V65,
  AR_EXTERNAL NOT_EMULATED("nothing is connected to a pin AREF here"),
} eAnalogReference;
void analogReference(eAnalogReference mode);
#else  // the Pico reads against its supply, the ESP32 has attenuations
void analogReference(void) NO_SUCH_REFERENCE("analogRead() of 3.3 V is the full reading");
#define analogReference(mode) analogReference()
#endif
