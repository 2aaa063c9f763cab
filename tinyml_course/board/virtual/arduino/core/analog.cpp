// Analogue pins: volts in, pulses out. What becomes of a value that a pin cannot have is each core's own.
#include "Arduino.h"
#include "board_io.h"

static int duty_bits = 8;

// The register takes a share of the time in 255ths, whatever resolution the sketch has chosen.
static void drive(uint32_t pin, uint32_t share) {
  if (pin < GPIO_DUTY_PINS) GPIO_DUTY(pin) = share;
}

// The emulator keeps it, for a word after the run. A `most` below 0: the pin is switched, from there on.
static void note(uint32_t pin, int32_t value, int32_t most) {
  GPIO_ODD_MOST = (uint32_t)most;
  GPIO_ODD_DUTY = (uint32_t)value;
  GPIO_ODD_PIN = pin;
}
static void note_odd(uint32_t pin, int32_t value, uint32_t most) {
  if (value < 0 || (uint32_t)value > most) note(pin, value, (int32_t)most);
}

#ifdef ARDUINO_ARCH_SAMD
// Which part of the chip drives a pin, as the variants' tables have it: a timer of the kind TC, whose
// registers keep the low bits of what is too large, one of the kind TCC, where the pin then stays high,
// the converter that gives real volts, or nothing: then analogWrite() is digitalWrite().
typedef enum { BY_TC, BY_TCC, BY_DAC, BY_NONE } Driver;
static uint32_t change_bits(uint32_t value, int from, int to) {
  return from > to ? value >> (from - to) : value << (to - from);
}

#ifdef __SAMD51__
static int write_bits = 12;  // heeded where no timer drives the pin: timers take 0 to 255
static Driver driver_of(uint32_t pin) {
  switch (pin) {
    case 0: case 1: case 2: case 6: case 8: case 14: case 20: case 47: case 48: case 49: case 50:
      return BY_TC;
    case 12: case 13: case 15: case 16: case 17: case 18: case 19: case 24: case 36: case 37:
    case 38: case 40: case 41: case 51: case 53: case 54: case 65: case 75: case 76:
      return BY_TCC;
    case 9: case 10: return BY_DAC;
    default: return BY_NONE;
  }
}
static uint32_t share_of(Driver driver, uint32_t value) {
  if (driver == BY_TC) return value & 0xFFu;
  if (driver == BY_TCC) return value > 0xFFu ? 0xFFu : value;
  return (change_bits(value, write_bits, 12) & 0xFFFu) >> 4;
}
#else  // SAMD21: timers of 16 bits
static int write_bits = 8;
static Driver driver_of(uint32_t pin) {
  if (pin == DAC0) return BY_DAC;
  if (pin > 13) return BY_NONE;
  return pin == 6 || pin == 7 || pin == 11 || pin == 12 ? BY_TC : BY_TCC;
}
static uint32_t share_of(Driver driver, uint32_t value) {
  if (driver == BY_DAC) return (value & 0x3FFu) >> 2;  // takes 10 bits, whatever was chosen
  const uint32_t ticks = change_bits(value, write_bits, 16);
  if (driver == BY_TC) return (ticks & 0xFFFFu) >> 8;
  return ticks > 0xFFFFu ? 0xFFu : ticks >> 8;
}
#endif
#endif

extern "C" {

#if defined(BOARD_CORE_API)
int analogRead(pin_size_t pin) { return (int)ADC_VALUE(pin); }

// A share above all of the time is all of it; below nothing, the pulses end.
void analogWrite(pin_size_t pin, int value) {
  const uint32_t most = (1u << duty_bits) - 1u;
  note_odd(pin, value, most);
  const uint32_t held = value < 0 ? 0 : (uint32_t)value > most ? most : (uint32_t)value;
  drive(pin, duty_bits > 8 ? held >> (duty_bits - 8) : held << (8 - duty_bits));
}
#elif defined(ARDUINO_ARCH_ESP32)
uint16_t analogRead(uint8_t pin) { return (uint16_t)ADC_VALUE(pin); }

// Its pulses take a number without a sign: -1 is a very large one, and what is large is always high.
void analogWrite(uint8_t pin, int value) {
  const uint32_t most = (1u << duty_bits) - 1u;
  note_odd(pin, value, most);
  const uint32_t held = (uint32_t)value > most ? most : (uint32_t)value;
  drive(pin, duty_bits > 8 ? held >> (duty_bits - 8) : held << (8 - duty_bits));
}
#else
uint32_t analogRead(uint32_t pin) { return ADC_VALUE(pin); }

void analogWrite(uint32_t pin, uint32_t value) {
  const Driver driver = driver_of(pin);
  if (driver == BY_NONE) {
    pinMode(pin, OUTPUT);
    note(pin, (int32_t)value, -(int32_t)change_bits(128, 8, write_bits));
    digitalWrite(pin, change_bits(value, write_bits, 8) < 128 ? LOW : HIGH);
    return;
  }
#ifdef __SAMD51__
  note_odd(pin, (int32_t)value, driver == BY_DAC ? (1u << write_bits) - 1u : 255u);
#else
  note_odd(pin, (int32_t)value, driver == BY_DAC ? 1023u : (1u << write_bits) - 1u);
#endif
  drive(pin, share_of(driver, value));
}
#endif

void analogWriteResolution(int bits) {
  duty_bits = bits < 1 ? 1 : bits > 16 ? 16 : bits;
#ifdef ARDUINO_ARCH_SAMD
  write_bits = duty_bits;
#endif
}

void analogReadResolution(int bits) { ADC_BITS = (uint32_t)bits; }

#if defined(ARDUINO_ARDUINO_NANO33BLE)
void analogReference(uint8_t mode) {
  ADC_REFERENCE_MV = mode == AR_INTERNAL ? 600 : mode == AR_INTERNAL1V2 ? 1200
                     : mode == AR_INTERNAL2V4 ? 2400 : 3300;
}
#elif defined(__SAMD51__)
void analogReference(eAnalogReference mode) {
  static const uint16_t millivolts[] = {3300, 1000, 1100, 1200, 1250, 2000, 2200, 3300, 2400, 2500, 1650};
  ADC_REFERENCE_MV = mode <= AR_INTERNAL1V65 ? millivolts[mode] : 3300;
}
#elif defined(ARDUINO_ARCH_SAMD)
void analogReference(eAnalogReference mode) {
  ADC_REFERENCE_MV = mode == AR_INTERNAL1V0 ? 1000 : mode == AR_INTERNAL2V23 ? 2230
                     : mode == AR_INTERNAL1V65 ? 1650 : 3300;
}
#endif

}  // extern "C"
