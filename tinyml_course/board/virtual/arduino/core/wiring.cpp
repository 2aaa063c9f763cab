// Time, pins and the serial port, on the virtual board's registers.
#include "Arduino.h"
#include "board_io.h"

BoardTask board_background_task = nullptr;

void board_run_background(void) {
  static bool running = false;
  if (!board_background_task || running) return;
  running = true;
  board_background_task();
  running = false;
}

extern "C" {

// The emulator calls this between two instructions, as an interrupt would.
__attribute__((used)) void board_interrupt(void) { board_run_background(); }

unsigned long millis(void) {
  board_run_background();
  return TIMER_MILLIS;
}

unsigned long micros(void) {
  board_run_background();
  return TIMER_MICROS;
}

// The operating systems of the mbed and ESP32 cores let the processor rest in delay(); the SAMD
// cores count milliseconds until it is over.
#if defined(ARDUINO_ARCH_MBED) || defined(ARDUINO_ARCH_ESP32)
#define TIMER_WAIT_US TIMER_REST_US
#else
#define TIMER_WAIT_US TIMER_DELAY_US
#endif

// With something in the background (a microphone fills buffers), in steps of a millisecond.
void delay(unsigned long milliseconds) {
  if (!board_background_task) {
    TIMER_WAIT_US = milliseconds > 4000000ul ? 4000000000ul : milliseconds * 1000ul;
    return;
  }
  while (milliseconds--) {
    TIMER_WAIT_US = 1000;
    board_run_background();
  }
}

#ifndef ARDUINO_ARCH_ESP32
// As the instruction `wfi`, for which the emulator would have to be left and entered again.
void __WFI(void) {
  TIMER_SLEEP = 1;
  board_run_background();
}
void __WFE(void) { __WFI(); }
#endif

void delayMicroseconds(unsigned int microseconds) { TIMER_DELAY_US = microseconds; }
void yield(void) { board_run_background(); }

#ifdef BOARD_CORE_API
void pinMode(pin_size_t pin, PinMode mode) { GPIO_MODE(pin) = mode; }
void digitalWrite(pin_size_t pin, PinStatus value) { GPIO_OUTPUT(pin) = value != LOW; }
PinStatus digitalRead(pin_size_t pin) { return GPIO_INPUT(pin) ? HIGH : LOW; }
#elif defined(ARDUINO_ARCH_ESP32)
// The registers know the other cores' numbers: 0 input, 1 output, 2 and 3 with a resistor.
void rgbLedWrite(uint8_t pin, uint8_t red, uint8_t green, uint8_t blue) {
  GPIO_COLOUR_PIN = pin == RGB_BUILTIN ? LED_BUILTIN : pin;
  GPIO_COLOUR = (uint32_t)red << 16 | (uint32_t)green << 8 | blue;
}
void neopixelWrite(uint8_t pin, uint8_t red, uint8_t green, uint8_t blue) {
  rgbLedWrite(pin, red, green, blue);
}

void pinMode(uint8_t pin, uint8_t mode) {
  if (pin == RGB_BUILTIN) return;
  GPIO_MODE(pin) = mode == OUTPUT ? 1 : mode == INPUT_PULLUP ? 2 : mode == INPUT_PULLDOWN ? 3 : 0;
}
void digitalWrite(uint8_t pin, uint8_t value) {
  const uint8_t light = value == LOW ? 0 : RGB_BRIGHTNESS;
  if (pin == RGB_BUILTIN) {
    rgbLedWrite(pin, light, light, light);
  } else {
    GPIO_OUTPUT(pin) = value != LOW;
  }
}
int digitalRead(uint8_t pin) { return GPIO_INPUT(pin) ? HIGH : LOW; }
#else
void pinMode(uint32_t pin, uint32_t mode) { GPIO_MODE(pin) = mode; }
void digitalWrite(uint32_t pin, uint32_t value) { GPIO_OUTPUT(pin) = value != LOW; }
int digitalRead(uint32_t pin) { return GPIO_INPUT(pin) ? HIGH : LOW; }
#endif

}  // extern "C"

long map(long x, long in_min, long in_max, long out_min, long out_max) {
#ifdef ARDUINO_ARCH_ESP32  // the others divide by zero then
  if (in_min == in_max) return -1;
#endif
  return (x - in_min) * (out_max - out_min) / (in_max - in_min) + out_min;
}

// The cores draw with the C library's generator; a seed of 0 changes nothing. The ESP32's core asks its
// source of chance, here the same numbers in each run, until a seed is given.
#ifdef ARDUINO_ARCH_ESP32
static bool draws_by_chance = true;
void useRealRandomGenerator(bool yes) { draws_by_chance = yes; }
#endif

void randomSeed(unsigned long seed) {
  if (!seed) return;
  srand((unsigned int)seed);
#ifdef ARDUINO_ARCH_ESP32
  draws_by_chance = false;
#endif
}

long random(long limit) {
  if (limit == 0) return 0;
#ifdef ARDUINO_ARCH_ESP32
  const uint32_t number = draws_by_chance ? esp_random() : (uint32_t)rand();
  return (long)(number % (uint32_t)(limit < 0 ? -limit : limit));
#else
  return rand() % limit;
#endif
}

long random(long from, long limit) { return from >= limit ? from : from + random(limit - from); }

void tone(uint8_t pin, unsigned int frequency_hz, unsigned long duration_ms) {
  GPIO_TONE_PIN = pin;
  GPIO_TONE_HZ = frequency_hz;
  GPIO_TONE_MS = duration_ms;
}
void noTone(uint8_t pin) { tone(pin, 0); }

SerialPort Serial;
HardwareSerial Serial1;

void SerialPort::begin(unsigned long baud) { UART_BAUD = baud; }
void SerialPort::end() { UART_BAUD = 0; }
SerialPort::operator bool() { return UART_CONNECTED != 0; }
void SerialPort::flush() {}

void SerialPort::fill() {
  UART_RX_ADDRESS = (uint32_t)(uintptr_t)received_;
  UART_RX_LENGTH = sizeof received_;
  count_ = (uint16_t)UART_RX_COUNT;
  next_ = 0;
}

int SerialPort::available() {
  if (next_ == count_) fill();
  return count_ - next_;
}
int SerialPort::peek() { return available() ? received_[next_] : -1; }
int SerialPort::read() { return available() ? received_[next_++] : -1; }

size_t SerialPort::write(uint8_t byte) { return write(&byte, 1); }
size_t SerialPort::write(const uint8_t *buffer, size_t size) {
  UART_TX_ADDRESS = (uint32_t)(uintptr_t)buffer;
  UART_TX_LENGTH = size;
  return size;
}

int HardwareSerial::available() { return 0; }
int HardwareSerial::read() { return -1; }
int HardwareSerial::peek() { return -1; }
void HardwareSerial::flush() {}
size_t HardwareSerial::write(uint8_t) { return 1; }
size_t HardwareSerial::write(const uint8_t *, size_t size) { return size; }
