// Of the ESP32's core, what sketches use beside Arduino's functions.
#pragma once

// Where code and data lie: the virtual board has one memory.
#define IRAM_ATTR
#define DRAM_ATTR
#define RTC_DATA_ATTR
#define ARDUINO_ISR_ATTR

// The core is compiled without its log, unless a menu says otherwise.
#define log_e(...) ((void)0)
#define log_w(...) ((void)0)
#define log_i(...) ((void)0)
#define log_d(...) ((void)0)

#define FPSTR(text) (reinterpret_cast<const __FlashStringHelper *>(text))

// A tick is a millisecond.
typedef uint32_t TickType_t;
#define portTICK_PERIOD_MS ((TickType_t)1)
#define pdMS_TO_TICKS(milliseconds) ((TickType_t)(milliseconds))
inline void vTaskDelay(TickType_t ticks) { delay(ticks); }
inline int xPortGetCoreID() { return 0; }  // the C3 has one core

void useRealRandomGenerator(bool yes);  // random() by chance, or from the seed

// Chance on the real board; here the same numbers in each run.
inline uint32_t esp_random() {
  static uint32_t x = 2463534242u;
  x ^= x << 13;
  x ^= x >> 17;
  return x ^= x << 5;
}

void attachInterruptArg(uint8_t pin, voidFuncPtrParam handler, void *argument, int mode);
typedef void (*voidFuncPtrArg)(void *);

// Version 3 of its core names the pin, too; the frequency of pulses is not to be seen here.
inline void analogWriteResolution(uint8_t, uint8_t bits) { analogWriteResolution((int)bits); }
inline void analogWriteFrequency(uint8_t, uint32_t) {}
inline void analogWriteFrequency(uint32_t) {}

// A lamp of three colours at one wire, 0 to 255 each.
extern "C" void rgbLedWrite(uint8_t pin, uint8_t red, uint8_t green, uint8_t blue);
extern "C" void neopixelWrite(uint8_t pin, uint8_t red, uint8_t green, uint8_t blue);  // its older name

// What analogRead() takes for full: here always 3.3 V, as with 11 dB, the core's own choice.
#define NO_SUCH_RANGE NOT_EMULATED("its pins read 0 to 3.3 V: ADC_11db")
typedef enum {
  ADC_0db NO_SUCH_RANGE,
  ADC_2_5db NO_SUCH_RANGE,
  ADC_6db NO_SUCH_RANGE,
  ADC_11db
} adc_attenuation_t;
inline void analogSetAttenuation(adc_attenuation_t) {}
inline void analogSetPinAttenuation(uint8_t, adc_attenuation_t) {}

template <class... Any>
int xTaskCreate(Any...) NOT_EMULATED("it has no threads: use millis() in loop()");
template <class... Any>
int xTaskCreatePinnedToCore(Any...) NOT_EMULATED("it has no threads: use millis() in loop()");
template <class... Any>
bool ledcAttach(Any...) NOT_EMULATED("use analogWrite()");
template <class... Any>
void ledcSetup(Any...) NOT_EMULATED("use analogWrite()");
template <class... Any>
bool ledcWrite(Any...) NOT_EMULATED("use analogWrite()");
template <class... Any>
void *timerBegin(Any...) NOT_EMULATED("use millis() in loop()");
uint32_t analogReadMilliVolts(uint8_t pin) NOT_EMULATED("use analogRead(), of 3300 mV");
void esp_deep_sleep_start() NOT_EMULATED("use delay(), which rests as well");
int esp_sleep_enable_timer_wakeup(uint64_t us) NOT_EMULATED("use delay(), which rests as well");

inline uint32_t getCpuFrequencyMhz() { return F_CPU / 1000000; }

struct EspClass {
  uint32_t getCpuFreqMHz() { return F_CPU / 1000000; }
  void restart() NOT_EMULATED("run the sketch again");
  uint32_t getFreeHeap() NOT_EMULATED("tinyml sketch build says how much RAM is free");
};
static EspClass ESP __attribute__((unused));
