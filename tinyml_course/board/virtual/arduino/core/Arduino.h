// A small, strict Arduino core for the virtual boards. It declares what ArduinoCore-API (Nano, Pico,
// ESP32) or Seeed's older core (Wio Terminal, XIAO) declare, each in its own dialect: what a sketch
// uses and its board's core lacks is an error of the compiler, never a silent success.
#pragma once

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binary.h"
#include "numbers.h"
#include "pgmspace.h"

typedef uint8_t byte;
typedef bool boolean;
#ifdef ARDUINO_ARCH_ESP32
typedef unsigned int word;
#else
typedef uint16_t word;
#endif

#define PI 3.1415926535897932384626433832795
#define HALF_PI 1.5707963267948966192313216916398
#define TWO_PI 6.283185307179586476925286766559
#define DEG_TO_RAD 0.017453292519943295769236907684886
#define RAD_TO_DEG 57.295779513082320876798154814105

#define EULER 2.718281828459045235360287471352

// The types of a pin, its mode, its state and of what analogRead() returns, by core.
#if defined(BOARD_CORE_API)
typedef uint8_t pin_size_t;
typedef enum { LOW = 0, HIGH = 1, CHANGE = 2, FALLING = 3, RISING = 4 } PinStatus;
typedef enum { INPUT = 0, OUTPUT = 1, INPUT_PULLUP = 2, INPUT_PULLDOWN = 3 } PinMode;
typedef enum { LSBFIRST = 0, MSBFIRST = 1 } BitOrder;
#else  // plain numbers
#define LOW (0x0)
#define HIGH (0x1)
#ifdef ARDUINO_ARCH_ESP32
typedef uint8_t pin_size_t;
typedef uint8_t BitOrder;
#define INPUT (0x01)
#define OUTPUT (0x03)
#define INPUT_PULLUP (0x05)
#define INPUT_PULLDOWN (0x09)
#define RISING (0x01)
#define FALLING (0x02)
#define CHANGE (0x03)
#define ONLOW (0x04)
#define ONHIGH (0x05)
#define LSBFIRST (0)
#define MSBFIRST (1)
#else  // Seeed's core for SAMD
typedef uint32_t pin_size_t;
enum BitOrder { LSBFIRST = 0, MSBFIRST = 1 };
#define INPUT (0x0)
#define OUTPUT (0x1)
#define INPUT_PULLUP (0x2)
#define INPUT_PULLDOWN (0x3)
#define CHANGE (2)
#define FALLING (3)
#define RISING (4)
#endif
#endif

// Nothing is attached to it: what digitalPinToInterrupt() gives for a pin without interrupts.
#ifdef BOARD_CORE_API
#define NOT_A_PIN 255
#define NOT_AN_INTERRUPT 255
#else
#define NOT_AN_INTERRUPT (-1)
#ifdef ARDUINO_ARCH_ESP32
#define NOT_A_PIN (-1)
#endif
#endif

// What the board has and this core has not: using it is an error that says so.
#define NOT_EMULATED(remedy) \
  __attribute__((unavailable("the real board has it, the virtual board does not; " remedy)))

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARDUINO_ARCH_ESP32
int printf(const char *format, ...) __attribute__((unavailable(
    "the real board sends it to the pins of Serial1, where nobody listens; use Serial.print()")));
#endif

void setup(void);
void loop(void);
void yield(void);
unsigned long millis(void);
unsigned long micros(void);
void delay(unsigned long milliseconds);
void delayMicroseconds(unsigned int microseconds);

#if defined(BOARD_CORE_API)
void pinMode(pin_size_t pin, PinMode mode);
void digitalWrite(pin_size_t pin, PinStatus value);
PinStatus digitalRead(pin_size_t pin);
int analogRead(pin_size_t pin);
void analogWrite(pin_size_t pin, int value);
#elif defined(ARDUINO_ARCH_ESP32)
void pinMode(uint8_t pin, uint8_t mode);
void digitalWrite(uint8_t pin, uint8_t value);
int digitalRead(uint8_t pin);
uint16_t analogRead(uint8_t pin);
void analogWrite(uint8_t pin, int value);
#else
void pinMode(uint32_t pin, uint32_t mode);
void digitalWrite(uint32_t pin, uint32_t value);
int digitalRead(uint32_t pin);
uint32_t analogRead(uint32_t pin);
void analogWrite(uint32_t pin, uint32_t value);
#endif
void analogReadResolution(int bits);
#include "analog_reference.h"
void analogWriteResolution(int bits);

// Of the chips' own headers, what sketches use.
static inline void __NOP(void) { __asm volatile("nop"); }
#ifndef ARDUINO_ARCH_ESP32
void __WFI(void);  // rests until the next millisecond
void __WFE(void);
static inline void __DSB(void) { __asm volatile("dsb" ::: "memory"); }
static inline void __ISB(void) { __asm volatile("isb" ::: "memory"); }
void NVIC_SystemReset(void) NOT_EMULATED("run the sketch again");
#endif

typedef void (*voidFuncPtr)(void);
typedef void (*voidFuncPtrParam)(void *);
void interrupts(void);
void noInterrupts(void);
void detachInterrupt(pin_size_t pin);
#ifdef ARDUINO_ARCH_ESP32
#define digitalPinToInterrupt(pin) (((uint8_t)(pin)) < 22 ? (pin) : NOT_AN_INTERRUPT)
#else
#define digitalPinToInterrupt(pin) (pin)
#endif

#ifdef __cplusplus
}
#include <initializer_list>
#ifdef ARDUINO_ARCH_ESP32
#include <algorithm>
using std::max;
using std::min;
#endif

// Macros, as in the cores. They come after every header of the language.
#define abs(x) ((x) > 0 ? (x) : -(x))
#define constrain(amount, low, high) \
  ((amount) < (low) ? (low) : ((amount) > (high) ? (high) : (amount)))
#define radians(degrees) ((degrees)*DEG_TO_RAD)
#define degrees(radians) ((radians)*RAD_TO_DEG)
#define sq(x) ((x) * (x))
#define lowByte(w) ((uint8_t)((w)&0xff))
#define highByte(w) ((uint8_t)((w) >> 8))
#define bitRead(value, bit) (((value) >> (bit)) & 0x01)
#define bitSet(value, bit) ((value) |= (1UL << (bit)))
#define bitClear(value, bit) ((value) &= ~(1UL << (bit)))
#define bitToggle(value, bit) ((value) ^= (1UL << (bit)))
#define bitWrite(value, bit, bitvalue) ((bitvalue) ? bitSet(value, bit) : bitClear(value, bit))
#define bit(b) (1UL << (b))

inline uint16_t makeWord(uint16_t w) { return w; }
inline uint16_t makeWord(byte high, byte low) { return (uint16_t)(high << 8 | low); }
#define word(...) makeWord(__VA_ARGS__)

#ifndef ARDUINO_ARCH_ESP32  // where they are those of C++, which take two of one type
template <class A, class B>
auto min(const A &a, const B &b) -> decltype((b < a) ? b : a) {
  return (b < a) ? b : a;
}
template <class A, class B>
auto max(const A &a, const B &b) -> decltype((b < a) ? b : a) {
  return (a < b) ? b : a;
}
#endif

long map(long x, long in_min, long in_max, long out_min, long out_max);
void randomSeed(unsigned long seed);
long random(long limit);
long random(long from, long limit);
void tone(uint8_t pin, unsigned int frequency_hz, unsigned long duration_ms = 0);
void noTone(uint8_t pin);
unsigned long pulseIn(pin_size_t pin, uint8_t state, unsigned long timeout_us = 1000000UL);
unsigned long pulseInLong(pin_size_t pin, uint8_t state, unsigned long timeout_us = 1000000UL);
void shiftOut(pin_size_t data_pin, pin_size_t clock_pin, BitOrder order, uint8_t value);
uint8_t shiftIn(pin_size_t data_pin, pin_size_t clock_pin, BitOrder order);

#ifdef BOARD_CORE_API
// ArduinoCore-API takes numbers as well, for sketches that are older than its types.
inline void pinMode(pin_size_t pin, int mode) { pinMode(pin, (PinMode)mode); }
inline void digitalWrite(pin_size_t pin, int value) { digitalWrite(pin, (PinStatus)value); }
inline void shiftOut(pin_size_t data_pin, pin_size_t clock_pin, int order, uint8_t value) {
  shiftOut(data_pin, clock_pin, (BitOrder)order, value);
}
void attachInterrupt(pin_size_t pin, voidFuncPtr handler, PinStatus mode);
inline void attachInterrupt(pin_size_t pin, voidFuncPtr handler, int mode) {
  attachInterrupt(pin, handler, (PinStatus)mode);
}
void attachInterruptParam(pin_size_t pin, voidFuncPtrParam handler, PinStatus mode, void *argument);
#else
void attachInterrupt(pin_size_t pin, voidFuncPtr handler, int mode);
#endif

#include "WCharacter.h"
#include "WString.h"
#include "Print.h"
#include "Stream.h"

#include "serial_ports.h"
#ifdef ARDUINO_ARCH_ESP32
#include "esp32_core.h"
#endif
#endif  // __cplusplus

#include "pins_arduino.h"
