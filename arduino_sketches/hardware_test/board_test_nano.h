// Nano 33 BLE Sense: the colour lamp, motion, weather, light, microphone. The board's only key is reset.
#pragma once
#include <Arduino_APDS9960.h>
#include <Arduino_LPS22HB.h>
#include <PDM.h>
#if NANO_REVISION == 1
#include <Arduino_HTS221.h>
#include <Arduino_LSM9DS1.h>
#define SKETCH_BOARD "nano33ble"
#define WEATHER HTS
#else
#include <Arduino_BMI270_BMM150.h>
#include <Arduino_HS300x.h>
#define SKETCH_BOARD "nano33ble_rev2"
#define WEATHER HS300x
#endif

static int16_t heard[4096];  // a quarter of a second
static volatile int heard_count = 0;

static void hear() {
  static int16_t samples[256];
  const int count = PDM.read(samples, min(PDM.available(), (int)sizeof samples)) / 2;
  for (int i = 0; i < count && heard_count < 4096; i++) {
    heard[heard_count] = samples[i];
    heard_count = heard_count + 1;
  }
}

static void test_lamps() {
  Serial.println("# look: the colour lamp is red, then green, then blue");
  blink(LEDR, LOW);
  blink(LEDG, LOW);
  blink(LEDB, LOW);
}

static void test_sensors() {
  float x = 0, y = 0, z = 0;
  const bool moves = IMU.begin();
  answers("motion sensor", moves);
  if (moves) {
    delay(200);
    IMU.readAcceleration(x, y, z);
    expect("accelerometer, its length at rest", sqrtf(x * x + y * y + z * z), "g", 0.9f, 1.1f);
    IMU.readGyroscope(x, y, z);
    expect("gyroscope at rest", sqrtf(x * x + y * y + z * z), "degrees/s", 0.0f, 20.0f);
    IMU.readMagneticField(x, y, z);
    expect("magnetometer", sqrtf(x * x + y * y + z * z), "uT", 15.0f, 150.0f);
  }
  const bool feels = WEATHER.begin();
  answers("humidity sensor", feels);
  if (feels) {
    expect("temperature, warmed by the board", WEATHER.readTemperature(), "C", 5.0f, 50.0f);
    expect("humidity", WEATHER.readHumidity(), "%", 5.0f, 95.0f);
  }
  const bool weighs = BARO.begin();
  answers("pressure sensor", weighs);
  if (weighs) expect("air pressure", BARO.readPressure(), "kPa", 70.0f, 106.0f);
  const bool sees = APDS.begin();
  answers("light sensor", sees);
  if (sees) {
    int r = 0, g = 0, b = 0, c = 0;
    const uint32_t start_ms = millis();
    while (!APDS.colorAvailable() && millis() - start_ms < 1000) delay(5);
    APDS.readColor(r, g, b, c);
    expect("light, not covered", (float)c, "counts", 1.0f, 4097.0f);
    while (!APDS.proximityAvailable() && millis() - start_ms < 2000) delay(5);
    expect("proximity, nothing near", (float)APDS.readProximity(), "of 255", 100.0f, 255.0f);
  }
  PDM.onReceive(hear);
  const bool hears = PDM.begin(1, 16000);
  answers("microphone", hears);
  if (hears) {
    delay(500);  // its filter settles
    heard_count = 0;
    const uint32_t start_ms = millis();
    while (heard_count < 4096 && millis() - start_ms < 2000) delay(1);
    PDM.end();
    expect_sound(heard, 4096, 1.0f);
  }
}

static void test_keys() {}
