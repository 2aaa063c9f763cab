#include "Servo.h"

#include "board_io.h"

static void pulse(int pin, int us) {
  GPIO_SERVO_PIN = (uint32_t)pin;
  GPIO_SERVO_US = (uint32_t)us;
}

uint8_t Servo::attach(int pin, int min_us, int max_us) {
  pin_ = pin, min_us_ = min_us, max_us_ = max_us;
  pulse(pin_, us_);
  return 0;
}

void Servo::detach() {
  if (pin_ >= 0) pulse(pin_, 0);
  pin_ = -1;
}

void Servo::write(int value) {
  if (value < MIN_PULSE_WIDTH) value = (int)map(constrain(value, 0, 180), 0, 180, min_us_, max_us_);
  writeMicroseconds(value);
}

void Servo::writeMicroseconds(int us) {
  us_ = constrain(us, min_us_, max_us_);
  if (pin_ >= 0) pulse(pin_, us_);
}

int Servo::read() { return (int)map(us_ + 1, min_us_, max_us_, 0, 180); }
