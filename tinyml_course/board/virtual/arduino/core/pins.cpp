// Pins that are counted, shifted and listened to.
#include "Arduino.h"
#include "board_io.h"

// The first whole pulse: its length in microseconds, or 0 if it has not ended in time.
unsigned long pulseIn(pin_size_t pin, uint8_t state, unsigned long timeout_us) {
  const unsigned long start = micros();
  const uint32_t level = state ? 1 : 0;
  while (GPIO_INPUT(pin) == level) {  // one that is under way does not count
    if (micros() - start > timeout_us) return 0;
  }
  while (GPIO_INPUT(pin) != level) {
    if (micros() - start > timeout_us) return 0;
  }
  const unsigned long begin = micros();
  while (GPIO_INPUT(pin) == level) {
    if (micros() - start > timeout_us) return 0;
  }
  return micros() - begin;
}

unsigned long pulseInLong(pin_size_t pin, uint8_t state, unsigned long timeout_us) {
  return pulseIn(pin, state, timeout_us);
}

void shiftOut(pin_size_t data_pin, pin_size_t clock_pin, BitOrder order, uint8_t value) {
  for (unsigned i = 0; i < 8; i++) {
    GPIO_OUTPUT(data_pin) = value >> (order == LSBFIRST ? i : 7 - i) & 1u;
    GPIO_OUTPUT(clock_pin) = 1;
    GPIO_OUTPUT(clock_pin) = 0;
  }
}

uint8_t shiftIn(pin_size_t data_pin, pin_size_t clock_pin, BitOrder order) {
  uint32_t value = 0;
  for (unsigned i = 0; i < 8; i++) {
    GPIO_OUTPUT(clock_pin) = 1;
    value |= (GPIO_INPUT(data_pin) & 1u) << (order == LSBFIRST ? i : 7 - i);
    GPIO_OUTPUT(clock_pin) = 0;
  }
  return (uint8_t)value;
}

// The register's modes: 0 none, 2 change, 3 falling, 4 rising, 5 as long as it is low, 6 high.
static void listen(pin_size_t pin, voidFuncPtr handler, uint32_t mode, void *argument = nullptr) {
  GPIO_INTERRUPT_HANDLER = (uint32_t)(uintptr_t)handler;
  GPIO_INTERRUPT_ARGUMENT = (uint32_t)(uintptr_t)argument;
  GPIO_INTERRUPT_MODE = mode;
  GPIO_INTERRUPT_PIN = pin;
}

static uint32_t register_mode(int mode) {
#if defined(BOARD_CORE_API)  // mbed's core takes LOW and HIGH for RISING
  return mode == CHANGE ? 2 : mode == FALLING ? 3 : 4;
#elif defined(ARDUINO_ARCH_ESP32)  // LOW is "disabled" there, and HIGH is another word for RISING
  return mode == CHANGE ? 2 : mode == FALLING ? 3 : mode == RISING ? 4
         : mode == ONLOW ? 5 : mode == ONHIGH ? 6 : 0;
#else
  return mode == CHANGE ? 2 : mode == FALLING ? 3 : mode == RISING ? 4 : mode == LOW ? 5 : 6;
#endif
}

#ifdef BOARD_CORE_API
void attachInterrupt(pin_size_t pin, voidFuncPtr handler, PinStatus mode) {
  listen(pin, handler, register_mode(mode));
}
void attachInterruptParam(pin_size_t pin, voidFuncPtrParam handler, PinStatus mode, void *argument) {
  listen(pin, (voidFuncPtr)handler, register_mode(mode), argument);
}
#else
void attachInterrupt(pin_size_t pin, voidFuncPtr handler, int mode) {
  listen(pin, handler, register_mode(mode));
}
#endif
#ifdef ARDUINO_ARCH_ESP32
void attachInterruptArg(uint8_t pin, voidFuncPtrParam handler, void *argument, int mode) {
  listen(pin, (voidFuncPtr)handler, register_mode(mode), argument);
}
#endif

extern "C" {
void detachInterrupt(pin_size_t pin) { listen(pin, nullptr, 0); }
void interrupts(void) { GPIO_INTERRUPTS_ON = 1; }
void noInterrupts(void) { GPIO_INTERRUPTS_ON = 0; }
}
