// The virtual board's peripherals: 32-bit registers that Python answers. No real board has them; a
// sketch never sees them, only the functions of Arduino.h and the sensor libraries.
#pragma once
#include <stdint.h>

#define BOARD_REGISTER(address) (*(volatile uint32_t *)(address))

// One page a peripheral; the Python side has the same numbers, one file a peripheral.
#define BOARD_SYSTEM 0x4F000000u
#define BOARD_UART 0x4F001000u
#define BOARD_TIMER 0x4F002000u
#define BOARD_GPIO 0x4F003000u
#define BOARD_ADC 0x4F004000u
#define BOARD_ACCELEROMETER 0x4F005000u
#define BOARD_MICROPHONE 0x4F006000u
#define BOARD_GAS 0x4F007000u
#define BOARD_SCREEN 0x4F008000u
#define BOARD_SURROUNDINGS 0x4F009000u
#define BOARD_I2C 0x4F00A000u
#define BOARD_SPI 0x4F00B000u
#define BOARD_STORAGE 0x4F00C000u

#define SYSTEM_LOOP BOARD_REGISTER(BOARD_SYSTEM + 0x00)    // write: setup() is done, or loop() is
#define SYSTEM_CALLER BOARD_REGISTER(BOARD_SYSTEM + 0x04)  // write: the address to return to ...
#define SYSTEM_ABORT BOARD_REGISTER(BOARD_SYSTEM + 0x08)   // write: ... and of a message; stops

#define SYSTEM_WATCHDOG_MS BOARD_REGISTER(BOARD_SYSTEM + 0x0C)  // write: ends unless kicked; 0 stops
#define SYSTEM_KICK BOARD_REGISTER(BOARD_SYSTEM + 0x10)         // write: alive

#define UART_CONNECTED BOARD_REGISTER(BOARD_UART + 0x00)   // read: 1 if the host has the port open
#define UART_TX_ADDRESS BOARD_REGISTER(BOARD_UART + 0x04)  // write: bytes to send ...
#define UART_TX_LENGTH BOARD_REGISTER(BOARD_UART + 0x08)   // write: ... and how many: sends them
#define UART_RX_ADDRESS BOARD_REGISTER(BOARD_UART + 0x0C)  // write: a buffer ...
#define UART_RX_LENGTH BOARD_REGISTER(BOARD_UART + 0x10)   // write: ... and its size: fills it
#define UART_RX_COUNT BOARD_REGISTER(BOARD_UART + 0x14)    // read: how many bytes that were
#define UART_BAUD BOARD_REGISTER(BOARD_UART + 0x18)        // write: begin(baud), 0 for end()

#define TIMER_MILLIS BOARD_REGISTER(BOARD_TIMER + 0x00)
#define TIMER_MICROS BOARD_REGISTER(BOARD_TIMER + 0x04)
#define TIMER_DELAY_US BOARD_REGISTER(BOARD_TIMER + 0x08)  // write: skips this time, busily ...
#define TIMER_REST_US BOARD_REGISTER(BOARD_TIMER + 0x0C)   // write: ... or with the processor at rest
#define TIMER_SLEEP BOARD_REGISTER(BOARD_TIMER + 0x10)     // write: rests as `wfi` does
#define TIMER_STANDBY_MS BOARD_REGISTER(BOARD_TIMER + 0x14)  // write: millis() stands still so long ...
#define TIMER_FOR_EVER 0xFFFFFFFFu                         // ... or until an interrupt
#define TIMER_STANDBY_S BOARD_REGISTER(BOARD_TIMER + 0x18)  // write: ... or until a clock chip's alarm

// One word a pin.
#define GPIO_MODE(pin) BOARD_REGISTER(BOARD_GPIO + 0x000 + 4u * (pin))
#define GPIO_OUTPUT(pin) BOARD_REGISTER(BOARD_GPIO + 0x400 + 4u * (pin))
#define GPIO_INPUT(pin) BOARD_REGISTER(BOARD_GPIO + 0x800 + 4u * (pin))
#define GPIO_TONE_PIN BOARD_REGISTER(BOARD_GPIO + 0xC00)
#define GPIO_TONE_HZ BOARD_REGISTER(BOARD_GPIO + 0xC04)
#define GPIO_TONE_MS BOARD_REGISTER(BOARD_GPIO + 0xC08)    // write: starts it
#define GPIO_INTERRUPT_HANDLER BOARD_REGISTER(BOARD_GPIO + 0xC0C)  // write: a function ...
#define GPIO_INTERRUPT_MODE BOARD_REGISTER(BOARD_GPIO + 0xC10)     // write: ... on which edge ...
#define GPIO_INTERRUPT_PIN BOARD_REGISTER(BOARD_GPIO + 0xC14)      // write: ... of this pin: listens
#define GPIO_INTERRUPTS_ON BOARD_REGISTER(BOARD_GPIO + 0xC18)      // write: 0 holds them back
#define GPIO_SERVO_PIN BOARD_REGISTER(BOARD_GPIO + 0xC1C)  // write: a pin ...
#define GPIO_SERVO_US BOARD_REGISTER(BOARD_GPIO + 0xC20)   // write: ... its pulses' width, 0 none
#define GPIO_ODD_MOST BOARD_REGISTER(BOARD_GPIO + 0xC24)   // write: the largest duty that, below 0 where a pin is only switched, ...
#define GPIO_ODD_DUTY BOARD_REGISTER(BOARD_GPIO + 0xC28)   // write: ... this one is beyond ...
#define GPIO_ODD_PIN BOARD_REGISTER(BOARD_GPIO + 0xC2C)    // write: ... at this pin: noted
#define GPIO_INTERRUPT_ARGUMENT BOARD_REGISTER(BOARD_GPIO + 0xC30)  // write: what a handler is given
#define GPIO_COLOUR_PIN BOARD_REGISTER(BOARD_GPIO + 0xC34)  // write: a lamp of three colours ...
#define GPIO_COLOUR BOARD_REGISTER(BOARD_GPIO + 0xC38)     // write: ... shows 0xRRGGBB
#define GPIO_DUTY(pin) BOARD_REGISTER(BOARD_GPIO + 0xD00 + 4u * (pin))  // analogWrite, 0 to 255
#define GPIO_DUTY_PINS 128u

#define ADC_VALUE(pin) BOARD_REGISTER(BOARD_ADC + 4u * (pin))
#define ADC_BITS BOARD_REGISTER(BOARD_ADC + 0x800)         // write: analogReadResolution
#define ADC_REFERENCE_MV BOARD_REGISTER(BOARD_ADC + 0x804)  // write: millivolts of a full reading

#define ACCELEROMETER_BEGIN BOARD_REGISTER(BOARD_ACCELEROMETER + 0x00)      // write: rate in mHz
#define ACCELEROMETER_PRESENT BOARD_REGISTER(BOARD_ACCELEROMETER + 0x04)
#define ACCELEROMETER_AVAILABLE BOARD_REGISTER(BOARD_ACCELEROMETER + 0x08)  // read: a new sample?
#define ACCELEROMETER_LATCH BOARD_REGISTER(BOARD_ACCELEROMETER + 0x0C)      // write: take the newest
#define ACCELEROMETER_AXIS(axis) BOARD_REGISTER(BOARD_ACCELEROMETER + 0x10 + 4u * (axis))  // float

#define MICROPHONE_BEGIN BOARD_REGISTER(BOARD_MICROPHONE + 0x00)      // write: rate in Hz, 0 stops
#define MICROPHONE_PRESENT BOARD_REGISTER(BOARD_MICROPHONE + 0x04)
#define MICROPHONE_AVAILABLE BOARD_REGISTER(BOARD_MICROPHONE + 0x08)  // read: samples waiting
#define MICROPHONE_ADDRESS BOARD_REGISTER(BOARD_MICROPHONE + 0x0C)    // write: int16 buffer ...
#define MICROPHONE_TAKE BOARD_REGISTER(BOARD_MICROPHONE + 0x10)       // write: ... samples to move
#define MICROPHONE_DUE BOARD_REGISTER(BOARD_MICROPHONE + 0x14)  // read: AVAILABLE, for the background

#define GAS_PRESENT BOARD_REGISTER(BOARD_GAS + 0x00)
#define GAS_COUNTS(channel) BOARD_REGISTER(BOARD_GAS + 0x10 + 4u * (channel))

#define SCREEN_ARGUMENT(n) BOARD_REGISTER(BOARD_SCREEN + 0x10 + 4u * (n))
#define SCREEN_COMMAND BOARD_REGISTER(BOARD_SCREEN + 0x00)  // write: draws with the arguments
#define SCREEN_RESULT(n) BOARD_REGISTER(BOARD_SCREEN + 0x80 + 4u * (n))  // of a command that asks

#define SURROUNDINGS_GESTURE BOARD_REGISTER(BOARD_SURROUNDINGS + 0x00)  // read: takes one, plus 1
#define SURROUNDINGS_VALUE(n) BOARD_REGISTER(BOARD_SURROUNDINGS + 0x10 + 4u * (n))  // float

#define I2C_BUS BOARD_REGISTER(BOARD_I2C + 0x00)       // write: 0 or 1 ...
#define I2C_ADDRESS BOARD_REGISTER(BOARD_I2C + 0x04)   // write: ... a device on it ...
#define I2C_BUFFER BOARD_REGISTER(BOARD_I2C + 0x08)    // write: ... bytes in memory ...
#define I2C_SEND BOARD_REGISTER(BOARD_I2C + 0x0C)      // write: ... how many: sends them ...
#define I2C_RECEIVE BOARD_REGISTER(BOARD_I2C + 0x10)   // write: ... or receives as many
#define I2C_RESULT BOARD_REGISTER(BOARD_I2C + 0x14)    // read: of endTransmission(), or how many
#define I2C_CLOCK_HZ BOARD_REGISTER(BOARD_I2C + 0x18)  // write: setClock

#define SPI_TRANSFER BOARD_REGISTER(BOARD_SPI + 0x00)  // write: a byte; read: the one that came back
#define SPI_CLOCK_HZ BOARD_REGISTER(BOARD_SPI + 0x04)  // write: SPISettings

#define STORAGE_PLACE BOARD_REGISTER(BOARD_STORAGE + 0x00)    // write: where in the storage ...
#define STORAGE_ADDRESS BOARD_REGISTER(BOARD_STORAGE + 0x04)  // write: ... and in memory ...
#define STORAGE_READ BOARD_REGISTER(BOARD_STORAGE + 0x08)     // write: ... how many bytes: reads them
#define STORAGE_WRITE BOARD_REGISTER(BOARD_STORAGE + 0x0C)    // write: ... or writes as many
#define STORAGE_SIZE BOARD_REGISTER(BOARD_STORAGE + 0x10)     // read: how many there are

// Memory changes behind the compiler's back between the two sides of this.
#define BOARD_MEMORY_BARRIER() __asm__ volatile("" ::: "memory")

#ifdef __cplusplus
// What libraries with a background (a microphone's callback) hang in; called from delay(), from the
// clock, and between two runs of loop().
typedef void (*BoardTask)(void);
extern BoardTask board_background_task;
void board_run_background(void);
#endif
