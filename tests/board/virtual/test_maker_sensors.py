"""The smaller sensors of the Nano and the Wio through their libraries: as set, and from traces."""

import pytest

from tinyml_course.board.run import run_sketch
from tinyml_course.board.virtual.traces import read_traces
from tinyml_course.errors import BoardError
from tinyml_course.shipped import DATA

WEATHER = """#include <HUMIDITY.h>
#include <Arduino_LPS22HB.h>
void setup() { Serial.begin(9600); if (!OBJECT.begin() || !BARO.begin()) while (1); }
void loop() {
  Serial.print(OBJECT.readTemperature(), 1); Serial.print(' ');
  Serial.print(OBJECT.readTemperature(FAHRENHEIT), 1); Serial.print(' ');
  Serial.print(OBJECT.readHumidity(), 0); Serial.print(' ');
  Serial.print(BARO.readPressure(), 2); Serial.print(' ');
  Serial.println(BARO.readPressure(MILLIBAR), 1);
  delay(1000);
}"""


@pytest.mark.parametrize("library", [("Arduino_HTS221", "HTS"), ("Arduino_HS300x", "HS300x")])
def test_weather_as_set(write_sketch, library):
    sketch = write_sketch(WEATHER.replace("HUMIDITY", library[0]).replace("OBJECT", library[1]))
    settings = ["temperature_c=30@0.5", "humidity_pct=80", "pressure_kpa=99.5@1.5"]
    run = run_sketch(sketch, "nano33ble", seconds=2.5, settings=settings)
    assert run.lines == [
        "22.0 71.6 80 101.32 1013.2",
        "30.0 86.0 80 101.32 1013.2",
        "30.0 86.0 80 99.50 995.0",
    ]


def test_weather_from_a_trace(write_sketch, tmp_path):
    trace = tmp_path / "weather.csv"
    trace.write_text("t_ms,temperature_c,humidity_pct\n0,10,50\n1000,20,60\n2000,30,70\n")
    sketch = write_sketch(WEATHER.replace("HUMIDITY", "Arduino_HTS221").replace("OBJECT", "HTS"))
    run = run_sketch(sketch, "nano33ble", [trace])
    assert [line.split()[0] for line in run.lines] == ["10.0", "20.0", "30.0"]
    assert run.notes == ()


IMU = """#include <LIBRARY.h>
void setup() { Serial.begin(9600); if (!IMU.begin()) while (1); }
int turns, fields;
void loop() {
  float x, y, z;
  if (IMU.gyroscopeAvailable()) { IMU.readGyroscope(x, y, z); turns++;
    if (turns == 10) { Serial.print(x, 0); Serial.print(' '); Serial.println(z, 0); } }
  if (IMU.magneticFieldAvailable()) { IMU.readMagneticField(x, y, z); fields++;
    if (fields == 1) Serial.println(z, 0); }
  if (millis() >= 2000) { Serial.print(turns); Serial.print(' '); Serial.println(fields);
    while (1) delay(100); }
}"""


@pytest.mark.parametrize(
    ("library", "rates"), [("Arduino_LSM9DS1", (119, 20)), ("Arduino_BMI270_BMM150", (99.84, 10))]
)
def test_gyroscope_and_magnetometer_at_their_own_rates(write_sketch, tmp_path, library, rates):
    trace = tmp_path / "turn.csv"
    trace.write_text("t_ms,ax_g,ay_g,az_g,gx_dps,gz_dps\n0,0,0,1,250,-90\n20,0,0,1,250,-90\n")
    sketch = write_sketch(IMU.replace("LIBRARY", library))
    run = run_sketch(sketch, "nano33ble", [trace], seconds=2.5)
    assert sorted(run.lines[:2]) == ["-43", "250 -90"]
    turns, fields = map(int, run.lines[2].split())
    assert turns == pytest.approx(2 * rates[0], abs=2)
    assert fields == pytest.approx(2 * rates[1], abs=1)
    assert "accelerometer" in run.notes[0]  # of the trace's two halves one was not read
    assert len(run.notes) == 1


def test_color_proximity_and_gestures(write_sketch):
    sketch = write_sketch(
        """#include <Arduino_APDS9960.h>
        void setup() { Serial.begin(9600); if (!APDS.begin()) Serial.println("none"); }
        void loop() {
          int r, g, b, c;
          if (APDS.gestureAvailable()) Serial.println(APDS.readGesture());
          static unsigned long next = 400;
          if (millis() < next) return;
          next += 1000;
          while (!APDS.colorAvailable()) delay(5);
          APDS.readColor(r, g, b, c);
          Serial.print(r); Serial.print(' '); Serial.print(c); Serial.print(' ');
          Serial.println(APDS.proximityAvailable() ? APDS.readProximity() : -2);
        }"""
    )
    settings = ["red=900", "proximity=12@1", "gesture=left@0.9", "gesture=up@1.0"]
    run = run_sketch(sketch, "nano33ble", seconds=2, settings=settings)
    assert run.lines == ["900 170 255", "2", "0", "900 170 12"]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("sweat=3", "no sensor feels 'sweat'"),
        ("humidity_pct=130", "0 to 100"),
        ("red", "NAME=VALUE"),
    ],
)
def test_what_no_sensor_feels_is_refused(write_sketch, setting, words):
    sketch = write_sketch("void setup() {}\nvoid loop() { delay(1); }")
    with pytest.raises(BoardError, match=words):
        run_sketch(sketch, "nano33ble", seconds=0.1, settings=[setting])


def test_a_trace_beyond_its_sensor_is_refused(tmp_path):
    path = tmp_path / "wet.csv"
    path.write_text("t_ms,temperature_c,humidity_pct\n0,1,50\n10,1,101\n")
    with pytest.raises(BoardError, match=r"wet\.csv, line 3: .* not a number from 0 to 100"):
        read_traces(path)


LIS3DH = """#include <LIS3DHTR.h>
#include <Wire.h>
LIS3DHTR<TwoWire> lis;
void setup() {
  Serial.begin(9600); lis.begin(Wire1); if (!lis) Serial.println("none");
  lis.setOutputDataRate(LIS3DHTR_DATARATE_100HZ); lis.setFullScaleRange(LIS3DHTR_RANGE_RANGEG);
  Serial.println(lis.getAccelerationZ(), 4); Serial.println(lis.getTemperature());
}
void loop() { delay(100); }"""


@pytest.mark.parametrize(
    ("scale", "read"), [("2", 1.0), ("4", 8000 / 7282), ("8", 4000 / 3968), ("16", 1333 / 1280)]
)
def test_the_wios_library_reads_as_much_too_much_as_the_real_one(write_sketch, scale, read):
    sketch = write_sketch(LIS3DH.replace("RANGEG", f"{scale}G"))
    lines = run_sketch(sketch, "wio_terminal", seconds=1).lines
    assert float(lines[0]) == pytest.approx(read, abs=0.002)
    assert lines[1] == "22"


def test_the_wios_microphone_by_analog_read(write_sketch):
    sketch = write_sketch(
        """void setup() { Serial.begin(9600); analogReadResolution(12); }
        int low = 4095, high = 0;
        void loop() {
          int v = analogRead(WIO_MIC); low = min(low, v); high = max(high, v);
          if (millis() > 4000) { Serial.print(low); Serial.print(' '); Serial.println(high);
            while (1) delay(100); }
        }"""
    )
    quiet = run_sketch(sketch, "wio_terminal", seconds=4.2).lines[0]
    assert quiet == "1024 1024"
    sound = run_sketch(sketch, "wio_terminal", [DATA / "keywords" / "yes_no.wav"], seconds=4.2)
    low, high = map(int, sound.lines[0].split())
    assert low < 900
    assert high > 1150
    assert sound.notes == ()
