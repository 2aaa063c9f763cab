// A small, strict Arduino core for the virtual boards. It declares what ArduinoCore-API (Nano, Pico,
// ESP32) or Seeed's older core (Wio Terminal, XIAO) declare, each in its own dialect: what a sketch
// uses and its board's core lacks is an error of the compiler, never a silent success.
#pragma once

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t byte;
typedef bool boolean;
typedef uint16_t word;

#define PI 3.1415926535897932384626433832795
#define HALF_PI 1.5707963267948966192313216916398
#define TWO_PI 6.283185307179586476925286766559
#define DEG_TO_RAD 0.017453292519943295769236907684886
#define RAD_TO_DEG 57.295779513082320876798154814105

#ifdef BOARD_CORE_API
typedef uint8_t pin_size_t;
typedef enum { LOW = 0, HIGH = 1, CHANGE = 2, FALLING = 3, RISING = 4 } PinStatus;
typedef enum { INPUT = 0, OUTPUT = 1, INPUT_PULLUP = 2, INPUT_PULLDOWN = 3 } PinMode;
#else  // Seeed's core for SAMD: plain numbers
#define LOW (0x0)
#define HIGH (0x1)
#define INPUT (0x0)
#define OUTPUT (0x1)
#define INPUT_PULLUP (0x2)
#define INPUT_PULLDOWN (0x3)
typedef uint32_t pin_size_t;
#endif

#ifdef __cplusplus
extern "C" {
#endif

void setup(void);
void loop(void);
void yield(void);
unsigned long millis(void);
unsigned long micros(void);
void delay(unsigned long milliseconds);
void delayMicroseconds(unsigned int microseconds);

#ifdef BOARD_CORE_API
void pinMode(pin_size_t pin, PinMode mode);
void digitalWrite(pin_size_t pin, PinStatus value);
PinStatus digitalRead(pin_size_t pin);
int analogRead(pin_size_t pin);
void analogWrite(pin_size_t pin, int value);
#else
void pinMode(uint32_t pin, uint32_t mode);
void digitalWrite(uint32_t pin, uint32_t value);
int digitalRead(uint32_t pin);
uint32_t analogRead(uint32_t pin);
void analogWrite(uint32_t pin, uint32_t value);
#endif
void analogReadResolution(int bits);

#ifdef __cplusplus
}

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

template <class A, class B>
auto min(const A &a, const B &b) -> decltype((b < a) ? b : a) {
  return (b < a) ? b : a;
}
template <class A, class B>
auto max(const A &a, const B &b) -> decltype((b < a) ? b : a) {
  return (a < b) ? b : a;
}

long map(long x, long in_min, long in_max, long out_min, long out_max);
void randomSeed(unsigned long seed);
long random(long limit);
long random(long from, long limit);
void tone(uint8_t pin, unsigned int frequency_hz, unsigned long duration_ms = 0);
void noTone(uint8_t pin);

#include "WString.h"
#include "Print.h"
#include "Stream.h"

// The serial port: USB on every board of the course.
class SerialPort : public Stream {
 public:
  void begin(unsigned long baud);
  void end();
  int available() override;
  int read() override;
  int peek() override;
  void flush() override;
  size_t write(uint8_t byte) override;
  size_t write(const uint8_t *buffer, size_t size) override;
  using Print::write;
  operator bool();

 private:
  void fill();
  uint8_t received_[256];
  uint16_t count_ = 0, next_ = 0;
};
extern SerialPort Serial;
#endif  // __cplusplus

#include "pins_arduino.h"
