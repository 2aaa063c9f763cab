// A pond, three hours ahead: reads pH, temperature, oxygen and ammonia every ten minutes, keeps a day of
// them, foretells all four, and raises an alarm. The Wio Terminal's screen shows trend and alarm; the
// lamp is on while there is an alarm. One line a reading, with a forecast once a day is full:
//   t_min:1430,ph:7.99,temperature:24.2,oxygen:6.41,ammonia:0.022,alarms:0
//   t_min:1440,ph:7.98,temperature:24.1,oxygen:6.34,ammonia:0.021,ph_3h:7.71, ... ,alarms:0,latency_us:52
// Key C, or an f on the serial port, goes over to a reading a second: a day in two and a half minutes, for
// a look at it. The protocol: docs/serial_protocol.md. Wiring, calibration: README.md in this folder.
#include "alarms.h"
#include "display.h"
#include "message.h"
#include "pond_predict.h"
#include "rest.h"
#include "sensor.h"

static const uint32_t PERIOD_MS = 600000;
static const uint32_t FAST_MS = 1000;
static const uint32_t MINUTES = 10;  // of the pond's life, from one reading to the next
static const int AHEAD = 18;         // readings in three hours

static float window[POND_WINDOW][POND_CHANNELS];
static float said[AHEAD][POND_TARGETS];  // the forecasts of the last three hours, in a ring
static uint32_t readings = 0;
static uint32_t forecasts = 0;
static uint8_t alarms = 0;  // of the newest reading
static uint32_t period_ms = PERIOD_MS;
static uint32_t last_ms;

void setup() {
  Serial.begin(115200);
  const uint32_t start_ms = millis();
  while (!Serial && millis() - start_ms < 2000) {
  }  // a board on a battery has nobody to wait for
  Serial.println("# pond 1 " SKETCH_BOARD);
  display_begin();
  sensor_begin();
  watchdog_begin();
  last_ms = millis() - period_ms;
}

void loop() {
  watchdog_kick();
  if (period_ms == PERIOD_MS && (button_pressed() || Serial.read() == 'f')) {
    period_ms = FAST_MS;
    Serial.println("# a reading a second");
    last_ms = millis() - period_ms;
  }
  const uint32_t passed_ms = millis() - last_ms;
  if (passed_ms < period_ms) {
    const uint32_t left_ms = period_ms - passed_ms;
    delay(left_ms < 2000 ? left_ms : 2000);  // a key is answered within two seconds
    return;
  }
  last_ms += period_ms;
  take_reading();
}

void take_reading() {
  memmove(window[0], window[1], sizeof window - sizeof window[0]);
  float *now = window[POND_WINDOW - 1];
  sensor_read(now);
  print_value("t_min:", readings++ * MINUTES);
  for (int c = 0; c < POND_CHANNELS; c++) print_signal(pond_target_names[c], "", now[c], c);
  if (readings < POND_WINDOW) {  // too little for a forecast; the rules speak from the first reading on
    alarms = find_alarms(window, readings, alarms, nullptr, nullptr);
    digitalWrite(LED_BUILTIN, alarms ? HIGH : LOW);
    print_value(",alarms:", alarms);
    message.println();
    message.send();
    display_waiting(now, POND_WINDOW - (int)readings, alarms);
    return;
  }

  float values[POND_TARGETS];
  int8_t input[POND_INPUT_SIZE];
  int8_t output[POND_OUTPUT_SIZE];
  pond_preprocess(window[0], input);
  const uint32_t start_us = micros();
  pond_invoke(input, output);
  const uint32_t latency_us = micros() - start_us;
  pond_read_output(output, window[0], values);

  float *slot = said[forecasts % AHEAD];  // holds what was said three hours ago, then what is said now
  alarms = find_alarms(window, readings, alarms, values, forecasts >= AHEAD ? slot : nullptr);
  memcpy(slot, values, sizeof values);
  forecasts++;
  digitalWrite(LED_BUILTIN, alarms ? HIGH : LOW);
  display_forecast(window, values, alarms);

  for (int c = 0; c < POND_TARGETS; c++) print_signal(pond_target_names[c], "_3h", values[c], c);
  print_value(",alarms:", alarms);
  print_value(",latency_us:", latency_us);
  message.println();
  message.send();
}

void print_signal(const char *name, const char *ending, float value, int channel) {
  message.print(",");
  message.print(name);
  message.print(ending);
  message.print(":");
  message.print(value, channel == 3 ? 3 : channel == 1 ? 1 : 2);
}

void print_value(const char *name, uint32_t value) {
  message.print(name);
  message.print(value);
}
